import Experiment
import Foundation
import Ledger
import TestSupport
import Testing

@testable import Condor
@testable import Study

@Suite struct SubmitTests {
  private var study: StudyWorkspace
  private let site: SiteProfile
  private let said = Asked()

  init() throws {
    study = try StudyWorkspace()
    study.request.source = try study.folder.write("showers", to: "pions.hdf5")
    for row in study.plan.variants.indices { study.plan.variants[row].dataset = study.request }
    try study.folder.write("package", to: "worker.tar.gz")
    site = try SiteLibrary(folder: Repository.path("condor")).profile("local-pool")
  }

  private func backend(_ pool: FakePool, _ selection: Selection = Selection()) throws -> CondorBackend {
    _ = try study.ledger()
    let started = try StartedSweep(recorded: "small", selecting: selection, in: study.workspace)
    return CondorBackend(
      started, package: study.folder("worker.tar.gz"), tools: CondorTools(timeout: 5, folder: pool.bin), say: said.note)
  }

  /// The outcomes of `submit`.
  private func submit(
    _ pool: FakePool, to sites: SiteShares? = nil, _ selection: Selection = Selection()
  ) async throws -> [String] {
    let told = Asked()
    _ = try await backend(pool, selection).submit(
      to: sites ?? SiteShares(site), dag: false, isDryRun: false, outcome: told.note)
    return told.lines
  }

  private var submissions: [Submission] { Submission.all(in: study.workspace.path) }
  private var runs: [String] { study.prepared.jobs.map(\.run) }

  @Test func `of several at once one submits, and the others then say where the runs are`() async throws {
    let pool = try FakePool(submit: "sleep 0.3; echo \"$@\" >>QUEUE; echo '12.0 - 12.3'")
    async let first = submit(pool)
    async let second = submit(pool)
    async let third = submit(pool)
    let outcomes = try await [first, second, third].flatMap(\.self)
    #expect(outcomes == ["small-1: 4 runs submitted to local-pool as cluster 12 of ci@ap"])
    #expect(pool.submissions == 1)
    #expect(said.lines.count { $0 == "another command submits from this workspace; waiting for it" } == 2)
    #expect(said.lines.count { $0.hasPrefix("4 of 4 runs left alone: at HTCondor (") } == 2)
  }

  @Test func `what was refused is submitted with the corrected site file, or to another site`() async throws {
    let refusing = try FakePool(submit: "echo no /eos here >&2; exit 1")
    await #expect(throws: CondorError.self) { try await submit(refusing) }
    #expect(submissions.map(\.isCutOff) == [true])
    var other = site
    other.memoryMB = 4000
    let pool = try FakePool()
    _ = try await submit(pool, to: SiteShares(other))
    #expect(said.lines.contains("small-1, which was cut off, has never reached HTCondor: it is set aside"))
    #expect(submissions.map(\.name) == ["small-1", "small-2"])
    #expect(submissions[1].manifest.site == other && submissions[1].receipt != nil)
    #expect(submissions[0].receipt == nil && !submissions[0].isCutOff)
    #expect(pool.submissions == 1)
  }

  @Test func `what breaks a site's rules is not submitted`() async throws {
    var strict = site
    strict.rules.workspaceMB = 0
    let pool = try FakePool()
    let error = await #expect(throws: InputError.self) { try await submit(pool, to: SiteShares(strict)) }
    #expect(error?.description.hasPrefix("local-pool would not take this: room: ") == true)
    #expect(pool.submissions == 0 && submissions.isEmpty)
  }

  @Test func `the same again is sent from the folder that is there`() async throws {
    let refusing = try FakePool(submit: "echo Can\\'t find address of local schedd >&2; exit 1")
    await #expect(throws: CondorError.self) { try await submit(refusing) }
    #expect(try await submit(FakePool()).first?.hasPrefix("small-1: 4 runs submitted") == true)
    #expect(submissions.count == 1)
  }

  @Test func `of a sweep that has changed while the schedd was down, only what is wanted now is submitted`()
    async throws
  {
    let down = try FakePool(submit: "echo Failed to connect to queue manager >&2; exit 1")
    await #expect(throws: CondorError.self) { try await submit(down) }
    let pool = try FakePool()
    _ = try await submit(pool, Selection(only: ["2x"]))
    #expect(submissions.last?.manifest.runs == [runs[1], runs[3]])
    #expect(submissions.compactMap(\.receipt).flatMap(\.runs) == [runs[1], runs[3]])
    #expect(pool.submissions == 1)
  }

