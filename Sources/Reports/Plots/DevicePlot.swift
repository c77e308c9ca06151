import Experiment
package import Ledger
import Records
import Storage

extension SweepResults {
  /// χ²/NDF and FPD against the shots with which circuits were measured, a line for each model and device, means over the
  /// seeds; nil where nothing was measured.
  /// - Throws: `LedgerError`.
  package func devicePlot(in ledger: Ledger) throws -> Plot? {
    struct Line: Hashable {
      var id: String
      var device: String
      var mitigation: String
    }
    var lines: [Line] = []
    var points: [Line: [Int?: [MeasuredPoint]]] = [:]
    // Rows that repeat a variant in another table share its runs, and its line has the first one's label.
    var seen: Set<String> = []
    let models = Dictionary(rows.map { ($0.row.id, $0.row) }, uniquingKeysWith: { first, _ in first })
    for row in rows {
      let runs = row.runs.map(\.run).filter { seen.insert($0).inserted }
      for point in try runs.flatMap({ try ledger.measuredPoints(of: $0) }) where point.device != "none" {
        let line = Line(id: row.row.id, device: point.device, mitigation: point.mitigation)
        if points[line] == nil { lines.append(line) }
        points[line, default: [:]][point.shots, default: []].append(point)
      }
    }
    let shown = lines.prefix(Plot.colours.count * 3)
    func name(_ line: Line) -> String {
      let (table, label) = (models[line.id]?.table ?? "", models[line.id]?.label ?? "")
      let isRepeated = shown.contains { $0.id != line.id && models[$0.id]?.label == label }
      return (isRepeated && !table.isEmpty ? "\(table)/" : "") + label
        + (line.device == "ideal" ? "" : ", \(line.device)")
        + (line.mitigation.isEmpty ? "" : " (\(line.mitigation))")
    }
    let metrics = [Metric.heldOutChi2, .fpd]
    // Exact expectations stand behind the most shots, as far away as the fewest's neighbour.
    let most = points.values.flatMap(\.keys).compactMap(\.self).max() ?? 256
    let cells = shown.enumerated().flatMap { index, line in
      (points[line] ?? [:]).sorted { ($0.key ?? .max) < ($1.key ?? .max) }.map { shots, found -> [Cell] in
        [.integer(index), .text(name(line).printable), shots.map { .integer($0) } ?? .text("exact")]
          + [.integer(shots ?? 4 * most)]
          + metrics.flatMap { metric -> [Cell] in
            let values = found.compactMap { $0.values[metric] }
            let errors = values.compactMap { $0.error.map { $0 * $0 } }
            guard let mean = Sample(values.map(\.value)).mean else { return [.missing, .missing] }
            let error = errors.reduce(0, +).squareRoot() / Double(max(errors.count, 1))
            return [Cell(mean * metric.scale, digits: 0), Cell(error * metric.scale, digits: 0)]
          }
      }
    }
    let present = metrics.indices.filter { column in cells.contains { $0[4 + 2 * column] != .missing } }
    guard !present.isEmpty else { return nil }
    // A tick at each number of shots, which are said below the last panel.
    let places = Set(points.values.flatMap(\.keys)).map { ($0.map { "\($0)" } ?? "exact", $0 ?? 4 * most) }
    func ticks(_ isLast: Bool) -> String {
      places.sorted { $0.1 < $1.1 }.map { "'\(isLast ? $0.0 : "")' \($0.1)" }.joined(separator: ", ")
    }
    func panel(_ place: Int, isLast: Bool) -> String {
      let drawn = shown.enumerated().map { index, line in
        let column = 5 + 2 * place
        return "'devices.csv' using ($1==\(index) ? $4 : NaN):\(column):\(column + 1) with yerrorlines pointtype 7 "
          + "pointsize 0.5 \(Plot.lineStyle(index)) title \(Plot.legend(name(line)))"
      }
      let legend = "set key center bottom at screen 0.55, screen 0.01 horizontal maxcols 2 Left reverse samplen 1"
      return """
        set ylabel '\(metrics[place] == .heldOutChi2 ? "χ²/NDF" : metrics[place].title)' offset 1
        set xtics (\(ticks(isLast)))
        \(isLast ? "\(legend) font ',\(Plot.small)'\nset xlabel 'shots' offset 0, 0.5" : "unset key")
        plot \(drawn.joined(separator: ", \\\n  "))
        """
    }
    let title = "What is left of measured circuits: \(sweep)"
    let foot = 0.16 + 0.03 * Double((shown.count + 1) / 2)
    let commands = """
      set multiplot layout \(present.count),1 title \(Plot.heading(title)) \
      margins screen 0.13, screen 0.97, screen \(foot), screen 0.9 spacing screen 0, screen 0.03
      unset title
      set logscale x
      set xrange [*:*] noextend
      set offsets graph 0.03, graph 0.03, 0, 0
      set yrange [0:*]
      set tics font ',\(Plot.small)'
      \(present.map { panel($0, isLast: $0 == present.last) }.joined(separator: "\n"))
      unset multiplot
      """
    let columns =
      [Column("row"), Column("label"), Column("shots"), Column("place")]
      + metrics.flatMap { [Column($0.rawValue), Column("\($0.rawValue)_error")] }
    return Plot(
      name: "devices", title: title, csv: TextTable(columns: columns, rows: cells).render(.csv), commands: commands)
  }
}
