import Experiment
import Foundation
import Ledger
import Records

/// How far a run is, as the ledger has it: what a line of the display is made of.
package struct RunProgress {
  /// The number of the last checkpoint that is recorded; nil before the first.
  package private(set) var checkpoint: Int?
  private(set) var iteration = 0
  private(set) var reduced: Double?
  private(set) var best: (checkpoint: Int, reduced: Double)?
  /// How the last attempt ended and why; nil while it has not.
  private(set) var end: (exit: Int32, reason: String?)?
  /// Iterations per second of the last attempt, evaluation and checkpoints included; nil before it is known.
  private(set) var rate: Double?
  private var cost = Cost()

  /// The progress of a run that has not begun.
  init() {}

  init(_ status: RunStatus) {
    (checkpoint, reduced, best) = (status.curve.last, status.curve.reduced.last, status.curve.best)
    guard let last = status.attempts.last else { return }
    let start = last.fromIteration ?? 0
    iteration = last.lastIteration ?? start
    cost = last.cost
    end = last.exit.map { ($0, last.reason) }
    let seconds = last.lastHeard - last.started
    if seconds > 0, iteration > start { rate = Double(iteration - start) / seconds }
  }

  /// Seconds until the budget is used, whichever part of it is first; nil where that is not known.
  func secondsLeft(_ job: JobDescription) -> Double? {
    guard let rate else { return nil }
    let byCheckpoints = job.budget.checkpoints.map {
      Double(max(0, $0 * job.settings.checkpointInterval - iteration)) / rate
    }
    let byTime: Double? = job.budget.trainingSeconds.flatMap { seconds in
      guard cost.training > 0 else { return nil }
      let share = cost.training / (cost.training + cost.evaluation + cost.checkpointing)
      return max(0, seconds - cost.training) / share
    }
    return [byCheckpoints, byTime].compactMap(\.self).min()
  }

  /// "checkpoint 12 of 125, χ²/NDF 35.9, best 28.4 at 10, 98 it/s, 3 min left".
  func line(_ job: JobDescription) -> String {
    guard let checkpoint else { return "starting" }
    var parts = ["checkpoint \(checkpoint)" + (job.budget.checkpoints.map { " of \($0)" } ?? "")]
    if let reduced { parts.append("χ²/NDF \(Self.digits(reduced))") }
    if let best { parts.append("best \(Self.digits(best.reduced)) at \(best.checkpoint)") }
    if let rate { parts.append("\(Self.digits(rate)) it/s") }
    if let left = secondsLeft(job) { parts.append("\(Self.duration(left)) left") }
    return parts.joined(separator: ", ")
  }

  /// Three significant digits.
  static func digits(_ value: Double) -> String {
    guard value.isFinite else { return "\(value)" }
    let places = abs(value) >= 100 ? 0 : abs(value) >= 10 ? 1 : 2
    return String(format: "%.\(places)f", value)
  }

  static func duration(_ seconds: Double) -> String {
    switch seconds {
    case ..<90: "\(Int(saturating: seconds.rounded())) s"
    case ..<5400: "\(Int((seconds / 60).rounded())) min"
    default: String(format: "%.1f h", seconds / 3600)
    }
  }
}
