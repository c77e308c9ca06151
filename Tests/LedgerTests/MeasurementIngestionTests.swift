import Experiment
import Foundation
import GRDB
import Records
import TestSupport
import Testing

@testable import Ledger

@Suite struct MeasurementIngestionTests {
  let sample: SampleWorkspace
  let ledger: Ledger
  let run: String

  init() throws {
    sample = try SampleWorkspace()
    ledger = try Ledger(sample.workspace)
    try ledger.record(sample.plan, source: "small.yaml", datasets: sample.prepared)
    run = try sample.describe(0, seed: 1)
    try sample.append(SampleWorkspace.attempt(run, exit: .finished), to: run)
  }

  private func measured(_ scores: [(shots: Int?, chi2: Double)], extrapolated: Bool = false) -> MeasuredCheckpoint {
    func setting(_ shots: Int?, noisy: Bool, _ chi2: Double) -> MeasuredCheckpoint.Setting {
      .init(
        shots: shots, noisy: noisy, values: [.heldOutChi2: MetricValue(value: chi2, error: 0.1)],
        response: MetricValue(value: 1.01, error: 0.004), seconds: shots.map { Double($0) * 1e-3 })
    }
    return MeasuredCheckpoint(
      run: run, checkpoint: 2, iteration: 2000, sha256: "ab", commit: "c0ffee", device: "ibm_x", chain: [4, 5],
      readoutCorrected: true, extrapolated: extrapolated, seed: 1, events: 1000, heldOut: true,
      settings: [setting(nil, noisy: false, 1)] + scores.map { setting($0.shots, noisy: true, $0.chi2) })
  }

  private func line(_ measured: MeasuredCheckpoint) throws -> String {
    String(decoding: try CanonicalJSON.data(measured), as: UTF8.self) + "\n"
  }

  private func rows() throws -> [Row] {
    try ledger.reading {
      try Row.fetchAll(
        $0, sql: "SELECT * FROM measurements WHERE run = ? ORDER BY device DESC, mitigation, shots", arguments: [run])
    }
  }

  @Test func `each setting is a row, the later of equal ones stays, and all are in a rebuilt ledger too`() throws {
    let first = measured([(128, 3), (nil, 2)])
    try sample.folder.write(
      line(first) + line(measured([(128, 4)])) + line(measured([(128, 5)], extrapolated: true)) + "{}\n",
      to: "work/runs/\(run)/devices.jsonl")
    let problems = try ledger.collect().problems
    #expect(
      problems.count == 1 && problems[0].contains("devices.jsonl:4: not what a device made of this run's generator"))
    for _ in 0..<2 {
      let found = try rows()
      #expect(found.map { $0["shots"] as Int } == [0, 0, 128, 128])
      #expect(found.map { $0["held_out_chi2"] as Double } == [1, 2, 4, 5])
      let seconds: Double? = found[2]["seconds_per_shower"]
      let texts: [String?] = [found[2]["chain"], found[2]["device"]]
      #expect(seconds == 0.128 && texts == ["4,5", "ibm_x"])
      try Ledger.rebuild(sample.workspace)
    }
  }

  @Test func `shots are like exact expectations from where on χ² stays within a tenth`() {
    #expect(measured([(128, 3), (512, 2.1), (2048, 1.95), (nil, 2)]).shotsLikeExact == 512)
    #expect(measured([(128, 2), (512, 2.5), (2048, 1.95), (nil, 2)]).shotsLikeExact == 2048)
    #expect(measured([(128, 3), (512, 2.3), (nil, 2)]).shotsLikeExact == nil)
    #expect(measured([(128, 1)]).shotsLikeExact == nil)
  }
}
