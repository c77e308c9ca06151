import Experiment
import Ledger
import Storage

/// The time as a pool sees it.
package struct PoolClock: Sendable {
  var now: @Sendable () -> ContinuousClock.Instant
  /// Passes the time between two looks at the workers.
  var pause: @Sendable () async -> Void

  /// The machine's own time, ten looks a second.
  package static let wall = PoolClock(now: { .now }, pause: { try? await Task.sleep(for: .milliseconds(100)) })
}

/// Whoever has further runs for a pool as others end.
package protocol RunFeed {
  /// What is to be trained beside these, with what there is to say of it; nothing while that depends on what is trained.
  mutating func further(beside tasks: [RunTask]) async throws -> (tasks: [RunTask], sentences: [String])
}

/// Trains runs with as many workers as there are jobs, and takes what they journal into the ledger.
package struct RunPool {
  private let ledger: Ledger
  private let workers: Int
  private var observer: any RunObserver
  /// The name of the signal that asked this process to stop; nil while there was none.
  private let stopRequest: () -> String?
  private let clock: PoolClock
  /// What other processes see of the runs that this one comes to.
  private let announced: HereQueue.Announcement?
  /// What has further runs, if anything.
  private var feed: (any RunFeed)?
  /// Whether the feed has not been asked since a run ended.
  private var isHungry: Bool
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
  ///   - feed: Has further runs, as long as workers would be idle; nil for none.
  ///   - clock: The time as the pool sees it.
  ///   - announced: What other processes see of the runs that this one comes to; nil: nothing.
  ///   - stopRequest: The name of the signal that asked this process to stop; nil while there was none.
  init(
    _ tasks: [RunTask], workers: Int, ledger: Ledger, observer: any RunObserver, feed: (any RunFeed)? = nil,
    clock: PoolClock = .wall, announced: HereQueue.Announcement? = nil, stopRequest: @escaping () -> String?
  ) {
    (self.tasks, self.workers, self.ledger, self.observer) = (tasks, workers, ledger, observer)
    (self.clock, self.announced, self.stopRequest) = (clock, announced, stopRequest)
    (self.feed, isHungry) = (feed, feed != nil)
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
      if !isStopping, isHungry, free > 0 { await takeFurther() }
      advance()
      observer.update(tasks)
      if !tasks.contains(where: { $0.process != nil }),
        isStopping || !isHungry && tasks.allSatisfy({ $0.outcome != nil })
      {
        break
      }
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
      if tasks[index].outcome != nil {
        isHungry = feed != nil
        announce()
      }
      if !(wasLocked && tasks[index].isLocked) { observer.changed(tasks[index]) }
    }
  }

  private func announce() { announced?.keep(tasks.filter { $0.outcome == nil }.map(\.job.run)) }

  /// Workers that nothing is there for.
  private var free: Int { workers - tasks.count { $0.outcome == nil } }

  /// Asks for further runs, and starts them.
  private mutating func takeFurther() async {
    do {
      let more = try await feed?.further(beside: tasks)
      for sentence in more?.sentences ?? [] { observer.say(sentence) }
      tasks += more?.tasks ?? []
      announce()
      isHungry = more.map { !$0.tasks.isEmpty } ?? false
      startDue()
    } catch LedgerError.busy {
      // Another process writes; the next look asks again.
      return startDue()
    } catch {
      failure = error
      observer.say("\(error)")
      stop()
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
