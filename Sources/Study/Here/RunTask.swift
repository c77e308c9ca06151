package import Experiment
import Ledger
import Records
import Storage

/// A run while this process sees to it.
package struct RunTask {
  enum State {
    /// It waits to be started, not before this moment.
    case waiting(ContinuousClock.Instant)
    case training(WorkerProcess)
    case done(Outcome)
  }

  /// How a run has ended for this process.
  package enum Outcome: Equatable {
    case finished
    case diverged
    /// Stopped with everything saved, because this process was asked to stop; or left to the worker that has it.
    case stopped
    /// A sentence, and the code that the worker ended with, if it did.
    case failed(String, ProgramEnd?)
  }

  /// Starts without getting further, after which a run is given up.
  static let patience = 3
  /// The time between two tries on a run that another worker has.
  static let lockPause = Duration.seconds(5)

  /// What is trained.
  package let job: JobDescription
  /// "2/Classical, seed 1".
  package let title: String
  private let threads: Int
  private let workspace: Workspace
  private let worker: WorkerProcess.Start
  private(set) var state: State
  /// How far it is by the ledger, which is looked at whenever its journals have grown.
  package private(set) var progress: RunProgress
  private var journals: JournalGrowth
  /// How many of its workers' notices have been told.
  private var noticesTold: Int
  /// What is wrong with its files and has been told.
  private var problemsTold: Set<String> = []
  /// Whether another worker has it.
  package private(set) var isLocked = false
  /// Why it has to be started again, a clause.
  private var trouble: String?
  /// The iteration at the last start, and how many starts did not get beyond.
  private var startIteration = 0
  private var fruitless = 0

  /// A run that nobody has started yet; what its earlier attempts had to tell is not told again.
  /// - Parameters:
  ///   - run: What is trained, and where it stands.
  ///   - title: The run as a person calls it: "2/Classical, seed 1".
  ///   - threads: Those of its worker.
  ///   - workspace: Where the run's folder is.
  ///   - worker: What starts its workers.
  ///   - now: When it may begin.
  init(
    _ run: KnownRun, title: String, threads: Int, in workspace: Workspace,
    worker: @escaping WorkerProcess.Start = WorkerProcess.child, now: ContinuousClock.Instant = .now
  ) {
    (job, self.title, self.threads, self.workspace, self.worker) = (run.job, title, threads, workspace, worker)
    (journals, noticesTold) = (run.journals, run.notices)
    progress = run.status.map(RunProgress.init) ?? RunProgress()
    state = .waiting(now)
  }

  /// Takes what its journals have that is new into the ledger, and looks there how far the run is.
  /// - Returns: What there is to tell, a sentence each; nil when the journals have not grown.
  /// - Throws: `LedgerError`, `StorageError`; the next call takes it in then.
  mutating func advance(in ledger: Ledger) throws -> [String]? {
    guard let grown = journals.grown() else { return nil }
    let problems = try ledger.ingest(run: job.run).problems
    progress = RunProgress(try ledger.status(of: job.run) { _ in .unknown })
    let notices = try ledger.notices(of: job.run, kinds: [.notice]).map(\.text)
    defer { (noticesTold, journals) = (notices.count, grown) }
    return notices.dropFirst(noticesTold).map { "\(title): \($0)" }
      + problems.filter { problemsTold.insert($0).inserted }
  }

  /// The worker that trains it; nil while none does.
  package var process: WorkerProcess? { if case .training(let process) = state { process } else { nil } }
  /// How it has ended; nil while it has not.
  package var outcome: Outcome? { if case .done(let outcome) = state { outcome } else { nil } }

  func isDue(_ now: ContinuousClock.Instant) -> Bool {
    if case .waiting(let moment) = state { moment <= now } else { false }
  }

  private var log: String { workspace.runFolder(job.run) + "/worker.log" }

  /// - Throws: `StorageError`.
  mutating func start() throws {
    try workspace.write(job)
    startIteration = progress.iteration
    state = .training(worker(workspace.jobDescription(job.run), threads, log))
  }

  /// Takes in what follows from a worker's end, the ledger having what it journalled.
  /// - Parameters:
  ///   - end: How the worker ended.
  ///   - stopping: Whether it was asked to stop.
  ///   - now: The present time; a pause before the next start is counted from it.
  mutating func settle(_ end: WorkerProcess.End, stopping: Bool, now: ContinuousClock.Instant) {
    isLocked = false
    switch end {
    case .exited(let code):
      switch ProgramEnd(rawValue: code) {
      case .finished: state = .done(.finished)
      case .diverged: state = .done(.diverged)
      case .resumable where stopping, .checkpointed where stopping, .locked where stopping: state = .done(.stopped)
      case .checkpointed: state = .waiting(now)
      case .resumable: tryAgain(after: "it stopped early", now)
      case .locked:
        isLocked = true
        state = .waiting(now + Self.lockPause)
      case let known: state = .done(.failed(reason ?? "the worker ended with exit code \(code)", known))
      }
    case .signalled where stopping: state = .done(.stopped)
    case .signalled(let number): tryAgain(after: "the worker was killed by signal \(number)", now)
    case .notStarted(let why): state = .done(.failed("the worker could not be started: \(why)", nil))
    }
  }

  private mutating func tryAgain(after what: String, _ now: ContinuousClock.Instant) {
    fruitless = progress.iteration > startIteration ? 0 : fruitless + 1
    trouble = what
    state =
      fruitless < Self.patience
      ? .waiting(now) : .done(.failed("\(what), \(fruitless) times without getting further; see \(log)", nil))
  }

  /// Why the worker gave up: what its journal says or else the last line that it printed.
  private var reason: String? {
    if let end = progress.end, end.exit != ProgramEnd.finished.rawValue { return end.reason }
    let said = (try? FileContent.bytes(of: log)).map { String(decoding: $0.suffix(4096), as: UTF8.self) }
    return said?.split(separator: "\n").last.map { String($0).replacing("qcalo-worker: ", with: "") }
  }

  /// How a program ends when its runs have, and a sentence on that: stopped by a signal, with the one cause that all
  /// failures have, or with a check that failed; nil when every run has ended for good.
  package static func end(
    of tasks: [RunTask], stoppedBy signal: String?
  ) -> (end: ProgramEnd, sentence: String)? {
    if let signal { return (.resumable, "stopped by \(signal) with everything saved; the same command goes on") }
    let failures: [ProgramEnd] = tasks.compactMap { task in
      if case .failed(_, let code) = task.outcome { code ?? .checkFailed } else { nil }
    }
    guard let first = failures.first else { return nil }
    return (
      failures.allSatisfy { $0 == first } ? first : .checkFailed,
      "\(failures.count) of \(tasks.count) runs failed, for the reasons above"
    )
  }

  /// The run's place and what is next, for the log of a terminal that cannot be drawn over, and for the end.
  package var summary: String {
    let place = progress.checkpoint.map { " at checkpoint \($0)" } ?? ""
    return switch state {
    case .waiting:
      isLocked ? "waiting: another worker is training it" : trouble.map { "\($0); it is started again" } ?? "waiting"
    case .training: progress.line(job)
    case .done(.finished):
      "finished\(place)"
        + (progress.best.map { ", best χ²/NDF \(RunProgress.digits($0.reduced)) at \($0.checkpoint)" } ?? "")
    case .done(.diverged): "diverged\(place)"
    case .done(.stopped): "stopped\(place), saved"
    case .done(.failed(let reason, _)): "failed\(place): \(reason)"
    }
  }
}
