package import Experiment
package import Ledger
import Storage

/// A sweep with its data prepared: what its runs are.
package struct PreparedSweep {
  /// The whole plan.
  package var plan: SweepPlan
  /// What was prepared, by what was asked for.
  package var datasets: [RequestedDataset]
  /// One for each row that is not skipped and each seed; a run that several rows share once.
  ///
  /// Seed by seed, so that all rows have their first before any has its second.
  package var jobs: [JobDescription]
  /// The rows' label for each run, of the first row that it trains.
  package var labels: [String: String]
  /// What runs are judged by when they have ended, where the sweep file orders it; alike.
  package var orders: [String: EvaluationOrder]

  /// Prepares the data of every row that is not skipped, as far as they are not.
  /// - Throws: `InputError`, `StorageError`, `WorkerFailure`.
  package static func prepare(
    _ plan: SweepPlan, in workspace: Workspace, say: (String) -> Void
  ) async throws -> PreparedSweep {
    let store = DatasetStore(workspace)
    var datasets: [DatasetRequest: DatasetDescription] = [:]
    for variant in plan.variants where variant.skip == nil && datasets[variant.dataset] == nil {
      datasets[variant.dataset] = try await store.dataset(variant.dataset, say: say)
    }
    return PreparedSweep(plan, datasets)
  }

  /// The runs of a plan; rows without a dataset have none.
  package init(_ plan: SweepPlan, _ prepared: [DatasetRequest: DatasetDescription]) {
    self.plan = plan
    datasets = prepared.map { RequestedDataset(request: $0.key, dataset: $0.value) }
      .sorted { $0.dataset.sha256 < $1.dataset.sha256 }
    (jobs, labels, orders) = ([], [:], [:])
    for seed in plan.seeds {
      for variant in plan.variants where variant.skip == nil && plan.seeds(of: variant).contains(seed) {
        guard let dataset = prepared[variant.dataset] else { continue }
        let job = JobDescription(
          variant: variant.variant, settings: variant.settings, seed: seed, dataset: dataset, budget: variant.budget,
          keep: variant.keep)
        guard labels[job.run] == nil else { continue }
        labels[job.run] = variant.table.isEmpty ? variant.label : "\(variant.table)/\(variant.label)"
        orders[job.run] = variant.evaluate
        jobs.append(job)
      }
    }
  }

  /// The runs of a sweep as it was last started.
  package init(_ recorded: RecordedSweep) {
    self.init(
      recorded.plan,
      Dictionary(recorded.datasets.map { ($0.request, $0.dataset) }, uniquingKeysWith: { $1 }))
  }

  /// The same with only the runs of the rows and seeds that are meant; the plan stays whole.
  package func selecting(_ selection: Selection) -> PreparedSweep {
    var chosen = plan
    chosen.variants.removeAll { !selection.selects($0) }
    chosen.seeds.removeAll { !selection.selects(seed: $0) }
    var selected = PreparedSweep(chosen, known)
    selected.plan = plan
    selected.datasets = datasets
    return selected
  }

  /// The same with the runs of all rows and seeds.
  package var whole: PreparedSweep { PreparedSweep(plan, known) }

  private var known: [DatasetRequest: DatasetDescription] {
    Dictionary(datasets.map { ($0.request, $0.dataset) }, uniquingKeysWith: { $1 })
  }

  /// Records the sweep as it is started, and says which rows of before it takes the place of.
  /// - Throws: `LedgerError`, `StorageError`.
  package func record(source: String, in ledger: Ledger, say: (String) -> Void) throws {
    if let before = try? RecordedSweep.read(plan.name, in: ledger.workspace) {
      let ids = Set(plan.variants.map(\.id))
      let gone = before.plan.variants.filter { !ids.contains($0.id) }.map(\.label)
      if !gone.isEmpty {
        say(
          "\(plan.name), as it was started from \(before.source), had rows that \(source) does not have: "
            + "\(gone.firstFive(separator: ", ")); it "
            + "shows them no more. Their runs stay: a sweep with the rows, of another name, shows them again")
      }
    }
    try ledger.record(plan, source: source, datasets: datasets)
  }
}
