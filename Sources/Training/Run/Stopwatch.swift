import Experiment
import Records

/// What the run costs: summed up over its attempts, and what a step of this attempt takes.
///
/// All in seconds.
final class Stopwatch {
  enum Step { case iteration, evaluation, checkpoint }

  private(set) var cost: Cost
  private(set) var iterations = 0
  private let trainedBefore: Double
  private let steady: () -> Double
  /// The longest of this attempt; before the first, the mean of the earlier attempts.
  private var longest: [Step: Double]

  /// - Parameters:
  ///   - cost: Of the attempts before (seconds).
  ///   - checkpoints: The evaluations that are in `cost`.
  ///   - steady: Seconds on a clock that nobody sets.
  init(cost: Cost, checkpoints: Int, steady: @escaping () -> Double) {
    self.cost = cost
    self.steady = steady
    trainedBefore = cost.training
    longest = [
      .evaluation: cost.evaluation / Double(max(1, checkpoints)),
      .checkpoint: cost.checkpointing / Double(max(1, checkpoints)),
    ]
  }

  var secondsPerIteration: Double? { iterations == 0 ? nil : (cost.training - trainedBefore) / Double(iterations) }

  /// How long a step may take, from what it has taken.
  func expected(_ step: Step) -> Double { longest[step] ?? 0 }

  /// Does a step and counts its time.
  func measure<Result>(_ step: Step, _ body: () throws -> Result) rethrows -> Result {
    let start = steady()
    let result = try body()
    let seconds = steady() - start
    switch step {
    case .iteration:
      cost.training += seconds
      iterations += 1
    case .evaluation: cost.evaluation += seconds
    case .checkpoint: cost.checkpointing += seconds
    }
    longest[step] = max(longest[step] ?? 0, seconds)
    return result
  }
}
