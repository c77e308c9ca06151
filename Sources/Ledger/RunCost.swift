/// Seconds of a core, over all attempts: of each as many cores as it had threads.
public struct RunCost: Hashable, Sendable {
  /// What the run stands on.
  public var training = 0.0
  public var evaluation = 0.0
  /// Trained, and not built on by a later attempt.
  public var lost = 0.0

  public init() {}

  public static func + (left: Self, right: Self) -> Self {
    var sum = left
    sum.training += right.training
    sum.evaluation += right.evaluation
    sum.lost += right.lost
    return sum
  }
}
