import Experiment
import Foundation
import Storage
import TestSupport
import Testing

@testable import Condor

@Suite struct CondorStateTests {
  /// A submission that HTCondor has, with an event log.
  private func submitted(_ workspace: PoolWorkspace, log: String) async throws -> Submission {
    let submission = try await workspace.writer().write(workspace.jobs())
    try DurableFile.write("abc\n", to: submission.tokenFile)
    try submission.record(submission.receipt(cluster: 7, schedd: "ci@ap", time: 1))
    try DurableFile.write(log, to: submission.eventLog)
    return submission
  }

  private let log = """
    000 (007.000.000) 2026-11-23 18:40:00 Job submitted
    ...
    000 (007.001.000) 2026-11-23 18:40:00 Job submitted
    ...
    012 (007.001.000) 2026-11-23 18:40:02 Job was held.
    \tTransfer output files failure
    \tCode 12 Subcode 28
    ...
    005 (007.000.000) 2026-11-23 18:40:02 Job terminated.
    \t(1) Normal termination (return value 0)
    ...

    """

  @Test("jobs are the runs of the table's rows; what has not been heard of is queued")
  func states() async throws {
    let workspace = try PoolWorkspace()
    let submission = try await submitted(workspace, log: log)
    let state = await CondorState.read(workspace.path)
    let runs = submission.manifest.runs
    #expect(state.runs[runs[0]]?.job?.end == .exited(0))
    #expect(state.runs[runs[1]]?.job?.hold?.code == 12)
    #expect(state.runs[runs[2]]?.job == nil)
    #expect(state.place(of: runs[0]) == .left)
    #expect(state.place(of: runs[1]) == .there("held in submission demo-1"))
    #expect(state.place(of: runs[2]) == .there("queued in submission demo-1"))
    #expect(state.place(of: "another") == .never)
    #expect(state.entries.first?.isOver == false)
    let sentence = CondorState.sentence(try #require(state.runs[runs[1]]?.job), heldHours: 24)
    #expect(sentence.contains("held: what it wrote could not be transferred back"))
    #expect(sentence.contains("(12/28: Transfer output files failure); the site removes it at 2026-11-24"))
    #expect(sentence.hasSuffix("then qcalo release \(runs[1])"))
  }

  @Test("a log that is gone changes nothing: the state is unknown, and since when, until it is there again")
  func unknown() async throws {
    let workspace = try PoolWorkspace()
    let submission = try await submitted(workspace, log: log)
    let known = await CondorState.read(workspace.path)
    try DurableFile.move(submission.eventLog, to: submission.eventLog + ".away")
    let first = await CondorState.read(workspace.path).entries[0]
    let second = await CondorState.read(workspace.path).entries[0]
    #expect(first.jobs == known.entries[0].jobs)
    #expect(first.unknown?.reason.contains("cannot be read") == true)
    #expect(second.unknown == first.unknown)
    try DurableFile.move(submission.eventLog + ".away", to: submission.eventLog)
    #expect(await CondorState.read(workspace.path).entries[0].unknown == nil)
  }

  @Test("a submission that was cut off keeps its runs from being submitted again")
  func cutOff() async throws {
    let workspace = try PoolWorkspace()
    let submission = try await workspace.writer().write(workspace.jobs())
    let run = submission.manifest.runs[0]
    #expect(await CondorState.read(workspace.path).place(of: run) == .never)
    try DurableFile.write("abc\n", to: submission.tokenFile)
    #expect(
      await CondorState.read(workspace.path).place(of: run) == .there("in submission demo-1, which was cut off"))
  }

  @Test("once the cluster is removed, runs that never came up are free again")
  func removed() async throws {
    let workspace = try PoolWorkspace()
    let log =
      "035 (007.-01.000) 2026-11-23 18:40:00 Cluster submitted\n...\n"
      + "036 (007.-01.000) 2026-11-23 18:41:00 Cluster removed\n\tMaterialized 0 jobs\n...\n"
    let submission = try await submitted(workspace, log: log)
    let state = await CondorState.read(workspace.path)
    #expect(state.entries[0].isOver)
    #expect(state.place(of: submission.manifest.runs[2]) == .left)
  }

  @Test("a DAG is over when DAGMan is; its nodes are known by their names")
  func dag() async throws {
    let workspace = try PoolWorkspace()
    var writer = try workspace.writer()
    writer.dagProgram = "/bin/qcalo"
    let submission = try await writer.write(workspace.jobs(2))
    let runs = submission.manifest.runs
    try DurableFile.write("abc\n", to: submission.tokenFile)
    let dagman = "000 (009.000.000) 2026-11-23 18:40:00 Job submitted\n...\n"
    try DurableFile.write(dagman, to: submission.clusterLog)
    // Cut off, it is found by DAGMan's log, not by a node's.
    let node = "000 (010.000.000) 2026-11-23 18:41:00 Job submitted\n    DAG Node: \(runs[1])\n...\n"
    try DurableFile.write(node, to: submission.eventLog)
    #expect(try await Submitter().find(submission)?.cluster == 9)
    try submission.record(submission.receipt(cluster: 9, schedd: "ci@ap", time: 1))
    let state = await CondorState.read(workspace.path)
    #expect(state.runs[runs[1]]?.job?.cluster == 10)
    #expect(state.place(of: runs[0]) == .there("queued in submission demo-1"))
    let removed = "009 (00X.000.000) 2026-11-23 18:42:00 Job was aborted.\n\tvia condor_rm\n...\n"
    try DurableFile.write(dagman + removed.replacing("X", with: "9"), to: submission.clusterLog)
    #expect(await CondorState.read(workspace.path).place(of: runs[0]) == .there("queued in submission demo-1"))
    try DurableFile.write(node + removed.replacing("00X", with: "010"), to: submission.eventLog)
    #expect(await CondorState.read(workspace.path).place(of: runs[0]) == .left)
  }

