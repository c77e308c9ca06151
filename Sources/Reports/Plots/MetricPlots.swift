import Experiment
import Records
import Storage

extension SweepResults {
  /// Metrics that a picture against the checkpoint is made of.
  static let plotted: [Metric] = [.fpd, .heldOutChi2]

  /// What a metric's picture is called behind `curves-`.
  static func fileName(_ metric: Metric) -> String { metric.rawValue.replacing("_", with: "-") }

  /// Metrics of each row's best run against the checkpoint, with the floor: one picture for each metric that `evaluate`
  /// has found at several checkpoints of a run.
  /// - Parameters:
  ///   - histories: Of the rows' best runs.
  ///   - records: The metrics by run and checkpoint.
  /// - Returns: The plots.
  func metricPlots(_ histories: [RunHistory], _ records: [String: [Int: MetricsRecord]]) -> [Plot] {
    Self.plotted.compactMap { metric in
      let shown = histories.prefix(Plot.colours.count * 3)
      let lines = shown.compactMap { run -> (label: String, points: [Chart.Point], floor: Double?)? in
        let values = (records[run.run] ?? [:]).sorted { $0.key < $1.key }.compactMap { checkpoint, record in
          record.values[metric].map { (checkpoint, $0) }
        }
        guard values.count > 1 else { return nil }
        let points = values.map { checkpoint, value in
          Chart.Point(
            x: Double(checkpoint), y: value.value * metric.scale, error: (value.error ?? 0) * metric.scale)
        }
        return ("\(run.label), seed \(run.seed)", points, values.last?.1.floor.map { $0 * metric.scale })
      }
      return lines.isEmpty ? nil : Self.plot(of: metric, lines, sweep)
    }
  }

  private static func plot(
    of metric: Metric, _ lines: [(label: String, points: [Chart.Point], floor: Double?)], _ sweep: String
  ) -> Plot? {
    let floor = lines.lazy.compactMap(\.floor).first
    let values = lines.flatMap(\.points).map(\.y) + (floor.map { [$0] } ?? [])
    guard let axis = Chart.Axis.decades(metric.title, values) else { return nil }
    let file = "curves-\(fileName(metric))"
    let rows = lines.enumerated().flatMap { index, line in
      line.points.map { point -> [Cell] in
        [.integer(index), .text(line.label.printable), .integer(Int(point.x)), .number(point.y), .number(point.error)]
      }
    }
    let checkpoints = lines.flatMap(\.points).map(\.x)
    let range = (checkpoints.min() ?? 0)...(checkpoints.max() ?? 1)
    let name = "Geant4 against other Geant4"
    var drawn = lines.enumerated().map { index, line in
      "'\(file).csv' using ($1==\(index) ? $3 : NaN):4:5 with yerrorlines linewidth 1.5 pointtype 7 pointsize 0.4 "
        + "\(Plot.lineStyle(index)) title \(Plot.legend(line.label))"
    }
    var marks = lines.enumerated().flatMap { index, line -> [Chart.Mark] in
      [
        .line(line.points, line.label, index),
        .init(colour: Plot.style(index).colour, kind: .points(line.points, .dot)),
      ]
    }
    if let floor {
      drawn.append("\(floor) with lines linewidth 1.5 dashtype 2 linecolor rgb '#888888' title '\(name)'")
      let ends = [range.lowerBound, range.upperBound].map { Chart.Point(x: $0, y: floor) }
      marks.append(.init(title: name, colour: "#888888", kind: .line(ends, dash: 2)))
    }
    return Plot(
      name: file, title: "\(metric.title) of \(sweep) against the checkpoint: the best run of each row",
      csv: TextTable(columns: ["row", "label", "checkpoint", "value", "error"].map { Column($0) }, rows: rows)
        .render(.csv),
      commands: axes.replacing("'χ²/NDF'", with: Plot.quoted(metric.title))
        + "\nset yrange [\(axis.range.lowerBound):\(axis.range.upperBound)]"
        + "\nset ytics (\(axis.ticks.map(\.text).joined(separator: ", ")))"
        + "\nplot \(drawn.joined(separator: ", \\\n  "))",
      chart: Chart(panels: [Chart.Panel(x: .checkpoints(range), y: axis, marks: marks)]))
  }
}
