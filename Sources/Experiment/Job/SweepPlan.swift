/// What a sweep file asks for, expanded: every variant in order, the skipped ones with their reason.
package struct SweepPlan: Codable, Hashable, Sendable {
  /// The sweep's name, [a-z0-9-]+.
  package var name: String
  package var seeds: [UInt64]
  package var variants: [PlannedVariant]

  package init(name: String, seeds: [UInt64], variants: [PlannedVariant]) {
    self.name = name
    self.seeds = seeds
    self.variants = variants
  }
}

/// One variant of a sweep: what is trained, on what, for how long, and what it is compared with.
package struct PlannedVariant: Codable, Hashable, Sendable {
  /// The user's name for the row ("1", "2x", "Classical"), unique in its table; the spelled name where none is given.
  package var label: String
  /// The table of the paper that the row stands in; "" where the sweep has no tables.
  package var table: String
  package var variant: Variant
  package var settings: TrainingSettings
  package var dataset: DatasetRequest
  package var budget: Budget
  package var keep: Retention
  /// Why it is not trained; nil when it is.
  package var skip: String?
  /// The `id` of the classical model that ⟨χ²⟩c averages, and of the reference that ⟨χ²⟩c′ does.
  package var baseline: String?
  package var reference: String?

  package init(
    label: String, table: String = "", variant: Variant, settings: TrainingSettings, dataset: DatasetRequest,
    budget: Budget, keep: Retention = .init(), skip: String? = nil, baseline: String? = nil, reference: String? = nil
  ) {
    self.label = label
    self.table = table
    self.variant = variant
    self.settings = settings
    self.dataset = dataset
    self.budget = budget
    self.keep = keep
    self.skip = skip
    self.baseline = baseline
    self.reference = reference
  }
}

/// The events a sweep asks for: a source file in the CaloChallenge layout and a selection from it.
package struct DatasetRequest: Codable, Hashable, Sendable {
  /// The source's path, as an absolute path once the sweep file is read.
  package var source: String
  /// Incident energies (MeV), ascending.
  package var energies: [Double]
  /// The first so many events of each energy.
  package var eventsPerEnergy: Int

  package init(source: String, energies: [Double], eventsPerEnergy: Int) {
    self.source = source
    self.energies = energies
    self.eventsPerEnergy = eventsPerEnergy
  }

  /// What identifies it in a sweep: the source's file name (not where it lies) and the selection, energies as Swift
  /// describes them: `pions.hdf5 [65536.0] 1000`.
  var canonical: String {
    let name =
      source.utf8.lastIndex(of: UInt8(ascii: "/")).map { source[source.utf8.index(after: $0)...] } ?? source[...]
    return "\(name) \(energies) \(eventsPerEnergy)"
  }
}
