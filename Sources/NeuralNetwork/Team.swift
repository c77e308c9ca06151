import CKernels
import Glibc
import Synchronization

/// Who computes a product: this thread alone, or this and helpers that each take a part of the columns.
///
/// Parts are disjoint in the output and each is computed the same way wherever it is cut, so results do not depend on
/// the number of threads. A team is used by one thread at a time, the one that made it.
package final class Team {
  /// The threads, this one among them.
  package let threads: Int
  /// How long pieces of work take until it is known whether sharing them saves time.
  package static let trial = SharingTrial.together + SharingTrial.alone
  private let helpers: Helpers?
  private var trial = SharingTrial()

  /// Products below this many multiplications take less time than waking a helper.
  private static let worthSharing = 50_000

  /// A team of this thread and `threads` - 1 helpers, which wait.
  package init(threads: Int = 1) {
    precondition(threads >= 1, "a team of \(threads)")
    self.threads = threads
    helpers = threads > 1 ? Helpers(count: threads - 1) : nil
  }

  deinit { helpers?.end() }

  /// Does one of many like pieces of work.
  ///
  /// Products are shared out in the pieces for which that saves time; in what is no piece, always.
  package func piece<Result>(_ body: () -> Result) -> Result {
    guard helpers != nil else { return body() }
    let start = ContinuousClock.now
    defer { trial.note(.now - start) }
    return body()
  }

  /// Calls `body` with ranges that cover 0 ..< count.
  /// - Parameters:
  ///   - count: What is shared out.
  ///   - work: Multiplications in all; small products are not shared out.
  ///   - body: Called with the begin and the end of a range, on any thread of the team.
  func split(_ count: Int, work: Int, _ body: (Int, Int) -> Void) {
    share(count, work: work) { body($1.lowerBound, $1.upperBound) }
  }

  /// Calls `body` with ranges that cover 0 ..< count, each with the number of the thread that does it, 0 for this one.
  package func share(_ count: Int, work: Int, _ body: (_ thread: Int, _ range: Range<Int>) -> Void) {
    guard let helpers, work >= Self.worthSharing, count > 1, trial.shares else { return body(0, 0..<count) }
    withoutActuallyEscaping(body) { body in
      helpers.share { [threads] part in
        let range = count * part / threads..<count * (part + 1) / threads
        if !range.isEmpty { body(part, range) }
      }
    }
  }

  /// The sum of `body` over ranges that cover 0 ..< count, each of one element: the same for any number of threads.
  func sum(_ count: Int, work: Int, _ body: (Int, Int) -> Double) -> Double {
    withUnsafeTemporaryAllocation(of: Double.self, capacity: count) { parts in
      parts.initialize(repeating: 0)
      split(count, work: work) { begin, end in
        for i in begin..<end { parts[i] = body(i, i + 1) }
      }
      return parts.reduce(0, +)
    }
  }
}

/// Threads that wait for a piece of work, spinning for a while before they sleep: products follow each other closely.
private final class Helpers: @unchecked Sendable {
  private let count: Int
  /// Raised for each piece of work; -1 ends the threads.
  private let turn = Atomic<Int>(0)
  private let unfinished = Atomic<Int>(0)
  private let sleeping = Atomic<Int>(0)
  /// Written before `turn` is raised and read after.
  private var work: ((Int) -> Void)?
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

  /// About 0.1 ms.
  private static let spins = 3000

  init(count: Int) {
    self.count = count
    pthread_mutex_init(mutex, nil)
    pthread_cond_init(condition, nil)
    for part in 1...count {
      let start = Unmanaged.passRetained(Start(helpers: self, part: part))
      var thread = pthread_t()
      let result = pthread_create(
        &thread, nil,
        { argument in
          let start = Unmanaged<Start>.fromOpaque(argument!).takeRetainedValue()
          start.helpers.serve(part: start.part)
          return nil
        }, start.toOpaque())
      precondition(result == 0, "starting thread \(part) of \(count): error \(result)")
      pthread_detach(thread)
    }
  }

  deinit {
    pthread_cond_destroy(condition)
    pthread_mutex_destroy(mutex)
    condition.deallocate()
    mutex.deallocate()
  }

  private final class Start {
    let helpers: Helpers
    let part: Int
    init(helpers: Helpers, part: Int) { (self.helpers, self.part) = (helpers, part) }
  }

  /// Has every helper do its part, does part 0, and returns when all are done.
  func share(_ work: @escaping (Int) -> Void) {
    self.work = work
    unfinished.store(count, ordering: .relaxed)
    wake(turn.load(ordering: .relaxed) + 1)
    work(0)
    var spins = 0
    while unfinished.load(ordering: .acquiring) > 0 {
      spins += 1
      // A helper that lost its core gets no sooner done for being waited for.
      if spins % Self.spins == 0 { sched_yield() } else { dense_pause() }
    }
    self.work = nil
  }

  func end() { wake(-1) }

  private func wake(_ next: Int) {
    turn.store(next, ordering: .sequentiallyConsistent)
    guard sleeping.load(ordering: .sequentiallyConsistent) > 0 else { return }
    pthread_mutex_lock(mutex)
    pthread_cond_broadcast(condition)
    pthread_mutex_unlock(mutex)
  }

  private func serve(part: Int) {
    var done = 0
    while true {
      let next = turn(after: done)
      if next < 0 { return }
      done = next
      work!(part)
      unfinished.subtract(1, ordering: .releasing)
    }
  }

  /// The next turn, once it has come.
  private func turn(after done: Int) -> Int {
    for _ in 0..<Self.spins {
      let next = turn.load(ordering: .acquiring)
      if next != done { return next }
      dense_pause()
    }
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    sleeping.add(1, ordering: .sequentiallyConsistent)
    defer { sleeping.subtract(1, ordering: .sequentiallyConsistent) }
    while true {
      // Looked at after `sleeping` is raised, so that a turn raised before is seen and one raised after wakes.
      let next = turn.load(ordering: .sequentiallyConsistent)
      if next != done { return next }
      pthread_cond_wait(condition, mutex)
    }
  }
}
