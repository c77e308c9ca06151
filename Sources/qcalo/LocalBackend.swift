import ArgumentParser
import Condor
import Experiment
import Foundation
import Ledger
import Reports

/// Runs trained by this machine.
struct LocalBackend {
  private let sweep: String
  private let workspace: Workspace
  private let ledger: Ledger
  private let statuses: [String: RunStatus]
  private let condor: CondorState

  /// - Throws: `LedgerError`.
  init(_ sweep: String, in workspace: Workspace, ledger: Ledger) async throws {
    (self.sweep, self.workspace, self.ledger) = (sweep, workspace, ledger)
    statuses = Dictionary(try ledger.statuses(sweep: sweep).map { ($0.run, $0) }, uniquingKeysWith: { $1 })
    condor = await CondorState.refresh(workspace.path)
  }

  /// Why a run is left alone, in words that follow "left alone, "; nil when it is to be trained.
  /// - Parameter begunOnly: Whether runs that have not begun are left alone.
  func reasonToLeave(_ job: JobDescription, begunOnly: Bool = false) -> String? {
    if let reason = condor.reasonNotToSubmit(job.run) { return "at HTCondor (\(reason))" }
    guard let status = statuses[job.run] else { return begunOnly ? "not begun (`qcalo run` starts them)" : nil }
    switch status.state {
    case .planned: return begunOnly ? "not begun (`qcalo run` starts them)" : nil
    case .finished: return hasUsed(job.budget, status) ? "finished" : nil
    case .diverged: return "diverged (they would again; change the settings)"
    // The run's lock knows best who has it.
    case .running, .interrupted, .resumable, .failed, .storageFailure, .unknown: return nil
    }
  }

  private func hasUsed(_ budget: Budget, _ status: RunStatus) -> Bool {
    let byCheckpoints = budget.checkpoints.map { status.lastCheckpoint ?? 0 >= $0 } ?? false
    return byCheckpoints || budget.trainingSeconds.map { status.trainingSeconds >= $0 } ?? false
  }

  /// Trains what can be trained, prints the results and ends with the code that says how it went.
  /// - Throws: `ExitCode` unless every run has ended for good; `LedgerError`, `StorageError`.
  func train(_ prepared: PreparedSweep, workers: WorkerOptions, begunOnly: Bool = false, format: FormatOption)
    async throws
  {
    var tasks: [RunTask] = []
    var left: [String: [String]] = [:]
    let severalSeeds = prepared.plan.seeds.count > 1
    for job in prepared.jobs {
      let title = (prepared.labels[job.run] ?? job.run) + (severalSeeds ? ", seed \(job.seed)" : "")
      if let reason = reasonToLeave(job, begunOnly: begunOnly) {
        left[reason, default: []].append(title)
      } else {
        tasks.append(RunTask(job, title: title, threads: workers.threads, in: workspace))
      }
    }
    for (reason, titles) in left.sorted(by: { $0.key < $1.key }) {
      let shown = Terminal.some(of: titles, separator: "; ")
      Terminal.say("\(titles.count == 1 ? "1 run" : "\(titles.count) runs") left alone, \(reason): \(shown)")
    }
    var pool = RunPool(tasks, workers: workers.count, ledger: ledger, display: RunDisplay(sweep))
    try await pool.run()
    format.print(try SweepResults(sweep, in: ledger).table())
    try end(pool.tasks)
  }

  private func end(_ tasks: [RunTask]) throws {
    if let signal = StopRequest.name {
      Terminal.say("stopped by \(signal) with everything saved; the same command goes on")
      throw ArgumentParser.ExitCode(Experiment.ExitCode.resumable.rawValue)
    }
    let failures: [Experiment.ExitCode] = tasks.compactMap { task in
      if case .failed(_, let code) = task.outcome { code ?? .checkFailed } else { nil }
    }
    guard let first = failures.first else { return }
    Terminal.say("\(failures.count) of \(tasks.count) runs failed, for the reasons above")
    // One cause for all is this program's end; several are a check that failed.
    let code = failures.allSatisfy { $0 == first } ? first : .checkFailed
    throw ArgumentParser.ExitCode(code.rawValue)
  }
}
