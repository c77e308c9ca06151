import Experiment
import Foundation
import HDF5
import Records
import Storage
import TestSupport
import Testing

@testable import Calorimetry

@Suite struct BootstrapTests {
  /// Normally distributed values.
  private static func normal(_ count: Int, _ mean: Double, _ deviation: Double, _ random: inout SplitMix64) -> [Double]
  {
    (0..<count).map { _ in
      let (u, v) = (Double(random.next() >> 11) / 0x1p53, Double(random.next() >> 11) / 0x1p53)
      return mean + deviation * (-2 * log(1 - u)).squareRoot() * cos(2 * .pi * v)
    }
  }

  private static func reference(_ totals: [Double]) throws -> EvaluationReference {
    EvaluationReference(energies: [try EnergyReference(incidentEnergy: 65536, totals: totals)])
  }

  /// Toys drawn again and again, of which the scatter is known: from the same distribution, and from another.
  @Test(arguments: [(54.0, 5.5), (51.5, 5)])
  func `the deviation is the scatter of samples that are drawn again, and covers as it should`(
    mean: Double, deviation: Double
  ) throws {
    var random = SplitMix64(state: 7)
    var toys: [Bootstrap.Uncertainty] = []
    for toy in 0..<60 {
      let reference = try Self.reference(Self.normal(400, 54, 5.5, &random))
      let generated = Self.normal(400, mean, deviation, &random)
      toys.append(Bootstrap(reference: reference, generated: [generated], resamples: 30, seed: UInt64(toy)).total)
    }
    let observed = Moments(toys.map(\.reduced))
    let estimated = Moments(toys.map(\.standardDeviation)).mean
    #expect((0.75...1.25).contains(estimated / observed.standardDeviation), "\(estimated), \(observed)")
    func covered(_ interval: KeyPath<Bootstrap.Uncertainty, [Double]>) -> Int {
      toys.count { $0[keyPath: interval][0] <= observed.mean && observed.mean <= $0[keyPath: interval][1] }
    }
    // Of sixty, and by a deviation estimated from thirty resamples.
    #expect((32...50).contains(covered(\.interval68)), "\(covered(\.interval68))")
    #expect((52...60).contains(covered(\.interval95)), "\(covered(\.interval95))")
  }

  @Test func `the same seed gives the same numbers, another one others`() throws {
    var random = SplitMix64(state: 1)
    let reference = try Self.reference(Self.normal(100, 54, 5.5, &random))
    let generated = [Self.normal(80, 44, 5.5, &random)]
    let first = Bootstrap(reference: reference, generated: generated, resamples: 20, seed: 3)
    #expect(Bootstrap(reference: reference, generated: generated, resamples: 20, seed: 3) == first)
    let other = Bootstrap(reference: reference, generated: generated, resamples: 20, seed: 4)
    #expect(other.total.standardDeviation != first.total.standardDeviation)
    #expect(other.total.reduced == first.total.reduced)
    #expect(
      first.total.reduced
        == reference.evaluate(totals: generated[0], energyIndex: [Int](repeating: 0, count: 80)).reduced)
    #expect(first.energies.map(\.incidentEnergy) == [65536] && first.total.incidentEnergy == nil)
  }

  @Test func `several energies have less uncertainty together than each`() throws {
    let totals = try ShowerTotals(reading: Repository.path("sweeps/data/geant4_pions.hdf5"))
    let reference = try EvaluationReference(totals)
    var generated = totals
    generated.totals = totals.totals.map { $0.map { $0 * 0.97 } }
    let bootstrap = try reference.bootstrap(generated, resamples: 20, seed: 1)
    #expect(bootstrap.energies.map(\.incidentEnergy) == [4096, 65536, 1_048_576])
    #expect(bootstrap.energies.allSatisfy { $0.standardDeviation > 0.2 })
    #expect(bootstrap.total.standardDeviation < bootstrap.energies.map(\.standardDeviation).max()!)
    #expect(bootstrap.total.reduced == (try reference.evaluate(generated)).reduced)
    #expect(bootstrap.total.interval68[0] >= 0 && bootstrap.total.interval68[1] > bootstrap.total.reduced)
    // Each energy has its own, all together theirs.
    let deviations = bootstrap.energies.map(\.standardDeviation)
    #expect(Set(deviations).count == 3)
    let evaluation = try reference.evaluate(generated).with(bootstrap)
    #expect(evaluation.energies.map(\.uncertainty) == deviations)
    #expect(evaluation.uncertainty == bootstrap.total.standardDeviation)
  }

  @Test func `NaN and tiny samples have an uncertainty too`() throws {
    let reference = try Self.reference([50, 60])
    let bootstrap = Bootstrap(reference: reference, generated: [[.nan, 55, 80]], resamples: 50, seed: 1)
    #expect(bootstrap.total.standardDeviation.isFinite)
  }
}

