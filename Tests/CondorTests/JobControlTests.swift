import Experiment
import Storage
import TestSupport
import Testing

@testable import Condor

@Suite struct JobControlTests {
  private let workspace: PoolWorkspace
  private let pool: FakePool

  init() throws { (workspace, pool) = (try PoolWorkspace(), try FakePool()) }

  private static let log = """
    000 (007.000.000) 2026-11-23 18:40:00 Job submitted
    ...
    000 (007.001.000) 2026-11-23 18:40:00 Job submitted
    ...
    001 (007.001.000) 2026-11-23 18:40:02 Job executing on host: <127.0.0.1:9618>
    ...
    005 (007.000.000) 2026-11-23 18:40:02 Job terminated.
    \t(1) Normal termination (return value 0)
    ...

    """

  /// A submission that HTCondor has as cluster 7, with an event log.
  private func submitted(_ log: String = log, dag: Bool = false) async throws -> Submission {
    var writer = try workspace.writer()
    if dag { writer.dagProgram = "/bin/qcalo" }
    let submission = try await writer.write(workspace.jobs())
    try submission.mark("abc", schedd: "ci@ap")
    try submission.record(submission.receipt(cluster: 7, schedd: "ci@ap", time: 1))
    try DurableFile.write(log, to: submission.eventLog)
    return submission
  }

  private func control() async -> JobControl {
    JobControl(state: await CondorState.read(workspace.path, tools: pool.tools), tools: pool.tools)
  }

  /// What HTCondor's tools print with -long.
  private static func answer(_ jobs: String...) -> String {
    "echo 'ActionResult = 1\nActionResultType = 1\nTotalJobAds = 3\n\(jobs.joined(separator: "\n"))'"
  }

