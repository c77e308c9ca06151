import Experiment
import Foundation
import GRDB
import Records
import TestSupport
import Testing

@testable import Ledger

@Suite struct MetricsIngestionTests {
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

  private func line(
    _ values: [Metric: MetricValue], checkpoint: Int = 2, seed: UInt64 = 1, sha256: String = "ab"
  ) throws -> String {
    var result = EvaluatedCheckpoint(
      run: run, checkpoint: checkpoint, iteration: 1000 * checkpoint, sha256: sha256, commit: "c0ffee",
      metrics: MetricsRecord(seed: seed, events: 1000, heldOut: true, values: values))
    (result.chosen, result.time) = ("best", 1_795_459_200.5)
    return String(decoding: try CanonicalJSON.data(result), as: UTF8.self)
  }

  private func write(_ text: String) throws { try sample.folder.write(text, to: "work/runs/\(run)/metrics.jsonl") }

  @Test func `results are taken in beside the checkpoints, and are in a rebuilt ledger too`() throws {
    let fpd = MetricValue(value: 7.5, error: 0.1, floor: 0.017, floorError: 0.003)
    try write(line([.fpd: fpd]) + "\n" + line([.kpd: MetricValue(value: 0.4)]) + "\n")
    #expect(try ledger.collect().problems.isEmpty)
    let found = try #require(try ledger.metrics(of: run)[2])
    #expect(found.values == [.fpd: fpd, .kpd: MetricValue(value: 0.4)], "later results of the same showers are added")
    #expect(found.seed == 1 && found.events == 1000 && found.heldOut)
    #expect(try ledger.metrics(sweep: "small") == [run: [2: found]])
    let curve = "SELECT checkpoint, reduced, fpd, kpd, auc_low FROM curve WHERE run = ? ORDER BY 1"
    let rows = try ledger.reading { try Row.fetchAll($0, sql: curve, arguments: [run]) }
    #expect(rows.count == 4 && rows.map { $0["fpd"] as Double? } == [nil, nil, 7.5, nil])
    #expect(try ledger.sources(of: run) == ["/data/pions.hdf5"])
    try Ledger.rebuild(sample.workspace)
    #expect(try ledger.metrics(of: run) == [2: found])
  }

  @Test func `of other showers of a checkpoint the last result counts alone`() throws {
    try write(
      line([.fpd: MetricValue(value: 1)]) + "\n" + line([.kpd: MetricValue(value: 2)], seed: 7) + "\n"
        + line([.fpd: MetricValue(value: 3)], checkpoint: 3) + "\n")
    try ledger.collect()
    let found = try ledger.metrics(of: run)
    #expect(found[2]?.values == [.kpd: MetricValue(value: 2)] && found[2]?.seed == 7)
    #expect(found[3]?.values == [.fpd: MetricValue(value: 3)])
  }

  @Test func `what is no result is named each time until it is mended, and half a line waits`() throws {
    let good = try line([.fpd: MetricValue(value: 1)])
    try write("{}\n" + good + "\n" + good.replacing(run, with: "another") + "\n" + good.prefix(20))
    for _ in 0..<2 {
      let problems = try ledger.collect().problems
      #expect(problems.count == 2)
      let path = sample.workspace.runFolder(run) + "/metrics.jsonl"
      #expect(problems.first?.hasPrefix("\(path):1: not a result of this run's evaluation: ") == true)
      #expect(
        problems.last
          == "\(path):3: not a result of this run's evaluation: it belongs to another; the line is passed over")
    }
    #expect(try ledger.metrics(of: run).keys.sorted() == [2])
    try write(good + "\n")
    #expect(try ledger.collect().problems.isEmpty && ledger.collect().records == 0)
  }
}
