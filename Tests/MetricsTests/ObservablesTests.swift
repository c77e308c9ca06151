import Experiment
import TestSupport
import Testing

@testable import Calorimetry
@testable import Metrics

@Suite struct ObservablesTests {
  let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  /// One layer without and one with bins in α: r in the middle at 5 and 15 mm, α at -π/2 and π/2.
  static let plane = VoxelPlane(VoxelGeometry(layers: [(3, 1, [0, 10]), (12, 2, [0, 10, 20])]))

  /// Showers of three voxels that tell event and voxel apart: 10 · event + voxel (MeV).
  private func write(_ energies: [Float], to name: String = "a.h5") throws -> String {
    let values = energies.indices.flatMap { event in (0..<3).map { Float(10 * event + $0) } }
    try ShowerFileWriter.write(incidentEnergies: energies, showers: values, voxels: 3, to: folder(name))
    return folder(name)
  }

  private func close(_ a: Double, _ b: Double) -> Bool { abs(a - b) < 1e-9 }

  @Test func `voxels lie in the middle of their bins, α from -π`() {
    #expect(zip(Self.plane.phi, [0, -5, -15, 5, 15]).allSatisfy(close))
    #expect(zip(Self.plane.eta, [-5, 0, 0, 0, 0]).dropFirst().allSatisfy(close))
    let four = VoxelPlane(VoxelGeometry(layers: [(0, 4, [0, 2])]))
    let half = 0.5.squareRoot()
    #expect(zip(four.eta, [-half, half, half, -half]).allSatisfy(close))
    #expect(zip(four.phi, [-half, -half, half, half]).allSatisfy(close))
  }

  @Test func `energy, centre, width and empty voxels of a layer are by the definitions`() {
    // In φ: 1 MeV at -5, 3 MeV at 15: centre (-5 + 45) / 4 = 10, width √((25 + 675) / 4 - 100) = √75.
    let shape = ShowerShape([2, 1, 0, 0, 3], plane: Self.plane)
    #expect(shape.total == 6)
    #expect(shape.layers.map(\.energy) == [2, 4])
    #expect(shape.layers.map(\.sparsity) == [0, 0.5])
    #expect(close(shape.layers[1].centrePhi, 10) && close(shape.layers[1].widthPhi, 75.0.squareRoot()))
    #expect(close(shape.layers[1].centreEta, 0) && close(shape.layers[1].widthEta, 0))
    // In r: 1 MeV at 5, 3 MeV at 15: centre 50 / 4 = 12.5, width √(700 / 4 - 12.5²) = √18.75.
    #expect(close(shape.layers[1].centreR, 12.5) && close(shape.layers[1].widthR, 18.75.squareRoot()))
    #expect(close(shape.layers[0].centreR, 5) && close(shape.layers[0].widthR, 0))
  }

  @Test func `an empty layer has its centre on the axis and no width`() {
    let layer = ShowerShape([0, 0, 0, 0, 0], plane: Self.plane).layers[1]
    #expect(
      [
        layer.energy, layer.centreEta, layer.centrePhi, layer.centreR, layer.widthEta, layer.widthPhi, layer.widthR,
      ] == [0, 0, 0, 0, 0, 0, 0])
    #expect(layer.sparsity == 1)
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
      reference: ShowerSelection(reading: folder("a.h5")), generated: ShowerSelection(reading: folder("b.h5")),
      geometry: .datasetOnePions)
    // Response, voxels; energy, sparsity and r of seven layers; four shapes of the four that are divided in α.
    #expect(comparison.observables.count == 46)
    func power(_ observable: ObservableComparison.Observable, _ layer: Int? = nil) throws -> Double {
      try #require(comparison.observables.first { $0.observable == observable && $0.layer == layer }).separationPower
    }
    #expect(close(try power(.response), 0.025224677685274702))
    #expect(close(try power(.layerEnergy, 0), 0.013742205014781165))
    #expect(close(try power(.centreEta, 1), 0.025929189241154844))
    #expect(close(try power(.widthPhi, 2), 0.05924914725850564))
    #expect(close(try power(.sparsity, 3), 0.0005767100979601641))
    #expect(close(try power(.layerEnergy, 12), 0.0127877188392731))
    #expect(close(try power(.sparsity, 12), 0.009738871461274062))
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
    let one = try ShowerSelection(reading: write([10, 40, 60, 120]))
    let comparison = try ObservableComparison(reference: one, generated: one, geometry: geometry, threshold: 0)
    #expect(comparison.observables.allSatisfy { $0.separationPower == 0 })
    let responses = comparison.observables.filter { $0.observable == .response }
    // 10 MeV has no event within 0.4 … 1.4.
    #expect(responses.map(\.incidentEnergy) == [nil, 40, 60, 120])
    #expect(responses[0].outsideReference == 0.25)
    #expect(
      comparison.observables.map(\.observable) == [
        .response, .response, .response, .response, .layerEnergy, .sparsity, .centreR, .widthR, .voxelEnergy,
      ])
    let faint = try ObservableComparison(reference: one, generated: one, geometry: geometry, threshold: 1000)
    #expect(faint.observables.map(\.observable) == [.sparsity, .centreR, .widthR])
    #expect(faint.voxelThreshold == 1000)
    // Shares are of each file's own events: a fifth one, at 1.025.
    let more = try ShowerSelection(reading: write([10, 40, 60, 120, 120], to: "b.h5"))
    let unequal = try ObservableComparison(reference: one, generated: more, geometry: geometry, threshold: 0)
    #expect(unequal.observables[0].outsideReference == 0.25 && unequal.observables[0].outsideGenerated == 0.2)
  }

  @Test func `one event alone has no correlations`() throws {
    let geometry = VoxelGeometry(layers: [(0, 1, [0, 1]), (1, 1, [0, 1, 2])])
    let shapes = try ShowerShapes(
      ShowerSelection(reading: write([10, 40, 40])), plane: VoxelPlane(geometry), threshold: 0)
    let matrices = LayerCorrelations.compare(shapes, shapes, geometry: geometry)
    #expect(matrices.map(\.incidentEnergy) == [40] && matrices[0].largestDifference == 0)
    #expect(matrices[0].reference.count == 2 && matrices[0].generated.count == 2)
  }

  @Test func `a geometry of other voxels is refused`() throws {
    let one = try write([10, 40])
    let message =
      "\(one): the showers have 3 voxels, the geometry 533; name the detector or the binning file that they were made with "
      + "(--geometry, dataset.geometry)"
    #expect(throws: InputError(message)) {
      let showers = try ShowerSelection(reading: one)
      return try ObservableComparison(reference: showers, generated: showers, geometry: .datasetOnePions)
    }
  }

  @Test func `the histograms behind the numbers are kept where they are asked for`() throws {
    let geometry = VoxelGeometry(layers: [(0, 1, [0, 1, 2, 3])])
    let one = try ShowerSelection(reading: write([40, 40, 40, 120]))
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
}