  @Test func `a name stands for a sweep, a submission, a variant or a run`() async throws {
    let runs = try await submitted().manifest.runs
    let control = await control()
    for name in ["demo", "demo-1", "classical-8"] { #expect(try control.runs(named: name) == runs.sorted()) }
    #expect(try control.runs(named: runs[2]) == [runs[2]])
    #expect(throws: InputError.self) { try control.runs(named: "$(rm)") }
  }

  @Test(
    "HTCondor is told with the token, whatever the log says, and what it did is the answer",
    arguments: JobControl.Verb.allCases)
  func verbs(verb: JobControl.Verb) async throws {
    let runs = try await submitted().manifest.runs
    try pool.command(verb.program, Self.answer("job_7_1 = 1", "job_7_2 = 4"))
    let report = await control().apply(verb, to: runs)
    #expect(report.done == [runs[1]] && report.isSuccess)
    let nothing = ["hold": "already held", "release": "not held", "cancel": "already removed"][verb.rawValue] ?? ""
    #expect(
      report.notDone
        == (verb == .release
          ? [nothing: [runs[0], runs[2]]] : [nothing: [runs[2]], "not in the queue of ci@ap any more": [runs[0]]]))
    let reason = verb == .release ? "" : "-reason qcalo \(verb.rawValue) "
    #expect(
      pool.asked.hasSuffix(
        "\(verb.program) -name ci@ap \(reason)-long -constraint QcaloSubmission == \"abc\"\n"))
  }

  @Test func `some of the jobs are named by their procs, beside the token`() async throws {
    let runs = try await submitted().manifest.runs
    try pool.command("condor_hold", Self.answer("job_7_1 = 1"))
    #expect(await control().apply(.hold, to: [runs[1]]).done == [runs[1]])
    #expect(pool.asked.hasSuffix("-constraint QcaloSubmission == \"abc\" && member(ProcId, {1})\n"))
  }

  @Test func `nothing done is no success, as on a queue that was made anew`() async throws {
    let runs = try await submitted().manifest.runs
    try pool.command("condor_rm", "echo 'There are no jobs in the queue\nActionResult = 0\nTotalJobAds = 0'")
    let report = await control().apply(.cancel, to: runs)
    #expect(report.done.isEmpty && report.failures.isEmpty && !report.isSuccess)
    #expect(report.notDone.values.joined().sorted() == runs.sorted())
  }

  @Test(
    "a command that fails is said, and is no success", arguments: ["echo no such schedd >&2; exit 1", "kill -9 $$"])
  func failing(script: String) async throws {
    let runs = try await submitted().manifest.runs
    try pool.command("condor_hold", script)
    let report = await control().apply(.hold, to: runs)
    #expect(report.failures.count == 1 && report.failures[0].hasPrefix("demo-1: condor_hold ") && !report.isSuccess)
  }

  @Test func `runs that are not in the queue yet are reached with the whole submission, and else named`() async throws {
    let log = "035 (007.-01.000) 2026-11-23 18:40:00 Cluster submitted from host: <x>\n...\n"
    let runs = try await submitted(log + Self.log).manifest.runs
    try pool.command("condor_hold", Self.answer("cluster_7 = 1", "job_7_1 = 1"))
    #expect(await control().apply(.hold, to: runs).done == [runs[1], runs[2]].sorted())
    try pool.command("condor_hold", Self.answer("job_7_1 = 1"))
    let report = await control().apply(.hold, to: [runs[0], runs[2]])
    let reason = try #require(report.notDone.first { $0.value == [runs[2]] }?.key)
    #expect(reason.hasPrefix("not in the queue yet (name the submission, demo-1"))
  }

  @Test func `a DAG's nodes are held, DAGMan is not; to cancel, all are removed`() async throws {
    let runs = workspace.jobs().map(\.description.run)
    let log = runs.enumerated().map {
      "000 (01\($0).000.000) 2026-11-23 18:41:00 Job submitted\n    DAG Node: \($1)\n...\n"
    }
    let submission = try await submitted(log.joined(), dag: true)
    try DurableFile.write("000 (007.000.000) 2026-11-23 18:40:00 Job submitted\n...\n", to: submission.clusterLog)
    for verb in ["condor_hold", "condor_rm"] {
      try pool.command(verb, Self.answer("job_7_0 = 1", "job_10_0 = 1", "job_11_0 = 1", "job_12_0 = 1"))
    }
    #expect(await control().apply(.hold, to: runs).done == runs.sorted())
    #expect(pool.asked.hasSuffix("-constraint QcaloSubmission == \"abc\" && JobUniverse != 7\n"))
    #expect(await control().apply(.hold, to: [runs[1]]).done == [runs[1]])
    #expect(pool.asked.hasSuffix("&& JobUniverse != 7 && member(ClusterId, {11})\n"))
    #expect(await control().apply(.cancel, to: runs).done == runs.sorted())
    #expect(pool.asked.hasSuffix("-constraint QcaloSubmission == \"abc\"\n"))
  }

  @Test func `a submission that was cut off is left alone until it is known what became of it`() async throws {
    let submission = try await workspace.writer().write(workspace.jobs())
    try submission.mark("abc", schedd: "ci@ap")
    let report = await control().apply(.hold, to: submission.manifest.runs)
    #expect(report.failures.first?.contains("it was cut off") == true)
    #expect(!pool.asked.contains("condor_hold"))
  }

  @Test func `a priority is set for all jobs, or it is said that it was not`() async throws {
    let runs = try await submitted().manifest.runs
    try pool.command("condor_qedit", "echo 'Set attribute \"JobPrio\" for 3 matching jobs.'")
    #expect(await control().prioritize(7, runs).done == runs.sorted())
    #expect(
      pool.asked.hasSuffix("condor_qedit -name ci@ap -constraint QcaloSubmission == \"abc\" JobPrio 7\n"))
    try pool.command("condor_qedit", "echo 'Set attribute \"JobPrio\" for 2 matching jobs.'")
    #expect(await control().prioritize(7, runs).failures.first?.contains("changed 2 of 3 jobs") == true)
    try pool.command("condor_qedit", "echo 'Queue transaction failed.  No attributes were set.'; exit 1")
    let report = await control().prioritize(7, runs)
    #expect(!report.isSuccess && report.failures.first?.contains("No attributes were set") == true)
  }
}
