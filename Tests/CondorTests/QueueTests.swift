import Testing

@testable import Condor

@Suite struct QueueTests {
  /// A job's line as condor_q prints it: its attributes by name, all others empty.
  private func line(_ values: [String: String]) -> Substring {
    Substring(Queue.attributes.map { values[$0] ?? "" }.joined(separator: "\t"))
  }

  private let over = ["ClusterId": "77", "ProcId": "3", "JobStatus": "4", "NumJobStarts": "2"]

  @Test func `an end is read from HTCondor's own attributes`() throws {
    let exited = line(over.merging(["ExitBySignal": "false", "ExitCode": "75"]) { $1 })
    let (name, state) = try #require(Queue.state(exited))
    #expect(name == "77.3" && state.phase == .ended && state.end == .exited(75) && state.starts == 2)

    let killed = line(over.merging(["ExitBySignal": "true", "ExitSignal": "9"]) { $1 })
    #expect(try #require(Queue.state(killed)).1.end == .signalled(9))
  }

  @Test func `a hold has its code, subcode and reason`() throws {
    let held = line([
      "ClusterId": "77", "ProcId": "0", "JobStatus": "5", "HoldReasonCode": "34", "HoldReasonSubCode": "104",
      "HoldReason": "disk",
    ])
    let state = try #require(Queue.state(held)).1
    #expect(state.phase == .held && state.hold?.code == 34 && state.hold?.subcode == 104 && state.hold?.text == "disk")
  }
}
