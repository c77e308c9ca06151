import Experiment
import Foundation
import Ledger
import TestSupport
import Testing

@testable import Study

@Suite struct RunTaskTests {
  private let study: StudyWorkspace
  private let job: JobDescription
  private let start = ContinuousClock.now

  init() throws {
    study = try StudyWorkspace()
    job = study.prepared.jobs[0]
  }

  private func task(_ run: KnownRun? = nil) -> RunTask {
    RunTask(
      run ?? KnownRun(job, in: study.workspace), title: "Classical", threads: 1, in: study.workspace,
      worker: { _, _, _ in WorkerProcess(look: { nil }, stop: {}) }, now: start)
  }

  /// What follows from a worker's end.
  enum Verdict: Equatable, Sendable {
    case over(RunTask.Outcome)
    /// Is started again after so many seconds, for a reason that is told.
    case again(Int, String)
  }

  private func verdict(_ task: RunTask) -> Verdict {
    if let outcome = task.outcome { return .over(outcome) }
    let seconds = (0...10).first { task.isDue(start + .seconds($0)) }
    return .again(seconds ?? -1, task.summary)
  }

  @Test(
    arguments: [
      (.exited(0), false, .over(.finished)),
      (.exited(0), true, .over(.finished)),
      (.exited(86), false, .over(.diverged)),
      (.exited(86), true, .over(.diverged)),
      (.exited(75), true, .over(.stopped)),
      (.exited(85), true, .over(.stopped)),
      (.exited(87), true, .over(.stopped)),
      (.signalled(15), true, .over(.stopped)),
      (.exited(85), false, .again(0, "waiting")),
      (.exited(75), false, .again(0, "it stopped early; it is started again")),
      (.signalled(9), false, .again(0, "the worker was killed by signal 9; it is started again")),
      (.exited(87), false, .again(5, "waiting: another worker is training it")),
      (.exited(64), false, .over(.failed("the worker ended with exit code 64", .badInput))),
      (.exited(74), true, .over(.failed("the worker ended with exit code 74", .storageFailure))),
      (.exited(99), false, .over(.failed("the worker ended with exit code 99", nil))),
      (.notStarted("no room"), false, .over(.failed("the worker could not be started: no room", nil))),
    ] as [(WorkerProcess.End, Bool, Verdict)])
  func `what follows from a worker's end`(end: WorkerProcess.End, stopping: Bool, verdict expected: Verdict) throws {
    var task = task()
    #expect(task.isDue(start) && !task.isDue(start - .seconds(1)))
    try task.start()
    #expect(task.process != nil && task.outcome == nil)
    task.settle(end, stopping: stopping, now: start)
    #expect(task.process == nil)
    #expect(verdict(task) == expected)
    #expect(task.isLocked == (end == .exited(87) && !stopping))
  }

  @Test(arguments: [WorkerProcess.End.signalled(9), .exited(75)])
  func `a run is given up after three starts that got no further, not after two`(end: WorkerProcess.End) throws {
    var task = task()
    for start in 1...3 {
      #expect(task.outcome == nil, "start \(start)")
      try task.start()
      task.settle(end, stopping: false, now: self.start)
    }
    guard case .failed(let reason, nil) = task.outcome else {
      Issue.record("it is not given up: \(task.summary)")
      return
    }
    #expect(reason.contains(", 3 times without getting further; see "))
    #expect(reason.hasSuffix("\(job.run)/worker.log"))
  }

  @Test func `a start that got further counts anew`() throws {
    let ledger = try study.ledger()
    var task = task()
    for attempt in 1...3 {
      for _ in 1...2 {
        try task.start()
        task.settle(.signalled(9), stopping: false, now: start)
      }
      #expect(task.outcome == nil, "round \(attempt)")
      try task.start()
      try study.journal(job.run, attempt: attempt, checkpoints: attempt...attempt)
      #expect(try task.advance(in: ledger) == [])
      task.settle(.signalled(9), stopping: false, now: start)
      #expect(task.outcome == nil, "round \(attempt)")
    }
    #expect(task.progress.checkpoint == 3)
  }

