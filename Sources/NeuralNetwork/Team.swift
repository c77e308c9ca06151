/// Who computes a product: this thread alone, or this and helpers that each take a part of the columns.
///
/// Parts are disjoint in the output and each is computed the same way wherever it is cut, so results do not depend on
/// the number of threads.
public final class Team {
  public let threads: Int

  public init(threads: Int = 1) {
    precondition(threads >= 1, "a team of \(threads)")
    self.threads = threads
  }

  /// Calls `body` with ranges that cover 0 ..< count.
  /// - Parameter work: Multiplications in all; small products are not shared out.
  func split(_ count: Int, work: Int, _ body: (Int, Int) -> Void) {
    body(0, count)
  }

  /// The sum of `body` over ranges that cover 0 ..< count.
  func sum(_ count: Int, work: Int, _ body: (Int, Int) -> Double) -> Double {
    body(0, count)
  }
}
