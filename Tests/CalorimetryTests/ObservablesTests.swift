import Experiment
import HDF5
import Records
import TestSupport
import Testing

@testable import Calorimetry

@Suite struct ObservablesTests {
  let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  /// One layer without and one with bins in α: r in the middle at 5 and 15 mm, α at -π/2 and π/2.
  static let plane = VoxelPlane(VoxelGeometry(layers: [(3, 1, [0, 10]), (12, 2, [0, 10, 20])]))

  private func close(_ a: Double, _ b: Double) -> Bool { abs(a - b) < 1e-9 }

  @Test func `voxels lie in the middle of their bins, α from -π`() {
    #expect(zip(Self.plane.phi, [0, -5, -15, 5, 15]).allSatisfy(close))
    #expect(zip(Self.plane.eta, [-5, 0, 0, 0, 0]).dropFirst().allSatisfy(close))
    let four = VoxelPlane(VoxelGeometry(layers: [(0, 4, [0, 2])]))
    let half = 0.5.squareRoot()
    #expect(zip(four.eta, [-half, half, half, -half]).allSatisfy(close))
    #expect(zip(four.phi, [-half, -half, half, half]).allSatisfy(close))
  }

  @Test func `energy, centre, width and filled voxels of a layer are by the definitions`() {
    // In φ: 1 MeV at -5, 3 MeV at 15: centre (-5 + 45) / 4 = 10, width √((25 + 675) / 4 - 100) = √75.
    let shape = ShowerShape([2, 1, 0, 0, 3], plane: Self.plane)
    #expect(shape.total == 6)
    #expect(shape.layers.map(\.energy) == [2, 4])
    #expect(shape.layers.map(\.filled) == [1, 0.5])
    #expect(close(shape.layers[1].centrePhi, 10) && close(shape.layers[1].widthPhi, 75.0.squareRoot()))
    #expect(close(shape.layers[1].centreEta, 0) && close(shape.layers[1].widthEta, 0))
  }

