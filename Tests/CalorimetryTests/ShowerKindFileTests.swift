import Experiment
import Foundation
import HDF5
import TestSupport
import Testing

@testable import Calorimetry

/// Showers of other particles, in other detectors, at continuous energies.
@Suite struct ShowerKindFileTests {
  let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  private let bins = EnergyBins(edges: [10, 100, 1000])
  /// Two in the first bin, three in the second, two beyond.
  private let energies: [Double] = [20, 500, 5, 40, 200, 5000, 900]

  @Test func `a prepared file says what its showers are of, and its hash is of that too`() throws {
    let source = try TestShowers(energies: [300, 300]).write(to: folder("source.h5"))
    let own = VoxelGeometry(layers: [(3, 3, [0, 1.5])])
    let kinds = [
      ShowerKind(), ShowerKind(particle: .photon), ShowerKind(geometry: own), ShowerKind(bins: bins),
      ShowerKind(particle: .electron, geometry: own, bins: EnergyBins(edges: [100, 1000])),
    ]
    var hashes: Set<String> = []
    for (number, kind) in kinds.enumerated() {
      let path = folder("\(number).h5")
      var preparation = DatasetPreparation(source: source, energies: [300], eventsPerEnergy: 2, kind: kind)
      if kind.bins == bins { preparation = .init(source: source, energies: [], eventsPerEnergy: 2, kind: kinds[4]) }
      let description = try preparation.write(to: path)
      #expect(try PreparedDataset(reading: path).description == description)
      #expect(description.kind == preparation.kind)
      #expect(try Inspection(of: path, geometry: own).problems.isEmpty)
      #expect(try Inspection(of: path).provenance["particle"] == description.particle?.rawValue)
      hashes.insert(description.sha256)
    }
    #expect(hashes.count == 4, "the last two are the same")
  }

  @Test func `the kinetic energy and the label are the particle's`() throws {
    let source = try TestShowers(energies: [1000, 100, 10_000]).write(to: folder("source.h5"))
    for particle in Particle.allCases {
      _ = try DatasetPreparation(
        source: source, energies: [100, 1000, 10_000], eventsPerEnergy: 1, kind: .init(particle: particle)
      ).write(to: folder("data.h5"))
      let dataset = try PreparedDataset(reading: folder("data.h5"))
      #expect(dataset.kineticEnergies == [1000, 100, 10_000].map(particle.kineticEnergy))
      #expect(dataset.fractions[1] == Float(1 / particle.kineticEnergy(of: 1000)))
      if particle == .photon { #expect(dataset.labels == [0.5, 0, 1]) }
    }
  }

  @Test func `a built-in geometry leaves a prepared file as it is, and one of other voxels is refused`() throws {
    let source = Repository.path("sweeps/data/geant4_pions.hdf5")
    func prepare(_ kind: ShowerKind, _ name: String) throws -> Data {
      _ = try DatasetPreparation(source: source, energies: [65536], eventsPerEnergy: 2, kind: kind)
        .write(to: folder(name))
      return try Data(contentsOf: URL(filePath: folder(name)))
    }
    #expect(try prepare(.init(), "a.h5") == prepare(.init(geometry: .datasetOnePions), "b.h5"))
    let error = try #require(throws: InputError.self) {
      try prepare(.init(geometry: CaloChallenge.datasetTwo.geometry), "c.h5")
    }
    #expect(error.description.contains("the showers have 533 voxels, the geometry 6480; name the detector"))
  }

