package import Ledger

/// What a table says of a row's training.
package enum RowState: Hashable, Sendable, CustomStringConvertible {
  case skipped(String)
  case notRun
  /// Neither ended for good nor untouched: running, interrupted, resumable …
  case unfinished(RunState)
  case diverged(after: Int)
  /// χ²/NDF is the same at every trained checkpoint, to the tolerance.
  case stagnant
  /// Stopped by its budget with the best checkpoint in the last tenth: it had not converged.
  case stillImproving
  case finished

  /// How much, relatively, χ²/NDF may vary over the trained checkpoints of a stagnant run.
  package static let tolerance = 0.005
  /// How many of them it takes to tell.
  static let fewest = 3

  package var description: String {
    switch self {
    case .skipped(let reason): "skipped: \(reason)"
    case .notRun: "not run"
    case .unfinished(let state): state.rawValue
    case .diverged(let checkpoint): "diverged after checkpoint \(checkpoint)"
    case .stagnant: "stagnant: same χ² at every checkpoint"
    case .stillImproving: "still improving"
    case .finished: "finished"
    }
  }

  /// The state of a row, of its run's state and curve.
  /// - Parameters:
  ///   - state: The run's.
  ///   - curve: χ²/NDF at its checkpoints.
  ///   - isParametric: Whether it was fitted at once, so that no further checkpoint would be better.
  package init(_ state: RunState, _ curve: Curve, isParametric: Bool = false) {
    switch state {
    case .diverged: self = .diverged(after: curve.last ?? 0)
    case _ where Self.isStagnant(curve): self = .stagnant
    case .finished: self = !isParametric && Self.isStillImproving(curve) ? .stillImproving : .finished
    case .planned: self = .notRun
    case .running, .interrupted, .resumable, .failed, .storageFailure, .unknown, .missing: self = .unfinished(state)
    }
  }

  static func isStillImproving(_ curve: Curve) -> Bool {
    guard let best = curve.best?.checkpoint, let last = curve.last else { return false }
    return 10 * best > 9 * last
  }

  /// Checkpoint 0, which is untrained, does not count.
  static func isStagnant(_ curve: Curve) -> Bool {
    let values = curve.values(from: 1, to: .max)
    guard values.count >= fewest, let low = values.min(), let high = values.max() else { return false }
    return high - low <= tolerance * abs(high)
  }
}
