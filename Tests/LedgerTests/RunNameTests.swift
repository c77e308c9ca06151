import Foundation
import Testing

@testable import Ledger

@Suite struct RunNameTests {
  private let sample: SampleWorkspace
  private let ledger: Ledger

  init() throws {
    sample = try SampleWorkspace()
    ledger = try Ledger(sample.workspace)
    try ledger.record(sample.plan, source: "sweeps/small.yaml", datasets: sample.prepared)
  }

  private func begin(_ row: Int, seed: UInt64) throws -> String {
    let run = try sample.describe(row, seed: seed)
    try sample.append(SampleWorkspace.attempt(run, checkpoints: 0...1) { _ in 5 }, to: run)
    try ledger.ingest(run: run)
    return run
  }

  @Test("A row's label means its run, with the seed behind it where several have begun")
  func labels() throws {
    let first = try begin(1, seed: 1)
    for name in ["2x", "2/2x", "small/2x", "2x/s1", first] { #expect(try ledger.run(named: name) == first) }
    let second = try begin(1, seed: 2)
    #expect(try ledger.run(named: "2x/s2") == second)
    #expect(throws: LedgerError.unknown(what: "single run", name: "2x", near: ["2/2x/s1", "2/2x/s2"])) {
      try ledger.run(named: "2x")
    }
  }

  @Test("Of a word that means no run it is said what it might have meant")
  func words() throws {
    #expect(throws: LedgerError.isSweep("small")) { try ledger.run(named: "small") }
    #expect(throws: LedgerError.unknown(what: "run", name: "Clasical", near: ["Classical"])) {
      try ledger.run(named: "Clasical")
    }
    #expect(throws: LedgerError.self) { try ledger.run(named: "2x/s9") }
  }

  @Test("A run that has begun and whose folder is gone is missing")
  func missing() throws {
    let run = try begin(0, seed: 1)
    _ = try begin(0, seed: 2)
    #expect(try ledger.status(of: run).state != .missing)
    try FileManager.default.removeItem(atPath: sample.workspace.runFolder(run))
    let status = try ledger.status(of: run)
    #expect(status.state == .missing && status.nextStep.contains("collect --rebuild"))
    #expect(try ledger.statuses(sweep: "small").filter { $0.state == .missing }.map(\.run) == [run])
  }
}