@Suite struct HeldOutTests {
  let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  @Test func `the events of the source that are not in the dataset are taken`() throws {
    let source = try TestShowers(energies: DatasetPreparationTests.mixed).write(to: folder("source.h5"))
    let all = try ShowerTotals(reading: source)
    #expect(all.energies == [7, 4096, 65536])
    #expect(all.totals == [[0.123], [0.033, 0.063, 0.183, 0.213], [0.003, 0.093, 0.153]])
    _ = try DatasetPreparation(source: source, energies: [4096, 65536], eventsPerEnergy: 1, skip: 1)
      .write(to: folder("data.h5"))
    let rest = try ShowerTotals(ShowerSelection(of: source, heldOutFrom: folder("data.h5")))
    #expect(rest.energies == [4096, 65536])
    #expect(rest.totals == [[0.033, 0.183, 0.213], [0.003, 0.153]])
  }

  @Test func `another source, or one without further events, is refused`() throws {
    let source = try TestShowers(energies: DatasetPreparationTests.mixed).write(to: folder("source.h5"))
    let other = try TestShowers(energies: DatasetPreparationTests.mixed, type: .float64).write(to: folder("other.h5"))
    let data = folder("data.h5")
    _ = try DatasetPreparation(source: source, energies: [65536], eventsPerEnergy: 3).write(to: data)
    #expect(throws: InputError("\(other): this is not the source that \(data) was prepared from")) {
      try ShowerSelection(of: other, heldOutFrom: data)
    }
    #expect(
      throws: InputError("\(source): \(data) holds all of its events of an energy; none are left to compare with")
    ) {
      try ShowerSelection(of: source, heldOutFrom: data)
    }
  }
  @Test func `a number of skipped events that is none is refused`() throws {
    let source = try TestShowers(energies: DatasetPreparationTests.mixed).write(to: folder("source.h5"))
    let data = folder("data.h5")
    _ = try DatasetPreparation(source: source, energies: [65536], eventsPerEnergy: 1).write(to: data)
    for said in ["9223372036854775807", "-1", "99999999999999999999", "two", ""] {
      let file = try HDF5File(updating: data)
      try file.setAttribute("skipped", .string(said))
      try file.close()
      #expect(
        throws: InputError("\(data): its attribute 'skipped' is no number of events: '\(said)'; prepare it again")
      ) { try ShowerSelection(of: source, heldOutFrom: data) }
    }
    let file = try HDF5File(updating: data)
    try file.setAttribute("skipped", .string("2"))
    try file.close()
    // The first two and not the third.
    #expect(try ShowerTotals(ShowerSelection(of: source, heldOutFrom: data)).totals == [[0.003, 0.093]])
  }

  @Test func `a dataset without an energy has nothing held out`() throws {
    let source = try TestShowers(energies: DatasetPreparationTests.mixed).write(to: folder("source.h5"))
    let data = folder("data.h5")
    _ = try DatasetPreparation(source: source, energies: [65536], eventsPerEnergy: 1).write(to: data)
    let file = try HDF5File(updating: data)
    try file.dataset("incident_energies").write([-1] as [Float], rows: 0..<1)
    try file.close()
    #expect(throws: InputError("\(data): it has no events of a positive incident energy; prepare it again")) {
      try ShowerSelection(of: source, heldOutFrom: data)
    }
  }
}
