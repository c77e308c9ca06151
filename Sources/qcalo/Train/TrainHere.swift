import ArgumentParser
import Commands
import Experiment
import Ledger
import Reports
import Search
import Storage
import Study
import Sweeps

extension WorkerOptions {
  /// Trains what is to be trained here, prints the sweep's results and ends with the code that says how its runs went.
  /// - Throws: `ExitCode` unless every run has ended for good; `LedgerError`, `StorageError`.
  func train(
    _ decisions: StartDecisions, of started: StartedSweep, format: FormatOption, notifier: Notifier?
  ) async throws {
    decisions.leftAlone(title: started.title).forEach(Terminal.say)
    let tasks = try await started.train(
      decisions, workers: count, threads: threads,
      observer: RunDisplay(started.name, on: .terminal, notifier: notifier),
      stopRequest: { StopSignals.request })
    // The ledger may have been made anew meanwhile.
    try started.ledger.collect()
    let failure = RunTask.end(of: tasks, stoppedBy: StopSignals.request) == nil ? try await evaluate(started) : nil
    await notifier?.finish()
    try format.print(SweepResults(started.name, in: started.ledger).table())
    if let failure { throw failure }
    guard let end = RunTask.end(of: tasks, stoppedBy: StopSignals.request) else { return }
    Terminal.say(end.sentence)
    throw end.end.exit
  }

  /// Goes on with a search until it is over, prints its trials and ends with the code that says how its runs went.
  /// - Throws: `InputError`, `LedgerError`, `StorageError`; `ExitCode` unless every run has ended for good.
  func search(
    _ expanded: ExpandedSweep, source: String, selecting selection: Selection, in workspace: Workspace,
    replaces: Bool, format: FormatOption, notifier: Notifier?
  ) async throws {
    guard selection == Selection() else {
      throw InputError("--only and --seeds: a search chooses for itself what it trains")
    }
    let started = try await StartedSearch(
      expanded, source: source, in: workspace, replaces: replaces, say: Terminal.say)
    let tasks = try await started.train(
      workers: count, threads: threads, observer: RunDisplay(started.name, on: .terminal, notifier: notifier),
      stopRequest: { StopSignals.request })
    await notifier?.finish()
    if let progress = try SearchProgress(started.name, in: started.ledger) {
      try format.print([progress.ladder, progress.ranking])
    }
    if let end = RunTask.end(of: tasks, stoppedBy: StopSignals.request) {
      Terminal.say(end.sentence)
      throw end.end.exit
    }
    if try SearchProgress(started.name, in: started.ledger)?.standings.contains(where: { $0.state == .training })
      ?? false
    {
      Terminal.say("the search is not over: what is left waits for somebody, for the reasons above")
      throw ProgramEnd.checkFailed.exit
    }
  }

  /// Judges what the sweep's file orders of runs that have ended; returns why one could not be.
  private func evaluate(_ started: StartedSweep) async throws -> (any Error)? {
    try await EvaluationRound(started.prepared, in: started.ledger)
      .carryOut(say: Terminal.say).failure
  }
}

extension Screen {
  /// The terminal that sentences go to.
  fileprivate static var terminal: Screen {
    Screen(
      isInteractive: Terminal.isInteractive, size: { Terminal.size }, write: Terminal.write, say: Terminal.say)
  }
}
