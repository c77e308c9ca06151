/// What a sweep file asks for, expanded: every variant in order, the skipped ones with their reason.
package struct SweepPlan: Codable, Hashable, Sendable {
  /// The sweep's name, [a-z0-9-]+.
  package var name: String
  /// The seeds that every row is trained with, in the file's order.
  package var seeds: [UInt64]
  /// The rows in the file's order, also those that are skipped.
  package var variants: [PlannedVariant]

  package init(name: String, seeds: [UInt64], variants: [PlannedVariant]) {
    self.name = name
    self.seeds = seeds
    self.variants = variants
  }
}

extension SweepPlan {
  /// The seeds that a row is trained with.
  package func seeds(of variant: PlannedVariant) -> [UInt64] { variant.seeds ?? seeds }
}

/// One variant of a sweep: what is trained, on what, for how long, and what it is compared with.
package struct PlannedVariant: Codable, Hashable, Sendable {
  /// The user's name for the row ("1", "2x", "Classical"), unique in its table; the spelled name where none is given.
  package var label: String
  /// The table of the paper that the row stands in; "" where the sweep has no tables.
  package var table: String
  /// The networks to train.
  package var variant: Variant
  /// How they are trained.
  package var settings: TrainingSettings
  /// The events that it asks for; they need not be prepared yet.
  package var dataset: DatasetRequest
  /// When each of its runs is finished.
  package var budget: Budget
  /// Which checkpoints of its runs stay on disk.
  package var keep: Retention
  /// What its runs are judged by when they have ended; nil for nothing.
  package var evaluate: EvaluationOrder?
  /// The seeds that it is trained with, where these are not the plan's; nil for those of the plan.
  package var seeds: [UInt64]?
  /// Why it is not trained; nil when it is.
  package var skip: String?
  /// The `id` of the classical model that ⟨χ²⟩c averages; nil for none.
  package var baseline: String?
  /// The `id` of the reference that ⟨χ²⟩c′ averages; nil for none.
  package var reference: String?

  package init(
    label: String, table: String = "", variant: Variant, settings: TrainingSettings, dataset: DatasetRequest,
    budget: Budget, keep: Retention = .init(), evaluate: EvaluationOrder? = nil, skip: String? = nil,
    baseline: String? = nil, reference: String? = nil
  ) {
    self.label = label
    self.table = table
    self.variant = variant
    self.settings = settings
    self.dataset = dataset
    self.budget = budget
    self.keep = keep
    self.evaluate = evaluate
    self.skip = skip
    self.baseline = baseline
    self.reference = reference
  }
}

/// The events a sweep asks for: a source file in the CaloChallenge layout and a selection from it.
package struct DatasetRequest: Codable, Hashable, Sendable {
  /// The source's path, as an absolute path once the sweep file is read.
  package var source: String
  /// Incident energies (MeV), ascending; of bins their middles.
  package var energies: [Double]
  /// The first so many events of each energy.
  package var eventsPerEnergy: Int
  /// What the showers are of; nil for pions, as in older requests.
  package var particle: Particle?
  /// How the voxels lie; nil for CaloChallenge's detector with as many as the showers have.
  package var geometry: VoxelGeometry?
  /// The bins of incident energy; nil for discrete energies.
  package var energyBins: EnergyBins?

  /// - Parameters:
  ///   - source: The source's path.
  ///   - energies: Incident energies (MeV), ascending; not looked at where the kind has bins.
  ///   - eventsPerEnergy: The events of each energy.
  ///   - kind: What the showers are of, where, and at which energies; pions of discrete energies if not given.
  package init(source: String, energies: [Double], eventsPerEnergy: Int, kind: ShowerKind = .init()) {
    self.source = source
    self.energies = kind.bins?.middles ?? energies
    self.eventsPerEnergy = eventsPerEnergy
    self.kind = kind
  }

  /// What identifies it in a sweep: the source's file name (not where it lies) and the selection, energies as Swift
  /// describes them, with what is not as usual of the showers: `pions.hdf5 [65536.0] 1000`.
  var canonical: String {
    let name =
      source.utf8.lastIndex(of: UInt8(ascii: "/")).map { source[source.utf8.index(after: $0)...] } ?? source[...]
    return "\(name) \(energies) \(eventsPerEnergy)\(kind.departures)"
  }

  /// Voxels per shower as far as they are known before the data are prepared: those of the geometry, or of the detector
  /// that such particles' showers are usually of.
  package var expectedVoxels: Int { (geometry ?? CaloChallenge(usualFor: kind.particle).geometry).voxels }
}
