import Condor
package import Experiment
import Foundation
package import Ledger
import Search
import Storage
package import Sweeps

/// A search while this process decides for it: planned, its data prepared, and recorded.
package struct StartedSearch {
  /// Where it is trained.
  package let workspace: Workspace
  /// The workspace's ledger.
  package let ledger: Ledger
  /// The sweep's name.
  package var name: String { plan.name }
  /// Its runs at HTCondor at a time.
  package var atOnce: Int { search.specification.atOnce }
  private let search: PlannedSearch
  /// The file's absolute path: `search step` may be started anywhere.
  private let source: String
  private let dataset: DatasetDescription
  private var plan: SweepPlan
  private var book: SearchBook
  /// Judges generators where the search compares them by a metric.
  private var judge: SearchJudge?
  /// Kept as long as this is.
  private let lock: FileLock

  /// Another process decides for the search, or HTCondor has its runs; the description is a sentence that says so.
  package struct Locked: EndingError, CustomStringConvertible {
    /// The sentence.
    package var description: String
    /// The code of a lock that somebody has.
    package var programEnd: ProgramEnd { .locked }
  }

  /// Prepares a search's data, and goes on from where it was left.
  /// - Parameters:
  ///   - expanded: The sweep file's content, which has a search.
  ///   - source: The file, as the user named it.
  ///   - workspace: Where data and records go.
  ///   - replaces: Whether it may take the place of another file's sweep.
  ///   - store: Has the data; if not given, that of the workspace.
  ///   - judging: What judges generators; if not given, the worker's program.
  ///   - say: Takes what is told meanwhile.
  /// - Throws: `InputError`, `LedgerError`, `StorageError`, `WorkerFailure`; `Locked` while another process decides.
  package init(
    _ expanded: ExpandedSweep, source: String, in workspace: Workspace, replaces: Bool = false,
    store: DatasetStore? = nil, judging: WorkerProgram.Call? = nil, say: (String) -> Void
  ) async throws {
    guard let search = expanded.search else { throw InputError("\(source): it has no search") }
    let name = expanded.plan.name
    if !replaces, let known = try? RecordedSweep.read(name, in: workspace), !known.isFrom(source) {
      throw InputError(
        "\(source) would take the place of the sweep \(name) that \(known.source) has started; --replace starts it all "
          + "the same, another `name:` in the file makes it its own")
    }
    try Folder.make(workspace.searches)
    guard let lock = try await Self.lock(of: name, in: workspace) else {
      throw Locked(description: "another process is at work on the search \(name); `qcalo status \(name)` shows it")
    }
    dataset = try await (store ?? DatasetStore(workspace)).dataset(search.dataset, say: say)
    (self.search, self.workspace, self.lock) = (search, workspace, lock)
    self.source = URL(fileURLWithPath: source).standardizedFileURL.path
    (plan, ledger, book) = (expanded.plan, try Ledger(workspace), try SearchBook(name, in: workspace))
    judge = search.specification.objective.metric.map {
      SearchJudge($0, events: search.heldOut, worker: judging)
    }
    try book.take(search.specification, on: search.base(trainedOn: dataset))
    try record()
    try ledger.collect()
  }

  /// Takes the search's lock; nil where another process has it, and keeps it.
  ///
  /// It is looked for again for a moment: a program that is just being started holds on to what its parent has let go.
  private static func lock(of name: String, in workspace: Workspace) async throws -> FileLock? {
    let path = SearchBook.lock(name, in: workspace)
    for _ in 0..<20 {
      if let lock = try FileLock(path) { return lock }
      try await Task.sleep(for: .milliseconds(100))
    }
    return try FileLock(path)
  }

  /// The sweep with a row for each trial, as far as it was sent.
  var prepared: PreparedSweep { PreparedSweep(plan, [search.dataset: dataset]) }

  /// The same as a sweep of the trials that there are.
  var sweep: StartedSweep { StartedSweep(prepared, in: ledger) }

  /// Writes the trials down as the rows of the sweep.
  /// - Throws: `InputError` where one of them is none that can be trained; `LedgerError`, `StorageError`.
  private mutating func record() throws {
    plan.variants = try SearchEvidence(book.record.decisions).trials.enumerated().map { number, trial in
      guard let row = search.variant(number, at: trial.point, to: trial.rung) else {
        throw InputError(
          "\(source): \(SearchDecision.label(number)) (\(search.specification.space.text(trial.point))) cannot be trained any "
            + "more as the file stands; put back what was changed, or give the sweep another name to begin anew")
      }
      return row
    }
    try prepared.record(source: source, in: ledger) { _ in }
    try ledger.ingest(search: name)
  }

  /// How it stands.
  /// - Throws: `InputError`, `LedgerError`, `StorageError`.
  package func progress() throws -> SearchProgress? { try SearchProgress(book, prepared, in: ledger) }

  /// Makes the next decision, and records it; first what it compares is judged.
  /// - Parameter say: Takes what cannot be judged.
  /// - Returns: The decision; nil while there is none to make, with a sentence where none will be.
  /// - Throws: `InputError`, `LedgerError`, `StorageError`.
  mutating func decide(say: (String) -> Void) async throws -> (decision: SearchDecision?, end: String?) {
    guard var progress = try progress() else { return (nil, nil) }
    if try await judge?.judge(progress, in: ledger, say: say) ?? false, let judged = try self.progress() {
      progress = judged
    }
    switch search.planner.next(progress.evidence) {
    case .wait: return (nil, nil)
    case .end(let sentence):
      try book.end(sentence)
      return (nil, sentence)
    case .decide(let decision):
      try book.append(decision)
      try record()
      return (decision, nil)
    }
  }

  /// The runs of a trial that are not where it was sent.
  /// - Parameters:
  ///   - trial: The trial's number, from 0; nil for all.
  ///   - threads: Those of each worker.
  ///   - worker: What starts the workers.
  /// - Returns: A task for each.
  /// - Throws: `LedgerError`.
  func tasks(
    of trial: Int? = nil, threads: Int, worker: @escaping WorkerProcess.Start = WorkerProcess.child
  ) throws -> [RunTask] {
    let (prepared, trials) = (prepared, SearchEvidence(book.record.decisions).trials)
    let statuses = Dictionary(try ledger.statuses(sweep: name).map { ($0.run, $0) }, uniquingKeysWith: { $1 })
    let notices = try ledger.noticeCounts(sweep: name)
    return plan.variants.enumerated().filter { trial == nil || $0.offset == trial }.flatMap { number, row in
      plan.seeds(of: row).compactMap { seed -> RunTask? in
        let target = search.specification.rungs[trials[number].rung]
        guard let run = prepared.run(of: row, seed: seed),
          let job = prepared.jobs.first(where: { $0.run == run }), (statuses[run]?.lastCheckpoint ?? -1) < target,
          statuses[run]?.state != .diverged
        else { return nil }
        var known = KnownRun(job, in: workspace)
        (known.status, known.notices) = (statuses[run], notices[run] ?? 0)
        let title = row.label + (search.seeds.count > 1 ? ", seed \(seed)" : "")
        return RunTask(known, title: title, threads: threads, in: workspace, worker: worker)
      }
    }
  }

  /// Trains what is decided and decides what comes next, until nothing is left.
  /// - Parameters:
  ///   - workers: Those at a time.
  ///   - threads: Those of each worker.
  ///   - observer: Is told how the runs go on.
  ///   - stopRequest: The name of the signal that asked this process to stop; nil while there was none.
  /// - Returns: The runs as they have ended, each as often as it was sent on.
  /// - Throws: `InputError`, `LedgerError`, `StorageError`.
  package func train(
    workers: Int, threads: Int, observer: any RunObserver, stopRequest: @escaping () -> String?
  ) async throws -> [RunTask] {
    try await requireHere()
    return try await train(
      workers: workers, threads: threads, observer: observer, worker: WorkerProcess.child, clock: .wall,
      stopRequest: stopRequest)
  }

  /// - Throws: `Locked` while HTCondor has runs of it; `CondorError` where that cannot be known.
  func requireHere(tools: CondorTools = CondorTools()) async throws {
    try Submission.requireReadable(in: workspace.path)
    guard !Submission.all(in: workspace.path).isEmpty else { return }
    let pool = await CondorState.bringBack(workspace.path, tools: tools)
    try ledger.collect()
    let there = prepared.jobs.count { if case .there = pool.place(of: $0.run) { true } else { false } }
    guard there > 0 else { return }
    throw Locked(
      description: "\(counted(there, "run")) of the search \(name) \(there == 1 ? "is" : "are") at HTCondor: "
        + "`qcalo search step \(name)` goes on with it there, `qcalo cancel \(name)` takes \(there == 1 ? "it" : "them") back"
    )
  }

  func train(
    workers: Int, threads: Int, observer: any RunObserver, worker: @escaping WorkerProcess.Start, clock: PoolClock,
    stopRequest: @escaping () -> String?
  ) async throws -> [RunTask] {
    let tasks = try tasks(threads: threads, worker: worker)
    let announced = try HereQueue.announce(tasks.map(\.job.run), in: workspace)
    defer { announced.takeBack() }
    var pool = RunPool(
      tasks, workers: workers, ledger: ledger, observer: observer,
      feed: SearchFeed(search: self, threads: threads, worker: worker), clock: clock, announced: announced,
      stopRequest: stopRequest)
    try await pool.run()
    return pool.tasks
  }
}

/// The runs that a search decides on.
struct SearchFeed: RunFeed {
  var search: StartedSearch
  var threads: Int
  var worker: WorkerProcess.Start

  /// So many failures, and fewer runs that ended well, are no matter of the trials.
  static let patience = 3

  mutating func further(beside tasks: [RunTask]) async throws -> (tasks: [RunTask], sentences: [String]) {
    let failures = tasks.count { if case .failed = $0.outcome { true } else { false } }
    let ends = tasks.count { $0.outcome == .finished || $0.outcome == .diverged }
    if failures >= Self.patience, failures > ends {
      return ([], ["\(failures) runs failed and \(ends) did not: no more are begun"])
    }
    var sentences: [String] = []
    while true {
      let (decision, end) = try await search.decide { sentences.append($0) }
      guard let decision else { return ([], sentences + (end.map { ["The search is over: \($0)"] } ?? [])) }
      sentences.append("\(SearchDecision.label(decision.trial)): \(decision.reason)")
      // What is there already, of a search or a sweep before, is not trained again.
      let tasks = try search.tasks(of: decision.trial, threads: threads, worker: worker)
      if !tasks.isEmpty { return (tasks, sentences) }
    }
  }
}
