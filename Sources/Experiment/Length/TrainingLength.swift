/// How far a budget takes a run, and how long that takes: the one answer to both, whatever the rate is from.
package struct TrainingLength: Hashable, Sendable {
  /// The number of the checkpoint at which the budget is used up.
  package var lastCheckpoint: Int
  /// Wall clock seconds from nothing, evaluations and checkpoints included.
  package var seconds: Double
}

extension TrainingRate {
  /// What a budget comes to at this rate; nil for a budget without a limit.
  package func length(of budget: Budget, interval: Int) -> TrainingLength? {
    let byTime = budget.trainingSeconds.map {
      min(Int(saturating: $0 / (Double(interval) * iteration)), Bounds.checkpoints.upperBound)
    }
    guard let last = [budget.checkpoints, byTime].compactMap(\.self).min() else { return nil }
    // A budget of time is used up between two checkpoints.
    let isByTime = byTime == last && budget.checkpoints ?? .max > last
    let between = isByTime ? (budget.trainingSeconds ?? 0) - Double(last * interval) * iteration : 0
    // Checkpoint 0 is evaluated and written before anything is trained.
    let seconds = evaluation + checkpointing + Double(last) * perCheckpoint(interval: interval) + max(0, between)
    return TrainingLength(lastCheckpoint: last, seconds: seconds)
  }

  /// A rate that no training reaches: each core multiplies 60 · 10⁹ times a second, and does nothing but the Dense
  /// layers' products and four multiplications for each amplitude.
  package static func unreached(_ shape: TrainingShape, cores: Int) -> TrainingRate {
    TrainingRate(
      iteration: (shape.multiplications + 4 * shape.amplitudes) / (Double(cores) * 60e9), evaluation: 0,
      checkpointing: 0, fullBytes: 0, generatorBytes: 0)
  }
}

extension JobDescription {
  /// The last checkpoint that the budget allows, at most; where it has no limit, that of a day.
  package func lastCheckpoint(cores: Int = 1) -> Int {
    let rate = TrainingRate.unreached(TrainingShape(self), cores: cores)
    let interval = settings.checkpointInterval
    let length = rate.length(of: budget, interval: interval)
    return length?.lastCheckpoint
      ?? rate.length(of: Budget(trainingSeconds: 86_400), interval: interval)?.lastCheckpoint ?? 0
  }
}
