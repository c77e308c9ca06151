import Experiment
import Foundation
import HDF5
import Records
import TestSupport
import Testing

@testable import Calorimetry

/// The metric of the study as an independent implementation computed it: for the 1000 training events of 65 536 MeV in
/// the sample data, and for other events that are not in the repository.
private struct Expected: Decodable {
  struct Zero: Decodable {
    var chi2: Double
    var ndf: Int
  }
  var edges: [Double]
  var reference: [Int]
  var generated: [Int]
  var chi2: Double
  var ndf: Int
  var zero: Zero

  private enum CodingKeys: String, CodingKey {
    case edges, chi2, ndf
    case reference = "counts_ref"
    case generated = "counts_gen"
    case zero = "all_zero_generator"
  }

  static func read() throws -> Expected {
    try JSONDecoder().decode(
      Expected.self, from: Data(Repository.text("Tests/CalorimetryTests/chi2_reference.json").utf8))
  }
}

@Suite struct EnergyReferenceTests {
  /// The 2000 sample events of 65 536 MeV: the first thousand are trained on, the second held out.
  private static let sample = Result {
    let all = try ShowerTotals(reading: Repository.path("sweeps/data/geant4_pions.hdf5"))
    return all.totals[1]
  }

  @Test func `edges, counts and χ² are the reference's`() throws {
    let expected = try Expected.read()
    let sample = try Self.sample.get()
    let reference = try EnergyReference(incidentEnergy: 65536, totals: Array(sample.prefix(1000)))
    #expect(reference.edges == expected.edges)
    #expect(reference.counts == expected.reference)
    let (chi2, ndf) = ReducedChiSquare.compare(expected.reference, expected.generated)
    #expect(abs(chi2 - expected.chi2) < 1e-9 && ndf == expected.ndf)
  }

  /// The value is numpy's (numpy.histogram of numpy.clip), from the same file.
  @Test func `the events that are held out are like those that are trained on`() throws {
    let sample = try Self.sample.get()
    let reference = try EnergyReference(incidentEnergy: 65536, totals: Array(sample.prefix(1000)))
    let evaluation = reference.evaluate(Array(sample.dropFirst(1000)))
    #expect(abs(evaluation.chi2 - 33.35061809947763) < 1e-9)
    #expect(evaluation.ndf == 28)
    #expect(abs(evaluation.reduced - 1.1911) < 1e-4)
  }

  @Test func `of a wide and skewed sample the edges are ten times the upper quantile's distance from the median`() {
    // 1001 values, so that the quantiles are values: least 0, q05 5, q16 16, median 50, q84 53.4, q95 160, most 210.
    let totals = (0...1000).map { index -> Double in
      switch index {
      case ...500: 0.1 * Double(index)
      case ...850: 50 + 0.01 * Double(index - 500)
      default: 60 + Double(index - 850)
      }
    }
    // 50 ± 34 less half a step of 68 / 30 at each end.
    let edges = EnergyReference.edges(of: totals)
    #expect(edges.count == 30 && edges[0] == 17.133 && edges[1] == 19.4 && edges[29] == 82.867)
    // The other way round: below the median it is the lower quantile that is near, and counts for nothing.
    let mirrored = EnergyReference.edges(of: totals.map { 210 - $0 })
    #expect(mirrored[0] == 3.5 && mirrored[29] == 206.5)
  }

  @Test func `a generator of nothing has the reference's χ²`() throws {
    let expected = try Expected.read().zero
    let reference = try EnergyReference(incidentEnergy: 65536, totals: Array(try Self.sample.get().prefix(1000)))
    let evaluation = reference.evaluate([Double](repeating: 0, count: 1000))
    #expect(abs(evaluation.chi2 - expected.chi2) < 1e-9)
    #expect(evaluation.ndf == expected.ndf)
    #expect(evaluation.meanResponse == 0 && evaluation.responseSpread == 0)
  }

