import Experiment
import Foundation
package import Ledger

/// Whoever is told how a pool's runs go.
package protocol RunObserver {
  /// Takes a line that stays.
  mutating func say(_ text: String)
  /// A run's worker has been started.
  mutating func started(_ task: RunTask)
  /// A run has ended, or waits.
  mutating func changed(_ task: RunTask)
  /// Another look at all runs, several times a second.
  mutating func update(_ tasks: [RunTask])
  /// Nothing more comes.
  mutating func finish()
}

/// Trains runs with as many workers as there are jobs, and takes what they journal into the ledger.
package struct RunPool {
  private let ledger: Ledger
  private let workers: Int
  private var display: any RunObserver
  /// The name of the signal that asked this process to stop; nil while there was none.
  private let stopRequest: () -> String?
  package private(set) var tasks: [RunTask]
  /// Once set, nothing is started any more and the workers are asked to stop.
  private var isStopping = false
  /// What has gone wrong with the books; training is stopped then, with everything saved.
  private var failure: (any Error)?

  package init(
    _ tasks: [RunTask], workers: Int, ledger: Ledger, display: any RunObserver,
    stopRequest: @escaping () -> String?
  ) {
    (self.tasks, self.workers, self.ledger, self.display) = (tasks, workers, ledger, display)
    self.stopRequest = stopRequest
  }

  /// Goes on until every run has ended, or somebody asks to stop and all workers have.
  /// - Throws: `LedgerError`, `StorageError`; the workers have stopped by then, too.
  package mutating func run() async throws {
    while true {
      settle()
      if let signal = stopRequest(), !isStopping {
        display.say("\(signal): asking the workers to save and stop")
        stop()
      }
      if !isStopping { startDue() }
      advance()
      display.update(tasks)
      if !tasks.contains(where: { $0.process != nil }), isStopping || tasks.allSatisfy({ $0.outcome != nil }) { break }
      try? await Task.sleep(for: .milliseconds(100))
    }
    display.finish()
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
      tasks[index].settle(end, stopping: isStopping)
      take(index)
      if !(wasLocked && tasks[index].isLocked) { display.changed(tasks[index]) }
    }
  }

  private mutating func startDue() {
    var free = workers - tasks.count { $0.process != nil }
    for index in tasks.indices where free > 0 && tasks[index].isDue(.now) {
      do {
        try tasks[index].start()
      } catch {
        failure = error
        return stop()
      }
      if !tasks[index].isLocked { display.started(tasks[index]) }
      free -= 1
    }
  }

  /// Reads the journals of the runs that somebody is training.
  private mutating func advance() {
    for index in tasks.indices where tasks[index].process != nil || tasks[index].isLocked {
      if tasks[index].progress.advance() { take(index) }
    }
  }

  /// Tells what is new in a run's journals, and takes it into the ledger.
  private mutating func take(_ index: Int) {
    for notice in tasks[index].progress.takeNotices() { display.say("\(tasks[index].title): \(notice)") }
    guard failure == nil else { return }
    do {
      for problem in try ledger.ingest(run: tasks[index].job.run).problems { display.say(problem) }
    } catch LedgerError.busy {
      // Another process writes; the next record or the end brings this one's in.
    } catch {
      failure = error
      display.say("\(error)")
      stop()
    }
  }
}
