import Experiment
package import Ledger
import Storage

/// The time as a pool sees it.
package struct PoolClock: Sendable {
  var now: @Sendable () -> ContinuousClock.Instant
  /// Passes the time between two looks at the workers.
  var pause: @Sendable () async -> Void

  /// The machine's own time, ten looks a second.
  package static let wall = PoolClock(now: { .now }, pause: { try? await Task.sleep(for: .milliseconds(100)) })
}

/// Trains runs with as many workers as there are jobs, and takes what they journal into the ledger.
package struct RunPool {
  private let ledger: Ledger
  private let workers: Int
  private var observer: any RunObserver
  /// The name of the signal that asked this process to stop; nil while there was none.
  private let stopRequest: () -> String?
  private let clock: PoolClock
  /// The runs, each with where it stands.
  package private(set) var tasks: [RunTask]
  /// Once set, nothing is started any more and the workers are asked to stop.
  private var isStopping = false
  /// What has gone wrong with the books; training is stopped then, with everything saved.
  private var failure: (any Error)?

  /// A pool that has begun nothing yet.
  /// - Parameters:
  ///   - tasks: The runs.
  ///   - workers: Those at a time.
  ///   - ledger: Takes what the runs journal.
  ///   - observer: Is told how the runs go on.
  ///   - clock: The time as the pool sees it.
  ///   - stopRequest: The name of the signal that asked this process to stop; nil while there was none.
  package init(
    _ tasks: [RunTask], workers: Int, ledger: Ledger, observer: any RunObserver,
    clock: PoolClock = .wall, stopRequest: @escaping () -> String?
  ) {
    (self.tasks, self.workers, self.ledger, self.observer) = (tasks, workers, ledger, observer)
    (self.clock, self.stopRequest) = (clock, stopRequest)
  }

  /// Goes on until every run has ended, or somebody asks to stop and all workers have.
  /// - Throws: `LedgerError`, `StorageError`; the workers have stopped by then, too.
  package mutating func run() async throws {
    while true {
      settle()
      if let signal = stopRequest(), !isStopping {
        observer.say("\(signal): asking the workers to save and stop")
        stop()
      }
      if !isStopping { startDue() }
      advance()
      observer.update(tasks)
      if !tasks.contains(where: { $0.process != nil }), isStopping || tasks.allSatisfy({ $0.outcome != nil }) { break }
      await clock.pause()
    }
    observer.finish()
    if let failure { throw failure }
  }

  private mutating func stop() {
    isStopping = true
    for task in tasks { task.process?.stop() }
  }

  private mutating func settle() {
    for index in tasks.indices {
      guard let end = tasks[index].process?.end else { continue }
      let wasLocked = tasks[index].isLocked
      advance(index)
      tasks[index].settle(end, stopping: isStopping, now: clock.now())
      if !(wasLocked && tasks[index].isLocked) { observer.changed(tasks[index]) }
    }
  }

  private mutating func startDue() {
    var free = workers - tasks.count { $0.process != nil }
    for index in tasks.indices where free > 0 && tasks[index].isDue(clock.now()) {
      do {
        try tasks[index].start()
      } catch {
        failure = error
        return stop()
      }
      if !tasks[index].isLocked { observer.started(tasks[index]) }
      free -= 1
    }
  }

  /// Takes in what the runs have journalled that somebody is training.
  private mutating func advance() {
    for index in tasks.indices where tasks[index].process != nil || tasks[index].isLocked { advance(index) }
  }

  private mutating func advance(_ index: Int) {
    guard failure == nil else { return }
    do {
      for sentence in try tasks[index].advance(in: ledger) ?? [] { observer.say(sentence) }
    } catch LedgerError.busy {
      // Another process writes; the next look brings it in.
    } catch {
      failure = error
      observer.say("\(error)")
      stop()
    }
  }
}