  @Test("where the log is out of reach the queue is asked, and one that does not answer ends nobody")
  func spooled() async throws {
    let workspace = try PoolWorkspace()
    var writer = try workspace.writer("lxbatch-spool")
    writer.sweep = "demo"
    let submission = try await writer.write(workspace.jobs())
    try DurableFile.write("abc\n", to: submission.tokenFile)
    try submission.record(submission.receipt(cluster: 12, schedd: "ci@ap", time: 1))
    let lines =
      "12\\t0\\t2\\t100\\t1\\tfalse\\tundefined\\tundefined\\tundefined\\tundefined\\tundefined\\n"
      + "12\\t1\\t5\\t100\\t1\\tfalse\\tundefined\\tundefined\\t34\\t0\\ttoo much memory\\n"
    let pool = try FakePool(query: "printf '\(lines)'")
    let state = await CondorState.read(workspace.path, tools: pool.tools)
    let runs = submission.manifest.runs
    #expect(state.runs[runs[0]]?.job?.phase == .running)
    #expect(state.runs[runs[1]]?.job?.hold == HoldReason(code: 34, subcode: 0, text: "too much memory"))
    let (failing, forgetful) = (try FakePool(query: "exit 1"), try FakePool(query: "true"))
    let silent = await CondorState.read(workspace.path, tools: failing.tools)
    #expect(silent.runs[runs[0]]?.job?.phase == .running)
    #expect(silent.entries[0].unknown?.reason.contains("condor_q failed with exit code 1") == true)
    // An answer that lacks them is another thing: they are gone.
    let empty = await CondorState.read(workspace.path, tools: forgetful.tools)
    #expect(empty.runs[runs[0]]?.job?.phase == .ended)
    #expect(empty.entries[0].unknown == nil)
  }

  @Test("a look changes nothing at HTCondor; what is over is brought back when asked for, and has ended as it did")
  func bringBack() async throws {
    let workspace = try PoolWorkspace()
    let submission = try await workspace.writer("lxbatch-spool").write(workspace.jobs())
    try DurableFile.write("abc\n", to: submission.tokenFile)
    try submission.record(submission.receipt(cluster: 12, schedd: "ci@ap", time: 1))
    func line(_ proc: Int, _ status: Int, _ code: String) -> String {
      "12\\t\(proc)\\t\(status)\\t100\\t1\\tfalse\\t\(code)\\tundefined\\tundefined\\tundefined\\tundefined\\n"
    }
    // Let go, they stay for a while as removed (status 3).
    let pool = try FakePool(
      query: """
        if [ -e QUEUE ]; then printf '\(line(0, 3, "undefined"))\(line(1, 2, "undefined"))'
        else printf '\(line(0, 4, "86"))\(line(1, 2, "undefined"))'; fi
        """)
    for program in ["condor_transfer_data", "condor_rm"] {
      let path = try pool.folder.write(
        "#!/bin/sh\necho $(basename $0) \"$@\" >>\(pool.folder("queue"))\n", to: "bin/\(program)")
      try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
    }
    let runs = submission.manifest.runs
    for _ in 1...2 {
      let seen = await CondorState.read(workspace.path, tools: pool.tools)
      #expect(seen.runs[runs[0]]?.job?.end == .exited(86))
      #expect(seen.entries[0].waiting == [runs[0]])
      #expect(pool.submissions == 0, "nothing was fetched or removed")
    }
    let fetched = await CondorState.bringBack(workspace.path, tools: pool.tools)
    #expect(fetched.entries[0].waiting.isEmpty)
    let again = await CondorState.bringBack(workspace.path, tools: pool.tools)
    #expect(again.runs[runs[0]]?.job?.end == .exited(86))
    #expect(
      Files.text(pool.folder("queue")) == "condor_transfer_data -name ci@ap 12.0\ncondor_rm -name ci@ap 12.0\n")
  }

  @Test("hold, release and cancel address what they are meant for, the whole cluster where it is all of it")
  func control() async throws {
    let workspace = try PoolWorkspace()
    let submission = try await submitted(workspace, log: log)
    let pool = try FakePool()
    let bin = pool.folder("bin")
    for verb in JobControl.Verb.allCases {
      let path = try pool.folder.write(
        "#!/bin/sh\necho $(basename $0) \"$@\" >>\(pool.folder("done"))\n", to: "bin/\(verb.program)")
      try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
    }
    let control = JobControl(
      state: await CondorState.read(workspace.path), tools: CondorTools(timeout: 5, folder: bin))
    let runs = submission.manifest.runs
    #expect(try control.runs(named: "demo") == runs.sorted())
    #expect(try control.runs(named: "classical-8") == runs.sorted())
    #expect(try control.runs(named: runs[2]) == [runs[2]])
    #expect(throws: InputError.self) { try control.runs(named: "$(rm)") }
    #expect(await control.apply(.release, to: runs).done == [runs[1]])
    #expect(await control.apply(.hold, to: [runs[2]]).done == [runs[2]])
    #expect(await control.apply(.cancel, to: runs).done == [runs[1], runs[2]])
    #expect(
      Files.text(pool.folder("done")) == """
        condor_release -name ci@ap 7.1
        condor_hold -name ci@ap -reason qcalo hold 7.2
        condor_rm -name ci@ap -reason qcalo cancel 7

        """)
    try FileManager.default.removeItem(atPath: bin + "/condor_hold")
    #expect(await control.apply(.hold, to: [runs[2]]).failures.first?.contains("cannot be started") == true)
  }
}
