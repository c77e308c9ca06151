import Experiment
import Foundation
import Records
import Storage
import TestSupport
import Testing

@testable import Condor

@Suite struct SubmissionTests {
  @Test("the same sweep and site give the same bytes, wherever the workspace lies")
  func sameBytes() async throws {
    let (first, second) = (try PoolWorkspace(), try PoolWorkspace())
    // The package's own time stamps are the stand-in's.
    try FileManager.default.removeItem(atPath: second.package)
    try FileManager.default.copyItem(atPath: first.package, toPath: second.package)
    let a = try await first.writer().write(first.jobs())
    let b = try await second.writer().write(second.jobs())
    #expect(a.name == "demo-1")
    let (left, right) = (try contents(of: a.folder), try contents(of: b.folder))
    #expect(left == right)
    #expect(left.keys.contains("jobs/\(first.jobs()[0].description.run)/job.json"))
    #expect(a.manifest.runs == first.jobs().map(\.description.run))
    let table = try #require(left["runs.txt"])
    #expect(String(decoding: table, as: UTF8.self) == a.manifest.runs.map { "\($0) d.hdf5\n" }.joined())
  }

  @Test(
    "an unsent folder is taken again, unless the run has gone on since; a sent one is left, and the next is numbered")
  func numbering() async throws {
    let workspace = try PoolWorkspace()
    let first = try await workspace.writer().write(workspace.jobs())
    #expect(try await workspace.writer().write(workspace.jobs()) == first)
    try FileManager.default.createDirectory(
      atPath: workspace.jobs()[0].runFolder + "/journal", withIntermediateDirectories: true)
    try Data("{}\n".utf8).write(to: URL(fileURLWithPath: workspace.jobs()[0].runFolder + "/journal/attempt-0001.jsonl"))
    #expect(try await workspace.writer().write(workspace.jobs()).name == "demo-2")
    #expect(Submission.all(in: workspace.path).map(\.name) == ["demo-1", "demo-2"])
  }

