package import Ledger

/// The checkpoints around the best one over which the study averages: best - 30 … best + 30, both included, cut at the
/// first and the last one.
package struct Window: Hashable, Sendable {
  /// Checkpoints on either side of the best one.
  package static let reach = 30

  /// The first checkpoint that is in it.
  package let first: Int
  /// The last checkpoint that is in it.
  package let last: Int

  /// How many checkpoints are in it, both ends included.
  package var count: Int { last - first + 1 }
  /// Whether the run's start or end took checkpoints from it.
  package var isCut: Bool { count < 2 * Self.reach + 1 }

  /// - Precondition: `best` is among `checkpoints`, the numbers that a run has.
  package init(around best: Int, of checkpoints: ClosedRange<Int>) {
    precondition(checkpoints.contains(best), "the best checkpoint, \(best), is not in \(checkpoints)")
    first = max(best - Self.reach, checkpoints.lowerBound)
    last = min(best + Self.reach, checkpoints.upperBound)
  }

  /// The window of a run; nil when it has no checkpoint whose χ² is a number.
  package init?(_ curve: Curve) {
    guard let best = curve.best, let start = curve.checkpoints.first, let end = curve.checkpoints.last else {
      return nil
    }
    self.init(around: best.checkpoint, of: start...end)
  }

  /// The mean χ²/NDF of a run over the window.
  package func mean(of curve: Curve) -> WindowMean {
    let values = curve.values(from: first, to: last)
    let mean = values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
    return WindowMean(mean: mean, averaged: values.count, of: count)
  }
}

/// A mean over a window, of as many of its checkpoints as the run has.
package struct WindowMean: Hashable, Sendable {
  /// nil when the run has none of them.
  package var mean: Double?
  /// How many checkpoints are averaged: those of the window whose value is a number.
  package var averaged: Int
  /// How many checkpoints are in the window.
  package var of: Int

  /// Whether every checkpoint of the window is averaged.
  package var isComplete: Bool { averaged == of }
}

extension Curve {
  /// The values that are numbers at the checkpoints from `first` to `last`, both included.
  func values(from first: Int, to last: Int) -> [Double] {
    zip(checkpoints, reduced).filter { (first...last).contains($0.0) && !$0.1.isNaN }.map(\.1)
  }
}
