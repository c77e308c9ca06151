import Experiment
import Foundation
import TestSupport
import Testing

@testable import Condor

@Suite struct QueueTests {
  /// A job as condor_q prints it, with more attributes.
  private func job(_ attributes: String) throws -> JobAnswer {
    let text = #"[ { "ClusterId": 77, "ProcId": 3, "EnteredCurrentStatus": 1795459200, \#(attributes) } ]"#
    return try #require(Queue.jobs(text, of: "condor_q").first)
  }

  @Test func `who is patient waits as long as he may, and no less than he would`() {
    #expect([1, 20, 60].map { CondorTools(timeout: 20, folder: "x").patient($0).timeout } == [20, 20, 60])
    #expect(CondorTools(folder: "x").patient(60).folder == "x")
  }

  @Test func `an end is read from HTCondor's own attributes`() throws {
    let exited = try job(#""JobStatus": 4, "NumJobStarts": 2, "ExitBySignal": false, "ExitCode": 75"#)
    #expect(exited.name == "77.3" && exited.phase == .ended && exited.end == .exited(75) && exited.starts == 2)
    #expect(exited.since == 1_795_459_200)
    let killed = try job(#""JobStatus": 4, "ExitBySignal": true, "ExitSignal": 9"#)
    #expect(killed.phase == .ended && killed.end == .signalled(9))
    let strange = try job(#""JobStatus": 4"#)
    #expect(strange.phase == .ended && strange.end == nil)
  }

  @Test func `what was removed says why, unless it had ended before it was let go`() throws {
    #expect(try job(#""JobStatus": 3, "RemoveReason": "wall time""#).end == .removed("wall time"))
    #expect(try job(#""JobStatus": 3"#).end == .removed("by condor_rm or the site"))
    // An earlier start's exit is none of the removed one.
    #expect(
      try job(#""JobStatus": 3, "ExitCode": 85, "ExitBySignal": false, "CompletionDate": 0"#).end
        == .removed("by condor_rm or the site"))
    #expect(
      try job(#""JobStatus": 3, "ExitCode": 0, "ExitBySignal": false, "CompletionDate": 1795459100"#).end
        == .exited(0))
  }

  @Test func `a hold has its code, subcode and reason, and spooling is none`() throws {
    let held = try job(
      #""JobStatus": 5, "HoldReasonCode": 34, "HoldReasonSubCode": 104, "HoldReason": "disk\tand\nmore \"x\"""#)
    #expect(held.phase == .held && held.hold == HoldReason(code: 34, subcode: 104, text: "disk\tand\nmore \"x\""))
    #expect(try job(#""JobStatus": 5, "HoldReasonCode": 16"#).phase == .idle)
  }

  @Test(arguments: [(1, JobState.Phase.idle), (2, .running), (6, .running), (7, .suspended)])
  func `what goes on`(status: Int, phase: JobState.Phase) throws {
    #expect(try job(#""JobStatus": \#(status)"#).phase == phase)
  }

  @Test func `how far it is, and the node of a DAG`() throws {
    let node = try job(
      #""JobStatus": 2, "DAGManJobId": 76, "DAGNodeName": "r1", "ChirpQcaloCheckpoint": 12, "ChirpQcaloReduced": 6.99E+01"#
    )
    #expect(node.dagman == 76 && node.run == "r1")
    #expect(node.progress?.description == "checkpoint 12, χ²/NDF 69.9" && node.progress?.run == nil)
    let packed = try job(#""JobStatus": 2, "ChirpQcaloRun": "r2", "ChirpQcaloCheckpoint": 3"#)
    #expect(packed.progress == .init(run: "r2", checkpoint: 3))
    // An expression instead of a value says nothing.
    #expect(try job(#""JobStatus": 2, "NumJobStarts": "\/Expr(a+b)\/""#).starts == 0)
  }

  @Test func `no jobs are nothing at all, or an empty list`() throws {
    for text in ["", "\n", "[\n]\n"] { #expect(try Queue.jobs(text, of: "condor_q").isEmpty) }
  }

  @Test(arguments: ["-- Failed to fetch ads", "[ { \"ClusterId\": 77 } ]", "[ { \"ClusterId\": 77, \"Pro", "{}"])
  func `what is no list of jobs is no answer`(text: String) {
    let error = #expect(throws: CondorError.self) { try Queue.jobs(text, of: "condor_q") }
    #expect(error?.programEnd == .resumable)
    #expect(error?.description.hasPrefix("condor_q gave an answer that is none: ") == true)
  }
}
