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
      .init(
        "ordered", .integer,
        "events of each energy that were asked for, of which there may be fewer; NULL where nobody said"),
      .init("held_out", .integer, "whether Geant4's are events that were not trained on"),
      .init("source_commit", .text, "the worker's source commit"),
    ] + Metric.allCases.flatMap { columns(of: $0) })

  static let measurements = Table(
    "measurements",
    "What the showers of a checkpoint came out as with its circuit measured, by `evaluate --shots` afterwards; the trained "
      + "circuit itself beside it, with the device none",
    keyLength: 5,
    [
      .init("run", .text, "runs.id"),
      .init("checkpoint", .integer, "its number k"),
      .init(
        "device", .text,
        "the device's name; `own gates` and a hash for a model of noise, ideal for shots alone, none for no measurement"
      ),
      .init("mitigation", .text, "what was done about noise: readout, extrapolation; '' for nothing"),
      .init("shots", .integer, "the shots for each circuit; 0 for exact expectations"),
      .init("time", .float, "when it was computed"),
      .init("chain", .text, "the device's qubits, in the circuit's order; NULL without a device"),
      .init("seed", .integer, "the seed of latents, shots and draws"),
      .init("events", .integer, "the generated events, and as many of Geant4, of all energies together"),
      .init("held_out", .integer, "whether Geant4's are events that were not trained on"),
      .init("source_commit", .text, "the worker's source commit"),
      .init("seconds_per_shower", .float, "device time; NULL where nobody knows"),
      .init("response", .float, "mean E_tot over Geant4's, the mean over the energies"),
      .init("response_error", .float, "its uncertainty"),
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
  /// The values of `Schema.measurements` for one setting.
  init(_ measured: MeasuredCheckpoint, _ setting: MeasuredCheckpoint.Setting) {
    self = [
      "run": measured.run, "checkpoint": measured.checkpoint, "device": setting.noisy ? measured.device : "none",
      "mitigation": setting.noisy ? measured.mitigation : "", "shots": setting.shots ?? 0, "time": measured.time,
      "chain": measured.chain.map { $0.map { "\($0)" }.joined(separator: ",") },
      "seed": Int64(bitPattern: measured.seed), "events": measured.events, "held_out": measured.heldOut,
      "source_commit": measured.commit, "seconds_per_shower": setting.seconds, "response": setting.response.value,
      "response_error": setting.response.error,
    ]
    for metric in Metric.allCases { self = self + Self.of(metric, setting.values[metric]) }
  }

  private static func of(_ metric: Metric, _ value: MetricValue?) -> Fields {
    [
      metric.rawValue: value?.value, "\(metric.rawValue)_error": value?.error,
      "\(metric.rawValue)_floor": value?.floor, "\(metric.rawValue)_floor_error": value?.floorError,
    ]
  }

  /// The values of `Schema.metrics`.
  init(_ evaluated: EvaluatedCheckpoint) {
    self = [
      "run": evaluated.run, "checkpoint": evaluated.checkpoint, "time": evaluated.time, "chosen": evaluated.chosen,
      "seed": Int64(bitPattern: evaluated.metrics.seed), "events": evaluated.metrics.events,
      "ordered": evaluated.metrics.ordered, "held_out": evaluated.metrics.heldOut, "source_commit": evaluated.commit,
    ]
    for metric in Metric.allCases { self = self + Self.of(metric, evaluated.metrics.values[metric]) }
  }
}

extension MeasuredCheckpoint {
  /// What was done about noise, as a list of text.
  fileprivate var mitigation: String {
    ((readoutCorrected ? ["readout"] : []) + (extrapolated ? ["extrapolation"] : [])).joined(separator: ",")
  }
}
