import Calorimetry
import Experiment
import Foundation
import HDF5
import TestSupport
import Testing

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

  /// The value is numpy's, from the same file.
  @Test func `the events that are held out are like those that are trained on`() throws {
    let sample = try Self.sample.get()
    let reference = try EnergyReference(incidentEnergy: 65536, totals: Array(sample.prefix(1000)))
    let evaluation = reference.evaluate(Array(sample.dropFirst(1000)))
    #expect(abs(evaluation.chi2 - 33.35061809947763) < 1e-9)
    #expect(evaluation.ndf == 28)
    #expect(abs(evaluation.reduced - 1.1911) < 1e-4)
  }

  @Test func `a generator of nothing has the reference's χ²`() throws {
    let expected = try Expected.read().zero
    let reference = try EnergyReference(incidentEnergy: 65536, totals: Array(try Self.sample.get().prefix(1000)))
    let evaluation = reference.evaluate([Double](repeating: 0, count: 1000))
    #expect(abs(evaluation.chi2 - expected.chi2) < 1e-9)
    #expect(evaluation.ndf == expected.ndf)
    #expect(evaluation.meanResponse == 0 && evaluation.responseSpread == 0)
  }
}
