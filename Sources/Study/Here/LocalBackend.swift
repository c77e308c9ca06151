import Condor
package import Experiment
package import Ledger

/// Runs trained by this machine.
package struct LocalBackend {
  private let sweep: String
  private let workspace: Workspace
  private let ledger: Ledger
  private let statuses: [String: RunStatus]
  private let condor: CondorState

  /// - Throws: `LedgerError`.
  package init(_ sweep: String, in workspace: Workspace, ledger: Ledger) async throws {
    (self.sweep, self.workspace, self.ledger) = (sweep, workspace, ledger)
    statuses = Dictionary(try ledger.statuses(sweep: sweep).map { ($0.run, $0) }, uniquingKeysWith: { $1 })
    condor = await CondorState.refresh(workspace.path)
  }

  /// Why a run is left alone, in words that follow "left alone, "; nil when it is to be trained.
  /// - Parameter begunOnly: Whether runs that have not begun are left alone.
  package func reasonToLeave(_ job: JobDescription, begunOnly: Bool = false) -> String? {
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

  /// Trains what can be trained, and says which runs it leaves alone.
  /// - Parameters:
  ///   - workers: Those at a time, each with so many threads.
  ///   - stopRequest: The name of the signal that asked this process to stop; nil while there was none.
  /// - Returns: The runs as they have ended.
  /// - Throws: `LedgerError`, `StorageError`.
  package func train(
    _ prepared: PreparedSweep, workers: Int, threads: Int, begunOnly: Bool = false, observer: any RunObserver,
    stopRequest: @escaping () -> String?
  ) async throws -> [RunTask] {
    var tasks: [RunTask] = []
    var left: [String: [String]] = [:]
    let severalSeeds = prepared.plan.seeds.count > 1
    for job in prepared.jobs {
      let title = (prepared.labels[job.run] ?? job.run) + (severalSeeds ? ", seed \(job.seed)" : "")
      if let reason = reasonToLeave(job, begunOnly: begunOnly) {
        left[reason, default: []].append(title)
      } else {
        tasks.append(RunTask(job, title: title, threads: threads, in: workspace))
      }
    }
    var observer = observer
    for (reason, titles) in left.sorted(by: { $0.key < $1.key }) {
      let shown = titles.firstFive(separator: "; ")
      observer.say("\(titles.count == 1 ? "1 run" : "\(titles.count) runs") left alone, \(reason): \(shown)")
    }
    var pool = RunPool(tasks, workers: workers, ledger: ledger, observer: observer, stopRequest: stopRequest)
    try await pool.run()
    return pool.tasks
  }
}
