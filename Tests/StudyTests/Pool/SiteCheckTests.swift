import Condor
import Experiment
import Ledger
import Reports
import TestSupport
import Testing

@testable import Study

@Suite struct SiteCheckTests {
  private var study: StudyWorkspace
  private var site: SiteProfile

  init() throws {
    study = try StudyWorkspace()
    let source = try study.folder.write("showers", to: "pions.hdf5")
    study.request.source = source
    for row in study.plan.variants.indices { study.plan.variants[row].dataset.source = source }
    site = try SiteLibrary(folder: Repository.path("condor")).profile("lxbatch")
    // The tests' workspaces lie there.
    site.rules.unseenPaths = nil
  }

  @Test mutating func `what else lies in the workspace counts for its quota`() throws {
    for job in study.prepared.jobs { try study.workspace.write(job) }
    try study.folder.write(String(repeating: "x", count: 3_000_000), to: "work/runs/\(study.prepared.jobs[0].run)/old")
    try study.folder.write(String(repeating: "x", count: 2_500_000), to: "work/datasets/pions.h5")
    let runs = Set(study.prepared.jobs.map(\.run))
    #expect(SiteCheck.megabytes(in: study.workspace, without: runs) == 3)
    #expect(SiteCheck.megabytes(in: study.workspace, without: []) == 6)
    site.rules.workspaceMB = 1
    #expect(try finding("room", check()).severity == .error)
    site.rules.workspaceMB = 100_000
    #expect(try finding("room", check()).severity == .ok)
  }

  private func check(budget: Budget? = nil, workspace: Workspace? = nil) throws -> SiteCheck {
    var plan = study.plan
    if let budget { for row in plan.variants.indices { plan.variants[row].budget = budget } }
    return try SiteCheck(plan, nil, site, workspace ?? study.workspace)
  }

  private func finding(_ rule: String, _ check: SiteCheck) throws -> Lint.Finding {
    try #require(check.findings.first { $0.rule == rule })
  }

  @Test func `a sweep that keeps the rules is taken, with its warnings said`() throws {
    let check = try check()
    let said = Asked()
    try check.requireNoErrors(say: said.note)
    let warnings = check.findings.filter { $0.severity == .warning }
    #expect(!warnings.isEmpty && said.lines == warnings.map { "lxbatch: \($0.rule): \($0.text)" })
    #expect(check.table.rows.count == check.findings.count)
  }

  @Test mutating func `every broken rule is named in one sentence`() throws {
    study.plan.variants[0].dataset.source = study.folder("none.hdf5")
    let check = try check(workspace: Workspace(path: "/eos/user/a/b"))
    let error = #expect(throws: InputError.self) { try check.requireNoErrors(say: { _ in }) }
    #expect(error?.description.hasPrefix("lxbatch would not take this: paths: /eos/user/a/b is under /eos") == true)
    #expect(error?.description.contains("; folders: ") == true)
  }

  @Test func `a run lasts as long as its checkpoints took before, or as its budget of time`() throws {
    // Not known, it is a warning.
    #expect(try finding("walltime", check()).severity == .warning)
    // The sweep's runs have taken 10 s for the iterations of a checkpoint, 0.75 s to evaluate and 0.075 s to write one.
    for job in study.prepared.jobs {
      try study.workspace.write(job)
      try study.journal(job.run, checkpoints: 0...3)
    }
    _ = try study.ledger()
    let known = try finding("walltime", check(budget: Budget(checkpoints: 125)))
    #expect(known.severity == .ok && known.text.hasPrefix("a run takes about 1353 s"))
    #expect(try finding("walltime", check(budget: Budget(checkpoints: 1_000_000))).severity == .error)
    let shorter = Budget(checkpoints: 1_000_000, trainingSeconds: 3000)
    #expect(try finding("walltime", check(budget: shorter)).text.hasPrefix("a run takes about 3248 s"))
  }

  @Test func `one row of which nothing is known makes the longest unknown`() throws {
    let job = study.prepared.jobs[0]
    try study.workspace.write(job)
    try study.journal(job.run, checkpoints: 0...3)
    _ = try study.ledger()
    #expect(try finding("walltime", check()).severity == .warning)
  }

  @Test mutating func `rows that are skipped need no data`() throws {
    study.plan.variants[1].skip = "not today"
    study.plan.variants[1].dataset.source = study.folder("none.hdf5")
    #expect(try finding("folders", check()).severity == .ok)
  }
}
