import Glibc

/// The middle and the spread of repeated measurements.
package struct Spread: Codable, Hashable, Sendable {
  /// The middle.
  package var median: Double
  /// A tenth of the measurements is below.
  package var low: Double
  /// A tenth of the measurements is above.
  package var high: Double
  /// The number of measurements.
  package var count: Int

  /// - Precondition: At least one value.
  init(_ values: [Double]) {
    precondition(!values.isEmpty, "a spread of nothing")
    let sorted = values.sorted()
    func quantile(_ share: Double) -> Double { sorted[Int((Double(sorted.count - 1) * share).rounded())] }
    (median, low, high, count) = (quantile(0.5), quantile(0.1), quantile(0.9), sorted.count)
  }
}

/// How long something took, in milliseconds.
package struct Timing: Codable, Hashable, Sendable {
  /// What is timed together.
  package enum Group: String, Codable, CaseIterable, Sendable {
    case circuit, product, step, iteration, evaluation, checkpoint
  }

  /// What kind of work it is.
  package var group: Group
  /// Which of its kind.
  package var name: String
  /// The threads of one job.
  package var threads: Int
  /// The jobs that ran side by side.
  package var jobs: Int
  /// The time of one.
  package var milliseconds: Spread
  /// The speed of the products in it (GFLOP/s, at the median time); nil where none are counted.
  package var gigaflops: Double?
  /// The share, 0 … 1, of what the threads could multiply and add at most; nil without `gigaflops`.
  package var shareOfPeak: Double?

  /// - Parameters:
  ///   - group: What kind of work it is.
  ///   - name: Which of its kind.
  ///   - threads: Of one job.
  ///   - jobs: Side by side.
  ///   - seconds: The time of each run, at least one.
  ///   - operations: Floating-point operations of a run; nil where none are counted.
  ///   - peak: GFLOP/s of one thread.
  init(
    _ group: Group, _ name: String, threads: Int = 1, jobs: Int = 1, seconds: [Double], operations: Double? = nil,
    peak: Double
  ) {
    (self.group, self.name, self.threads, self.jobs) = (group, name, threads, jobs)
    milliseconds = Spread(seconds.map { $0 * 1e3 })
    gigaflops = operations.map { [median = milliseconds.median] in $0 / median * 1e-6 }
    shareOfPeak = gigaflops.map { $0 / (peak * Double(threads)) }
  }
}

/// Something that is timed again and again, in turn with others, so that what the machine does meanwhile meets all.
final class Series {
  let group: Timing.Group
  let name: String
  let threads: Int
  let operations: Double?
  private let body: () throws -> Void
  private(set) var seconds: [Double] = []

  init(
    _ group: Timing.Group, _ name: String, threads: Int = 1, operations: Double? = nil,
    body: @escaping () throws -> Void
  ) {
    (self.group, self.name, self.threads, self.operations, self.body) = (group, name, threads, operations, body)
  }

  /// Runs for at least `seconds`, and three times.
  func sample(for length: Double) throws {
    // Caches and branch predictors have seen another series.
    try body()
    let end = steadyTime() + length
    var runs = 0
    while runs < 3 || steadyTime() < end {
      let start = steadyTime()
      try body()
      seconds.append(steadyTime() - start)
      runs += 1
    }
  }

  /// - Parameter peak: GFLOP/s of one thread.
  /// - Returns: The times of all runs so far, at least one.
  func timing(peak: Double) -> Timing {
    Timing(group, name, threads: threads, seconds: seconds, operations: operations, peak: peak)
  }
}

/// Seconds on a clock that nobody sets.
func steadyTime() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_MONOTONIC, &time)
  return Double(time.tv_sec) + 1e-9 * Double(time.tv_nsec)
}

/// Runs bodies at the same time, each on a thread of its own, and returns when all have ended.
func sideBySide(_ bodies: [@Sendable () -> Void]) {
  final class Box {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
  }
  let threads = bodies.map { body in
    var thread = pthread_t()
    let result = pthread_create(
      &thread, nil,
      { argument in
        Unmanaged<Box>.fromOpaque(argument!).takeRetainedValue().body()
        return nil
      }, Unmanaged.passRetained(Box(body)).toOpaque())
    precondition(result == 0, "starting a thread: error \(result)")
    return thread
  }
  for thread in threads { pthread_join(thread, nil) }
}