  @Test func `resume does not send again what was refused`() async throws {
    let refusing = try FakePool(submit: "echo no >&2; exit 1")
    await #expect(throws: CondorError.self) { try await submit(refusing) }
    let pool = try FakePool()
    let decisions = try await backend(pool).resume()
    #expect(pool.submissions == 0 && decisions.submitted.isEmpty && decisions.here.isEmpty)
    #expect(
      decisions.leftAloneCounts == [
        "4 of 4 runs left alone: not begun (`qcalo run` or `qcalo submit` starts them)"
      ])
  }

  @Test func `while it is not known whether a submission has arrived, nothing is submitted`() async throws {
    let lost = try FakePool(submit: "echo \"$@\" >>QUEUE; echo Failed to connect >&2; exit 1")
    await #expect(throws: CondorError.self) { try await submit(lost) }
    let silent = try FakePool(query: "exit 1")
    let error = await #expect(throws: CondorError.self) { try await submit(silent) }
    #expect(error?.programEnd == .resumable && silent.submissions == 0)
    // Once that schedd answers, it has them.
    #expect(try await submit(lost).isEmpty)
    #expect(said.lines.contains("small-1, which was cut off, is cluster 12 of ci@ap"))
    #expect(lost.submissions == 1)
  }

  @Test mutating func `a larger budget reaches the jobs that are still to start`() async throws {
    let pool = try FakePool()
    _ = try await submit(pool)
    let description = { [submissions, runs] in
      let path = "\(submissions[0].folder)/jobs/\(runs[0])/job.json"
      return try CanonicalJSON.value(JobDescription.self, from: Data(contentsOf: URL(fileURLWithPath: path)))
    }
    #expect(try description().budget == Budget(checkpoints: 3))
    study.plan.variants[0].budget = Budget(checkpoints: 9)
    #expect(try await submit(pool).isEmpty)
    #expect(try description().budget == Budget(checkpoints: 9))
    let told = said.lines.filter { $0.hasPrefix("small-1: 2 runs have their new budgets from the next start on") }
    #expect(told.count == 1 && told[0].hasSuffix(": Classical, seed 1; Classical, seed 2"))
    _ = try await submit(pool)
    #expect(pool.submissions == 1 && told.count == 1)
  }

  @Test mutating func `a larger budget reaches the jobs of a shared folder`() async throws {
    var shared = site
    (shared.transfer, shared.workerPath) = (.sharedFolder, "/opt/qcalo-worker")
    let (pool, sites) = (try FakePool(), SiteShares(shared))
    _ = try await submit(pool, to: sites)
    study.plan.variants[0].budget = Budget(checkpoints: 9)
    for _ in 1...2 {
      #expect(try await submit(pool, to: sites).isEmpty)
      let job: JobDescription = try CanonicalJSON.value(inFile: study.workspace.jobDescription(runs[0]))
      #expect(job.budget == Budget(checkpoints: 9))
    }
    #expect(pool.submissions == 1)
    #expect(said.lines.count { $0.hasPrefix("small-1: 2 runs have their new budgets from the next start on") } == 1)
  }

  @Test func `of run and submit at once one takes the runs, and the other leaves them`() async throws {
    let pool = try FakePool(submit: "sleep 0.3; echo \"$@\" >>QUEUE; echo '12.0 - 12.3'")
    let started = try backend(pool).started
    async let sent = submit(pool)
    async let here = started.decideHere(
      .run, tools: CondorTools(timeout: 5, folder: pool.bin), say: said.note)
    let (outcomes, decisions) = try await (sent, here)
    #expect(outcomes.isEmpty == (decisions.here.count == 4), "\(outcomes), \(decisions.here.count)")
    #expect(outcomes.isEmpty || decisions.here.isEmpty)
    // Whichever was first: the next one of either leaves them, too.
    #expect(try await submit(pool).isEmpty && pool.submissions <= 1)
    try HereQueue.announce([], in: study.workspace).takeBack()
  }

  @Test mutating func `another sweep's smaller budget takes nothing away from jobs that are there`() async throws {
    let pool = try FakePool()
    _ = try await submit(pool)
    let path = "\(submissions[0].folder)/jobs/\(runs[0])/job.json"
    let before = try Data(contentsOf: URL(fileURLWithPath: path))
    study.plan.name = "short"
    study.plan.variants[0].budget = Budget(checkpoints: 1)
    let ledger = try study.ledger()
    let started = try StartedSweep(recorded: "short", selecting: Selection(), in: study.workspace)
    let backend = CondorBackend(
      started, package: study.folder("worker.tar.gz"), tools: CondorTools(timeout: 5, folder: pool.bin), say: said.note)
    #expect(
      try await !backend.submit(to: SiteShares(site), dag: false, isDryRun: false, outcome: said.note))
    #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == before)
    let job: JobDescription = try CanonicalJSON.value(inFile: ledger.workspace.jobDescription(runs[0]))
    #expect(job.budget == Budget(checkpoints: 3))
    #expect(
      said.lines.contains(
        "small-1: 2 runs there go on to the larger budget of before; `qcalo cancel` takes it back: Classical, seed 1; "
          + "Classical, seed 2"))
  }

  @Test func `while a submission cannot be read nothing is submitted, trained or resumed`() async throws {
    let pool = try FakePool()
    _ = try await submit(pool, Selection(only: ["2x"]))
    try study.folder.write("{", to: "work/submissions/small-1/submission.json")
    await #expect(throws: CondorError.self) { try await submit(pool) }
    await #expect(throws: CondorError.self) { try await backend(pool).resume() }
    #expect(pool.submissions == 1)
    let found = await Doctor(study.workspace).findings.filter { $0.subject == "submissions" }
    #expect(found.map(\.verdict) == [.bad])
  }

  @Test func `several sites get the runs in turn, each run one site, whatever is asked for`() async throws {
    var other = site
    other.name = "other"
    let sites = try SiteShares("local-pool:3,other.yaml") { $0 == "local-pool" ? site : other }
    let pool = try FakePool()
    let outcomes = try await submit(pool, to: sites, Selection(only: ["2x"]))
    #expect(
      outcomes.map { $0.prefix(22) } == ["small-1: 1 run submitte", "small-2: 1 run submitte"].map { $0.prefix(22) })
    #expect(submissions.map(\.manifest.site.name) == ["local-pool", "other"])
    #expect(submissions.map(\.manifest.runs) == [[runs[1]], [runs[3]]])
    _ = try await submit(pool, to: sites)
    #expect(submissions.map(\.manifest.runs) == [[runs[1]], [runs[3]], [runs[0], runs[2]]])
    #expect(submissions[2].manifest.site.name == "local-pool")
  }
}

