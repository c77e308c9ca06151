import Experiment
import Foundation
import Glibc
@testable import Ledger
import Reports
import TestSupport
import Testing

@testable import Condor
@testable import Study

@Suite struct PoolStatusTests {
  private let study: StudyWorkspace
  private var jobs: [JobDescription] { study.prepared.jobs }

  init() throws { study = try StudyWorkspace() }

  /// The first three runs as jobs 7.0, 7.1 and 7.2 of a cluster with this event log.
  private func submit(_ log: String) throws {
    let site = try SiteLibrary(folder: Repository.path("condor")).profile("local-pool")
    let runs = Array(jobs.prefix(3))
    let manifest = Submission.Manifest(
      sweep: "small", site: site, resources: Resources(memoryMB: 200, diskMB: 100, stateMB: 50), dag: false,
      runs: runs.map(\.run), package: nil)
    let folder = study.workspace.path + "/submissions/small-1"
    try study.folder.write(
      String(decoding: try CanonicalJSON.data(manifest), as: UTF8.self), to: "work/submissions/small-1/submission.json")
    try study.folder.write("abc\n", to: "work/submissions/small-1/token")
    try study.folder.write(log, to: "work/submissions/small-1/events.log")
    let submission = try #require(Submission(folder: folder))
    try submission.record(submission.receipt(cluster: 7, schedd: "ci@ap", time: 1))
  }

  private static let submitted = (0...2).map { proc in
    "000 (007.00\(proc).000) 2026-11-23 18:40:00 Job submitted\n...\n"
  }.joined()
  private static func executing(_ proc: Int) -> String {
    "001 (007.00\(proc).000) 2026-11-23 18:42:20 Job executing on host: <127.0.0.1:9618>\n...\n"
  }
  private static func held(_ proc: Int) -> String {
    "012 (007.00\(proc).000) 2026-11-23 18:42:40 Job was held.\n\tTransfer output files failure\n\tCode 12 Subcode 28\n...\n"
  }
  private static func ended(_ proc: Int) -> String {
    "005 (007.00\(proc).000) 2026-11-23 18:43:00 Job terminated.\n\t(1) Normal termination (return value 0)\n...\n"
  }
  private static func removed(_ proc: Int) -> String {
    "009 (007.00\(proc).000) 2026-11-23 18:43:00 Job was aborted.\n\twall time exceeded\n...\n"
  }

  /// Shortly after the log's last event, so that nothing is silent: 18:43:10 of this machine.
  private func pool() async -> PoolStatus {
    var parts = tm()
    (parts.tm_year, parts.tm_mon, parts.tm_mday, parts.tm_hour, parts.tm_min) = (126, 10, 23, 18, 43)
    parts.tm_isdst = -1
    return await PoolStatus(
      study.workspace, tools: CondorTools(timeout: 5, folder: study.folder("nowhere")), now: Double(mktime(&parts)) + 10
    )
  }

  /// The state, the next step and HTCondor's words for each run.
  private func rows() async throws -> [[String?]] {
    let table = try await pool().table(of: "small", in: study.ledger())
    let places = ["state", "next", "condor"].map { key in table.columns.firstIndex { $0.key == key } }
    let run = try #require(table.columns.firstIndex { $0.key == "run" })
    return try jobs.map { job in
      let row = try #require(table.rows.first { $0[run] == .text(job.run) })
      return places.map { place in place.flatMap { if case .text(let text) = row[$0] { text } else { nil } } }
    }
  }

  @Test func `without submissions a table stays as it is`() async throws {
    #expect(await pool().isEmpty)
    #expect(try await rows().allSatisfy { $0 == ["planned", "start it: `qcalo run`", nil] })
  }

  @Test func `what HTCondor has is a run's state, what it has not stays the journals'`() async throws {
    try submit(Self.submitted + Self.executing(0) + Self.held(1))
    #expect(await !pool().isEmpty)
    let rows = try await rows()
    #expect(rows.map { $0[0] } == ["running", "held", "queued", "planned"])
    #expect(rows.map { $0[1] } == ["wait", "see HTCondor", "wait", "start it: `qcalo run`"])
    #expect(rows[0][2]?.hasPrefix("running") == true)
    #expect(rows[1][2]?.hasPrefix("held: no room or quota on the access point") == true)
    #expect(rows[1][2]?.contains("(12/28: Transfer output files failure)") == true, "HTCondor's own words too")
    #expect(rows[2][2] == "in the queue" && rows[3][2] == nil)
  }

  @Test func `what is not in the queue yet is held with its submission, until that is released`() async throws {
    let submitted = "000 (007.000.000) 2026-11-23 18:40:00 Job submitted\n...\n"
    let held = "037 (007.-01.000) 2026-11-23 18:41:00 Job Materialization Paused\n\tby hand\n\tPauseCode 1\n...\n"
    try submit(submitted + held)
    let rows = try await rows()
    #expect(rows[0][0] == "queued" && rows[1][0] == "held" && rows[2][0] == "held")
    #expect(rows[1][2] == "held before it came into the queue, with its submission: qcalo release small-1")
    try submit(submitted + held + "038 (007.-01.000) 2026-11-23 18:42:00 Job Materialization Resumed\n...\n")
    #expect(try await self.rows()[1][0] == "queued")
  }

  @Test func `a job that has left the queue is what its journal says`() async throws {
    try submit(Self.submitted + Self.executing(0) + Self.ended(0))
    try study.workspace.write(jobs[0])
    try study.journal(jobs[0].run, exit: .finished)
    let row = try await rows()[0]
    #expect(row[0] == "finished" && row[2] == "left the queue with exit code 0: finished")
  }