  @Test func `an empty layer has its centre on the axis and no width`() {
    let layer = ShowerShape([0, 0, 0, 0, 0], plane: Self.plane).layers[1]
    #expect(
      [layer.energy, layer.filled, layer.centreEta, layer.centrePhi, layer.widthEta, layer.widthPhi] == [
        0, 0, 0, 0, 0, 0,
      ])
  }

  @Test func `the separation power is 0 for the same shares and 1 for nothing in common`() {
    #expect(SeparationPower.compare([1, 2, 0, 3], [2, 4, 0, 6]) == 0)
    #expect(SeparationPower.compare([1, 0, 2], [0, 5, 0]) == 1)
    // Shares ¼, ¾ and ½, ½: ½ (1/16 / (3/4) + 1/16 / (5/4)) = 1/15.
    #expect(close(SeparationPower.compare([1, 3], [2, 2])!, 1.0 / 15))
    #expect(SeparationPower.compare([1, 3], [0, 0]) == 1)
    #expect(SeparationPower.compare([0, 0], [1, 0]) == nil)
  }

  @Test func `histograms leave out what lies beyond their ends`() {
    let binning = Binning.linear(0, 1, bins: 4)
    #expect(binning.edges == [0, 0.25, 0.5, 0.75, 1])
    #expect(binning.counts([-0.1, 0, 0.2, 0.25, 0.8, 1, 1.1, .nan, .infinity]) == [2, 1, 0, 2])
    let decades = Binning.logarithmic(1, 1000, bins: 3)!
    #expect(zip(decades.edges, [1, 10, 100, 1000]).allSatisfy(close))
    #expect(Binning.logarithmic(10, 10, bins: 3) == nil && Binning.logarithmic(10, .infinity, bins: 3) == nil)
  }

  /// The numbers are those of an implementation in numpy, written from the definitions and not from this code.
  @Test func `the first and the next thousand events of the sample data are compared as numpy does`() throws {
    let source = Repository.path("sweeps/data/geant4_pions.hdf5")
    for (name, skip) in [("a.h5", 0), ("b.h5", 1000)] {
      _ = try DatasetPreparation(source: source, energies: [65536], eventsPerEnergy: 1000, skip: skip)
        .write(to: folder(name))
    }
    let comparison = try ObservableComparison(
      reference: folder("a.h5"), generated: folder("b.h5"), geometry: .datasetOnePions)
    // Response, voxels; energy and sparsity of seven layers; four shapes of the four that are divided in α.
    #expect(comparison.observables.count == 32)
    func power(_ observable: ObservableComparison.Observable, _ layer: Int? = nil) throws -> Double {
      try #require(comparison.observables.first { $0.observable == observable && $0.layer == layer }).separationPower
    }
    #expect(close(try power(.response), 0.025224677685274702))
    #expect(close(try power(.layerEnergy, 0), 0.013742205014781165))
    #expect(close(try power(.centreEta, 1), 0.025929189241154844))
    #expect(close(try power(.widthPhi, 2), 0.05924914725850564))
    #expect(close(try power(.sparsity, 3), 0.0005767100979601641))
    #expect(close(try power(.layerEnergy, 12), 0.0127877188392731))
    #expect(close(try power(.sparsity, 12), 0.010792046292919456))
    #expect(close(try power(.widthEta, 12), 0.047129532216476595))
    #expect(close(try power(.centrePhi, 13), 0.03457226450352453))
    #expect(close(try power(.layerEnergy, 14), 0.028955556849215254))
    #expect(close(try power(.voxelEnergy), 0.0001327362537404507))
    #expect(comparison.observables[0].outsideReference == 0.005)
    #expect(comparison.observables[0].outsideGenerated == 0.003)
  }

  @Test func `several energies have their responses apart, and what no Geant4 event shows is left out`() throws {
    let geometry = VoxelGeometry(layers: [(0, 1, [0, 1, 2, 3])])
    // E_tot 3 + 30 · event: 0.3, 0.825, 1.05, 0.775.
    let one = try TestShowers(energies: [10, 40, 60, 120]).write(to: folder("a.h5"))
    let comparison = try ObservableComparison(reference: one, generated: one, geometry: geometry, threshold: 0)
    #expect(comparison.observables.allSatisfy { $0.separationPower == 0 })
    let responses = comparison.observables.filter { $0.observable == .response }
    // 10 MeV has no event within 0.4 … 1.4.
    #expect(responses.map(\.incidentEnergy) == [nil, 40, 60, 120])
    #expect(responses[0].outsideReference == 0.25)
    #expect(
      comparison.observables.map(\.observable) == [
        .response, .response, .response, .response, .layerEnergy, .sparsity, .voxelEnergy,
      ])
    let faint = try ObservableComparison(reference: one, generated: one, geometry: geometry, threshold: 1000)
    #expect(faint.observables.map(\.observable) == [.sparsity])
    #expect(faint.voxelThreshold == 1000)
  }

  @Test func `a geometry of other voxels is refused`() throws {
    let one = try TestShowers(energies: [10, 40]).write(to: folder("a.h5"))
    let message =
      "\(one): the showers have 3 voxels, the geometry 533; name the binning file that they were made with (--geometry)"
    #expect(throws: InputError(message)) {
      try ObservableComparison(reference: one, generated: one, geometry: .datasetOnePions)
    }
  }

  @Test func `the histograms behind the numbers are kept where they are asked for`() throws {
    let geometry = VoxelGeometry(layers: [(0, 1, [0, 1, 2, 3])])
    let one = try TestShowers(energies: [40, 40, 40, 120]).write(to: folder("a.h5"))
    func compare(_ histograms: Bool) throws -> [ObservableComparison.Entry] {
      try ObservableComparison(
        reference: one, generated: one, geometry: geometry, threshold: 0, histograms: histograms
      ).observables
    }
    #expect(try compare(false).allSatisfy { $0.histogram == nil })
    for entry in try compare(true) {
      let histogram = try #require(entry.histogram)
      #expect(histogram.edges.count == histogram.reference.count + 1)
      #expect(histogram.reference == histogram.generated && histogram.reference.contains { $0 > 0 })
    }
  }

  @Test func `plots have E_tot in the bins of χ², the average showers and where the voxels are`() throws {
    let source = Repository.path("sweeps/data/geant4_pions.hdf5")
    for (name, skip) in [("a.h5", 0), ("b.h5", 200)] {
      _ = try DatasetPreparation(source: source, energies: [4096, 65536], eventsPerEnergy: 200, skip: skip)
        .write(to: folder(name))
    }
    let (a, b) = (folder("a.h5"), folder("b.h5"))
    let histograms = try ComparisonHistograms(reference: a, generated: b, geometry: .datasetOnePions)
    let evaluation = try EvaluationReference(try ShowerTotals(reading: a)).evaluate(try ShowerTotals(reading: b))
    #expect(histograms.totals.map(\.incidentEnergy) == [4096, 65536])
    for (entry, energy) in zip(histograms.totals, evaluation.energies) {
      let (chi2, ndf) = ReducedChiSquare.compare(entry.histogram.reference, entry.histogram.generated)
      #expect(chi2 == energy.chi2 && ndf == energy.ndf)
      #expect(entry.histogram.edges.count == 30 && entry.histogram.reference.reduce(0, +) == 200)
    }
    // The average shower's energy is the average of the showers' energies.
    for (shower, totals) in zip(histograms.averageShowers, try ShowerTotals(reading: b).totals) {
      #expect(shower.generated.count == 533)
      let total: Double = shower.generated.reduce(0, +) / 1000
      #expect(close(total, totals.reduce(0, +) / 200))
    }
    #expect(histograms.layers.map(\.id) == [0, 1, 2, 3, 12, 13, 14])
    #expect(histograms.layers[4].radialEdges.last == 2000 && histograms.layers[4].offset == 213)
    let unknown = try ComparisonHistograms(
      reference: a, generated: b, geometry: VoxelGeometry(layers: [(0, 1, [0, 1])]))
    #expect(unknown.layers.isEmpty && unknown.totals == histograms.totals)
  }
}
