import Experiment
import Ledger
import Sweeps

/// What was begun of a variant.
struct BegunVariant {
  /// The sweeps that have it; a run may be in none any more.
  var sweeps: [String] = []
  var runs: Set<String> = []
  var furthest: Int?

  private mutating func add(_ run: String, _ checkpoint: Int?) {
    runs.insert(run)
    furthest = [furthest, checkpoint].compactMap(\.self).max()
  }

  /// What was begun of a sweep's variants, and of all those that the ledger's sweeps have, by identity.
  /// - Throws: `LedgerError`; that there is no ledger yet is none.
  static func all(of expanded: ExpandedSweep, in workspace: Workspace) throws -> [String: BegunVariant] {
    let ledger: Ledger
    do { ledger = try Ledger(reading: workspace) } catch LedgerError.absent { return [:] }
    var begun: [String: BegunVariant] = [:]
    // The runs of sweeps that took another's name.
    var orphans: [String: Int?] = [:]
    for found in try ledger.begunRuns() {
      guard let sweep = found.sweep, let id = found.variant else {
        orphans[found.run] = found.furthest
        continue
      }
      begun[id, default: BegunVariant()].add(found.run, found.furthest)
      if begun[id]?.sweeps.last != sweep { begun[id]?.sweeps.append(sweep) }
    }
    guard !orphans.isEmpty else { return begun }
    let (plan, store) = (expanded.plan, DatasetStore(workspace))
    var datasets: [DatasetRequest: DatasetDescription] = [:]
    for request in Set(plan.variants.lazy.map(\.dataset)) { datasets[request] = store.known(request) }
    for (planned, id) in zip(plan.variants, expanded.ids) where planned.skip == nil {
      guard let dataset = datasets[planned.dataset] else { continue }
      for seed in plan.seeds(of: planned) {
        let run = planned.trained.runID(seed: seed, dataset: dataset)
        if let checkpoint = orphans[run] { begun[id, default: BegunVariant()].add(run, checkpoint) }
      }
    }
    return begun
  }
}
