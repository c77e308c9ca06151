import Experiment
import FoundationEssentials

/// What a kept generator came out as, afterwards: a line of `metrics.jsonl` in the run's folder.
package struct EvaluatedCheckpoint: Codable, Hashable, Sendable {
  /// The run's identity.
  package var run: String
  /// The checkpoint's number.
  package var checkpoint: Int
  /// Generator updates so far.
  package var iteration: Int
  /// SHA-256 of the arrays in the file that generated.
  package var sha256: String
  /// The worker's source commit, with a "+" for uncommitted changes; "" when unknown.
  package var commit: String
  /// Why this one: `best`, `last` or its number; nil where nobody said.
  package var chosen: String?
  /// Seconds since 1970-01-01 00:00 UTC; nil before it is recorded.
  package var time: Double?
  /// The numbers.
  package var metrics: MetricsRecord

  package init(
    run: String, checkpoint: Int, iteration: Int, sha256: String, commit: String, metrics: MetricsRecord
  ) {
    self.run = run
    self.checkpoint = checkpoint
    self.iteration = iteration
    self.sha256 = sha256
    self.commit = commit
    self.metrics = metrics
  }

  /// Why a line of this run's file cannot be taken in, a clause; nil when nothing is wrong with it.
  package func flaw(run: String) -> String? {
    if run != self.run { return "it belongs to \(self.run)" }
    return checkpoint < 0 || iteration < 0 || metrics.events < 0
      ? "checkpoint, iteration and events cannot be negative" : nil
  }
}

extension RunFolder {
  /// The path of the file with what generators of the run came out as, afterwards.
  package var metricsFile: String { path + "/" + Self.metricsName }

  /// The name of that file in the run's folder.
  package static let metricsName = "metrics.jsonl"
}
