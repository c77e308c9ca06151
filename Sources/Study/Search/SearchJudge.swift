import Experiment
import Ledger
import Records
import Search

/// Judges the generators that a search compares, where it compares them by more than their curves.
struct SearchJudge {
  /// What is computed.
  let metric: Metric
  /// Events of each energy, generated and held out; nil for as many as were trained on.
  let events: Int?
  /// What computes; nil: the worker's program.
  var worker: WorkerProgram.Call?
  /// The generators that could not be judged, which are not tried again.
  private(set) var failed: Set<Generator> = []

  /// A run at a checkpoint.
  struct Generator: Hashable {
    var run: String
    var checkpoint: Int
  }

  init(_ metric: Metric, events: Int?, worker: WorkerProgram.Call? = nil) {
    (self.metric, self.events, self.worker) = (metric, events, worker)
  }

  /// Judges what has come to a rung and is not judged there.
  /// - Parameters:
  ///   - progress: How the search stands.
  ///   - ledger: Has the runs; takes the results.
  ///   - say: Takes what cannot be judged, and why.
  /// - Returns: Whether anything was recorded.
  /// - Throws: `LedgerError`, `StorageError`; `InputError` when there is no worker.
  mutating func judge(_ progress: SearchProgress, in ledger: Ledger, say: (String) -> Void) async throws -> Bool {
    guard let family = Metric.Family.allCases.first(where: { $0.metrics.contains(metric) }) else { return false }
    var isNew = false
    for generator in Self.missing(progress) where !failed.contains(generator) {
      do {
        let judge = try RunJudge(
          ledger, at: .number(generator.checkpoint), families: [family], events: events, worker: worker)
        // The ledger has no number for what is none.
        guard let value = try await judge.judge(generator.run, say: say).metrics.values[metric]?.value, !value.isNaN
        else { throw InputError("\(metric.rawValue) cannot be computed") }
        isNew = true
      } catch let error where error is InputError || error is WorkerFailure {
        say("\(generator.run) is not judged at checkpoint \(generator.checkpoint): \(error)")
        failed.insert(generator)
      }
    }
    return isNew
  }

  private static func missing(_ progress: SearchProgress) -> [Generator] {
    let specification = progress.specification
    return progress.places.sorted { ($0.value.trial, $0.value.seed) < ($1.value.trial, $1.value.seed) }
      .flatMap { run, place -> [Generator] in
        let trial = progress.evidence.trials[place.trial]
        let replicate = trial.replicates[place.seed]
        return specification.rungs.indices.filter { $0 <= trial.rung && place.seed < specification.replicates[$0] }
          .map { specification.rungs[$0] }
          .filter { (replicate.curve.last?.checkpoint ?? -1) >= $0 && replicate.measured[$0] == nil }
          .map { Generator(run: run, checkpoint: $0) }
      }
  }
}
