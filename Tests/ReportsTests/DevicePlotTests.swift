import Experiment
import Foundation
import Ledger
import Records
import TestSupport
import Testing

@testable import Reports

extension ResultsTests.Study {
  /// Writes down that a run's circuit was measured at a checkpoint.
  func measure(_ run: String, at checkpoint: Int, _ settings: [MeasuredCheckpoint.Setting]) throws {
    let measured = MeasuredCheckpoint(
      run: run, checkpoint: checkpoint, iteration: 1000 * checkpoint, sha256: "ab", commit: "c", device: "ibm_x",
      chain: [4, 5], readoutCorrected: true, extrapolated: false, seed: 1, events: 1000, heldOut: true,
      settings: settings)
    try folder.write(
      String(decoding: try CanonicalJSON.data(measured), as: UTF8.self) + "\n", to: "work/runs/\(run)/devices.jsonl")
  }
}

@Suite struct DevicePlotTests {
  @Test func `models of one label have lines of their own, and a run that two tables share counts once`() throws {
    let study = try ResultsTests.Study(seeds: [1])
    typealias Study = ResultsTests.Study
    let other = Variant(generator: .init(hidden: [50, 100, 200]))
    try study.record(
      [Study.row("x", table: "1"), Study.row("x", other, table: "2"), Study.row("x", table: "3")], as: "again",
      seeds: [1])
    let results = try SweepResults("again", in: study.ledger)
    for (row, chi2) in zip(results.rows, [3.0, 5]) {
      try study.measure(
        row.runs[0].run, at: 20,
        [
          .init(
            shots: 512, noisy: true, values: [.heldOutChi2: MetricValue(value: chi2, error: nil)],
            response: MetricValue(value: 1))
        ])
    }
    try study.ledger.collect()
    let plot = try #require(try results.devicePlot(in: study.ledger))
    #expect(
      plot.csv == """
        row,label,shots,place,held_out_chi2,held_out_chi2_error,fpd,fpd_error
        0,"1/x, ibm_x (readout)",512,512,3.0,0.0,,
        1,"2/x, ibm_x (readout)",512,512,5.0,0.0,,

        """, "\(plot.csv)")
  }
}