  /// A thousand equidistant values, with the first bins as full as wanted.
  private static func reference(firstBin: Int) -> (EnergyReference, below: Double) {
    var totals = (0..<1000).map { 50 + Double($0) / 50 }
    let plain = try! EnergyReference(incidentEnergy: 65536, totals: totals)
    // Moving an event within the first bin or just out of it changes no quantile that decides the edges.
    var inFirst = plain.counts[0]
    var event = inFirst
    while inFirst > firstBin {
      totals[event - 1] = plain.edges[1] + 1e-6
      inFirst -= 1
      event -= 1
    }
    return (try! EnergyReference(incidentEnergy: 65536, totals: totals), plain.edges[0] - 1)
  }

  @Test func `a collapsed generator has the slides' 70.58`() {
    let (reference, below) = Self.reference(firstBin: 6)
    #expect(reference.counts[0] == 6)
    #expect(reference.counts.allSatisfy { $0 > 0 })
    let evaluation = reference.evaluate([Double](repeating: below, count: 1000))
    // ((N - a)² / (N + a) + (N - a)) / 28 with a = 6.
    #expect(abs(evaluation.reduced - (994.0 * 994 / 1006 + 994) / 28) < 1e-9)
    #expect(abs(evaluation.reduced - 70.58) < 0.01)
  }

