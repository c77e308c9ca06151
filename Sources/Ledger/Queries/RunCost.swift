/// Seconds of a core, over all attempts: of each as many cores as it had threads.
package struct RunCost: Hashable, Sendable {
  /// The training that the run stands on.
  package var training = 0.0
  /// The evaluations of its checkpoints.
  package var evaluation = 0.0
  /// Trained, and not built on by a later attempt.
  package var lost = 0.0

  package init() {}

  /// The cost of both, each kind by itself.
  package static func + (left: Self, right: Self) -> Self {
    var sum = left
    sum.training += right.training
    sum.evaluation += right.evaluation
    sum.lost += right.lost
    return sum
  }
}
