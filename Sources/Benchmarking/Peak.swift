import CKernels
import Synchronization

/// What so many cores can multiply and add at most, in the registers alone.
package struct Peak: Codable, Hashable, Sendable {
  /// The threads that work at the same time.
  package var threads: Int
  /// GFLOP/s of all threads together, the best of many short measurements.
  package var gigaflops: Double

  /// Measures for some tenths of a second.
  static func measured(threads: Int) -> Peak {
    Peak(threads: threads, gigaflops: (0..<60).reduce(0) { best, _ in max(best, once(threads: threads)) } * 1e-9)
  }

  /// Operations a second, of threads that work at the same time for about two milliseconds.
  private static func once(threads: Int) -> Double {
    let sum = Sum()
    sideBySide(
      (0..<threads).map { _ in
        {
          sum.arrived.add(1, ordering: .sequentiallyConsistent)
          while sum.arrived.load(ordering: .sequentiallyConsistent) < threads { dense_pause() }
          let start = steadyTime()
          let operations = dense_multiply_adds(300_000)
          let rate = operations / (steadyTime() - start)
          sum.rate.withLock { $0 += rate }
        }
      })
    return sum.rate.withLock { $0 }
  }

  private final class Sum: Sendable {
    let arrived = Atomic<Int>(0)
    let rate = Mutex(0.0)
  }
}
