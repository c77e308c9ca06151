/// Which of a run's kept generators are judged when it has ended, by what, and beside how many events.
package struct EvaluationOrder: Codable, Hashable, Sendable {
  /// What is computed.
  package var metrics: [Metric.Family] = Metric.Family.quick
  /// Every how many checkpoints a generator is judged; 0 for the best checkpoint's alone, which always is.
  package var every: Int = 0
  /// Events of each energy, generated and held out; nil for as many as were trained on.
  package var heldOut: Int?

  package init(metrics: [Metric.Family] = Metric.Family.quick, every: Int = 0, heldOut: Int? = nil) {
    self.metrics = metrics
    self.every = every
    self.heldOut = heldOut
  }

  /// The checkpoints that are judged of a run.
  /// - Parameters:
  ///   - best: The one that is best by χ² in training; nil while there is none.
  ///   - last: The run's last.
  /// - Returns: Their numbers, ascending.
  package func checkpoints(best: Int?, last: Int) -> [Int] {
    let regular = every > 0 ? Array(stride(from: every, through: last, by: every)) : []
    return Set(regular + (best.map { [$0] } ?? [])).sorted()
  }

  /// Whether a record of a checkpoint says all that is asked for.
  /// - Parameters:
  ///   - computed: The metrics that it has.
  ///   - events: The generated events that it is of, of all energies together.
  ///   - ordered: Those of each energy that were asked for, of which there may have been fewer; nil where nobody said.
  ///   - dataset: What the run is trained on.
  /// - Returns: False as well for a record of another number of events.
  package func isFulfilled(
    by computed: some Collection<Metric>, events: Int, ordered: Int?, dataset: DatasetDescription
  ) -> Bool {
    let wanted = heldOut ?? dataset.eventsPerEnergy
    return (ordered == wanted || events == wanted * dataset.energies.count)
      && metrics.allSatisfy { family in family.metrics.contains(where: computed.contains) }
  }
}
