import Experiment
import Foundation
import GRDB
import GRDBSQLite
import Records
import Storage
import TestSupport
import Testing

@testable import Ledger

@Suite struct RunStatusTests {
  let sample: SampleWorkspace
  let ledger: Ledger

  init() throws {
    sample = try SampleWorkspace()
    ledger = try Ledger(sample.workspace)
    try ledger.record(sample.plan, source: "sweeps/small.yaml", datasets: sample.prepared)
  }

  private func run(_ row: Int, _ attempts: [[JournalRecord]]) throws -> RunStatus {
    let run = try sample.describe(row, seed: 1)
    for records in attempts { try sample.append(records, to: run, attempt: records[0].attempt) }
    try ledger.ingest(run: run)
    return try ledger.status(of: run) { _ in .gone }
  }

  private func attempt(
    _ row: Int, number: Int = 1, from: Int? = nil, _ checkpoints: ClosedRange<Int>?, _ exit: ProgramEnd? = nil,
    pid: Int = 1, host: String = "elsewhere", threads: Int? = nil
  ) -> [JournalRecord] {
    SampleWorkspace.attempt(
      sample.job(row, seed: 1).run, attempt: number, from: from, checkpoints: checkpoints, exit: exit, host: host,
      pid: pid, threads: threads)
  }

