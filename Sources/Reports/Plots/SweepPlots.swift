import Experiment
import Foundation
package import Ledger
import Storage

/// The best checkpoint of a row.
package struct BestCheckpoint: Hashable, Sendable {
  /// The run that has it.
  package var run: String
  /// The checkpoint's number.
  package var checkpoint: Int
  /// Row, seed and checkpoint as a title has them.
  package var subject: String
  /// The row's label.
  package var label: String
  /// What plots of it are called, without an ending.
  package var name: String
}

extension SweepResults {
  /// The best checkpoint over the seeds of each row that has one; a run that several rows share comes once.
  package var bestCheckpoints: [BestCheckpoint] {
    var known: Set<String> = []
    return rows.compactMap { row -> BestCheckpoint? in
      let found = row.runs.compactMap { run in run.curve.best.map { (run: run, best: $0) } }
      guard let (run, best) = found.min(by: { $0.best.reduced < $1.best.reduced }), known.insert(run.run).inserted
      else { return nil }
      return BestCheckpoint(
        run: run.run, checkpoint: best.checkpoint,
        subject: "\(row.row.label), seed \(run.seed), checkpoint \(best.checkpoint)", label: row.row.label,
        name: Self.fileName(row))
    }.prefix(Self.plotLimit).map(\.self)
  }

  private static func fileName(_ result: RowResult) -> String { fileName(result.row) }

  /// What plots of a row are called, without an ending.
  static func fileName(_ row: SweepRow) -> String { Plot.fileName("\(row.table)-\(row.label)-\(row.position)") }

  /// All pictures but those of showers: `plots`, and what needs more of the ledger.
  /// - Throws: `LedgerError`.
  package func plots(in ledger: Ledger) throws -> [Plot] {
    let parameters = Dictionary(
      try ledger.simulators(of: [sweep]).map { ($0.run, $0.parameters) }, uniquingKeysWith: { first, _ in first })
    let more = [paretoPlot(parameters), try responsePlot(in: ledger), try devicePlot(in: ledger)].compactMap(\.self)
    let histories = try histories(in: ledger)
    return plots + more + historyPlots(histories) + metricPlots(histories, try ledger.metrics(sweep: sweep))
  }

  /// More rows than this are not drawn one by one.
  package static let plotLimit = 60

  /// The sweep in pictures: for each table all rows and the spread of their seeds, and each row with its window, its
  /// best checkpoint and what it is compared with.
  package var plots: [Plot] {
    let begun = rows.filter { row in row.runs.contains { $0.curve.best != nil } }
    var tables: [String] = []
    for table in begun.map(\.row.table) where !tables.contains(table) { tables.append(table) }
    // Other plots have these names.
    var taken = Set(["hours", "iterations"] + Self.plotted.map(Self.fileName))
    let overviews = tables.flatMap { table -> [Plot] in
      let part = begun.filter { $0.row.table == table }
      let file = Plot.fileName(table)
      let isFree = taken.insert(file).inserted
      let suffix = table.isEmpty ? "" : "-\(file)" + (isFree ? "" : "-\(SHA256.hexDigest(of: table).prefix(12))")
      let heading = table.isEmpty ? sweep : "table \(table) of \(sweep)"
      return [overview(part, "curves" + suffix, heading), Self.spread(part, "seeds" + suffix, heading)]
    }
    return overviews + [templatePlot].compactMap(\.self) + begun.prefix(Self.plotLimit).map { self.curve($0) }
  }

  static let axes = """
    set logscale y
    set xrange [*:*] noextend
    set ytics (0.5, 1, 2, 5, 10, 20, 50, 100, 200)
    set xlabel 'checkpoint'
    set ylabel 'χ²/NDF'
    set grid ytics linecolor rgb '#dddddd'
    \(Plot.legendBelow)
    """

  /// Room above and below: a mark on the lowest point is seen whole.
  static func range(_ curves: [Curve]) -> String {
    guard let axis = Chart.Axis.reduced(curves) else { return "" }
    return "\nset yrange [\(axis.range.lowerBound):\(axis.range.upperBound)]"
      + "\nset ytics (\(axis.ticks.map(\.text).joined(separator: ", ")))"
  }