  @Test func `a sample compared with itself has no χ², and as many events more do not matter`() throws {
    let sample = Array(try Self.sample.get().prefix(1000))
    let reference = try EnergyReference(incidentEnergy: 65536, totals: sample)
    #expect(reference.evaluate(sample).chi2 == 0)
    #expect(abs(reference.evaluate(sample + sample + sample).chi2) < 1e-9)
    // numpy's mean and std.
    let moments = reference.evaluate(sample)
    #expect(
      abs(moments.meanResponse! - 0.8218661794733785) < 1e-9
        && abs(moments.responseSpread! - 0.08408045605916976) < 1e-9)
  }

  @Test func `what lies beyond the histogram is in its end bins, and NaN in the first`() throws {
    let reference = try EnergyReference(incidentEnergy: 65536, totals: try Self.sample.get())
    let edges = reference.edges
    func bins(_ values: [Double]) -> [Int] {
      EnergyReference.histogram(values, edges: edges).enumerated().flatMap { Array(repeating: $0, count: $1) }
    }
    #expect(bins([-.infinity, -5, edges[0], edges[1].nextDown, .nan, -.nan]) == [0, 0, 0, 0, 0, 0])
    #expect(bins([edges[1], edges[2].nextDown]) == [1, 1])
    #expect(bins([edges[28], edges[29], edges[29] + 1, .infinity]) == [28, 28, 28, 28])
    let evaluation = reference.evaluate([.nan, .infinity])
    #expect(evaluation.chi2.isFinite && evaluation.ndf > 0)
    #expect(evaluation.meanResponse?.isNaN == true)
    #expect(
      reference.evaluate([Double](repeating: .nan, count: 9)).chi2
        == reference.evaluate([Double](repeating: 0, count: 9)).chi2)
  }

  @Test(
    arguments: [
      ([], "has no events"), ([1, .nan], "has an E_tot that is not finite"),
      ([1, .infinity], "has an E_tot that is not finite"),
      (
        [Double](repeating: 5, count: 100),
        "has hardly any spread: the edges of its 29 bins in E_tot, rounded to 0.001 GeV, fall together; χ² is not defined"
      ),
      (
        [5, 5.001, 5.002],
        "has hardly any spread: the edges of its 29 bins in E_tot, rounded to 0.001 GeV, fall together; χ² is not defined"
      ),
    ] as [([Double], String)])
  func `a Geant4 sample without a histogram is refused`(totals: [Double], reason: String) {
    #expect(throws: InputError("the Geant4 sample at 4096 MeV \(reason)")) {
      try EnergyReference(incidentEnergy: 4096, totals: totals)
    }
  }

  @Test func `bins empty in both count for nothing, and the samples may differ in size`() {
    // By hand: A = 6, B = 3; bins (4, 1) and (2, 2); (6·1 - 3·4)² / (36·1 + 9·4) + (6·2 - 3·2)² / (36·2 + 9·2).
    let (chi2, ndf) = ReducedChiSquare.compare([4, 0, 2, 0], [1, 0, 2, 0])
    #expect(abs(chi2 - (36.0 / 72 + 36.0 / 90)) < 1e-15)
    #expect(ndf == 1)
    #expect(ReducedChiSquare.compare([0, 5], [0, 3]) == (0, 0))
  }

  @Test func `several energies add their χ² and their NDF`() throws {
    let totals = try ShowerTotals(reading: Repository.path("sweeps/data/geant4_pions.hdf5"))
    #expect(totals.energies == [4096, 65536, 1_048_576])
    #expect(totals.totals.map(\.count) == [600, 2000, 516])
    let reference = try EvaluationReference(totals)
    var generated = totals
    generated.totals[1] = generated.totals[1].map { $0 * 0.95 }
    let evaluation = try reference.evaluate(generated)
    #expect(evaluation.energies.map(\.incidentEnergy) == totals.energies)
    #expect(evaluation.energies[0].chi2 == 0 && evaluation.energies[2].chi2 == 0)
    #expect(evaluation.energies[1].reduced > 5)
    #expect(evaluation.chi2 == evaluation.energies[1].chi2)
    #expect(evaluation.ndf == evaluation.energies.reduce(0) { $0 + $1.ndf })

    // Event by event, in any order.
    let events = generated.totals.enumerated().flatMap { energy, totals in totals.map { (energy, $0) } }.reversed()
    #expect(reference.evaluate(totals: events.map(\.1), energyIndex: events.map(\.0)).chi2 == evaluation.chi2)
    generated.energies[2] = 2_097_152
    let message =
      "the incident energies differ: 4096, 65536, 1048576 MeV in the reference, 4096, 65536, 2097152 MeV in the "
      + "generated events; χ² compares the same energies"
    #expect(throws: InputError(message)) { try reference.evaluate(generated) }
  }

  @Test func `the reference of a prepared dataset is that of its file`() throws {
    let folder = try TemporaryFolder()
    let description = try DatasetPreparation(
      source: Repository.path("sweeps/data/geant4_pions.hdf5"), energies: [4096, 65536], eventsPerEnergy: 200
    ).write(to: folder("data.h5"))
    let dataset = try PreparedDataset(reading: description.path)
    let (one, other) = (
      try EvaluationReference(dataset), try EvaluationReference(ShowerTotals(reading: folder("data.h5")))
    )
    #expect(one.energies.map(\.totals) == other.energies.map(\.totals))
    #expect(one.energies.map(\.edges) == other.energies.map(\.edges))
    #expect(one.evaluate(totals: dataset.totals, energyIndex: dataset.energyIndex).chi2 == 0)
  }
}

@Suite struct QuantilesTests {
  /// The values are numpy's for the same sample.
  @Test func `quantiles and median are numpy's`() {
    let sample = [3.1, -2.5, 7.25, 0.1, 9.9, 4.4, 4.4, -8.0, 1.0, 2.2]
    let quantile = Quantiles(sample)
    #expect(
      [0.05, 0.16, 0.5, 0.84, 0.95].map { quantile($0) } == [
        -5.525, -1.356, 2.6500000000000004, 5.995999999999999, 8.707499999999998,
      ])
    #expect(quantile.median == 2.6500000000000004)
    #expect(Quantiles(Array(sample.prefix(9))).median == 3.1)
    #expect(Quantiles(Array(sample.prefix(3)))(0.05) == -1.94 && Quantiles(Array(sample.prefix(3)))(0.84) == 5.922)
    #expect(Quantiles([2])(0.84) == 2 && Quantiles([2]).median == 2 && quantile(1) == 9.9 && quantile(0) == -8)
  }
}
