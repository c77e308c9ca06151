package import Experiment
package import Ledger
import Records
package import Reports
package import Storage

/// The judging that a sweep file orders (`evaluate`): of each run that has ended the checkpoints it names, once.
package struct EvaluationRound {
  /// One generator that is still to be judged.
  package struct Item: Hashable, Sendable {
    /// The run's identity.
    package var run: String
    /// The label of the row that it trains.
    package var label: String
    /// The seed that it is trained with.
    package var seed: UInt64
    /// The checkpoint, by its number or as the best.
    package var choice: RunJudge.Choice
    /// What is ordered.
    package var order: EvaluationOrder
  }

  private let ledger: Ledger
  private let sweep: PreparedSweep

  /// - Parameters:
  ///   - sweep: The runs that are meant, and what is ordered for each.
  ///   - ledger: Has the runs; takes the results.
  package init(_ sweep: PreparedSweep, in ledger: Ledger) {
    (self.sweep, self.ledger) = (sweep, ledger)
  }

  /// Takes a sweep as it was last started; nil for what is none, or where its file orders nothing.
  /// - Parameters:
  ///   - argument: Its name or file.
  ///   - ledger: Has the runs; takes the results.
  /// - Throws: `LedgerError`; `InputError`, `SweepError` for a file that does not mean the recorded sweep.
  package init?(ofSweep argument: String, in ledger: Ledger) throws {
    guard try ledger.hasSweep(meantBy: argument) else { return nil }
    let workspace = ledger.workspace
    let recorded = try RecordedSweep.read(workspace.sweep(meantBy: argument), in: workspace)
    self.init(PreparedSweep(recorded), in: ledger)
    if !isOrdered { return nil }
  }

  private var isOrdered: Bool { !sweep.orders.isEmpty }

  /// What is ordered of runs that have ended, kept here and not yet recorded, run by run.
  /// - Throws: `LedgerError`.
  package func missing() throws -> [Item] {
    guard isOrdered else { return [] }
    let ended = Set(
      try ledger.statuses(sweep: sweep.plan.name).filter { $0.state == .finished || $0.state == .diverged }.map(\.run))
    let known = try ledger.metrics(sweep: sweep.plan.name)
    let curves = try ledger.curves(of: sweep.jobs.map(\.run).filter(ended.contains))
    return try sweep.jobs.flatMap { job -> [Item] in
      guard ended.contains(job.run), let order = sweep.orders[job.run] else { return [] }
      let curve = curves[job.run] ?? Curve()
      let best = curve.best?.checkpoint
      return try order.checkpoints(best: best, last: curve.last ?? 0).compactMap { number in
        if let record = known[job.run]?[number], record.heldOut,
          order.isFulfilled(
            by: record.values.keys, events: record.events, ordered: record.ordered, dataset: job.dataset)
        {
          return nil
        }
        // A generator that the sweep does not keep is not missed; the best one is, and the judge says so.
        guard try number == best || ledger.keptGenerator(of: job.run, at: number) != nil else { return nil }
        return Item(
          run: job.run, label: sweep.labels[job.run] ?? "", seed: job.seed,
          choice: number == best ? .best : .number(number), order: order)
      }
    }
  }

  /// Judges what is missing.
  /// - Parameters:
  ///   - source: The file that the data were prepared from; nil for the one that the sweep names.
  ///   - worker: What computes; nil: the worker's program.
  ///   - say: Takes what is told meanwhile.
  ///   - progress: Tells how much is judged.
  ///   - isStopped: Whether this process was asked to stop: the rest is then left to another time.
  /// - Returns: What was recorded.
  /// - Throws: `LedgerError`, `StorageError`.
  package func carryOut(
    source: String? = nil, worker: WorkerProgram.Call? = nil, say: (String) -> Void,
    progress: ProgressLine? = nil, isStopped: () -> Bool = { StopSignals.request != nil }
  ) async throws -> JudgedRuns<JudgedRun> {
    try await JudgedRuns(
      of: missing(), title: { "\($0.run) at \($0.choice.text)" }, say: say, progress: progress, isStopped: isStopped
    ) { item in
      let judge = try RunJudge(
        ledger, at: item.choice, families: item.order.metrics, events: item.order.heldOut, source: source,
        worker: worker)
      return JudgedRun(label: item.label, seed: item.seed, evaluated: try await judge.judge(item.run, say: say))
    }
  }
}