  @Test("what a run has of journals and full checkpoints goes along; other generators and foreign paths do not")
  func resuming() async throws {
    let workspace = try PoolWorkspace()
    let job = workspace.jobs(1)[0]
    func record(_ k: Int, _ path: String) throws -> String {
      let record = CheckpointRecord(
        checkpoint: k, iteration: k, full: CheckpointFile(path: path, sha256: "", bytes: 1), generator: nil,
        evaluation: Evaluation(energies: []), diagnostics: Diagnostics(deadVoxels: 0), cost: Cost())
      let line = JournalRecord(run: job.description.run, attempt: 1, sequence: k, time: 0, event: .checkpoint(record))
      return String(decoding: try CanonicalJSON.data(line), as: UTF8.self) + "\n"
    }
    let run = "work/runs/\(job.description.run)"
    for k in 1...4 { try workspace.folder.write("full \(k)", to: "\(run)/checkpoints/full-\(k).h5") }
    try workspace.folder.write("generator", to: "\(run)/checkpoints/generator-1.h5")
    try workspace.folder.write("secret", to: "secret")
    let journal =
      try (1...4).map { try record($0, "checkpoints/full-\($0).h5") }.joined() + record(5, "../../../secret")
    try workspace.folder.write(journal + "{\"torn", to: "\(run)/journal/attempt-0001.jsonl")
    let submission = try await workspace.writer().write([job])
    let input = "\(submission.folder)/jobs/\(job.description.run)"
    #expect(Files.names(in: input + "/checkpoints") == ["full-3.h5", "full-4.h5"])
    #expect(Files.text(input + "/journal/attempt-0001.jsonl") == journal + "{\"torn")
    #expect(Files.text(input + "/job.json")?.contains("\"path\" : \"d.hdf5\"") == true)
    // Stopped between two checkpoints a worker saves what no record names; an older one is of no use.
    try workspace.folder.write("between", to: "\(run)/checkpoints/full-000004+581.h5")
    try workspace.folder.write("old", to: "\(run)/checkpoints/full-000003+2.h5")
    try workspace.folder.write("{}", to: "\(run)/journal/attempt-0002.jsonl")
    let next = try await workspace.writer().write([job])
    #expect(
      Files.names(in: "\(next.folder)/jobs/\(job.description.run)/checkpoints") == ["full-000004+581.h5", "full-4.h5"])
  }

  @Test(
    "a submission that HTCondor may have and that cannot be read is told, and not one that was taken in or never sent")
  func unreadable() async throws {
    let workspace = try PoolWorkspace()
    let submission = try await workspace.writer().write(workspace.jobs())
    try workspace.folder.write("{", to: "work/submissions/imported-1/submitted.json")
    let file = submission.folder + "/submission.json"
    let whole = try FileContent.text(of: file)
    try DurableFile.write(String(whole.prefix(100)), to: file)
    #expect(Submission.unreadable(in: workspace.path).isEmpty)
    try submission.mark("abc", schedd: "ci@ap")
    #expect(Submission.unreadable(in: workspace.path) == [submission.folder])
    let error = #expect(throws: CondorError.self) { try Submission.requireReadable(in: workspace.path) }
    #expect(error?.description.hasPrefix("\(file) cannot be read, so that it is not known which runs") == true)
    try DurableFile.write(whole, to: file)
    try Submission.requireReadable(in: workspace.path)
  }

  @Test(
    "numbers that cannot be calculated with make a submission unreadable, and not a command crash",
    arguments: [
      (#""packed" : [1, 2]"#, true), (#""packed" : [-1, 4]"#, false), (#""packed" : [3, 0]"#, false),
      (#""packed" : [9223372036854775807, 9223372036854775807]"#, false), (#""packed" : [1]"#, false),
      (#""pack" : 3"#, true), (#""pack" : 0"#, false), (#""memoryMB" : 9223372036854775807"#, false),
      (#""checkpointSeconds" : -9223372036854775808"#, false),
    ])
  func numbers(_ entry: String, isSound: Bool) async throws {
    let workspace = try PoolWorkspace()
    let submission = try await workspace.writer().write(workspace.jobs())
    let text = try FileContent.text(of: submission.folder + "/submission.json")
    var manifest = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    let change = try #require(try JSONSerialization.jsonObject(with: Data("{\(entry)}".utf8)) as? [String: Any])
    var site = try #require(manifest["site"] as? [String: Any])
    for (key, value) in change {
      if key == "packed" { manifest[key] = value } else { site[key] = value }
    }
    manifest["site"] = site
    try JSONSerialization.data(withJSONObject: manifest)
      .write(to: URL(fileURLWithPath: submission.folder + "/submission.json"))
    #expect((Submission(folder: submission.folder) != nil) == isSound)
    try submission.mark("abc", schedd: "ci@ap")
    #expect(Submission.unreadable(in: workspace.path).isEmpty == isSound)
  }

  @Test("in a shared folder a run's budget is the one in its own folder, which the caller writes")
  func redescribedInSharedFolder() async throws {
    let workspace = try PoolWorkspace()
    var writer = try workspace.writer()
    (writer.site.transfer, writer.site.workerPath, writer.package) = (.sharedFolder, "/opt/qcalo-worker", nil)
    var job = workspace.jobs(1)[0].description
    let submission = try await writer.write(workspace.jobs(1))
    let (text, file) = (try CanonicalJSON.data(job, pretty: true), "work/runs/\(job.run)/job.json")
    try workspace.folder.write(String(decoding: text, as: UTF8.self), to: file)
    #expect(try submission.redescribe(job) == .same)
    job.budget = Budget(checkpoints: 11)
    #expect(try submission.redescribe(job) == .changed)
    job.budget = Budget(checkpoints: 9)
    #expect(try submission.redescribe(job) == .keepsLargerBudget)
    #expect(try FileContent.data(of: workspace.folder(file)) == text)
  }

  @Test("submitted once: killed between any two steps and started again")
  func once() async throws {
    struct Killed: Error {}
    for step in Submitter.Step.allCases {
      let (workspace, pool) = (try PoolWorkspace(), try FakePool())
      var killed = Submitter(tools: pool.tools)
      killed.afterStep = { if $0 == step { throw Killed() } }
      let written = try await workspace.writer().write(workspace.jobs())
      await #expect(throws: Killed.self) { try await killed.submit(written) }
      #expect(written.receipt == nil)
      let again = try await workspace.writer().write(workspace.jobs())
      // A folder with a token is never written over.
      #expect(again.folder != written.folder)
      #expect(written.schedd == "ci@ap")
      let receipt = try await Submitter(tools: pool.tools).submit(written)
      #expect(receipt.cluster == 12)
      #expect(receipt.runs == written.manifest.runs)
      #expect(receipt.schedd == "ci@ap")
      #expect(try await Submitter(tools: pool.tools).submit(written) == receipt)
      #expect(pool.submissions == 1, "after \(step)")
    }
  }

  @Test("found in the event log, the queue need not answer")
  func foundInLog() async throws {
    let (workspace, pool) = (try PoolWorkspace(), try FakePool(query: "exit 1"))
    let written = try await workspace.writer().write(workspace.jobs())
    try written.mark("abc", schedd: "ci@ap")
    try DurableFile.write(
      "035 (033.-01.000) 2026-11-23 18:20:21 Cluster submitted from host: <x>\n...\n", to: written.eventLog)
    let receipt = try await Submitter(tools: pool.tools).submit(written)
    #expect(receipt.cluster == 33 && receipt.schedd == "ci@ap")
    #expect(pool.submissions == 0)
  }

  @Test("a submission that only the history knows any more is found there")
  func foundInHistory() async throws {
    let pool = try FakePool(query: "case $0 in *condor_history) echo '12 ci@ap#12.0#1' ;; esac")
    let workspace = try PoolWorkspace()
    let written = try await workspace.writer().write(workspace.jobs())
    try written.mark("abc", schedd: "ci@ap")
    let receipt = try await Submitter(tools: pool.tools).submit(written)
    #expect(receipt.cluster == 12 && receipt.schedd == "ci@ap")
    #expect(pool.submissions == 0)
  }

  @Test(
    "while the pool does not answer, nothing is submitted again, and it says so", arguments: ["exit 1", "sleep 60"])
  func unknown(query: String) async throws {
    let (workspace, pool) = (try PoolWorkspace(), try FakePool(query: query))
    let written = try await workspace.writer().write(workspace.jobs())
    try written.mark("abc", schedd: "ci@ap")
    let error = await #expect(throws: CondorError.self) {
      try await Submitter(tools: CondorTools(timeout: 10, folder: pool.folder("bin"))).submit(written)
    }
    #expect(
      error?.description.contains("it is not known whether an interrupted submission has reached HTCondor") == true)
    #expect(error?.programEnd == .resumable)
    #expect(pool.submissions == 0)
  }

  @Test("the schedd is noted before condor_submit starts, which goes there, and asked by name afterwards")
  func schedd() async throws {
    struct Killed: Error {}
    // As on a machine whose jobs go to one schedd today and to another one tomorrow.
    let pool = try FakePool(
      submit: "echo \"$@\" >>QUEUE; echo '12.0 - 12.2'",
      query: """
        case "$*" in
        -totals) [ -e QUEUE ] && echo '-- Schedd: two@ap : <1>' || echo '-- Schedd: one@ap : <1>' ;;
        *"-name one@ap"*QcaloSubmission*) [ -e QUEUE ] && echo '12 one@ap#12.0#1' ;;
        esac
        """)
    let workspace = try PoolWorkspace()
    let written = try await workspace.writer().write(workspace.jobs())
    var killed = Submitter(tools: pool.tools)
    killed.afterStep = { if $0 == .submitted { throw Killed() } }
    await #expect(throws: Killed.self) { try await killed.submit(written) }
    #expect(pool.asked.contains("-name one@ap"))
    let receipt = try await Submitter(tools: pool.tools).submit(written)
    #expect(receipt.schedd == "one@ap" && pool.submissions == 1)
  }

  @Test("a schedd that does not say its name gets nothing")
  func nameless() async throws {
    let (workspace, pool) = (try PoolWorkspace(), try FakePool(query: "echo nothing"))
    let written = try await workspace.writer().write(workspace.jobs())
    let error = await #expect(throws: CondorError.self) { try await Submitter(tools: pool.tools).submit(written) }
    #expect(error?.description.contains("does not name the schedd") == true && error?.programEnd == .resumable)
    #expect(pool.submissions == 0 && written.token == nil)
  }

  @Test("where an earlier version did not note the schedd, an empty queue proves nothing")
  func unnoted() async throws {
    let (workspace, pool) = (try PoolWorkspace(), try FakePool())
    let written = try await workspace.writer().write(workspace.jobs())
    try DurableFile.write("abc\n", to: written.tokenFile)
    let error = await #expect(throws: CondorError.self) { try await Submitter(tools: pool.tools).submit(written) }
    #expect(error?.description.contains("the schedd that it was sent to was not noted") == true)
    #expect(pool.submissions == 0 && written.token == "abc")
    try DurableFile.write("abc\n", to: pool.folder("queue"))
    #expect(try await Submitter(tools: pool.tools).submit(written).schedd == "ci@ap")
  }

  @Test(
    "what has never reached HTCondor is unsent again: the same is sent from it, and other runs are not held up by it")
  func unsent() async throws {
    let workspace = try PoolWorkspace()
    let refusing = try FakePool(submit: "echo no >&2; exit 1")
    let written = try await workspace.writer().write(workspace.jobs())
    await #expect(throws: CondorError.self) { try await Submitter(tools: refusing.tools).submit(written) }
    #expect(written.isCutOff)
    #expect(try await Submitter(tools: refusing.tools).settle(written) == nil)
    #expect(!written.isCutOff && written.token == nil)
    #expect(await CondorState.read(workspace.path).place(of: written.manifest.runs[0]) == .never)
    #expect(try await workspace.writer().write(workspace.jobs(2)).name == "demo-2")
    let pool = try FakePool()
    let again = try await workspace.writer().write(workspace.jobs(2))
    #expect(again.name == "demo-2")
    #expect(try await Submitter(tools: pool.tools).submit(again).runs == workspace.jobs(2).map(\.description.run))
    #expect(pool.submissions == 1)
  }

  @Test("history is searched back to the token only")
  func history() async throws {
    let pool = try FakePool()
    let workspace = try PoolWorkspace()
    let written = try await workspace.writer().write(workspace.jobs())
    try written.mark("abc", schedd: "ci@ap")
    #expect(try await Submitter(tools: pool.tools).find(written) == nil)
    let asked = try #require(pool.asked.split(separator: "\n").first { $0.hasPrefix("condor_history") })
    let since = try #require(
      asked.firstMatch(of: /-since EnteredCurrentStatus < (\d+) -constraint/).flatMap { Double($0.1) })
    #expect(abs(Date().timeIntervalSince1970 - 86_400 - since) < 60)
  }

  @Test("a condor_submit that still runs, orphaned, keeps others out")
  func orphan() async throws {
    let (workspace, pool) = (try PoolWorkspace(), try FakePool())
    let written = try await workspace.writer().write(workspace.jobs())
    try written.mark("abc", schedd: "ci@ap")
    let orphan = Process()
    orphan.executableURL = URL(fileURLWithPath: "/usr/bin/flock")
    orphan.arguments = [written.folder + "/submit.lock", "sleep", "30"]
    try orphan.run()
    defer { orphan.terminate() }
    while try Execution("flock", ["--nonblock", written.folder + "/submit.lock", "true"]).status == 0 {
      try await Task.sleep(for: .milliseconds(20))
    }
    let error = await #expect(throws: CondorError.self) {
      try await Submitter(tools: CondorTools(timeout: 10, folder: pool.folder("bin"))).submit(written)
    }
    #expect(error?.description.contains("still at work") == true)
    #expect(error?.programEnd == .resumable)
    #expect(pool.submissions == 0)
  }

  @Test(
    "what condor_submit refuses is passed on, as bad input unless the access point is out of reach",
    arguments: [
      ("ERROR: no /eos here", ProgramEnd.badInput), ("ERROR: Can't find address of local schedd", .resumable),
      ("ERROR: Failed to connect to queue manager ap.cern.ch", .resumable),
    ])
  func refused(words: String, exit: ProgramEnd) async throws {
    let (workspace, pool) = (try PoolWorkspace(), try FakePool(submit: "echo \"\(words)\" >&2; exit 1"))
    let written = try await workspace.writer().write(workspace.jobs())
    let error = await #expect(throws: CondorError.self) { try await Submitter(tools: pool.tools).submit(written) }
    #expect(error?.description.contains("condor_submit did not take it: \(words)") == true)
    #expect(error?.programEnd == exit)
    #expect(written.receipt == nil)
  }

  @Test("where HTCondor's programs are not, that is said, and is no bad input")
  func absent() async throws {
    let tools = CondorTools(timeout: 5, folder: "/no/such/folder")
    let error = await #expect(throws: CondorError.self) { try await tools.output("condor_q", []) }
    #expect(error?.description.contains("condor_q cannot be started") == true)
    #expect(error?.programEnd == .unsuitable)
  }

  @Test(
    "what condor_submit prints is understood",
    arguments: [
      ("50.0 - 50.3\n", 50), ("Submitting job(s).\n1 job(s) submitted to cluster 5.\n---\n", 5),
      ("WARNING: x\n7.0 - 7.0", 7),
    ])
  func printed(text: String, cluster: Int) {
    #expect(Submitter.cluster(in: text) == cluster)
    #expect(Submitter.cluster(in: "ERROR: 50 . 3") == nil)
  }

  @Test(
    "a refusal of the access point, one that is absent, and a description that is none end differently",
    arguments: [
      (
        "Submitting job(s).\nERROR: Failed to commit job submission into the queue.\nERROR: no /eos",
        ProgramEnd.unsuitable
      ),
      ("\nERROR: Can't find address of local schedd\n", .resumable),
      ("ERROR: Failed to connect to queue manager bigbird\n", .resumable),
      ("Submitting job(s)ERROR: Parse error in expression: \n\tRequestMemory = foo bar(", .badInput),
    ])
  func refusals(words: String, end: ProgramEnd) async throws {
    let workspace = try PoolWorkspace()
    let submission = try await workspace.writer().write(workspace.jobs())
    let error = Submitter.error(CondorTools.Outcome(exit: 1, output: "", errors: words), of: submission)
    #expect(error.programEnd == end && error.description.hasSuffix(words))
  }

  @Test("each submission has a name of its own at HTCondor")
  func batchNames() async throws {
    let workspace = try PoolWorkspace()
    let first = try await workspace.writer().write(workspace.jobs())
    try DurableFile.write("abc\n", to: first.tokenFile)
    let second = try await workspace.writer().write(workspace.jobs())
    #expect(Files.text(first.folder + "/sweep.sub")?.contains("batch_name = demo-1\n") == true)
    #expect(Files.text(second.folder + "/sweep.sub")?.contains("batch_name = demo-2\n") == true)
  }

  @Test("a DAG has a node for each run, then the report, with the program's path quoted")
  func dag() async throws {
    let workspace = try PoolWorkspace()
    var writer = try workspace.writer()
    writer.dagProgram = "/the user's/qcalo"
    let submission = try await writer.write(workspace.jobs(2))
    let runs = submission.manifest.runs
    let dag = try #require(Files.text(submission.folder + "/sweep.dag"))
    #expect(dag.contains("JOB \(runs[0]) sweep.sub\nVARS \(runs[0]) run=\"\(runs[0])\" dataset=\"d.hdf5\"\n"))
    // Also when a node has failed.
    #expect(
      dag.hasSuffix(
        "FINAL collect-and-report sweep.sub NOOP\nSCRIPT POST collect-and-report collect-and-report.sh $FAILED_COUNT\n")
    )
    #expect(
      Files.text(submission.folder + "/sweep.sub")?.hasSuffix("\ninclude ifexist : token.sub\nqueue\n") == true)
    try submission.mark("abc", schedd: "ci@ap")
    #expect(Files.text(submission.folder + "/token.sub") == "+QcaloSubmission = \"abc\"\n")
    #expect(
      Files.text(submission.folder + "/collect-and-report.sh")?.contains(#"qcalo='/the user'\''s/qcalo'"#) == true)
    for (code, verdict) in [(ProgramEnd.finished, 0), (.diverged, 0), (.defect, 1), (.resumable, 1)] {
      #expect(try shell("./node-verdict.sh \(code.rawValue)", in: submission.folder).exit == Int32(verdict))
    }
  }

  @Test(
    "the report of a DAG is made whatever its nodes came to, and tells DAGMan when one has failed",
    arguments: [(0, 0, "", 0), (1, 0, "", 1), (2, 1, "", 1), (0, 1, "", 0), (0, 75, "", 1), (0, 0, "exit 3", 3)])
  func dagReport(failed: Int, collected: Int, results: String, exit: Int32) async throws {
    let workspace = try PoolWorkspace()
    let program = try workspace.folder.write(
      program:
        "#!/bin/sh\necho \"$*\" >>\(workspace.folder("said"))\ncase $1 in collect) exit \(collected) ;; esac\necho table\n\(results)\n",
      to: "qcalo")
    var writer = try workspace.writer()
    writer.dagProgram = program
    let submission = try await writer.write(workspace.jobs(1))
    #expect(try shell("./collect-and-report.sh \(failed)", in: submission.folder).exit == exit)
    let said = "collect --workspace ../..\n" + (collected > 1 ? "" : "results demo --workspace ../..\n")
    #expect(Files.text(workspace.folder("said")) == said)
    if collected <= 1 { #expect(Files.text(submission.folder + "/results.txt") == "table\n") }
  }
}
