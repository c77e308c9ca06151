package import Experiment
import Glibc

/// What a search is to do: all that its decisions follow from, beside what has come out.
package struct SearchSpecification: Hashable, Sendable {
  /// What can be tried.
  package var space: SearchSpace
  /// How points are chosen.
  package var method: SearchMethod
  /// How many points are tried.
  package var trials: Int
  /// What all random numbers follow from.
  package var seed: UInt64
  /// The checkpoints at which trials are compared, ascending; the last is where a trial is done.
  package var rungs: [Int]
  /// One trial of so many goes on from a rung to the next.
  package var factor: Int
  /// Each trial's seeds at each rung, never fewer than at the rung before.
  package var replicates: [Int]
  /// What a trial is judged by.
  package var objective: Objective
  /// What keeps trials that are late; nil for nothing.
  package var guardian: Guardian?
  /// Hours of a core after which nothing more is decided; nil for no limit.
  package var coreHours: Double?
  /// Runs at HTCondor at a time.
  package var atOnce = 20

  /// What keeps trials from being stopped too early.
  package struct Guardian: Codable, Hashable, Sendable {
    /// The checkpoint before which nothing is stopped.
    package var grace: Int
    /// The share of a rung's trials that go on, beside the best ones, because their curves promise more.
    package var share: Double

    package init(grace: Int = 0, share: Double = 0) { (self.grace, self.share) = (grace, share) }
  }

  /// - Precondition: There is a rung, and a number of replicates for each.
  package init(
    space: SearchSpace, method: SearchMethod, trials: Int, seed: UInt64 = 1, rungs: [Int], factor: Int = 3,
    replicates: [Int]? = nil, objective: Objective = Objective(), guardian: Guardian? = nil, coreHours: Double? = nil
  ) {
    (self.space, self.method, self.trials, self.seed, self.rungs) = (space, method, trials, seed, rungs)
    (self.factor, self.replicates) = (factor, replicates ?? rungs.map { _ in 1 })
    (self.objective, self.guardian, self.coreHours) = (objective, guardian, coreHours)
    precondition(!rungs.isEmpty && self.replicates.count == rungs.count, "as many replicates as rungs")
  }

  /// The rungs from one checkpoint to another, each a factor above the one before.
  package static func rungs(from minimum: Int, by factor: Int, to maximum: Int) -> [Int] {
    var rungs: [Int] = []
    var rung = minimum
    while rung < maximum {
      rungs.append(rung)
      let (next, overflow) = rung.multipliedReportingOverflow(by: factor)
      if overflow { break }
      rung = next
    }
    return rungs + [maximum]
  }
}

/// A number that a run is judged by at a checkpoint; lower is better.
///
/// It is of the run's curve up to there, or what its generator there came out as by another metric.
package struct Objective: Hashable, Sendable {
  /// What a curve is taken for.
  package enum Summary: Hashable, Sendable {
    /// The lowest.
    case best
    /// That at the checkpoint.
    case last
    /// The mean of so many checkpoints up to there.
    case mean(Int)
  }

  /// The metric that the generator at the checkpoint is judged by; nil for what the curve is of.
  package var metric: Metric?
  /// Which of the curve's values it is.
  package var summary: Summary
  /// Whether differences are of the logarithm: of quantities that are never below zero, such as χ²/NDF.
  package var isLogarithmic: Bool

  package init(_ summary: Summary = .best, isLogarithmic: Bool = true) {
    (self.summary, self.isLogarithmic) = (summary, isLogarithmic)
  }

  /// A metric of the generator at a checkpoint.
  package init(of metric: Metric) {
    // The others can be zero or below.
    let isAbove = [.heldOutChi2, .layerChi2, .shapeChi2].contains(metric)
    (self.metric, summary, isLogarithmic) = (metric, .last, isAbove)
  }

  /// What it is called: "best", "mean 3", or the metric's name.
  package var name: String {
    if let metric { return metric.rawValue }
    return switch summary {
    case .best: "best"
    case .last: "last"
    case .mean(let count): "mean \(count)"
    }
  }

  /// The number, on the scale on which noise is alike; infinite where the curve has none.
  ///
  /// Of what was trained: the untrained generator of checkpoint 0 says nothing of a model.
  func value(_ curve: [CurveValue], upTo checkpoint: Int) -> Double {
    let values = curve.prefix { $0.checkpoint <= checkpoint }.filter { $0.checkpoint > 0 }.map(\.value)
    let value =
      switch summary {
      case .best: values.filter(\.isFinite).min()
      case .last: values.last
      case .mean(let count): Self.mean(values.suffix(count))
      }
    guard let value, value.isFinite else { return .infinity }
    return scaled(value)
  }

  /// A quantity on the scale on which noise is alike.
  package func scaled(_ value: Double) -> Double { isLogarithmic ? log(max(value, 1e-30)) : value }

  /// The quantity itself.
  package func quantity(_ scaled: Double) -> Double { isLogarithmic ? exp(scaled) : scaled }

  private static func mean(_ values: some Collection<Double>) -> Double? {
    values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
  }
}