  @Test func `a lock and a checkpoint_exit_code are no fruitless starts`() throws {
    var task = task()
    for code: Int32 in [87, 87, 87, 87, 85, 85, 85, 85] {
      try task.start()
      task.settle(.exited(code), stopping: false, now: start)
      #expect(task.outcome == nil)
    }
  }

  @Test func `a failure is explained by the journal's last end, or else by the last line that the worker printed`()
    throws
  {
    var task = task()
    try task.start()
    try study.folder.write("first\nqcalo-worker: no such dataset\n", to: "work/runs/\(job.run)/worker.log")
    task.settle(.exited(64), stopping: false, now: start)
    #expect(task.summary == "failed: no such dataset")

    task = self.task()
    try task.start()
    try study.journal(job.run, checkpoints: 0...1, exit: .storageFailure, reason: "writing x: no room")
    _ = try task.advance(in: study.ledger())
    task.settle(.exited(74), stopping: false, now: start)
    #expect(task.summary == "failed at checkpoint 1: writing x: no room")
    #expect(task.outcome == .failed("writing x: no room", .storageFailure))
  }

  @Test func `a start writes the job description, and tells the worker where it is`() throws {
    let place = study.workspace.runFolder(job.run)
    let asked = Asked()
    var task = RunTask(
      KnownRun(job, in: study.workspace), title: "Classical", threads: 3, in: study.workspace,
      worker: { job, threads, log in
        asked.note("\(job) \(threads) \(log)")
        return WorkerProcess(look: { nil }, stop: {})
      }, now: start)
    try task.start()
    #expect(asked.lines == ["\(place)/job.json 3 \(place)/worker.log"])
    let written = try #require(FileManager.default.contents(atPath: place + "/job.json"))
    #expect(try CanonicalJSON.value(JobDescription.self, from: written) == job)
  }

  @Test(
    arguments: [
      ([0, 86, 87], nil), ([0, 64, 64], .badInput), ([64, 74], .checkFailed), ([99], .checkFailed),
      ([74, 99, 74], .checkFailed),
    ] as [([Int32], ProgramEnd?)])
  func `several runs end with the one cause that all failures have, or as a check that failed`(
    codes: [Int32], exit: ProgramEnd?
  ) throws {
    let tasks = try codes.map { code in
      var task = task()
      try task.start()
      task.settle(.exited(code), stopping: code == 87, now: start)
      return task
    }
    let end = RunTask.end(of: tasks, stoppedBy: nil)
    #expect(end?.end == exit)
    let failed = codes.count { $0 > 0 && $0 < 86 || $0 == 99 }
    #expect(end?.sentence == (failed == 0 ? nil : "\(failed) of \(codes.count) runs failed, for the reasons above"))
    let stopped = RunTask.end(of: tasks, stoppedBy: "SIGINT")
    #expect(stopped?.end == .resumable)
    #expect(stopped?.sentence == "stopped by SIGINT with everything saved; the same command goes on")
  }

  @Test func `a run that has gone on says where it is, and how it ended`() throws {
    try study.journal(job.run, checkpoints: 0...2, notice: "of earlier")
    let ledger = try study.ledger()
    var run = KnownRun(job, in: study.workspace)
    (run.status, run.notices) = (try ledger.status(of: job.run), 1)
    var task = task(run)
    #expect(task.progress.checkpoint == 2)
    try task.start()
    #expect(try task.advance(in: ledger) == nil)
    try study.journal(job.run, attempt: 2, checkpoints: 3...3, exit: .finished, notice: "of now")
    // Another process may have taken it in first.
    try ledger.collect()
    #expect(try task.advance(in: ledger) == ["Classical: of now"])
    #expect(try task.advance(in: ledger) == nil)
    task.settle(.exited(0), stopping: false, now: start)
    #expect(task.summary == "finished at checkpoint 3, best χ²/NDF 15.0 at 3")
  }
}