  @Test("A sweep's runs stand in its order; a run without a journal is planned")
  func planned() throws {
    let statuses = try ledger.statuses(sweep: "small")
    #expect(
      statuses.map(\.run) == [(0, 1), (0, 2), (1, 1), (1, 2)].map { sample.job($0.0, seed: $0.1).run })
    #expect(statuses.allSatisfy { $0.state == .planned && $0.attempts.isEmpty && $0.trainingSeconds == 0 })
    #expect(statuses[2].budget == Budget(checkpoints: 3, trainingSeconds: 60))
  }

  @Test("A finished run tells its best and last checkpoint and needs nothing")
  func finished() throws {
    let status = try run(0, [attempt(0, 0...3, .finished)])
    #expect(status.state == .finished)
    #expect(status.bestCheckpoint == 3 && status.bestReduced == 15 && status.lastCheckpoint == 3)
    #expect(status.explanation == "It has finished (Because finished.).")
    #expect(status.nextStep == "nothing; a larger budget would continue it")
  }

  @Test("A finished run goes on when its budget is raised")
  func raised() throws {
    _ = try run(0, [attempt(0, 0...3, .finished)])
    var plan = sample.plan
    plan.variants[0].budget.checkpoints = 5
    try ledger.record(plan, source: "sweeps/small.yaml", datasets: sample.prepared)
    let status = try ledger.statuses(sweep: "small")[0]
    #expect(status.state == .resumable)
    #expect(status.explanation == "It used an earlier budget, which is larger now.")
    plan.variants[0].budget.checkpoints = 2
    try ledger.record(plan, source: "sweeps/small.yaml", datasets: sample.prepared)
    #expect(try ledger.statuses(sweep: "small")[0].state == .finished)
  }

  @Test("A budget of time is used when it has been trained for as long")
  func time() throws {
    var plan = sample.plan
    plan.variants[0].budget = Budget(trainingSeconds: 30)
    try ledger.record(plan, source: "sweeps/small.yaml", datasets: sample.prepared)
    #expect(try run(0, [attempt(0, 0...3, .finished)]).state == .finished)
    plan.variants[0].budget = Budget(trainingSeconds: 40)
    try ledger.record(plan, source: "sweeps/small.yaml", datasets: sample.prepared)
    #expect(try ledger.statuses(sweep: "small")[0].state == .resumable)
  }

  @Test("Of a checkpoint that two attempts have recorded the later counts")
  func twice() throws {
    let job = sample.job(0, seed: 1).run
    let status = try run(
      0,
      [
        SampleWorkspace.attempt(job, checkpoints: 0...3) { _ in 2 },
        SampleWorkspace.attempt(job, attempt: 2, from: 2, checkpoints: 3...3) { _ in 3 },
      ])
    #expect(status.curve.checkpoints == [0, 1, 2, 3] && status.curve.reduced == [2, 2, 2, 3])
  }

  @Test("A run whose job was given more and did not get to begin can go on")
  func failedContinuation() throws {
    let run = try sample.describe(0, seed: 1)
    try sample.append(attempt(0, 0...3, .finished), to: run)
    try ledger.collect()
    #expect(try ledger.statuses(sweep: "small")[0].state == .finished)
    var plan = sample.plan
    plan.variants[0].budget.checkpoints = 5
    try ledger.record(plan, source: "sweeps/small.yaml", datasets: sample.prepared)
    var job = sample.job(0, seed: 1)
    job.budget.checkpoints = 5
    try sample.folder.write(
      String(decoding: CanonicalJSON.data(job), as: UTF8.self), to: "work/runs/\(run)/job.json")
    try ledger.collect()
    #expect(try ledger.statuses(sweep: "small")[0].state == .resumable)
  }

  @Test("A killed attempt loses what no later attempt built on")
  func lost() throws {
    // Attempt 1 was last heard of at checkpoint 2 (20 s trained), attempt 2 began at checkpoint 1 (10 s).
    let status = try run(0, [attempt(0, number: 1, 0...2), attempt(0, number: 2, from: 1, 2...2)])
    #expect(status.state == .interrupted)
    #expect(status.lostSeconds == 10)
    #expect(status.trainingSeconds == 20)
    #expect(status.nextStep == "go on from checkpoint 2: `qcalo resume`")
  }

  @Test("In a sweep's course what is trained again after a kill counts once")
  func course() throws {
    _ = try run(0, [attempt(0, 0...2), attempt(0, number: 2, from: 1, 2...3)])
    // 11 s a checkpoint, its evaluation included.
    #expect(try ledger.course(of: "small").map(\.seconds) == [0, 11, 22, 22, 33])
  }

  @Test("A core-hour is counted for each thread of the attempt that it was trained in")
  func cores() throws {
    // 20 s of which 10 are lost with two threads, then 10 s more with one.
    let attempts = [attempt(0, number: 1, 0...2, threads: 2), attempt(0, number: 2, from: 1, 2...2)]
    let status = try run(0, attempts)
    #expect(status.cost.training == 2 * 10 + 10 && status.cost.lost == 2 * 10)
    #expect(status.cost.evaluation == 2 * 1 + 1)
  }

  @Test("An attempt that has recorded nothing yet stands where it began")
  func begun() throws {
    let status = try run(0, [attempt(0, number: 1, 0...2, .resumable), attempt(0, number: 2, from: 2, nil)])
    #expect(status.trainingSeconds == 20 && status.cost.training == 20 && status.lostSeconds == 5)
  }

  @Test("An attempt that stopped with everything saved loses nothing")
  func saved() throws {
    var second = attempt(0, number: 2, from: 2, 3...3)
    guard case .attemptStarted(var start) = second[0].event else { return }
    start.iteration = 2500
    second[0].event = .attemptStarted(start)
    #expect(try run(0, [attempt(0, number: 1, 0...2, .resumable), second]).lostSeconds == 0)
  }

  @Test("An attempt that found the run locked says nothing about it")
  func locked() throws {
    let status = try run(0, [attempt(0, number: 1, 0...3, .finished), attempt(0, number: 2, nil, .locked)])
    #expect(status.state == .finished)
    #expect(status.attempts.count == 2)
  }

  @Test("Without an end, the process decides: alive, gone, or on another machine and not to be known")
  func processes() throws {
    let host = ProcessIdentity.hostName
    #expect(!host.isEmpty)
    let own = try #require(ProcessIdentity.startTime(of: getpid()))
    #expect(abs(Date().timeIntervalSince1970 - own) < 3600)
    func evidence(_ pid: Int, _ host: String, started: Double) throws -> ProcessEvidence {
      var attempt = Attempt(run: "r", attempt: 1, started: started)
      attempt.provenance = Provenance(
        binary: "", commit: "", numericsVersion: 1, host: host, processor: "", kernels: "", pid: pid)
      return ProcessEvidence.onThisMachine(attempt)
    }
    let pid = Int(ProcessInfo.processInfo.processIdentifier)
    #expect(try evidence(pid, host, started: own + 1) == .alive)
    #expect(try evidence(pid, host, started: own - 1000) == .gone)
    #expect(try evidence(4_194_305, host, started: own) == .gone)
    #expect(try evidence(pid, "elsewhere", started: own + 1) == .unknown)
  }

  @Test("A run whose name begins another's is meant by its whole name")
  func beginning() throws {
    let run = sample.job(0, seed: 1).run
    try ledger.writing {
      try $0.execute(sql: "UPDATE runs SET id = ? || '0' WHERE id = ?", arguments: [run, sample.job(0, seed: 2).run])
    }
    #expect(try ledger.status(of: run).run == run)
    #expect(try ledger.run(named: run + "0") == run + "0")
    #expect(throws: LedgerError.unknown(what: "single run", name: String(run.dropLast()), near: [run, run + "0"])) {
      try ledger.run(named: String(run.dropLast()))
    }
  }

  @Test("To ask for one run takes as many steps of SQLite's in a ledger of 4 runs as in one of 400")
  func cost() throws {
    let run = sample.job(0, seed: 1).run
    func steps(_ ledger: Ledger) throws -> Int {
      var steps = 0
      try withUnsafeMutablePointer(to: &steps) { steps in
        try ledger.reading { db in
          sqlite3_progress_handler(
            db.sqliteConnection, 1,
            { count in
              count?.assumingMemoryBound(to: Int.self).pointee += 1
              return 0
            }, steps)
        }
        _ = try ledger.status(of: run)
        try ledger.reading { sqlite3_progress_handler($0.sqliteConnection, 0, nil, nil) }
      }
      return steps
    }
    let few = try steps(ledger)
    var plan = sample.plan
    plan.seeds = Array(1...200)
    try ledger.record(plan, source: "sweeps/small.yaml", datasets: sample.prepared)
    #expect(few > 10)
    #expect(try abs(steps(ledger) - few) < few / 10)
  }

  @Test("A run's name may be shortened while it is clear, and a wrong one is answered with what there is")
  func names() throws {
    let run = sample.job(0, seed: 1).run
    #expect(try ledger.status(of: "classical-50-200-s1").run == run)
    #expect(throws: LedgerError.self) { try ledger.status(of: "classical") }
    let error = #expect(throws: LedgerError.self) { try ledger.statuses(sweep: "smal") }
    #expect(error?.description == "there is no sweep 'smal'; this ledger has small")
  }

  @Test("A diverged run keeps its last finite checkpoint, and is not started again")
  func diverged() throws {
    let status = try run(0, [attempt(0, 0...2, .diverged)])
    #expect(status.explanation == "It diverged after checkpoint 2 (Because diverged.).")
    #expect(status.state == .diverged)
  }
}
