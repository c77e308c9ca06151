package import Condor
package import Experiment
package import Ledger
import Records

/// A sweep as it is started: planned, its data prepared, and recorded.
package struct StartedSweep {
  /// Where it is trained.
  package let workspace: Workspace
  /// The workspace's ledger.
  package let ledger: Ledger
  /// The whole plan with the runs that are meant.
  package let prepared: PreparedSweep

  /// The sweep's name.
  package var name: String { prepared.plan.name }

  /// Prepares a plan's data and records it.
  /// - Parameters:
  ///   - plan: The sweep; all of it is recorded.
  ///   - source: The sweep's file, as the user named it.
  ///   - selection: The rows and seeds that are started.
  ///   - workspace: Where data and records go.
  ///   - replaces: Whether it may take the place of another file's sweep.
  ///   - say: Takes what is told meanwhile.
  /// - Throws: `InputError`, `LedgerError`, `StorageError`, `WorkerFailure`.
  package init(
    _ plan: SweepPlan, source: String, selecting selection: Selection, in workspace: Workspace,
    replaces: Bool = false, say: (String) -> Void
  ) async throws {
    try selection.check(against: plan)
    if !replaces, let displaced = plan.displaced(by: source, in: workspace) {
      throw InputError("\(displaced); --replace starts it all the same, another `name:` in the file makes it its own")
    }
    for remark in plan.remarks { say(remark) }
    let whole = try await PreparedSweep.prepare(plan, in: workspace, say: say)
    (self.workspace, ledger) = (workspace, try Ledger(workspace))
    try whole.record(source: source, in: ledger, say: say)
    prepared = whole.selecting(selection)
  }

  /// A sweep that is recorded already.
  init(_ prepared: PreparedSweep, in ledger: Ledger) {
    (self.prepared, self.ledger, workspace) = (prepared, ledger, ledger.workspace)
  }

  /// Takes a sweep as it was last started.
  /// - Throws: `InputError`, `LedgerError`.
  package init(recorded name: String, selecting selection: Selection, in workspace: Workspace) throws {
    let sweep = try RecordedSweep.read(name, in: workspace)
    try selection.check(against: sweep.plan)
    (self.workspace, ledger) = (workspace, try Ledger(workspace))
    prepared = PreparedSweep(sweep).selecting(selection)
  }

  /// What is to happen to each run, after what has come in was collected.
  /// - Parameters:
  ///   - intent: What the user has asked for.
  ///   - isDryRun: Whether nothing may change at HTCondor; else what is over there is brought back first.
  ///   - tools: HTCondor's programs.
  /// - Returns: A decision for each run, in the sweep's order.
  /// - Throws: `LedgerError`, `StorageError`; `CondorError` where it is not known which runs HTCondor has.
  package func decide(
    _ intent: StartDecision.Intent, isDryRun: Bool = false, tools: CondorTools = CondorTools()
  ) async throws -> StartDecisions {
    try decide(
      intent,
      at: isDryRun
        ? await CondorState.read(workspace.path, tools: tools)
        : await CondorState.bringBack(workspace.path, tools: tools))
  }

  /// What is to happen to each run of a sweep that this machine trains; what it takes is announced to other processes.
  ///
  /// While another command submits from the workspace it waits: each of the two sees what the other takes.
  /// - Parameters:
  ///   - intent: `run` or `resume`.
  ///   - isDryRun: Whether nothing may change at HTCondor.
  ///   - tools: HTCondor's programs.
  ///   - say: Takes what a person should know meanwhile.
  /// - Returns: A decision for each run, in the sweep's order.
  /// - Throws: As `decide`.
  package func decideHere(
    _ intent: StartDecision.Intent, isDryRun: Bool = false, tools: CondorTools = CondorTools(),
    say: (String) -> Void
  ) async throws -> StartDecisions {
    // Who submits makes the folder first, and looks who trains here then.
    if !Submission.areThere(in: workspace.path) {
      let decisions = try announced(await decide(intent, isDryRun: isDryRun, tools: tools))
      if !Submission.areThere(in: workspace.path) { return decisions }
    }
    return try await Submission.alone(in: workspace.path, say: say) {
      try announced(await decide(intent, isDryRun: isDryRun, tools: tools))
    }
  }

  /// The same decisions, once others see which runs this machine takes.
  func announced(_ decisions: StartDecisions) throws -> StartDecisions {
    if !decisions.here.isEmpty { _ = try HereQueue.announce(decisions.here.map(\.run), in: workspace) }
    return decisions
  }

  /// What is to happen to each run, after what has come in was collected.
  /// - Parameters:
  ///   - intent: What the user has asked for.
  ///   - pool: Where the runs are at HTCondor.
  /// - Returns: A decision for each run, in the sweep's order.
  /// - Throws: `LedgerError`, `StorageError`; `CondorError` where it is not known which runs HTCondor has.
  func decide(_ intent: StartDecision.Intent, at pool: CondorState) throws -> StartDecisions {
    try Submission.requireReadable(in: workspace.path)
    var runs = prepared.jobs.map { KnownRun($0, in: workspace) }
    try ledger.collect()
    let statuses = Dictionary(try ledger.statuses(sweep: name).map { ($0.run, $0) }, uniquingKeysWith: { $1 })
    let notices = try ledger.noticeCounts(sweep: name)
    let queued = HereQueue.processes(in: workspace)
    for index in runs.indices {
      let run = runs[index].job.run
      (runs[index].status, runs[index].notices) = (statuses[run], notices[run] ?? 0)
    }
    return StartDecisions(
      runs.map { run in
        let taker = queued[run.job.run].map { "`qcalo run`, process \($0) on this machine, comes to it" }
        return (
          run,
          StartDecision(
            run.job, run.status, at: pool.place(of: run.job.run),
            taker: taker ?? run.folder.holder, intent)
        )
      })
  }

  /// A run as a person calls it: "2/Classical, seed 1".
  package func title(_ job: JobDescription) -> String {
    (prepared.labels[job.run] ?? job.run) + (prepared.plan.seeds.count > 1 ? ", seed \(job.seed)" : "")
  }

  /// Trains the runs that this machine is to train.
  /// - Parameters:
  ///   - decisions: What `decide` returned.
  ///   - workers: Those at a time.
  ///   - threads: Those of each worker.
  ///   - observer: Is told how the runs go on.
  ///   - stopRequest: The name of the signal that asked this process to stop; nil while there was none.
  /// - Returns: The runs as they have ended.
  /// - Throws: `LedgerError`, `StorageError`.
  package func train(
    _ decisions: StartDecisions, workers: Int, threads: Int, observer: any RunObserver,
    stopRequest: @escaping () -> String?
  ) async throws -> [RunTask] {
    let announced = try HereQueue.announce(decisions.here.map(\.run), in: workspace)
    defer { announced.takeBack() }
    var pool = RunPool(
      tasks(decisions, threads: threads), workers: workers, ledger: ledger, observer: observer,
      announced: announced, stopRequest: stopRequest)
    try await pool.run()
    return pool.tasks
  }

  /// The runs as they are before any is started: where the ledger had them when they were decided on.
  func tasks(_ decisions: StartDecisions, threads: Int) -> [RunTask] {
    decisions.starting.map { RunTask($0, title: title($0.job), threads: threads, in: workspace) }
  }
}