  @Test func `in bins the first events of each are taken, and the label follows each event's energy`() throws {
    let source = try TestShowers(energies: energies).write(to: folder("source.h5"))
    func preparation(_ events: Int) -> DatasetPreparation {
      .init(source: source, energies: [], eventsPerEnergy: events, kind: .init(particle: .photon, bins: bins))
    }
    let description = try preparation(2).write(to: folder("data.h5"))
    #expect(description.energies == [31.62, 316.2] && description.events == 4)
    let dataset = try PreparedDataset(reading: folder("data.h5"))
    #expect(dataset.description == description)
    #expect(dataset.incidentEnergies == [20, 500, 40, 200] && dataset.energyIndex == [0, 1, 0, 1])
    let labels = [20.0, 500, 40, 200].map { Float(log10($0 / 10) / 2) }
    #expect(zip(dataset.labels, labels).allSatisfy { abs($0 - $1) < 1e-6 })
    #expect(
      try ShowerFile(reading: folder("data.h5")).attribute("selection")
        == "the first 2 events of each of the bins between 10, 100, 1000 MeV, in file order")
    let few = InputError("\(source): there are 2 events of 10 to 100 MeV, too few for 3")
    #expect(throws: few) { try preparation(3).write(to: folder("few.h5")) }
    // Beyond the first two of the second bin one is left; of the first bin none.
    let none = try #require(throws: InputError.self) { try ShowerSelection(of: source, heldOutFrom: folder("data.h5")) }
    #expect(none.description.contains("none are left to compare with"))
  }

  @Test func `in bins E_tot is compared at the energy that stands for the bin`() throws {
    let source = try TestShowers(energies: energies).write(to: folder("source.h5"))
    let totals = try ShowerTotals(ShowerSelection(reading: source).binned(bins))
    // E_tot is 3 + 30 · event (MeV).
    #expect(totals.energies == [31.62, 316.2])
    #expect(totals.totals[0] == [0.003 * 31.62 / 20, 0.093 * 31.62 / 40])
    #expect(totals.totals[1] == [0.033 * 316.2 / 500, 0.123 * 316.2 / 200, 0.183 * 316.2 / 900])
    _ = try DatasetPreparation(source: source, energies: [], eventsPerEnergy: 2, kind: .init(bins: bins))
      .write(to: folder("data.h5"))
    let dataset = try PreparedDataset(reading: folder("data.h5"))
    let prepared = try ShowerTotals(reading: folder("data.h5"))
    #expect(prepared.totals[1] == Array(totals.totals[1].prefix(2)), "the file says its bins")
    #expect(zip(dataset.totals, dataset.energyIndex).filter { $1 == 1 }.map(\.0) == prepared.totals[1])
  }

  @Test func `bins beyond all events are refused, those that the file says too`() throws {
    let source = try TestShowers(energies: energies).write(to: folder("source.h5"))
    let sentence = "none of its events has an incident energy in the bins between 2000, 4000.5 MeV"
    #expect(throws: InputError("\(source): \(sentence)")) {
      try ShowerSelection(reading: source).binned(EnergyBins(edges: [2000, 4000.5]))
    }
    let file = try HDF5File(updating: source)
    try file.setAttribute("energy_bins", .string("[2000, 4000.5]"))
    try file.close()
    #expect(throws: InputError("\(source): \(sentence)")) { try ShowerSelection(reading: source) }
  }

  @Test func `very many energies are not compared one by one`() throws {
    let source = try TestShowers(energies: (1...1001).map { Double($0) * 10 }).write(to: folder("source.h5"))
    let error = try #require(throws: InputError.self) { try ShowerTotals(reading: source) }
    #expect(
      error.description.hasSuffix(
        "its events have 1001 different incident energies; say the bins to compare them in "
          + "(--energy-bins 1000,10000,100000, in MeV)"))
    let whole = EnergyBins(edges: [10, 20_000])
    #expect(try ShowerTotals(ShowerSelection(reading: source).binned(whole)).totals[0].count == 1001)
    let inspection = try Inspection(of: source, bins: EnergyBins(edges: [10, 100, 20_000]))
    #expect(inspection.energies.map(\.events) == [9, 992])
    #expect(inspection.eventsBeyondBins == 0 && !inspection.text.contains("beyond"))
    let some = try Inspection(of: source, bins: EnergyBins(edges: [100, 1000]))
    #expect(some.energies.map(\.events) == [91])
    #expect(some.text.contains("\nbeyond these bins: 910 of 1001 events\n"), "\(some.text)")
  }

  @Test func `histograms are in bins and layers of any detector`() throws {
    let geometry = CaloChallenge.photonsOfDatasetOne.geometry
    let showers = TestShowers(energies: (0..<40).map { 20 * pow(1.1, Double($0)) }, voxels: 368)
    let edges = EnergyBins(edges: [20, 100, 300, 1000])
    let sample = try ShowerSelection(reading: showers.write(to: folder("source.h5"))).binned(edges)
    #expect(sample.byEnergy.map(\.incidentEnergy) == edges.middles)
    let histograms = try ComparisonHistograms(reference: sample, generated: sample, geometry: geometry)
    #expect(histograms.totals.map(\.incidentEnergy) == edges.middles)
    #expect(histograms.layers == geometry.layers)
    #expect(try ComparisonHistograms(reference: sample, generated: sample, geometry: nil).layers.isEmpty)
    #expect(try ComparisonHistograms(reference: sample, generated: sample, geometry: .datasetOnePions).layers.isEmpty)
  }

  @Test func `attributes that say nothing known are refused`() throws {
    for (name, value) in [("particle", "muon"), ("geometry", "dataset_9"), ("energy_bins", "[1]")] {
      let path = folder("\(name).h5")
      try TestShowers(energies: [30]).write(to: path)
      let file = try HDF5File(updating: path)
      try file.setAttribute(name, .string(value))
      try file.close()
      let error = try #require(throws: InputError.self) { try Inspection(of: path) }
      #expect(error.description.contains("its attribute '\(name)'"))
    }
  }
}
