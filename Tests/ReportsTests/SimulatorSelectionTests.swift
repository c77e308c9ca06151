import Experiment
import Foundation
import Records
import TestSupport
import Testing

@testable import Ledger
@testable import Reports

@Suite struct SimulatorSelectionTests {
  private static func candidate(
    _ run: String, _ value: Double, _ error: Double?, parameters: Int
  ) -> SimulatorSelection.Candidate {
    .init(
      simulator: RecordedSimulator(
        sweep: "s", label: run, run: run, seed: 1, particle: .pion, energies: [1], dataset: "d",
        parameters: parameters, commit: nil), checkpoint: 1, energy: 1, score: MetricValue(value: value, error: error))
  }

  /// The chosen one, then the ties.
  private static func chosen(
    _ candidates: [SimulatorSelection.Candidate], by order: ResultOrder = .chi2
  ) -> [String] {
    let choice = SimulatorSelection.choose(candidates, by: order)
    return ([choice.chosen] + choice.ties).map(\.simulator.run)
  }

  @Test func `the best is chosen unless a cheaper one is as good within both uncertainties`() {
    let best = Self.candidate("best", 1, 0.3, parameters: 100)
    // √(0.3² + 0.4²) = 0.5
    #expect(Self.chosen([best, Self.candidate("near", 1.49, 0.4, parameters: 10)]) == ["near", "best"])
    #expect(Self.chosen([best, Self.candidate("far", 1.51, 0.4, parameters: 10)]) == ["best"])
    #expect(Self.chosen([best, Self.candidate("dear", 1.49, 0.4, parameters: 1000)]) == ["best", "dear"])
    #expect(
      Self.chosen([Self.candidate("b", 1, nil, parameters: 9), Self.candidate("a", 1, nil, parameters: 9)]).first == "a"
    )
    #expect(Self.chosen([best, Self.candidate("unsure", 1.2, nil, parameters: 10)]) == ["unsure", "best"])
  }

  @Test func `of some metrics more is better`() {
    let (low, high) = (
      Self.candidate("low", 0.2, 0.01, parameters: 1), Self.candidate("high", 0.9, 0.01, parameters: 2)
    )
    #expect(Self.chosen([low, high], by: .metric(.recall)) == ["high"])
    #expect(Self.chosen([low, high]) == ["low"])
  }

  @Test(arguments: [Metric.memorisation, .aucLow, .aucHigh])
  func `of what tells generated from trained showers one half is best`(metric: Metric) {
    let candidates = [0.1, 0.52, 0.9].map { Self.candidate("\($0)", $0, 0.01, parameters: 1) }
    #expect(Self.chosen(candidates, by: .metric(metric)) == ["0.52"])
    // As good on either side of it.
    #expect(
      Self.chosen([candidates[1], Self.candidate("0.48", 0.48, 0.01, parameters: 2)], by: .metric(metric))
        == ["0.52", "0.48"])
  }

  @Test func `a ledger's runs stand for their best checkpoints, at each energy`() throws {
    let study = try ResultsTests.Study(seeds: [1])
    let rows = try study.ledger.rows(of: "study")
    let (classical, quantum) = (rows.first { $0.label == "Classical" }!, rows.first { $0.label == "2" }!)
    for (row, checkpoint, fpd) in [(classical, 20, 5.0), (quantum, 60, 1.0)] {
      let result = EvaluatedCheckpoint(
        run: row.runs[0].run, checkpoint: checkpoint, iteration: 1000 * checkpoint, sha256: "ab", commit: "c",
        metrics: MetricsRecord(
          seed: 1, events: 500, heldOut: true, values: [.fpd: MetricValue(value: fpd, error: 0.1, floor: 0.017)]))
      try study.folder.write(
        String(decoding: CanonicalJSON.data(result), as: UTF8.self) + "\n",
        to: "work/runs/\(result.run)/metrics.jsonl")
    }
    #expect(try study.ledger.collect().problems.isEmpty)
    let selection = try SimulatorSelection(["study"], by: .metric(.fpd), in: study.ledger)
    #expect(!selection.choices.isEmpty && !selection.unscored.isEmpty)
    for choice in selection.choices {
      #expect(choice.chosen.simulator.run == quantum.runs[0].run && choice.chosen.checkpoint == 60)
      #expect(choice.candidates == 2 && choice.chosen.metrics?.events == 500)
      #expect(choice.chosen.simulator.parameters > 100_000 && choice.chosen.simulator.particle == .pion)
    }
    #expect(selection.choices.map(\.chosen.energy) == quantum.energies)
    let table = selection.table(microseconds: [quantum.runs[0].run: 12])
    #expect(table.columns.map(\.key).contains("microseconds") && table.title == "The best simulators by FPD ×10³")
    #expect(table.rows[0].contains(.spread(mean: 1000, deviation: 100)))
    // χ² is of each energy by itself.
    let byChi2 = try SimulatorSelection(["study"], by: .chi2, in: study.ledger)
    let best = byChi2.choices[0].chosen
    let expected = try study.ledger.energies(of: best.simulator.run, at: best.checkpoint)[0].reduced
    #expect(best.score.value == expected)
    #expect(throws: LedgerError.self) { try SimulatorSelection(["none"], by: .chi2, in: study.ledger) }
  }
}