  /// The mean over the seeds of each row.
  private func overview(_ rows: [RowResult], _ name: String, _ heading: String) -> Plot {
    let shown = rows.prefix(Plot.colours.count * 3)
    let curves = shown.map { Self.mean($0.runs.map(\.curve)) }
    let lines = shown.enumerated().map { index, row in
      "'\(name).csv' using 1:\(index + 2) with lines linewidth 1.5 \(Plot.lineStyle(index)) "
        + "title \(Plot.legend(row.row.label))"
    }
    // Bands from the lowest to the highest of the seeds, behind the lines; the columns after the means.
    let several = shown.indices.filter { shown[$0].runs.count { $0.curve.best != nil } > 1 }
    let bands = several.enumerated().map { place, index in
      let low = shown.count + 2 + 2 * place
      return "'\(name).csv' using 1:\(low):\(low + 1) with filledcurves fillcolor rgb "
        + "'\(Plot.style(index).colour)' fillstyle transparent solid 0.15 noborder notitle"
    }
    let edges = several.flatMap { index -> [(Curve, String)] in
      let runs = shown[index].runs.map(\.curve)
      let label = shown[index].row.label
      return [
        (Self.mean(runs) { $0.min() ?? .nan }, "\(label) lowest"),
        (Self.mean(runs) { $0.max() ?? .nan }, "\(label) highest"),
      ]
    }
    return Plot(
      name: name,
      title: "χ²/NDF of \(heading)"
        + (several.isEmpty ? "" : ": mean of the seeds, and from the lowest to the highest"),
      csv: Self.csv(curves + edges.map(\.0), headings: shown.map(\.row.label) + edges.map(\.1)),
      commands: Self.axes + Self.range(curves + edges.map(\.0))
        + "\nplot \((bands + lines).joined(separator: ", \\\n  "))",
      chart: Chart(
        curves + edges.map(\.0),
        zip(several, stride(from: 0, to: edges.count, by: 2)).map { index, edge in
          Chart.Mark.ribbon(edges[edge].0, edges[edge + 1].0, Plot.style(index).colour)
        }
          + zip(shown, curves).enumerated().map { index, row in
            Chart.Mark.line(row.1, row.0.row.label, Plot.style(index).colour, dash: Plot.style(index).dash)
          }))
  }

  /// The best χ²/NDF of each seed, with mean and standard deviation.
  private static func spread(_ rows: [RowResult], _ name: String, _ heading: String) -> Plot {
    var table = TextTable(
      columns: ["row", "label", "seed", "best_reduced", "mean", "deviation"].map { Column($0) }, rows: [])
    for (index, row) in rows.enumerated() {
      let values = Sample(row.runs.compactMap { $0.curve.best?.reduced })
      for run in row.runs {
        guard let best = run.curve.best else { continue }
        table.rows.append([
          .integer(index), .text(row.row.label.printable), .text("\(run.seed)"), .number(best.reduced),
          Cell(values.mean),
          .number(values.deviation ?? 0),
        ])
      }
    }
    let tics = rows.enumerated().map { Plot.tick($1.row.label, at: $0) }.joined(separator: ", ")
    let commands = """
      set ylabel 'best χ²/NDF'
      set xrange [-0.5:\(Double(rows.count) - 0.5)]
      set xtics rotate by -35 (\(tics))
      set yrange [0:*]
      set grid ytics linecolor rgb '#dddddd'
      \(Plot.legendBelow)
      plot '\(name).csv' using ($1-0.1):5:6 with yerrorbars pointtype 6 linecolor rgb '#888888' \
      title 'mean ± std', \
      '\(name).csv' using ($1+0.1):4 with points pointtype 7 linecolor rgb '\(Plot.colours[0])' title 'each seed'
      """
    return Plot(
      name: name, title: "Best χ²/NDF of each seed: \(heading)", csv: table.render(.csv), commands: commands,
      chart: Chart(spreadOf: rows))
  }

