import Calorimetry
package import Experiment
package import Records

/// Generated showers beside Geant4's by more than one number, each with its floor: the same number of two samples of
/// Geant4.
package struct ShowerMetrics: Codable, Hashable, Sendable {
  /// The events of one incident energy.
  package struct Sample: Codable, Hashable, Sendable {
    /// MeV; nil for all energies together.
    package var incidentEnergy: Double?
    /// The events that were compared, of each side.
    package var events: Int
  }

  /// The version of its form in JSON.
  package static let schema = 1

  /// How many events of which energy were compared.
  package var samples: [Sample]
  /// What the floors are of.
  package var floorOf: ComparedShowers.Floor
  /// Voxels with less energy (MeV) counted as empty, in all samples.
  package var voxelThreshold: Double
  /// The numbers in short.
  package var record: MetricsRecord
  /// How large the samples of FPD and KPD were; nil where there are none.
  package var sizes: DistanceSizes?
  /// The same for their floors.
  package var floorSizes: DistanceSizes?
  /// Separation power and χ², observable by observable.
  package var observables: [ObservableComparison.Entry]?
  /// The correlations of layer energies, by incident energy.
  package var correlations: [LayerCorrelations]?
  /// The classifiers' scores, split by split.
  package var classifiers: [ClassifierTest]?
  /// What was asked for and could not be computed: a sentence for each.
  package var remarks: [String]

  /// Compares showers.
  /// - Parameters:
  ///   - showers: The samples.
  ///   - geometry: How their voxels lie.
  ///   - families: What is wanted.
  ///   - seed: Of all draws: the same one gives the same numbers.
  ///   - threshold: Voxels with less energy (MeV) count as empty; nil for what CaloChallenge takes.
  ///   - histograms: Whether to keep the counts of the observables, for plots.
  /// - Throws: `HDF5Error`; `InputError` when the voxels are not the geometry's, or not finite.
  package init(
    _ showers: ComparedShowers, geometry: VoxelGeometry, families: Set<Metric.Family>, seed: UInt64,
    threshold: Double? = nil, histograms: Bool = false
  ) throws {
    let threshold = threshold ?? CaloChallengeLimits(geometry).voxelThreshold
    let plane = VoxelPlane(geometry)
    let floor = showers.floor
    func shapes(_ selection: ShowerSelection) throws -> ShowerShapes {
      try ShowerShapes(selection, plane: plane, threshold: threshold)
    }
    samples = showers.geant4.byEnergy.map { Sample(incidentEnergy: $0.incidentEnergy, events: $0.positions.count) }
    floorOf = floor.kind
    voxelThreshold = threshold
    record = MetricsRecord(
      seed: seed, events: showers.generated.count, heldOut: showers.trained != nil, values: [:])
    remarks = []

    if families.contains(.chi2), let trained = showers.trained {
      try compareTotals(showers, trained)
    }
    let pair = SamplePair(
      geant4: try shapes(showers.geant4), other: try shapes(showers.generated), plane: plane)
    let floorPair = SamplePair(geant4: try shapes(floor.geant4), other: try shapes(floor.other), plane: plane)
    try compareDistances(pair, floorPair, families)
    try compareObservables(pair, floorPair, families, histograms: histograms)
    if families.contains(.neighbours) { try compareNeighbours(pair, floorPair, showers) }
    if families.contains(.auc) { try compareClassifiers(pair, floorPair) }
  }

  /// χ² of E_tot, as the study has it, against the held-out events.
  private mutating func compareTotals(_ showers: ComparedShowers, _ trained: ShowerSelection) throws {
    let reference = try EvaluationReference(ShowerTotals(showers.geant4))
    let totals = try ShowerTotals(showers.generated)
    let evaluation = try reference.evaluate(totals)
    let bootstrap = try reference.bootstrap(totals, resamples: 100, seed: record.seed)
    record.values[.heldOutChi2] = MetricValue(
      value: evaluation.reduced, error: bootstrap.total.standardDeviation,
      floor: try reference.evaluate(ShowerTotals(trained)).reduced)
  }

  private mutating func compareDistances(_ pair: SamplePair, _ floor: SamplePair, _ families: Set<Metric.Family>) throws
  {
    let wanted = families.intersection([.fpd, .kpd])
    guard !wanted.isEmpty else { return }
    guard let sizes = distanceSizes(pair, wanted, "") else { return }
    let distances = try pair.distances(seed: record.seed)
    var floors: SampleDistances?
    self.sizes = sizes
    floorSizes = distanceSizes(floor, wanted, "the floor of ")
    if floorSizes != nil { floors = try floor.distances(seed: record.seed) }
    func set(_ metric: Metric, _ distance: (SampleDistances, DistanceSizes) -> (value: Double, error: Double)) {
      let (value, error) = distance(distances, sizes)
      var least: (value: Double, error: Double)?
      if let floors, let floorSizes { least = distance(floors, floorSizes) }
      record.values[metric] = MetricValue(value: value, error: error, floor: least?.value, floorError: least?.error)
    }
    if wanted.contains(.fpd) { set(.fpd) { $0.frechet($1) } }
    if wanted.contains(.kpd) { set(.kpd) { $0.kernel($1) } }
  }

  private mutating func distanceSizes(
    _ pair: SamplePair, _ families: Set<Metric.Family>, _ what: String
  ) -> DistanceSizes? {
    isEnough(pair, DistanceSizes.leastEvents, what + families.map(\.rawValue).sorted().joined(separator: ", "))
      ? DistanceSizes(events: pair.events) : nil
  }

  /// Whether a pair has so many events; a remark where it has not.
  private mutating func isEnough(_ pair: SamplePair, _ least: Int, _ what: String) -> Bool {
    if pair.events < least {
      remarks.append("\(what): \(pair.events) events are too few; \(least) are needed")
    }
    return pair.events >= least
  }

  private mutating func compareObservables(
    _ pair: SamplePair, _ floor: SamplePair, _ families: Set<Metric.Family>, histograms: Bool
  ) throws {
    guard families.contains(.separation) || families.contains(.layers) else { return }
    var comparison = try pair.observables()
    let least = try floor.observables()
    comparison.setFloor(least)
    if families.contains(.separation) {
      record.values[.separation] = MetricValue(value: comparison.meanSeparation, floor: least.meanSeparation)
    }
    if families.contains(.layers) {
      func set(_ metric: Metric, _ isOf: (ObservableComparison.Observable) -> Bool) {
        guard let score = comparison.reduced(of: isOf) else { return }
        record.values[metric] = MetricValue(value: score, floor: least.reduced(of: isOf))
      }
      set(.layerChi2) { $0 == .layerEnergy }
      set(.shapeChi2) { $0.isShape }
      let matrices = LayerCorrelations.compare(pair.geant4, pair.other, geometry: pair.plane.geometry)
      correlations = matrices
      if let value = matrices.compactMap(\.largestDifference).max() {
        record.values[.correlation] = MetricValue(
          value: value,
          floor: LayerCorrelations.compare(floor.geant4, floor.other, geometry: pair.plane.geometry)
            .compactMap(\.largestDifference).max())
      }
    }
    if !histograms { comparison.dropHistograms() }
    observables = comparison.observables
  }

  private mutating func compareNeighbours(
    _ pair: SamplePair, _ floor: SamplePair, _ showers: ComparedShowers
  ) throws {
    guard isEnough(pair, 2 * Manifolds.neighbours, "neighbours") else { return }
    let (geant4, generated) = (try pair.geant4.logarithms(), try pair.other.logarithms())
    let value = Manifolds(reference: geant4, generated: generated)
    var least: Manifolds?
    if isEnough(floor, 2 * Manifolds.neighbours, "the floor of neighbours") {
      least = Manifolds(reference: try floor.geant4.logarithms(), generated: try floor.other.logarithms())
    }
    func set(_ metric: Metric, _ part: KeyPath<Manifolds, Double>) {
      record.values[metric] = MetricValue(value: value[keyPath: part], floor: least?[keyPath: part])
    }
    set(.precision, \.precision)
    set(.recall, \.recall)
    set(.density, \.density)
    set(.coverage, \.coverage)
    guard showers.trained != nil else {
      remarks.append("memorisation: it takes held-out events")
      return
    }
    let count = Double(min(pair.events, NearestNeighbours.mostEvents))
    let share = Memorisation.share(
      generated: generated, trained: try floor.other.logarithms(), heldOut: geant4)
    record.values[.memorisation] = MetricValue(
      value: share, error: (share * (1 - share) / count).squareRoot(), floor: 0.5)
  }

  private mutating func compareClassifiers(_ pair: SamplePair, _ floor: SamplePair) throws {
    guard isEnough(pair, ClassifierTest.leastEvents, "auc") else { return }
    var tests: [ClassifierTest] = []
    let hasFloor = isEnough(floor, ClassifierTest.leastEvents, "the floor of auc")
    for (input, metric) in [(ClassifierTest.Input.low, Metric.aucLow), (.high, .aucHigh)] {
      let test = try pair.classifier(input, seed: record.seed)
      guard test.area.isFinite else {
        remarks.append("\(metric.rawValue): the classifier diverged; are there voxels of absurd energies?")
        continue
      }
      tests.append(test)
      let least = hasFloor ? try floor.classifier(input, seed: record.seed) : nil
      record.values[metric] = MetricValue(
        value: test.area, error: test.spread, floor: least?.area, floorError: least?.spread)
    }
    classifiers = tests
  }
}

extension ObservableComparison {
  /// The mean over the observables; 0 where there are none.
  fileprivate var meanSeparation: Double {
    observables.isEmpty ? 0 : observables.reduce(0) { $0 + $1.separationPower } / Double(observables.count)
  }

  /// χ²/NDF over some of the observables; nil where none has any.
  fileprivate func reduced(of isIncluded: (Observable) -> Bool) -> Double? {
    var (chi2, ndf) = (0.0, 0)
    for entry in observables where isIncluded(entry.observable) {
      chi2 += entry.chi2 ?? 0
      ndf += entry.ndf ?? 0
    }
    return ndf == 0 ? nil : chi2 / Double(ndf)
  }
}
