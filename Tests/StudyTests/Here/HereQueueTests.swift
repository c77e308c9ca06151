import Experiment
import Foundation
import Ledger
import Reports
import Storage
import TestSupport
import Testing

@testable import Study

@Suite struct HereQueueTests {
  @Test func `a run that a process here will come to is queued, as long as that lives`() async throws {
    let study = try StudyWorkspace()
    let ledger = try study.ledger()
    let runs = study.prepared.jobs.map(\.run)
    try study.journal(runs[3], exit: .finished)
    try ledger.collect()
    func states() async throws -> [String] {
      try await PoolStatus(study.workspace).table(of: "small", in: ledger).rows.map { $0[4].text }
    }
    #expect(try await states() == ["planned", "planned", "planned", "finished"])
    let announced = try HereQueue.announce([runs[0], runs[3]], in: study.workspace)
    #expect(try await states() == ["queued", "planned", "planned", "finished"])
    #expect(try await PoolStatus(study.workspace).explanation(of: runs[0], in: ledger)[0].contains("is queued"))
    announced.takeBack()
    #expect(try await states() == ["planned", "planned", "planned", "finished"])
  }

  @Test func `what a process that is gone has left counts for nothing, and the next one clears it away`() throws {
    let study = try StudyWorkspace()
    var left = HereQueue(process: .current, runs: ["a"])
    left.process.started = "0"
    let path = try study.folder.write(
      String(decoding: try JSONEncoder().encode(left), as: UTF8.self), to: "work/here/1.json")
    #expect(HereQueue.processes(in: study.workspace).isEmpty)
    try HereQueue.announce(["b"], in: study.workspace).takeBack()
    #expect(!FileManager.default.fileExists(atPath: path))
  }
}
