import Experiment
import Foundation
import Ledger
import Records
import TestSupport
import Testing

@testable import Reports

@Suite struct ResultMetricsTests {
  /// The study with metrics of runs at their best checkpoints: 20, and 60 of the quantum row.
  private static func study(_ values: (_ label: String, _ seed: UInt64) -> [Metric: Double]) throws
    -> ResultsTests.Study
  {
    let study = try ResultsTests.Study(seeds: [1, 3])
    for row in try study.ledger.rows(of: "study") {
      for training in row.runs where !values(row.label, training.seed).isEmpty {
        let checkpoint = row.label == "2" ? 60 : 20
        let result = EvaluatedCheckpoint(
          run: training.run, checkpoint: checkpoint, iteration: 1000 * checkpoint, sha256: "ab", commit: "c",
          metrics: MetricsRecord(
            seed: training.seed, events: 500, heldOut: true,
            values: values(row.label, training.seed).mapValues { MetricValue(value: $0, error: $0 / 10, floor: 0.017) })
        )
        try study.folder.write(
          String(decoding: CanonicalJSON.data(result), as: UTF8.self) + "\n",
          to: "work/runs/\(training.run)/metrics.jsonl")
      }
    }
    #expect(try study.ledger.collect().problems.isEmpty)
    return study
  }

  private func labels(_ table: TextTable) -> [String] {
    let column = table.columns.firstIndex { $0.key == "label" }!
    return table.rows.map { $0[column].text }
  }

  @Test("metrics stand beside χ² where there are any, with what Geant4 has, and rows can be sorted by them")
  func results() throws {
    let study = try Self.study { label, seed in
      switch label {
      case "Classical": [.fpd: 5, .recall: 0.5]
      case "2": [.fpd: seed == 1 ? 1 : 3, .recall: 0.25]
      default: [:]
      }
    }
    let results = try SweepResults("study", in: study.ledger)
    let table = results.table()
    let keys = table.columns.map(\.key)
    let place = try #require(keys.firstIndex(of: "fpd_x1000"))
    #expect(keys[place - 1] == "best_checkpoint" && keys[place + 1] == "recall" && !keys.contains("kpd_x1000"))
    #expect(table.rows.map { $0[place].text } == ["5000 ± 0", "", "2000 ± 1414", "", ""])
    let runs = results.table(per: .run)
    let ofRun = try #require(runs.columns.firstIndex { $0.key == "fpd_x1000" })
    #expect(runs.rows[0][ofRun].text == "5000 ± 500", "a run has its own uncertainty")
    #expect(
      table.notes.contains(
        "Metrics are of fresh showers of the best checkpoint (by χ² in training) against events that were not trained on, "
          + "500 of each."))
    #expect(table.notes.contains("Geant4 itself has: FPD ×10³ 17.0, recall 0.0170."))

    #expect(labels(results.table(sortedBy: .metric(.fpd))).prefix(2) == ["2", "Classical"])
    #expect(labels(results.table(sortedBy: .metric(.recall))).prefix(2) == ["Classical", "2"], "more recall is better")
    #expect(labels(results.table(sortedBy: .chi2)).first == "2")
    // Reversed, what has no value is the last all the same.
    #expect(
      labels(results.table(sortedBy: .metric(.fpd), isReversed: true))
        == ["Classical", "2", "1", "reference", "discriminator 2x"])
    #expect(ResultOrder("fpd") == .metric(.fpd) && ResultOrder("chi2") == .chi2 && ResultOrder("speed") == nil)
    #expect(
      !(try SweepResults("study", in: ResultsTests.Study(seeds: [1]).ledger)).table().columns.contains {
        $0.key == "recall"
      })
  }

  @Test("rows are compared by a metric over the seeds that both have it for, and more may be better")
  func comparison() throws {
    let study = try Self.study { label, seed in
      switch label {
      case "Classical": [.fpd: seed == 1 ? 5 : 5.1, .recall: 0.5]
      case "2": [.fpd: seed == 1 ? 1 : 1.2, .recall: seed == 1 ? 0.4 : 0.41]
      default: [.fpd: 2]
      }
    }
    let fpd = try Comparison("2", "Classical", at: .metric(.fpd), in: study.ledger)
    #expect(fpd.pairs.map(\.a) == [1000, 1200] && fpd.pairs.map(\.b) == [5000, 5100])
    #expect(fpd.verdict.hasPrefix("2 is better than Classical by 3950, 95 % interval of 2 - Classical [-4585, -3315]"))
    #expect(fpd.table.title == "2 against Classical: FPD ×10³ of fresh showers of the best checkpoint")
    let recall = try Comparison("2", "Classical", at: .metric(.recall), in: study.ledger)
    #expect(recall.verdict.hasPrefix("Classical is better than 2 by 0.0950"), "\(recall.verdict)")
    let none = try Comparison("2", "reference", at: .metric(.recall), in: study.ledger)
    #expect(none.pairs.isEmpty)
    #expect(
      none.remarks == ["Seeds that have not been evaluated (`qcalo evaluate SWEEP`) in both: 1, 3."])
  }

  @Test func `of memorisation what is nearer to one half is better, sorted or compared`() throws {
    // Far on either side of ½ is far, however near the mean of both is.
    let study = try Self.study { label, seed in
      switch label {
      case "Classical": [.memorisation: seed == 1 ? 0.25 : 0.75]
      case "2": [.memorisation: seed == 1 ? 0.5625 : 0.625]
      default: [:]
      }
    }
    let results = try SweepResults("study", in: study.ledger)
    #expect(labels(results.table(sortedBy: .metric(.memorisation))).prefix(2) == ["2", "Classical"])
    let comparison = try Comparison("2", "Classical", at: .metric(.memorisation), in: study.ledger)
    #expect(comparison.pairs.map(\.a) == [0.5625, 0.625] && comparison.differences.values == [-0.1875, -0.125])
    #expect(comparison.table.rows[0].contains(.number(-0.1875)))
    #expect(
      comparison.table.title
        == "2 against Classical: distance from ½ of memorisation of fresh showers of the best checkpoint")
    let family = try ComparisonFamily([("2", "Classical")], by: [.metric(.memorisation)], in: study.ledger)
    #expect(family.tests.map(\.quantity) == ["distance from ½ of memorisation"])
    #expect(family.tests[0].differences == comparison.differences)
  }

  @Test func `pairs by several metrics are judged together, and below zero is better whichever way a metric goes`()
    throws
  {
    let study = try Self.study { label, seed in
      switch label {
      case "Classical": [.fpd: 5, .recall: 0.5]
      case "2": [.fpd: seed == 1 ? 1 : 3, .recall: 0.75]
      case "reference": seed == 1 ? [.fpd: 6] : [:]
      default: [:]
      }
    }
    let family = try ComparisonFamily(
      [("2", "Classical"), ("reference", "Classical")], by: [.metric(.fpd), .metric(.recall)], in: study.ledger)
    #expect(family.tests.map(\.rows).prefix(3) == ["2 − Classical", "2 − Classical", "reference − Classical"])
    #expect(family.tests.map(\.differences.values) == [[-4000, -2000], [-0.25, -0.25], [1000], []])
    #expect(family.remarks.count == 2, "the seeds that lack a metric are named for each")
    #expect(family.table.notes.suffix(2) == family.remarks[...])
    #expect(throws: LedgerError.self) {
      try ComparisonFamily([("2", "nobody")], by: [.best], in: study.ledger)
    }
  }
}
