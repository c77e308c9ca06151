import Experiment
package import Records

/// A run's checkpoint with what its showers came out as.
package struct JudgedRun: Hashable, Sendable {
  /// The labels of the rows that the run trains.
  package var label: String
  /// The seed that it was trained with.
  package var seed: UInt64
  /// The checkpoint and its metrics.
  package var evaluated: EvaluatedCheckpoint

  package init(label: String, seed: UInt64, evaluated: EvaluatedCheckpoint) {
    (self.label, self.seed, self.evaluated) = (label, seed, evaluated)
  }

  /// The runs with each metric that one of them has, the floors below.
  package static func table(_ runs: [JudgedRun]) -> TextTable {
    let metrics = Metric.allCases.filter { metric in runs.contains { $0.evaluated.metrics.values[metric] != nil } }
    let columns =
      [Column("model", key: "label"), "seed", Column(detail: "run"), "checkpoint", "events"]
      + metrics.map(\.column)
    let rows = runs.map { run -> [Cell] in
      let record = run.evaluated.metrics
      return [
        .text(run.label), Cell(seed: run.seed), .text(run.evaluated.run), .integer(run.evaluated.checkpoint),
        .integer(record.events),
      ] + metrics.map { $0.cell(record.values[$0]) }
    }
    let notes = runs.last.map { run in
      "Floor (Geant4 against other Geant4), of the last run: "
        + metrics.compactMap { metric in
          run.evaluated.metrics.values[metric]?.floor.map {
            "\(metric.title) \(Cell.number($0 * metric.scale).text)"
          }
        }.joined(separator: ", ") + "."
    }
    return TextTable(title: "Metrics", key: "metrics", columns: columns, rows: rows, notes: notes.map { [$0] } ?? [])
  }
}

extension Metric {
  /// The column of a table that shows it.
  var column: Column { Column(title, key: scale == 1 ? rawValue : "\(rawValue)_x\(Int(scale))") }

  /// Its value as tables show it, with its uncertainty.
  func cell(_ value: MetricValue?) -> Cell {
    guard let value else { return .missing }
    return value.error.map { .spread(mean: value.value * scale, deviation: $0 * scale) }
      ?? .number(value.value * scale)
  }
}
