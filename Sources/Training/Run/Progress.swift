import Experiment
package import Records

/// Where a run stands, after a checkpoint.
package struct Progress: Sendable {
  /// The run's name.
  package var run: String
  /// The checkpoint that was just reached.
  package var record: CheckpointRecord
  /// The checkpoint with the lowest χ²/NDF so far.
  package var best: CheckpointRecord
  /// The last checkpoint of the budget, if it names one.
  package var lastCheckpoint: Int?
  /// The mean over the iterations of this attempt (s); nil before the first iteration.
  package var secondsPerIteration: Double?
  /// The time until the budget is used (s), with evaluations and checkpoints; nil when that is not known.
  package var secondsLeft: Double?

  /// One line: `checkpoint 12 of 100: χ²/NDF 69.9, best 68.3 (checkpoint 1), 104 iterations/s, 14 min left`.
  package var line: String {
    let total = lastCheckpoint.map { " of \($0)" } ?? ""
    var parts = [
      "checkpoint \(record.checkpoint)\(total): χ²/NDF \(Self.digits(record.evaluation.reduced))",
      "best \(Self.digits(best.evaluation.reduced)) (checkpoint \(best.checkpoint))",
    ]
    if let secondsPerIteration, secondsPerIteration > 0 {
      parts.append("\(Self.digits(1 / secondsPerIteration)) iterations/s")
    }
    if let secondsLeft { parts.append("\(Self.duration(secondsLeft)) left") }
    return parts.joined(separator: ", ")
  }

  /// Three significant digits.
  static func digits(_ value: Double) -> String {
    guard value.isFinite else { return "\(value)" }
    var scale = 1.0
    while abs(value) * scale < 100 && scale < 1e6 { scale *= 10 }
    let rounded = (value * scale).rounded() / scale
    return scale == 1 && abs(rounded) < 1e15 ? "\(Int(rounded))" : "\(rounded)"
  }

  static func duration(_ seconds: Double) -> String {
    switch seconds {
    case ..<90: "\(Int(saturating: seconds.rounded())) s"
    case ..<5400: "\(Int((seconds / 60).rounded())) min"
    default: "\(digits(seconds / 3600)) h"
    }
  }
}
