import Experiment
import GRDB
import Records

extension Schema {
  static let metrics = Table(
    "metrics",
    "What the showers of a checkpoint came out as beside Geant4's, by `evaluate` afterwards; each metric with its "
      + "uncertainty and its floor, the same number of two samples of Geant4",
    keyLength: 2,
    [
      .init("run", .text, "runs.id"),
      .init("checkpoint", .integer, "its number k"),
      .init("time", .float, "when it was computed, the latest time"),
      .init("chosen", .text, "why this checkpoint: best (by training χ²), last, or its number"),
      .init("seed", .integer, "the seed of the latents, other ones than those of the run's χ², and of all draws"),
      .init("events", .integer, "the generated events, and as many of Geant4, of all energies together"),
      .init("held_out", .integer, "whether Geant4's are events that were not trained on"),
      .init("source_commit", .text, "the worker's source commit"),
    ] + Metric.allCases.flatMap { columns(of: $0) })

  /// A metric's columns.
  static func columns(of metric: Metric) -> [Table.Column] {
    [
      .init(metric.rawValue, .float, metric.meaning),
      .init("\(metric.rawValue)_error", .float, "its uncertainty; NULL where none is known"),
      .init("\(metric.rawValue)_floor", .float, "its floor"),
      .init("\(metric.rawValue)_floor_error", .float, "the uncertainty of the floor"),
    ]
  }
}

extension Fields {
  /// The values of `Schema.metrics`.
  init(_ evaluated: EvaluatedCheckpoint) {
    self = [
      "run": evaluated.run, "checkpoint": evaluated.checkpoint, "time": evaluated.time, "chosen": evaluated.chosen,
      "seed": Int64(bitPattern: evaluated.metrics.seed), "events": evaluated.metrics.events,
      "held_out": evaluated.metrics.heldOut, "source_commit": evaluated.commit,
    ]
    for metric in Metric.allCases {
      let value = evaluated.metrics.values[metric]
      self =
        self + [
          metric.rawValue: value?.value, "\(metric.rawValue)_error": value?.error,
          "\(metric.rawValue)_floor": value?.floor, "\(metric.rawValue)_floor_error": value?.floorError,
        ]
    }
  }
}