  @Test func `a job that was removed, or that has left nothing, says so and is no run to be planned`() async throws {
    try submit(Self.submitted + Self.executing(0) + Self.removed(0) + Self.executing(1) + Self.ended(1) + Self.ended(2))
    // Only the third has brought a journal back; the second was sent along with one.
    try study.workspace.write(jobs[2])
    try study.journal(jobs[2].run, exit: .finished)
    try study.journal(jobs[1].run, exit: .resumable)
    try study.folder.write("{}", to: "work/submissions/small-1/jobs/\(jobs[1].run)/journal/attempt-0001.jsonl")
    let rows = try await rows()
    #expect(rows.map { $0[0] } == ["removed", "lost", "finished", "planned"])
    #expect(rows[0][1] == "submit it again: `qcalo resume`" && rows[0][2] == "removed: wall time exceeded")
    #expect(
      rows[1][1] == "see submissions/small-1/err/\(jobs[1].run).err, then submit it again: `qcalo resume`")
    #expect(
      rows[1][2] == "left the queue with exit code 0: finished, and brought no journal back: nothing of it counts")
    let table = try await pool().table(of: "small", in: study.ledger())
    #expect(table.notes.first?.hasPrefix("4 runs: 1 planned, 1 finished, 1 lost, 1 removed; ") == true)
    let why = try await pool().explanation(of: jobs[0].run, in: study.ledger())
    #expect(why[0].hasPrefix("\(jobs[0].run) is removed. "))
    #expect(why[0].hasSuffix(" Next: submit it again: `qcalo resume`."))
    // Later it came back by another way.
    try study.journal(jobs[1].run, attempt: 2, exit: .finished)
    #expect(try await self.rows()[1][0] == "finished")
  }

  @Test func `work that the log knows to be lost is in the run's account`() async throws {
    try submit(Self.submitted + Self.executing(0) + Self.removed(0))
    _ = await pool()
    let ledger = try study.ledger()
    let status = try #require(try ledger.statuses(sweep: "small").first { $0.run == jobs[0].run })
    #expect(status.lostSeconds == 40 && status.cost.lost == 40)
    #expect(try await pool().table(of: "small", in: ledger).notes.first?.hasSuffix("lost 40 s.") == true)
    let cost = try SweepResults("small", in: ledger).cost
    #expect(cost.lost == 40)
  }

  @Test func `an attempt lives while its job runs, and is gone once it does not`() async throws {
    try submit(Self.submitted + Self.executing(0) + Self.executing(1) + Self.ended(1))
    for job in jobs {
      try study.workspace.write(job)
      try study.journal(job.run, checkpoints: 0...1)
    }
    let pool = await pool()
    let statuses = try study.ledger().statuses(sweep: "small", process: pool.evidence)
    let states = Dictionary(uniqueKeysWithValues: statuses.map { ($0.run, $0.state) })
    #expect(jobs.map { states[$0.run] } == [.running, .interrupted, .interrupted, .unknown])
  }

  @Test func `of an attempt that began elsewhere after its job was over the job says nothing`() async throws {
    try submit(Self.submitted + Self.executing(0) + Self.ended(0) + Self.executing(1) + Self.held(1))
    for job in jobs.prefix(3) {
      try study.workspace.write(job)
      try study.journal(job.run, checkpoints: 0...1)
    }
    let ledger = try study.ledger()
    let pool = await pool()
    let now = Date().timeIntervalSince1970
    func evidence(_ number: Int, began: Double) throws -> ProcessEvidence {
      var attempt = try #require(try ledger.status(of: jobs[number].run).attempts.last)
      attempt.started = began
      return pool.evidence(attempt)
    }
    // The jobs are of 2026-11-23, and the first two have been there.
    for number in 0...2 {
      #expect(try evidence(number, began: 1_700_000_000) == .gone)
      #expect(try evidence(number, began: max(now, 1_800_000_000)) == .unknown)
    }
  }

  @Test func `why tells the state, HTCondor's words, what can be done, and what the workers had to tell`() async throws
  {
    try submit(Self.submitted + Self.executing(0) + Self.held(0))
    try study.workspace.write(jobs[0])
    try study.journal(jobs[0].run, checkpoints: 0...1, notice: "full-000001.h5 was damaged")
    let ledger = try study.ledger()
    let pool = await pool()
    let lines = try pool.explanation(of: String(jobs[0].run.prefix(jobs[0].run.count - 2)), in: ledger)
    #expect(lines.count == 2 && lines[1] == "Attempt 1: full-000001.h5 was damaged")
    #expect(lines[0].hasPrefix("\(jobs[0].run) is held. Its attempt 1 on elsewhere, process 1 was killed"))
    #expect(lines[0].contains(" At HTCondor: held: no room or quota on the access point"))
    #expect(lines[0].hasSuffix(" Next: see HTCondor."))
    let table = try pool.table(of: "small", title: " at noon", in: ledger)
    #expect(table.title == "Status of small at noon" && table.rows.count == 4)
    #expect(try pool.table(of: nil, in: ledger).title == "Status")
  }

  @Test func `a log out of reach leaves the last known state, marked unknown`() async throws {
    try submit(Self.submitted + Self.executing(0))
    _ = await pool()
    let log = study.workspace.path + "/submissions/small-1/events.log"
    try FileManager.default.moveItem(atPath: log, toPath: log + ".away")
    let row = try await rows()[0]
    #expect(row[0] == "unknown" && row[2]?.hasPrefix("unknown since ") == true)
    #expect(row[1] == "wait, or give it up: `qcalo forget small-1`")
    #expect(row[2]?.contains("before: running") == true)
    try study.workspace.write(jobs[0])
    try study.journal(jobs[0].run, checkpoints: 0...1)
    let pool = await pool()
    #expect(try study.ledger().status(of: jobs[0].run, process: pool.evidence).state == .unknown)
  }
}
