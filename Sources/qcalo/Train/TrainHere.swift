import ArgumentParser
import Commands
import Experiment
import Reports
import Storage
import Study

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
    await notifier?.finish()
    try format.print(SweepResults(started.name, in: started.ledger).table())
    guard let end = RunTask.end(of: tasks, stoppedBy: StopSignals.request) else { return }
    Terminal.say(end.sentence)
    throw end.end.exit
  }
}

extension Screen {
  /// The terminal that sentences go to.
  fileprivate static var terminal: Screen {
    Screen(
      isInteractive: Terminal.isInteractive, size: { Terminal.size }, write: Terminal.write, say: Terminal.say)
  }
}
