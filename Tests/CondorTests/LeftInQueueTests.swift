import Experiment
import Foundation
import Storage
import TestSupport
import Testing

@testable import Condor

/// Jobs that are over and stay in the queue, for a moment or for long.
@Suite struct LeftInQueueTests {
  /// A submission of one run, whose job the queue shows as over; without an event log the queue is asked.
  private func over(
    _ site: String = "local-pool"
  ) async throws -> (workspace: PoolWorkspace, submission: Submission, pool: FakePool) {
    let workspace = try PoolWorkspace()
    let submission = try await workspace.writer(site).write(workspace.jobs(1))
    try submission.mark("abc", schedd: "ci@ap")
    try submission.record(submission.receipt(cluster: 7, schedd: "ci@ap", time: 1))
    let job =
      #"{"ClusterId":7,"ProcId":0,"JobStatus":4,"EnteredCurrentStatus":5,"QcaloSubmission":"abc","#
      + #""ExitBySignal":false,"ExitCode":0}"#
    return (workspace, submission, try FakePool(query: "cat <<'END'\n[\(job)]\nEND"))
  }

  @Test("of what is not spooled nothing waits to be fetched, also where that was remembered", arguments: [false, true])
  func notSpooled(isRemembered: Bool) async throws {
    let (workspace, submission, pool) = try await over()
    let run = submission.manifest.runs[0]
    try pool.command("condor_transfer_data", "exit 1")
    let memory = submission.folder + "/state.json"
    if isRemembered {
      _ = await CondorState.read(workspace.path, tools: pool.tools)
      let text = try FileContent.text(of: memory)
      try DurableFile.write(#"{"waiting":["7.0"],"# + text.dropFirst(), to: memory)
    }
    for _ in 1...2 {
      let state = await CondorState.bringBack(workspace.path, tools: pool.tools)
      #expect(state.runs[run]?.job?.end == .exited(0) && state.place(of: run) == .left)
      #expect(state.entries[0].waiting.isEmpty && state.entries[0].unknown == nil && state.entries[0].isOver)
    }
    #expect(!pool.asked.contains("condor_transfer_data"))
    #expect(try !FileContent.text(of: memory).contains("waiting"))
  }

  @Test("of two that bring back at once one fetches, and the other leaves it alone")
  func twoAtOnce() async throws {
    let (workspace, submission, pool) = try await over("lxbatch-spool")
    let run = submission.manifest.runs[0]
    for program in ["condor_transfer_data", "condor_rm"] { try pool.command(program, "true") }
    do {
      let lock = try FileLock(submission.folder + "/.fetching")
      let state = await CondorState.bringBack(workspace.path, tools: pool.tools)
      #expect(state.entries[0].waiting == [run] && state.entries[0].unknown == nil)
      #expect(!pool.asked.contains("condor_transfer_data") && !pool.asked.contains("condor_rm"))
      withExtendedLifetime(lock) {}
    }
    let state = await CondorState.bringBack(workspace.path, tools: pool.tools)
    #expect(state.entries[0].waiting.isEmpty)
    #expect(pool.asked.contains("condor_transfer_data -name ci@ap 7.0\ncondor_rm -name ci@ap 7.0"))
  }
}
