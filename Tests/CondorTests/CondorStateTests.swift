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

  /// Shortly after the log's last event: 2026-11-23 18:40:30, local time.
  private let now = LogClock(now: 0).read("2026-11-23 18:40:30")?.time ?? 0

  private func read(_ workspace: PoolWorkspace, _ pool: FakePool? = nil, later: Double = 0) async -> CondorState {
    await CondorState.read(
      workspace.path, tools: pool?.tools ?? CondorTools(timeout: 5, folder: workspace.folder("nowhere")),
      now: now + later)
  }

  /// A job as condor_q prints it.
  private func job(_ proc: Int, _ status: Int, _ more: String = "", token: String = "abc", cluster: Int = 12) -> String
  {
    #"{"ClusterId":\#(cluster),"ProcId":\#(proc),"JobStatus":\#(status),"EnteredCurrentStatus":\#(Int(now))"#
      + #","QcaloSubmission":"\#(token)"\#(more.isEmpty ? "" : ",")\#(more)}"#
  }

  private func answer(_ jobs: String...) -> String { "cat <<'END'\n[\(jobs.joined(separator: ","))]\nEND" }

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
    let state = await read(workspace)
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
    #expect(sentence.contains("held: no room or quota on the access point for what it wrote"))
    #expect(sentence.contains("(12/28: Transfer output files failure); the site removes it at 2026-11-24"))
    #expect(sentence.hasSuffix("then qcalo release \(runs[1])"))
  }

  @Test("what is remembered of a log is not believed where it cannot be: the log is read from its beginning")
  func damagedMemory() async throws {
    let workspace = try PoolWorkspace()
    let submission = try await submitted(workspace, log: log)
    let states = await read(workspace).runs.mapValues { $0.job?.phase }
    let path = submission.folder + "/state.json"
    let sound = try FileContent.text(of: path)
    #expect(sound.contains(#""lines":11"#))
    for change in [
      (#""lines":11"#, #""lines":9223372036854775807"#), (#""lines":11"#, #""lines":-1"#),
      (#""offset":\#(log.utf8.count)"#, #""offset":-9223372036854775808"#),
      (#""offset":\#(log.utf8.count)"#, #""offset":9223372036854775807"#),
      (#""starts":0"#, #""starts":9223372036854775807"#), (#""interruptions":0"#, #""interruptions":-1"#),
      (#""heard""#, #""hard""#),
    ] {
      let damaged = sound.replacing(change.0, with: change.1)
      #expect(damaged != sound, "\(change)")
      try DurableFile.write(damaged, to: path)
      #expect(await read(workspace).runs.mapValues { $0.job?.phase } == states, "\(change)")
      #expect(try FileContent.text(of: path) == sound, "\(change)")
    }
    #expect(
      [-1, .nan, 1e300, 0].map(CondorState.clock) == .init(repeating: "an unknown time", count: 3) + [
        "1970-01-01 00:00 UTC"
      ])
  }

  @Test("a log that is gone changes nothing: the state is unknown, and since when, until it is there again")
  func unknown() async throws {
    let workspace = try PoolWorkspace()
    let submission = try await submitted(workspace, log: log)
    let known = await read(workspace)
    try DurableFile.move(submission.eventLog, to: submission.eventLog + ".away")
    let first = await read(workspace).entries[0]
    let second = await read(workspace).entries[0]
    #expect(first.jobs == known.entries[0].jobs)
    #expect(first.unknown?.reason.contains("cannot be read") == true)
    #expect(second.unknown == first.unknown)
    try DurableFile.move(submission.eventLog + ".away", to: submission.eventLog)
    #expect(await read(workspace).entries[0].unknown == nil)
  }

  @Test("a submission that was cut off keeps its runs from being submitted again")
  func cutOff() async throws {
    let workspace = try PoolWorkspace()
    let submission = try await workspace.writer().write(workspace.jobs())
    let run = submission.manifest.runs[0]
    #expect(await read(workspace).place(of: run) == .never)
    try DurableFile.write("abc\n", to: submission.tokenFile)
    #expect(
      await read(workspace).place(of: run) == .there("in submission demo-1, which was cut off"))
  }

  @Test("once the cluster is removed, runs that never came up are free again")
  func removed() async throws {
    let workspace = try PoolWorkspace()
    let log =
      "035 (007.-01.000) 2026-11-23 18:40:00 Cluster submitted\n...\n"
      + "036 (007.-01.000) 2026-11-23 18:41:00 Cluster removed\n\tMaterialized 0 jobs\n...\n"
    let submission = try await submitted(workspace, log: log)
    let state = await read(workspace)
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
    let state = await read(workspace)
    #expect(state.runs[runs[1]]?.job?.cluster == 10)
    #expect(state.place(of: runs[0]) == .there("queued in submission demo-1"))
    let removed = "009 (00X.000.000) 2026-11-23 18:42:00 Job was aborted.\n\tvia condor_rm\n...\n"
    try DurableFile.write(dagman + removed.replacing("X", with: "9"), to: submission.clusterLog)
    #expect(await read(workspace).place(of: runs[0]) == .there("queued in submission demo-1"))
    try DurableFile.write(node + removed.replacing("00X", with: "010"), to: submission.eventLog)
    #expect(await read(workspace).place(of: runs[0]) == .left)
  }

  /// Three spooled runs that HTCondor has as cluster 12.
  private func spooled() async throws -> (workspace: PoolWorkspace, submission: Submission, runs: [String]) {
    let workspace = try PoolWorkspace()
    let submission = try await workspace.writer("lxbatch-spool").write(workspace.jobs())
    try DurableFile.write("abc\n", to: submission.tokenFile)
    try submission.record(submission.receipt(cluster: 12, schedd: "ci@ap", time: 1))
    return (workspace, submission, submission.manifest.runs)
  }

  @Test("where the log is out of reach the queue is asked, and one that does not answer ends nobody")
  func asked() async throws {
    let (workspace, _, runs) = try await spooled()
    let held = #""HoldReasonCode":34,"HoldReasonSubCode":0,"HoldReason":"too much memory""#
    let state = await read(workspace, try FakePool(query: answer(job(0, 2), job(1, 5, held), job(2, 1))))
    #expect(state.runs[runs[0]]?.job?.phase == .running)
    #expect(state.runs[runs[1]]?.job?.hold == HoldReason(code: 34, subcode: 0, text: "too much memory"))
    let silent = await read(workspace, try FakePool(query: "exit 1"))
    #expect(silent.runs[runs[0]]?.job?.phase == .running)
    #expect(silent.entries[0].unknown?.reason.contains("condor_q failed with exit code 1") == true)
    #expect(
      silent.place(of: runs[0])
        == .there(
          "in submission demo-1, and what became of it is not known; `qcalo forget demo-1` gives it up"))
    // Neither the queue nor the history has them: nothing is known, and nobody has ended.
    let nowhere = await read(workspace, try FakePool(query: "true"))
    #expect(nowhere.entries[0].unknown == nil)
    #expect(nowhere.runs[runs[0]]?.job?.phase == .running)
    #expect(
      nowhere.entries[0].unknown(of: runs[0])?.reason
        == "it is neither in the queue of ci@ap nor in its history")
    // The history tells how they ended, also one that was fetched by hand and then let go.
    let exit = #""ExitBySignal":false,"ExitCode":0,"CompletionDate":\#(Int(now))"#
    let history = try FakePool(
      query: "case $0 in *condor_q) exit 0 ;; esac; "
        + answer(job(0, 4, exit), job(1, 3, exit), job(2, 3, #""RemoveReason":"wall time""#)))
    let over = await read(workspace, history)
    #expect(over.entries[0].isOver && over.entries[0].waiting.isEmpty)
    #expect(over.runs[runs[0]]?.job?.end == .exited(0) && over.runs[runs[1]]?.job?.end == .exited(0))
    #expect(over.runs[runs[2]]?.job?.end == .removed("wall time"))
    #expect(over.entries[0].unknown(of: runs[0]) == nil)
    // Nothing more is asked.
    #expect(await read(workspace, try FakePool(query: "exit 1")).entries[0].unknown == nil)
  }

  @Test("jobs of the same numbers without the submission's token are another's")
  func foreign() async throws {
    let (workspace, _, runs) = try await spooled()
    _ = await read(workspace, try FakePool(query: answer(job(0, 2), job(1, 2), job(2, 1))))
    let anew = await read(workspace, try FakePool(query: answer(job(0, 5, token: "other"), job(1, 3, token: "x"))))
    #expect(anew.runs[runs[0]]?.job?.phase == .running && anew.runs[runs[1]]?.job?.phase == .running)
    #expect(anew.entries[0].unknown(of: runs[0]) != nil)
  }

  @Test("a log that is gone or damaged is settled by the queue and the history")
  func settled() async throws {
    let workspace = try PoolWorkspace()
    let submission = try await submitted(workspace, log: log)
    let runs = submission.manifest.runs
    _ = await read(workspace)
    try DurableFile.move(submission.eventLog, to: submission.eventLog + ".away")
    let exit = #""ExitBySignal":false,"ExitCode":86"#
    let pool = try FakePool(
      query: "case $0 in *condor_q) " + answer(job(1, 2, cluster: 7)) + "\n;; *) "
        + answer(job(2, 4, exit, cluster: 7)) + "\n;; esac")
    let state = await read(workspace, pool)
    #expect(state.entries[0].unknown == nil)
    #expect(runs.map { state.runs[$0]?.job?.phase } == [.ended, .running, .ended])
    #expect(state.runs[runs[2]]?.job?.end == .exited(86))
    // What the log tells from before that time is old.
    try DurableFile.write(log + "garbage\n...\n", to: submission.eventLog)
    let damaged = await read(workspace)
    #expect(damaged.runs[runs[1]]?.job?.phase == .running)
    #expect(
      damaged.entries[0].unknown(of: runs[1])?.reason.hasPrefix(
        "an event may be missing from the log: events.log:12 is no event; condor_q cannot be started") == true)
    #expect(damaged.entries[0].unknown(of: runs[0]) == nil)
    #expect(await read(workspace, pool).entries[0].unknown(of: runs[1]) == nil)
    #expect(await read(workspace).entries[0].unknown(of: runs[1]) == nil, "once settled, it stays so")
  }

  @Test("jobs that HTCondor has not made yet are queued, not lost")
  func late() async throws {
    let workspace = try PoolWorkspace()
    let submission = try await submitted(workspace, log: log)
    try DurableFile.move(submission.eventLog, to: submission.eventLog + ".away")
    let pool = try FakePool(
      query: "case $0 in *condor_q) "
        + answer(job(0, 2, #""JobMaterializeNextProcId":2"#, cluster: 7), job(1, 1, cluster: 7)) + "\n;; esac")
    let state = await read(workspace, pool)
    #expect(state.entries[0].unknown == nil)
    #expect(state.place(of: submission.manifest.runs[2]) == .there("queued in submission demo-1"))
    // A number that is none says that none has been made.
    let other = try FakePool(
      query: "case $0 in *condor_q) " + answer(job(0, 2, #""JobMaterializeNextProcId":-1"#, cluster: 7))
        + "\n;; esac")
    #expect(
      await read(workspace, other).place(of: submission.manifest.runs[2])
        == state.place(of: submission.manifest.runs[2]))
  }

  private let running = """
    000 (007.000.000) 2026-11-23 18:40:00 Job submitted
    ...
    001 (007.000.000) 2026-11-23 18:40:29 Job executing on host: <x>
    ...

    """

  @Test("a running job that is silent for longer than its checkpoints allow is asked for: the hold was never written")
  func silence() async throws {
    let workspace = try PoolWorkspace()
    let submission = try await submitted(workspace, log: running)
    let run = submission.manifest.runs[0]
    let disk = #""HoldReasonCode":12,"HoldReasonSubCode":28,"HoldReason":"No space left on device""#
    let pool = try FakePool(query: answer(job(0, 5, disk, cluster: 7)))
    // Three times checkpoint_seconds, a minute at least.
    #expect(await read(workspace, pool, later: 59).runs[run]?.job?.phase == .running)
    let unasked = await read(workspace, later: 60)
    #expect(unasked.runs[run]?.job?.phase == .running)
    #expect(
      unasked.entries[0].unknown(of: run)?.reason.hasPrefix(
        "the event log says nothing more of it, as it should at each checkpoint; condor_q cannot be started") == true)
    #expect(unasked.entries[0].unknown(of: run)?.since == now - 1)
    let asked = await read(workspace, pool, later: 61)
    #expect(asked.runs[run]?.job?.hold?.subcode == 28 && asked.entries[0].unknown(of: run) == nil)
    // With room again the log goes on.
    let evicted = "004 (007.000.000) 2026-11-23 18:41:40 Job was evicted.\n...\n"
    try DurableFile.write(running + evicted, to: submission.eventLog)
    #expect(await read(workspace, later: 62).runs[run]?.job?.phase == .idle)
  }

  @Test("what waits or is held is asked for after an hour, and is not in doubt where nobody answers")
  func patience() async throws {
    let workspace = try PoolWorkspace()
    let submission = try await submitted(workspace, log: log)
    let held = submission.manifest.runs[1]
    let removed = #""RemoveReason":"being in hold state for too long""#
    let pool = try FakePool(query: answer(job(1, 3, removed, cluster: 7)))
    #expect(await read(workspace, pool, later: 3500).runs[held]?.job?.phase == .held)
    let silent = await read(workspace, later: 3700)
    #expect(silent.runs[held]?.job?.phase == .held && silent.entries[0].unknown(of: held) == nil)
    #expect(await read(workspace, pool, later: 7200).runs[held]?.job?.phase == .held, "not again so soon")
    #expect(
      await read(workspace, pool, later: 7400).runs[held]?.job?.end == .removed("being in hold state for too long"))
  }

  @Test("only what is unknown can be given up; its runs are free then")
  func forgetting() async throws {
    let workspace = try PoolWorkspace()
    let submission = try await submitted(workspace, log: running)
    let runs = submission.manifest.runs
    func forget(_ name: String, _ pool: FakePool, later: Double = 0) async throws -> [String] {
      try await CondorState.forget(name, in: workspace.path, tools: pool.tools, now: now + later)
    }
    let (well, failing) = (try FakePool(query: answer(job(0, 2, cluster: 7))), try FakePool(query: "exit 1"))
    var error = await #expect(throws: InputError.self) { try await forget("demo-2", well) }
    #expect(error?.description == "'demo-2' is no submission; there are demo-1")
    error = await #expect(throws: InputError.self) { try await forget("demo-1", well) }
    #expect(error?.description.contains("HTCondor has 3 of its jobs, as far as is known") == true)
    try DurableFile.move(submission.eventLog, to: submission.eventLog + ".away")
    #expect(try await forget("demo-1", failing, later: 5) == runs.sorted())
    let state = await read(workspace, failing)
    #expect(state.entries[0].isOver && runs.allSatisfy { state.place(of: $0) == .left })
    #expect(state.runs[runs[0]]?.job?.end == .forgotten(now + 5))
    error = await #expect(throws: InputError.self) { try await forget("demo-1", well) }
    #expect(error?.description == "demo-1: all of its jobs are over, so there is nothing to give up")
  }

  @Test("a submission that was cut off can be given up too")
  func forgettingCutOff() async throws {
    let workspace = try PoolWorkspace()
    let submission = try await workspace.writer().write(workspace.jobs())
    try DurableFile.write("abc\n", to: submission.tokenFile)
    #expect(submission.isCutOff)
    #expect(try await CondorState.forget("demo-1", in: workspace.path).count == 3)
    #expect(!submission.isCutOff)
    let run = submission.manifest.runs[0]
    #expect(await read(workspace).place(of: run) == .left)
    // What is sent afterwards is the newer one, and where the runs are.
    let next = try await workspace.writer().write(workspace.jobs())
    try next.mark("def", schedd: "ci@ap")
    try next.record(next.receipt(cluster: 8, schedd: "ci@ap"))
    try DurableFile.write("", to: next.eventLog)
    let state = await read(workspace)
    #expect(next.name == "demo-2" && state.runs[run]?.entry.submission == next)
    #expect(state.place(of: run) == .there("queued in submission demo-2"))
  }

  @Test(
    "work that kills have cost is recorded beside the log, for each run; not in a shared folder",
    arguments: [true, false])
  func lostWork(transfers: Bool) async throws {
    let workspace = try PoolWorkspace()
    var writer = try workspace.writer()
    if !transfers { writer.site.transfer = .sharedFolder }
    let submission = try await writer.write(workspace.jobs())
    try DurableFile.write("abc\n", to: submission.tokenFile)
    try submission.record(submission.receipt(cluster: 7, schedd: "ci@ap", time: 1))
    let evicted = "004 (007.000.000) 2026-11-23 18:40:59 Job was evicted.\n...\n"
    try DurableFile.write(running + evicted, to: submission.eventLog)
    _ = await read(workspace, later: 60)
    let lost = FileManager.default.contents(atPath: submission.lostWork)
      .flatMap { try? CanonicalJSON.value(LostWork.self, from: $0) }
    #expect(lost == (transfers ? LostWork(cores: 1, seconds: [submission.manifest.runs[0]: 30]) : nil))
  }

  @Test("a look changes nothing at HTCondor; what is over is brought back when asked for, and has ended as it did")
  func bringBack() async throws {
    let (workspace, _, runs) = try await spooled()
    let exit = #""ExitBySignal":false,"ExitCode":86,"CompletionDate":5"#
    // Let go, they stay for a while as removed (status 3).
    let pool = try FakePool(
      query: """
        if [ -e QUEUE ]; then \(answer(job(0, 3), job(1, 2), job(2, 2)))
        else \(answer(job(0, 4, exit), job(1, 2), job(2, 2)))
        fi
        """)
    for program in ["condor_transfer_data", "condor_rm"] {
      try pool.folder.write(
        program: "#!/bin/sh\necho $(basename $0) \"$@\" >>\(pool.folder("queue"))\n", to: "bin/\(program)")
    }
    for _ in 1...2 {
      let seen = await read(workspace, pool)
      #expect(seen.runs[runs[0]]?.job?.end == .exited(86))
      #expect(seen.entries[0].waiting == [runs[0]])
      #expect(pool.submissions == 0, "nothing was fetched or removed")
    }
    let fetched = await CondorState.bringBack(workspace.path, tools: pool.tools, now: now)
    #expect(fetched.entries[0].waiting.isEmpty)
    let again = await CondorState.bringBack(workspace.path, tools: pool.tools, now: now)
    #expect(again.runs[runs[0]]?.job?.end == .exited(86))
    #expect(
      Files.text(pool.folder("queue")) == "condor_transfer_data -name ci@ap 12.0\ncondor_rm -name ci@ap 12.0\n")
  }

  @Test(
    "what waits at the access point is there until it has come home, one job after the other, however long it takes")
  func waiting() async throws {
    let workspace = try PoolWorkspace()
    var writer = try workspace.writer("lxbatch-spool")
    writer.site.querySeconds = 1
    let submission = try await writer.write(workspace.jobs())
    try submission.mark("abc", schedd: "ci@ap")
    try submission.record(submission.receipt(cluster: 12, schedd: "ci@ap", time: 1))
    let (run, exit) = (submission.manifest.runs[1], #""ExitBySignal":false,"ExitCode":0"#)
    let pool = try FakePool(query: answer(job(0, 4, exit), job(1, 4, exit), job(2, 4, exit)))
    try pool.command("condor_transfer_data", "case $* in *12.1) exit 1 ;; esac; sleep 2")
    try pool.command("condor_rm", "true")
    let tools = CondorTools(timeout: 1, folder: pool.bin)
    let state = await CondorState.bringBack(workspace.path, tools: tools, now: now)
    #expect(state.entries[0].waiting == [run, submission.manifest.runs[2]] && state.entries[0].isOver)
    #expect(state.entries[0].unknown?.reason.hasPrefix("condor_transfer_data failed with exit code 1") == true)
    #expect(state.place(of: submission.manifest.runs[0]) == .left)
    #expect(
      state.place(of: run)
        == .there("over in submission demo-1, and its files wait there; `qcalo collect` fetches them"))
    let calls = pool.asked.split(separator: "\n").filter { !$0.hasPrefix("condor_q") }
    #expect(
      calls == [
        "condor_transfer_data -name ci@ap 12.0", "condor_rm -name ci@ap 12.0", "condor_transfer_data -name ci@ap 12.1",
      ])
    try pool.command("condor_transfer_data", "true")
    let home = await CondorState.bringBack(workspace.path, tools: tools, now: now)
    #expect(home.entries[0].waiting.isEmpty && home.place(of: run) == .left)
  }

  @Test("a job whose end was never logged is found in the history behind those that ended after it")
  func behindOthers() async throws {
    let workspace = try PoolWorkspace()
    let log =
      (0...2).map { "000 (007.00\($0).000) 2026-11-23 18:40:00 Job submitted\n...\n" }.joined()
      + "001 (007.000.000) 2026-11-23 18:40:01 Job executing on host: <x>\n...\n"
      + (1...2).map {
        "005 (007.00\($0).000) 2026-11-23 18:40:29 Job terminated.\n\t(1) Normal termination (return value 0)\n...\n"
      }.joined()
    let submission = try await submitted(workspace, log: log)
    let run = submission.manifest.runs[0]
    // The newest first, and no more than are asked for.
    let exit = #""ExitBySignal":false,"ExitCode":75"#
    let pool = try FakePool(
      query: """
        case $0 in *condor_q) exit 0 ;; esac
        if [ "$(echo "$*" | sed 's/.*-limit \\([0-9]*\\).*/\\1/')" -lt 3 ]
        then \(answer(job(2, 4, exit, cluster: 7), job(1, 4, exit, cluster: 7)))
        else \(answer(job(2, 4, exit, cluster: 7), job(1, 4, exit, cluster: 7), job(0, 4, exit, cluster: 7)))
        fi
        """)
    let state = await read(workspace, pool, later: 3600)
    #expect(state.runs[run]?.job?.end == .exited(75) && state.place(of: run) == .left)
  }

  @Test("the runs of a pack are where their job is, and have ended each as it has")
  func packs() async throws {
    let workspace = try PoolWorkspace()
    var writer = try workspace.writer()
    writer.site.pack = 2
    let submission = try await writer.write(workspace.jobs())
    let runs = submission.manifest.runs
    #expect(submission.manifest.jobs == [[runs[0], runs[1]], [runs[2]]])
    try submission.mark("abc", schedd: "ci@ap")
    try submission.record(submission.receipt(cluster: 7, schedd: "ci@ap", time: 1))
    #expect(submission.receipt?.jobs == submission.manifest.jobs)
    var log = """
      000 (007.000.000) 2026-11-23 18:40:00 Job submitted
          pack pack-0001
      ...
      000 (007.001.000) 2026-11-23 18:40:00 Job submitted
      ...
      001 (007.000.000) 2026-11-23 18:40:01 Job executing on host: <127.0.0.1:9618>
      ...

      """
    try DurableFile.write(log, to: submission.eventLog)
    func sentences() async -> [String] {
      let state = await read(workspace)
      return runs.prefix(2).map { run in state.runs[run]?.job.map { CondorState.sentence($0, heldHours: nil) } ?? "" }
    }
    #expect(await sentences() == ["running on <127.0.0.1:9618>", "running on <127.0.0.1:9618>"])
    log += """
      008 (007.000.000) 2026-11-23 18:40:01 qcalo: \(runs[1]): checkpoint 3, reduced 12.5
      ...

      """
    try DurableFile.write(log, to: submission.eventLog)
    #expect(
      await sentences() == [
        "running on <127.0.0.1:9618>, whose job is at \(runs[1])",
        "running on <127.0.0.1:9618>, checkpoint 3, χ²/NDF 12.5",
      ])
    log += """
      005 (007.000.000) 2026-11-23 18:40:02 Job terminated.
      \t(1) Normal termination (return value 0)
      ...

      """
    try DurableFile.write(log, to: submission.eventLog)
    try DurableFile.write("86\n", to: "\(submission.folder)/ended/\(runs[1])")
    let state = await read(workspace)
    #expect(state.runs[runs[0]]?.job?.end == .exited(0) && state.runs[runs[1]]?.job?.end == .exited(86))
    #expect(state.runs[runs[1]]?.job?.run == runs[1] && state.runs[runs[2]]?.job?.phase == .idle)
    // What is done to one is done to all.
    let pool = try FakePool()
    let control = JobControl(state: state, tools: pool.tools)
    #expect(
      await control.apply(.hold, to: [runs[0]]).failures.first?.contains("shares its job with \(runs[1])") == true)
    try pool.command("condor_hold", "echo 'ActionResult = 1\njob_7_1 = 1'")
    #expect(await control.apply(.hold, to: [runs[2]]).done == [runs[2]])
  }
}