@Suite struct SiteSharesTests {
  private func shares(_ text: String) throws -> SiteShares {
    try SiteShares(text) { name in
      var site = SiteProfile()
      site.name = name
      return site
    }
  }

  @Test func `a number is how many runs a site gets in turn`() throws {
    let jobs = try StudyWorkspace().prepared.jobs
    let parts = try shares("a:2,b").divide(jobs + jobs)
    #expect(parts.map(\.site.name) == ["a", "b"] && parts.map(\.jobs.count) == [6, 2])
    #expect(parts[1].jobs == [jobs[2], jobs[1]])
    #expect(SiteShares(SiteProfile()).divide(jobs).map(\.jobs) == [jobs])
  }

  @Test func `a priority is every site's, or each has its own`() throws {
    let sites = try SiteShares("a,b:2") { name in
      var site = SiteProfile()
      (site.name, site.priority) = (name, name == "a" ? 3 : nil)
      return site
    }
    #expect(sites.prioritized(7).shares.map(\.site.priority) == [7, 7])
    #expect(sites.prioritized(nil).shares.map(\.site.priority) == [3, nil])
    #expect(sites.prioritized(7).shares.map(\.weight) == [1, 2])
  }

  @Test(arguments: ["", "a,", "a:0", "a:x", ":3", "a:1001", "a,b:2,a"])
  func `what is no list of sites is refused`(text: String) {
    #expect(throws: InputError.self) { try shares(text) }
  }
}
