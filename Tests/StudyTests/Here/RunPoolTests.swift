import Experiment
import Foundation
import Ledger
import Synchronization
import TestSupport
import Testing

@testable import Study

@Suite struct RunPoolTests {
  private let study: StudyWorkspace
  private let listener = Listener()
  private let time = FakeClock()

  init() throws { study = try StudyWorkspace() }

  private func pool(
    _ fakes: FakeWorkers, workers: Int = 2, jobs: Int = 4, announced: HereQueue.Announcement? = nil,
    stopRequest: @escaping () -> String? = { nil }
  ) throws -> RunPool {
    let now = time.clock.now()
    let tasks = study.prepared.jobs.prefix(jobs).map { job in
      RunTask(
        KnownRun(job, in: study.workspace), title: "\(study.prepared.labels[job.run] ?? ""), seed \(job.seed)",
        threads: 1, in: study.workspace,
        worker: fakes.worker, now: now)
    }
    return RunPool(
      tasks, workers: workers, ledger: try study.ledger(), observer: listener, clock: time.clock,
      announced: announced, stopRequest: stopRequest)
  }

  /// The run that a job description's path belongs to.
  private static func run(_ job: String) -> String {
    URL(fileURLWithPath: job).deletingLastPathComponent().lastPathComponent
  }

  @Test func `as many workers as are allowed train every run, and the ledger has what they journal`() async throws {
    let study = study
    let fakes = FakeWorkers { _, job in
      try study.journal(Self.run(job), exit: .finished, notice: "a notice")
      return .exited(0)
    }
    var pool = try pool(fakes)
    try await pool.run()
    #expect(fakes.most == 2)
    #expect(pool.tasks.allSatisfy { $0.outcome == .finished })
    #expect(fakes.starts.count == 4 && fakes.starts.values.allSatisfy { $0 == 1 })
    let statuses = try Ledger(reading: study.workspace).statuses(sweep: "small")
    #expect(statuses.count == 4 && statuses.allSatisfy { $0.state == .finished && $0.lastCheckpoint == 3 })
    #expect(listener.asked.lines.contains("started Classical, seed 1"))
    #expect(listener.asked.lines.contains("Classical, seed 1: a notice"))
    #expect(listener.asked.lines.contains("2x, seed 2: finished at checkpoint 3, best χ²/NDF 15.0 at 3"))
    #expect(listener.asked.lines.last == "over")
  }

  @Test func `others see which runs it still comes to`() async throws {
    let study = study
    let runs = study.prepared.jobs.map(\.run)
    let announced = try HereQueue.announce(runs, in: study.workspace)
    let seen = Asked()
    let fakes = FakeWorkers { _, job in
      seen.note("\(HereQueue.processes(in: study.workspace).count)")
      try study.journal(Self.run(job), exit: .finished)
      return .exited(0)
    }
    var pool = try pool(fakes, workers: 1, announced: announced)
    try await pool.run()
    #expect(seen.lines.last == "1" && Set(seen.lines) == ["4", "3", "2", "1"], "\(seen.lines)")
    #expect(HereQueue.processes(in: study.workspace).isEmpty)
    announced.takeBack()
  }

  @Test func `a worker that always dies is started three times, and the others go on`() async throws {
    let study = study
    let bad = study.prepared.jobs[0].run
    let fakes = FakeWorkers { start, job in
      if Self.run(job) == bad { return start > 20 ? .exited(64) : .signalled(11) }
      try study.journal(Self.run(job), exit: .finished)
      return .exited(0)
    }
    var pool = try pool(fakes, workers: 1)
    try await pool.run()
    #expect(fakes.starts[study.workspace.jobDescription(bad)] == 3)
    #expect(pool.tasks.count { $0.outcome == .finished } == 3)
    guard case .failed = pool.tasks[0].outcome else {
      Issue.record("\(pool.tasks[0].summary)")
      return
    }
  }

  @Test func `asked to stop, it asks the workers, starts nothing more and waits for those that train`() async throws {
    let looks = Mutex(0)
    // One that is started once all were asked to stop is not asked any more.
    let fakes = FakeWorkers { _, _ in looks.withLock { $0 } > 50 ? .exited(0) : nil }
    var pool = try pool(
      fakes, workers: 3,
      stopRequest: {
        looks.withLock { count in
          count += 1
          return count > 3 ? "SIGINT" : nil
        }
      })
    try await pool.run()
    #expect(fakes.starts.count == 3)
    #expect(pool.tasks.prefix(3).allSatisfy { $0.outcome == .stopped })
    #expect(pool.tasks[3].outcome == nil)
    #expect(listener.asked.lines.count { $0 == "SIGINT: asking the workers to save and stop" } == 1)
  }

  @Test func `a run that another worker has is tried every five seconds, which is told once`() async throws {
    let study = study
    let fakes = FakeWorkers { start, job in
      if start < 4 { return .exited(87) }
      try study.journal(Self.run(job), exit: .finished)
      return .exited(0)
    }
    var pool = try pool(fakes, jobs: 1)
    try await pool.run()
    #expect(pool.tasks[0].outcome == .finished)
    #expect(time.elapsed >= .seconds(15) && time.elapsed < .seconds(17))
    #expect(listener.asked.lines.count { $0.hasSuffix("waiting: another worker is training it") } == 1)
    #expect(listener.asked.lines.count { $0.hasPrefix("Classical, seed 1: finished at checkpoint 3") } == 1)
  }

  @Test func `what another worker journals meanwhile is taken in`() async throws {
    let study = study
    let run = study.prepared.jobs[0].run
    let fakes = FakeWorkers { start, _ in
      if start == 2 { try study.journal(run, checkpoints: 0...1) }
      if start < 4 { return .exited(87) }
      try study.journal(run, checkpoints: 0...3, exit: .finished)
      return .exited(0)
    }
    var pool = try pool(fakes, jobs: 1)
    try await pool.run()
    #expect(try Ledger(reading: study.workspace).status(of: run).lastCheckpoint == 3)
  }

  @Test func `a job description that cannot be written ends the pool with the reason`() async throws {
    let fakes = FakeWorkers { _, _ in .exited(0) }
    var pool = try pool(fakes, jobs: 1)
    // Where a run's folder should be there is a file.
    try study.folder.write("", to: "work/runs")
    await #expect(throws: (any Error).self) { try await pool.run() }
    #expect(fakes.starts.isEmpty)
  }
}
