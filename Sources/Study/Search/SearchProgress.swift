import Experiment
package import Ledger
import Records
package import Search

/// How a search stands: what it is to do, what it has decided, and what came out of that.
package struct SearchProgress {
  /// The sweep's name.
  package let sweep: String
  /// What the search is to do.
  package let specification: SearchSpecification
  /// What was decided, in order, and when.
  package let entries: [SearchRecord.Entry]
  /// What was decided, in order.
  package var decisions: [SearchDecision] { entries.map(\.decision) }
  /// What is recorded of its trials.
  package let evidence: SearchEvidence
  /// Which seed of which trial each run is, from 0.
  package let places: [String: (trial: Int, seed: Int)]
  /// Whether nothing comes next, as the search has said.
  let hasEnded: Bool
  /// When each trial was heard of last; seconds since 1970-01-01 00:00 UTC.
  let heard: [Int: Double]

  /// Reads it; nil where the sweep has no search.
  /// - Throws: `InputError`, `LedgerError`, `StorageError`.
  package init?(_ sweep: String, in ledger: Ledger) throws {
    let book = try SearchBook(sweep, in: ledger.workspace)
    guard book.record.specification != nil else { return nil }
    let recorded = try RecordedSweep.read(sweep, in: ledger.workspace)
    // Its file may have other rows by now, which are no trials.
    guard recorded.plan.variants.enumerated().allSatisfy({ $1.label == SearchDecision.label($0) }) else { return nil }
    let datasets = Dictionary(recorded.datasets.map { ($0.request, $0.dataset) }, uniquingKeysWith: { $1 })
    try self.init(book, PreparedSweep(recorded.plan, datasets), in: ledger)
  }

  /// How the search of a book stands, whose trials are the rows of a sweep in their order.
  init?(_ book: SearchBook, _ sweep: PreparedSweep, in ledger: Ledger) throws {
    guard let specification = book.record.specification else { return nil }
    (self.sweep, self.specification, entries) = (sweep.plan.name, specification, book.record.entries)
    hasEnded = book.record.end != nil
    let statuses = Dictionary(
      try ledger.statuses(sweep: sweep.plan.name).map { ($0.run, $0) }, uniquingKeysWith: { $1 })
    let measured = try specification.objective.metric.map {
      JudgedTrials(by: $0, try ledger.metrics(sweep: sweep.plan.name), of: sweep)
    }
    var evidence = SearchEvidence(book.record.decisions)
    var places: [String: (trial: Int, seed: Int)] = [:]
    var heard: [Int: Double] = [:]
    for (number, row) in sweep.plan.variants.enumerated() where evidence.trials.indices.contains(number) {
      evidence.trials[number].replicates = try sweep.plan.seeds(of: row).enumerated().map { place, seed in
        guard let run = sweep.run(of: row, seed: seed) else { return ReplicateEvidence() }
        places[run] = (number, place)
        guard let status = statuses[run], status.lastCheckpoint != nil || !status.attempts.isEmpty else {
          return ReplicateEvidence()
        }
        let cost = status.cost
        heard[number] = max(heard[number] ?? 0, status.attempts.map(\.lastHeard).max() ?? 0)
        return ReplicateEvidence(
          try ledger.points(of: run).map { CurveValue($0.checkpoint, $0.reduced ?? .nan, response: $0.meanResponse) },
          measured: measured?[run] ?? [:], isOver: [.diverged, .failed].contains(status.state),
          coreSeconds: cost.training + cost.evaluation + cost.lost)
      }
    }
    (self.evidence, self.places, self.heard) = (evidence, places, heard)
  }

  /// What decides on from here, as far as the order of what is there goes; it has no points of its own to try.
  var planner: SearchPlanner { SearchPlanner(specification) }

  /// Where each trial stands.
  package var standings: [TrialStanding] { planner.standings(evidence, hasEnded: hasEnded) }

  /// What was found.
  package var verdict: SearchVerdict { SearchVerdict(specification, evidence) }
}

/// What generators of a search came out as by its metric, as far as the numbers can be compared: all of as many events.
struct JudgedTrials {
  private let values: [String: [Int: Double]]

  /// Takes what is recorded of as many events as the file asks for or, where there are fewer, of the most.
  /// - Parameters:
  ///   - metric: The metric.
  ///   - records: What is recorded, by run and checkpoint.
  ///   - sweep: The search's rows.
  init(by metric: Metric, _ records: [String: [Int: MetricsRecord]], of sweep: PreparedSweep) {
    let wanted = sweep.plan.variants.first.flatMap { row in
      sweep.dataset(row.dataset).map { (row.evaluate?.heldOut ?? $0.eventsPerEnergy) * $0.energies.count }
    }
    let usable = records.mapValues {
      $0.filter { $1.heldOut && $1.values[metric] != nil && $1.events <= wanted ?? .max }
    }
    let events = usable.values.joined().map(\.value.events).max()
    values = usable.mapValues { $0.filter { $1.events == events }.compactMapValues { $0.values[metric]?.value } }
  }

  /// The metric of a run's generators, by checkpoint.
  subscript(run: String) -> [Int: Double] { values[run] ?? [:] }
}

extension PreparedSweep {
  /// The run of a row and a seed; nil where its data are not prepared.
  func run(of row: PlannedVariant, seed: UInt64) -> String? {
    dataset(row.dataset).map { row.trained.runID(seed: seed, dataset: $0) }
  }

  /// The data of a request; nil where they are not prepared.
  fileprivate func dataset(_ request: DatasetRequest) -> DatasetDescription? {
    datasets.first { $0.request == request }?.dataset
  }
}
