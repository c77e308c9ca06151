package import Experiment

/// Which of a sweep's rows and seeds are meant.
package struct Selection: Hashable, Sendable {
  /// Labels, table/labels, names or identities of rows; all rows where there are none.
  package var only: [String]
  /// Nil for all seeds.
  package var seeds: [UInt64]?

  /// The rows and seeds of these names and numbers; everything if none are given.
  package init(only: [String] = [], seeds: [UInt64]? = nil) {
    (self.only, self.seeds) = (only, seeds)
  }

  /// Whether a row is meant.
  package func selects(_ variant: PlannedVariant) -> Bool {
    only.isEmpty || only.contains { Self.names(of: variant).contains($0) }
  }

  /// Whether a seed is meant.
  package func selects(seed: UInt64) -> Bool { seeds?.contains(seed) ?? true }

  /// - Throws: `InputError` when something selects nothing.
  package func check(against plan: SweepPlan) throws {
    let names = only.isEmpty ? [] : Set(plan.variants.flatMap(Self.names))
    if let unknown = only.first(where: { !names.contains($0) }) {
      let labels = plan.variants.prefix(10).map(\.label).joined(separator: ", ")
      throw InputError(
        "--only: no variant of \(plan.name) is called '\(unknown)'; there are \(labels)"
          + (plan.variants.count > 10 ? " …" : ""))
    }
    if let seed = seeds?.first(where: { !plan.seeds.contains($0) }) {
      throw InputError(
        "--seeds: \(plan.name) has no seed \(seed); it has \(plan.seeds.map(String.init).joined(separator: ", "))")
    }
  }

  private static func names(of variant: PlannedVariant) -> [String] {
    [variant.label, "\(variant.table)/\(variant.label)", variant.name, variant.id]
  }
}
