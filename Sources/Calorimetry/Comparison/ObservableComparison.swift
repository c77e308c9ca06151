package import Experiment

/// CaloChallenge's comparison of generated showers with Geant4's: the separation power of each high-level observable.
///
/// The histograms are CaloChallenge's. They leave out what lies beyond their ends, so a generator whose showers are
/// elsewhere altogether can look good in one of them: the shares that are left out stand beside it.
package struct ObservableComparison: Codable, Hashable, Sendable {
  /// Voxels with less energy (MeV) counted as empty, in both files.
  package var voxelThreshold: Double
  /// The observables that have Geant4 events in their histograms, some of them layer by layer or by energy.
  package var observables: [Entry]

  /// One observable, over all events or, where it says so, those of one incident energy.
  package struct Entry: Codable, Hashable, Sendable {
    /// What was measured.
    package var observable: Observable
    /// The detector's number of the layer; nil for observables of the whole shower.
    package var layer: Int?
    /// MeV; nil for all energies together.
    package var incidentEnergy: Double?
    /// ½ Σ (a - b)² / (a + b): 0 for the same histograms, 1 for nothing in common.
    package var separationPower: Double
    /// The share, 0 … 1, of Geant4's events (voxels, for the voxel spectrum) beyond the histogram's ends.
    package var outsideReference: Double
    /// The share, 0 … 1, of the generated events (voxels, for the voxel spectrum) beyond the histogram's ends.
    package var outsideGenerated: Double
    /// The counts, where they were asked for.
    package var histogram: HistogramPair?
  }

  /// The high-level observables of CaloChallenge.
  package enum Observable: String, Codable, Hashable, Sendable {
    /// E_tot over the incident energy.
    case response
    /// The energy in a layer (MeV).
    case layerEnergy
    /// The centre of a layer's energy in η and in φ (mm).
    case centreEta, centrePhi
    /// The width of a layer's energy in η and in φ (mm).
    case widthEta, widthPhi
    /// The share of a layer's voxels that have energy.
    case sparsity
    /// The energies of all voxels (MeV).
    case voxelEnergy
  }

  /// Compares two files in the CaloChallenge layout.
  ///
  /// An observable without a single Geant4 event in its histogram is left out.
  /// - Parameters:
  ///   - reference: The path of Geant4's showers.
  ///   - generated: The path of the showers to compare with them.
  ///   - geometry: How the voxels of both lie.
  ///   - threshold: Voxels with less energy (MeV) count as empty; CaloChallenge takes 1 for dataset 1.
  ///   - histograms: Whether to keep the counts, for plots.
  /// - Throws: `HDF5Error`; `InputError` when the voxels are not the geometry's.
  package init(
    reference: String, generated: String, geometry: VoxelGeometry, threshold: Double = 1, histograms: Bool = false
  ) throws {
    let plane = VoxelPlane(geometry)
    let one = try ShowerShapes(reading: reference, plane: plane, threshold: Float(threshold))
    let other = try ShowerShapes(reading: generated, plane: plane, threshold: Float(threshold))
    voxelThreshold = threshold
    observables = []
    compareResponse(one, other)
    let limits = CaloChallengeLimits(geometry)
    for (number, layer) in geometry.layers.enumerated() {
      func add(_ observable: Observable, _ binning: Binning?, _ value: (ShowerShape.LayerShape) -> Double) {
        let (a, b) = (one.shapes.map { value($0.layers[number]) }, other.shapes.map { value($0.layers[number]) })
        append(observable, layer: layer.id, binning, a, b)
      }
      let most = one.shapes.map { $0.layers[number].energy }.max() ?? 0
      add(.layerEnergy, .logarithmic(limits.leastEnergy, most, bins: 39), \.energy)
      add(.sparsity, .linear(0, 1, bins: 19), \.filled)
      guard layer.alphaBins > 1 else { continue }
      let (centre, width) = limits.lengths(layer: layer.id)
      add(.centreEta, .linear(-centre, centre, bins: 100), \.centreEta)
      add(.centrePhi, .linear(-centre, centre, bins: 100), \.centrePhi)
      add(.widthEta, .linear(0, width, bins: 100), \.widthEta)
      add(.widthPhi, .linear(0, width, bins: 100), \.widthPhi)
    }
    if let binning = Binning.logarithmic(limits.leastEnergy, Double(one.greatestVoxel), bins: 49) {
      let counts = HistogramPair(
        edges: binning.edges, reference: try one.voxelCounts(binning), generated: try other.voxelCounts(binning))
      append(
        .voxelEnergy, counts, of: one.shapes.count * one.voxels, and: other.shapes.count * other.voxels)
    }
    if !histograms { for entry in observables.indices { observables[entry].histogram = nil } }
  }

  /// E_tot over the incident energy: over all events and, where there are several energies, for each.
  private mutating func compareResponse(_ one: ShowerShapes, _ other: ShowerShapes) {
    func responses(_ sample: ShowerShapes) -> [Double] {
      zip(sample.shapes, sample.incidentEnergies).map { $0.total / Double($1) }
    }
    let (a, b) = (responses(one), responses(other))
    append(.response, .linear(0.5, 1.5, bins: 100), a, b)
    let (groups, others) = (EnergyGroups(one.incidentEnergies), EnergyGroups(other.incidentEnergies))
    // CaloChallenge does so for dataset 1, with its 15 energies; in the other datasets every event has its own.
    guard (2...20).contains(groups.energies.count) else { return }
    for (number, energy) in groups.energies.enumerated() {
      guard let match = others.group(of: energy) else { continue }
      append(
        .response, energy: energy, .linear(0.4, 1.4, bins: 20), zip(a, groups.index).filter { $1 == number }.map(\.0),
        zip(b, others.index).filter { $1 == match }.map(\.0))
    }
  }

  private mutating func append(
    _ observable: Observable, layer: Int? = nil, energy: Double? = nil, _ binning: Binning?, _ one: [Double],
    _ other: [Double]
  ) {
    guard let binning else { return }
    append(
      observable, layer: layer, energy: energy,
      HistogramPair(edges: binning.edges, reference: binning.counts(one), generated: binning.counts(other)),
      of: one.count, and: other.count)
  }

  private mutating func append(
    _ observable: Observable, layer: Int? = nil, energy: Double? = nil, _ counts: HistogramPair, of all: Int,
    and made: Int
  ) {
    guard let power = SeparationPower.compare(counts.reference, counts.generated) else { return }
    func outside(_ counts: [Int], _ all: Int) -> Double {
      all == 0 ? 0 : Double(all - counts.reduce(0, +)) / Double(all)
    }
    observables.append(
      Entry(
        observable: observable, layer: layer, incidentEnergy: energy, separationPower: power,
        outsideReference: outside(counts.reference, all), outsideGenerated: outside(counts.generated, made),
        histogram: counts))
  }
}

/// The ends of CaloChallenge's histograms, as its public code has them.
private struct CaloChallengeLimits {
  /// Datasets 2 and 3, electrons, have 45 layers and a detector of their own; dataset 1 is of ATLAS.
  let electrons: Bool

  init(_ geometry: VoxelGeometry) { electrons = geometry.layers.count > 24 }

  /// The least energy of the energy histograms (MeV).
  var leastEnergy: Double { electrons ? 0.5e-3 / 0.033 : 10 }

  /// How far the centres' and the widths' histograms reach (mm).
  func lengths(layer: Int) -> (centre: Double, width: Double) {
    if electrons { return (30, 30) }
    return layer == 12 || layer == 13 ? (500, 400) : (100, 100)
  }
}

extension VoxelGeometry {
  func require(voxels: Int, of path: String) throws {
    guard voxels == self.voxels else {
      throw InputError(
        "\(path): the showers have \(voxels) voxels, the geometry \(self.voxels); name the binning file that they were "
          + "made with (--geometry)")
    }
  }
}
