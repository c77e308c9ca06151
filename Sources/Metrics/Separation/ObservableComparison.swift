package import Calorimetry
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
    /// The separation power of Geant4's events from other events of Geant4; nil where none were compared.
    package var floor: Double?
    /// χ² of the two histograms with what lies beyond their ends, bins with few events merged; nil for the voxel
    /// spectrum, whose entries are not independent.
    package var chi2: Double?
    /// The degrees of freedom of `chi2`.
    package var ndf: Int?
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
    /// The centre of a layer's energy in η, in φ and in r (mm).
    case centreEta, centrePhi, centreR
    /// The width of a layer's energy in η, in φ and in r (mm).
    case widthEta, widthPhi, widthR
    /// The share of a layer's voxels that have no energy.
    case sparsity
    /// The energies of all voxels (MeV).
    case voxelEnergy

    /// Whether it is a centre or a width.
    package var isShape: Bool {
      switch self {
      case .centreEta, .centrePhi, .centreR, .widthEta, .widthPhi, .widthR: true
      case .response, .layerEnergy, .sparsity, .voxelEnergy: false
      }
    }
  }

  /// Compares showers in the CaloChallenge layout.
  ///
  /// An observable without a single Geant4 event in its histogram is left out.
  /// - Parameters:
  ///   - reference: Geant4's showers.
  ///   - generated: The showers to compare with them.
  ///   - geometry: How the voxels of both lie.
  ///   - threshold: Voxels with less energy (MeV) count as empty; nil for what CaloChallenge takes.
  ///   - histograms: Whether to keep the counts, for plots.
  /// - Throws: `HDF5Error`; `InputError` when the voxels are not the geometry's.
  package init(
    reference: ShowerSelection, generated: ShowerSelection, geometry: VoxelGeometry, threshold: Double? = nil,
    histograms: Bool = false
  ) throws {
    let plane = VoxelPlane(geometry)
    let threshold = threshold ?? CaloChallengeLimits(geometry).voxelThreshold
    self = try ObservableComparison(
      ShowerShapes(reference, plane: plane, threshold: threshold),
      ShowerShapes(generated, plane: plane, threshold: threshold), geometry: geometry)
    if !histograms { dropHistograms() }
  }

  mutating func dropHistograms() {
    for entry in observables.indices { observables[entry].histogram = nil }
  }

  /// The same of shapes that were computed with one threshold; keeps the counts.
  init(_ one: ShowerShapes, _ other: ShowerShapes, geometry: VoxelGeometry) throws {
    voxelThreshold = one.threshold
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
      add(.sparsity, .linear(0, 1, bins: 20), \.sparsity)
      let (centreR, widthR) = limits.radii(layer: layer.id)
      add(.centreR, .linear(0, centreR, bins: 100), \.centreR)
      add(.widthR, .linear(0, widthR, bins: 100), \.widthR)
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
      append(.voxelEnergy, counts, of: one.count * geometry.voxels, and: other.count * geometry.voxels)
    }
  }

  /// Notes what other events of Geant4 have beside each observable.
  mutating func setFloor(_ floor: ObservableComparison) {
    for entry in observables.indices {
      observables[entry].floor = floor.observables.first { $0.isSame(as: observables[entry]) }?.separationPower
    }
  }

  /// E_tot over the incident energy: over all events and, where there are several energies, for each.
  private mutating func compareResponse(_ one: ShowerShapes, _ other: ShowerShapes) {
    func responses(_ sample: ShowerShapes) -> [Double] {
      zip(sample.shapes, sample.incidentEnergies).map { $0.total / Double($1) }
    }
    let (a, b) = (responses(one), responses(other))
    append(.response, .linear(0.5, 1.5, bins: 100), a, b)
    // CaloChallenge does so for dataset 1, with its 15 energies; in the other datasets every event has its own, unless
    // they are in bins.
    let (groups, others) = (one.selection.byEnergy, other.selection.byEnergy)
    guard groups.count > 1 else { return }
    for (energy, events) in groups {
      guard let energy,
        let match = others.first(where: { $0.incidentEnergy.map { IncidentEnergy.same($0, energy) } ?? false })
      else { continue }
      append(
        .response, energy: energy, .linear(0.4, 1.4, bins: 20), events.map { a[$0] }, match.positions.map { b[$0] })
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
    let score =
      observable == .voxelEnergy ? nil : MergedChiSquare.compare(counts, of: all, and: made)
    observables.append(
      Entry(
        observable: observable, layer: layer, incidentEnergy: energy, separationPower: power, chi2: score?.chi2,
        ndf: score?.ndf, outsideReference: outside(counts.reference, all),
        outsideGenerated: outside(counts.generated, made), histogram: counts))
  }
}

extension ObservableComparison.Entry {
  /// Whether another one is of the same quantity.
  func isSame(as other: Self) -> Bool {
    observable == other.observable && layer == other.layer && incidentEnergy == other.incidentEnergy
  }
}
