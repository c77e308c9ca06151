/// What is recorded of a search: all that its next decision follows from, beside the specification.
package struct SearchEvidence: Hashable, Sendable {
  /// The trials in the order of their numbers, from 0.
  package var trials: [TrialEvidence]

  package init(_ trials: [TrialEvidence] = []) { self.trials = trials }

  /// Hours of a core that were spent.
  package var coreHours: Double {
    trials.reduce(0) { $0 + $1.replicates.reduce(0) { $0 + $1.coreSeconds } } / 3600
  }
}

/// What is recorded of one trial.
package struct TrialEvidence: Hashable, Sendable {
  /// What it tries.
  package var point: Point
  /// The rung that it was sent to, from 0.
  package var rung: Int
  /// The rungs beyond which it was sent because of its curve, and not as one of the best.
  package var kept: Set<Int>
  /// What came out of its seeds, in their order; those that have nothing yet may be missing.
  package var replicates: [ReplicateEvidence]

  package init(_ point: Point, rung: Int = 0, kept: Set<Int> = [], _ replicates: [ReplicateEvidence] = []) {
    (self.point, self.rung, self.kept, self.replicates) = (point, rung, kept, replicates)
  }
}

/// What is recorded of one seed of a trial.
package struct ReplicateEvidence: Hashable, Sendable {
  /// Its curve, by ascending checkpoints.
  package var curve: [CurveValue]
  /// What its generators at some checkpoints came out as by the objective's metric, where it is judged by one.
  package var measured: [Int: Double]
  /// Whether it cannot go further, however far it was sent: diverged, or failed for good.
  package var isOver: Bool
  /// Seconds of cores that it has taken.
  package var coreSeconds: Double

  package init(
    _ curve: [CurveValue] = [], measured: [Int: Double] = [:], isOver: Bool = false, coreSeconds: Double = 0
  ) {
    (self.curve, self.measured, self.isOver, self.coreSeconds) = (curve, measured, isOver, coreSeconds)
  }
}

/// A run's quality at a checkpoint.
package struct CurveValue: Hashable, Sendable {
  /// The checkpoint's number.
  package var checkpoint: Int
  /// What is to become low; not a number where it was none.
  package var value: Double
  /// The mean of E_tot/E over the incident energies, which is to become 1; nil where it is not known.
  package var response: Double?

  package init(_ checkpoint: Int, _ value: Double, response: Double? = nil) {
    (self.checkpoint, self.value, self.response) = (checkpoint, value, response)
  }
}
