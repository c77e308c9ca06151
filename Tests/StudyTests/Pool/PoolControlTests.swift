import Experiment
import Ledger
import TestSupport
import Testing

@testable import Condor
@testable import Study

@Suite struct PoolControlTests {
  private let study: StudyWorkspace
  private let said = Asked()

  init() throws { study = try StudyWorkspace() }

  /// A submission of all runs that was cut off after its token was noted.
  private func cutOff() throws -> Submission {
    let manifest = Submission.Manifest(
      sweep: "small", site: try SiteLibrary(folder: Repository.path("condor")).profile("local-pool"),
      resources: Resources(memoryMB: 200, diskMB: 100, stateMB: 50), dag: false,
      runs: study.prepared.jobs.map(\.run), package: nil)
    try study.folder.write(
      String(decoding: try CanonicalJSON.data(manifest), as: UTF8.self), to: "work/submissions/small-1/submission.json")
    let submission = try #require(Submission(folder: study.workspace.path + "/submissions/small-1"))
    try submission.mark("abc", schedd: "ci@ap")
    return submission
  }

  private func control(_ pool: FakePool) -> PoolControl {
    PoolControl(study.workspace, tools: CondorTools(timeout: 5, folder: pool.bin), say: said.note)
  }

  @Test func `to cancel what has never reached HTCondor is to set it aside`() async throws {
    let (submission, pool) = (try cutOff(), try FakePool())
    let (runs, report) = try await control(pool).apply(.cancel, to: "small")
    #expect(runs == submission.manifest.runs.sorted() && report.done == runs && report.isSuccess)
    #expect(said.lines == ["small-1 has never reached HTCondor: it is set aside"])
    #expect(!submission.isCutOff && !pool.asked.contains("condor_rm"))
    #expect(throws: InputError.self) { try JobControl(state: CondorState(entries: [])).runs(named: "small") }
  }

  @Test("nothing of it can be held", arguments: [JobControl.Verb.hold, .release])
  func unsent(verb: JobControl.Verb) async throws {
    let (submission, pool) = (try cutOff(), try FakePool())
    let report = try await control(pool).apply(verb, to: "small").1
    #expect(!report.isSuccess && report.notDone == ["never submitted": submission.manifest.runs.sorted()])
  }

  @Test("what has reached HTCondor after all is cancelled there")
  func found() async throws {
    let (submission, pool) = (try cutOff(), try FakePool())
    try pool.folder.write("abc\n", to: "queue")
    try pool.command(
      "condor_rm", "echo 'ActionResult = 1\n\((0..<4).map { "job_12_\($0) = 1" }.joined(separator: "\n"))'")
    let report = try await control(pool).apply(.cancel, to: "small-1").1
    #expect(report.done == submission.manifest.runs.sorted() && submission.receipt?.cluster == 12)
  }

  @Test("while HTCondor does not answer nothing is done, and that is said")
  func silent() async throws {
    let (submission, pool) = (try cutOff(), try FakePool(query: "exit 1"))
    let report = try await control(pool).apply(.cancel, to: "small").1
    #expect(!report.isSuccess && report.failures.count == 1 && submission.isCutOff)
    #expect(said.lines.count == 1 && said.lines[0].contains("it is not known whether"))
  }
}