  /// A row's seeds with the first one's window and best checkpoint, and the runs that it is compared with.
  private func curve(_ result: RowResult) -> Plot {
    let name = Self.fileName(result)
    let first = result.runs.first { $0.window != nil }
    typealias Line = (curve: Curve, title: String, legend: String)
    func compared(_ identity: String?, _ title: String) -> Line? {
      guard let identity, identity != result.row.id,
        let other = rows.first(where: { $0.row.id == identity && !$0.runs.isEmpty })
      else { return nil }
      let run = other.runs.first { $0.seed == first?.seed } ?? other.runs.first
      return run.map { ($0.curve, title + other.row.label, Plot.legend(other.row.label, after: title)) }
    }
    let isSame = result.row.reference == result.row.baseline
    let others = [
      compared(result.row.baseline, isSame ? "baseline and reference: " : "baseline: "),
      isSame ? nil : compared(result.row.reference, "reference: "),
    ].compactMap(\.self)
    let seeds = result.runs.map { run -> Line in
      (run.curve, "seed \(run.seed)", Plot.legend("seed \(run.seed)"))
    }
    let all = seeds + others
    let lines = all.enumerated().map { index, line in
      let isOther = index >= result.runs.count
      let style =
        isOther
        ? "dashtype \(index - result.runs.count + 2) linecolor rgb '#888888'"
        : "linecolor rgb '\(Plot.colours[index % Plot.colours.count])'"
      return "'\(name).csv' using 1:\(index + 2) with lines linewidth 1.5 \(style) title \(line.legend)"
    }
    var commands = Self.axes + Self.range(all.map(\.curve))
    var marks: [String] = []
    var drawn = all.enumerated().map { index, line in
      let isOther = index >= result.runs.count
      return Chart.Mark.line(
        line.curve, line.title, isOther ? "#888888" : Plot.colours[index % Plot.colours.count],
        dash: isOther ? index - result.runs.count + 2 : 1)
    }
    if let first, let window = first.window, let best = first.curve.best {
      commands += """

        set object 1 rectangle from \(window.first), graph 0 to \(window.last), graph 1 behind fillcolor rgb '#e8eef4' \
        fillstyle solid noborder
        """
      let scatter = first.bestUncertainty.map { " ± \(Cell.number($0, digits: 2).text)" } ?? ""
      let title = "best: \(Cell.number(best.reduced).text)\(scatter) at \(best.checkpoint)"
      drawn.insert(
        Chart.Mark(colour: "#e8eef4", kind: .band(Double(window.first)...Double(window.last))), at: 0)
      drawn.append(
        Chart.Mark(
          title: title, colour: "#000000",
          kind: .points([Chart.Point(x: Double(best.checkpoint), y: best.reduced)], .triangle)))
      marks.append(
        "'+' using (\(best.checkpoint)):(\(best.reduced)) every ::0::0 with points pointtype 9 pointsize 1.5 linecolor rgb "
          + "'#000000' title '\(title)'")
    }
    commands += "\nplot \((lines + marks).joined(separator: ", \\\n  "))"
    let label = result.row.table.isEmpty ? result.row.label : "\(result.row.table)/\(result.row.label)"
    return Plot(
      name: name, title: "χ²/NDF of \(label)",
      csv: Self.csv(all.map(\.curve), headings: all.map(\.title)), commands: commands,
      chart: Chart(all.map(\.curve), drawn))
  }

  /// What is made of the values that curves have at each checkpoint, their mean if not said otherwise.
  static func mean(
    _ curves: [Curve], of values: ([Double]) -> Double = { $0.reduce(0, +) / Double($0.count) }
  ) -> Curve {
    var found: [Int: [Double]] = [:]
    for curve in curves {
      for (checkpoint, value) in zip(curve.checkpoints, curve.reduced) where !value.isNaN {
        found[checkpoint, default: []].append(value)
      }
    }
    let sorted = found.sorted { $0.key < $1.key }
    return Curve(checkpoints: sorted.map(\.key), reduced: sorted.map { values($0.value) })
  }

  /// One line a checkpoint, one column a curve.
  private static func csv(_ curves: [Curve], headings: [String]) -> String {
    let values = curves.map { Dictionary(zip($0.checkpoints, $0.reduced), uniquingKeysWith: { $1 }) }
    let checkpoints = Set(curves.flatMap(\.checkpoints)).sorted()
    return TextTable(
      columns: [Column("checkpoint")] + headings.map { Column($0.printable) },
      rows: checkpoints.map { checkpoint in
        [.integer(checkpoint)]
          + values.map { value in value[checkpoint].flatMap { $0.isNaN ? nil : .number($0) } ?? .missing }
      }
    ).render(.csv)
  }
}
