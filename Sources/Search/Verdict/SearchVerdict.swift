import Glibc
import Storage

/// What a search has found: which of the trials at the last rung is the best, as far as their seeds can tell.
///
/// A trial's true objective is taken to be normal about a mean of all of them, and a seed's normal about that, on the
/// objective's scale; neither mean nor widths are known better than the seeds tell. A trial's own mean is therefore shrunk
/// towards that of all: the more, the fewer its seeds and the larger the noise between seeds.
/// - Source: Gelman et al., Bayesian Data Analysis, 3rd edition, section 5.4.
package struct SearchVerdict: Hashable, Sendable {
  /// One of the trials.
  package struct Contender: Hashable, Sendable {
    /// The trial's number, from 0.
    package var trial: Int
    /// What its seeds came out as.
    package var seeds: [Double]
    /// Its objective, shrunk towards the mean of all.
    package var objective: Double
    /// The interval that has its objective with a chance of 68 %.
    package var interval: ClosedRange<Double>
    /// The chance that none of the others is better.
    package var chance: Double
  }

  /// The trials that have come to the last rung, the likeliest to be the best first.
  package var contenders: [Contender]
  /// The standard deviation between seeds of one trial, on the objective's scale; nil where no trial has two.
  package var noise: Double?
  /// The number of the best trial; nil where it cannot be told.
  package var winner: Int?
  /// Where it cannot be told: the trials that may be it, and how many seeds more of each would tell, if they go on as
  /// they have; nil for more than a hundred, or where the noise is not known.
  package var undecided: (trials: [Int], seeds: Int?)? {
    winner == nil && !contenders.isEmpty ? (candidates, moreSeeds) : nil
  }
  private var candidates: [Int]
  private var moreSeeds: Int?

  /// The chance from which on the best is named.
  package static let confidence = 0.8
  private static let draws = 2000
  private static let mostSeeds = 100

  /// - Parameters:
  ///   - specification: What the search is to do.
  ///   - evidence: What is recorded of it.
  package init(_ specification: SearchSpecification, _ evidence: SearchEvidence) {
    let top = specification.rungs.count - 1
    let found = evidence.trials.enumerated().compactMap { number, trial -> Sample? in
      guard trial.rung == top, let values = Ladder.seedValues(of: trial, at: top, specification),
        values.allSatisfy(\.isFinite)
      else { return nil }
      return Sample(trial: number, values: values)
    }
    (contenders, candidates) = ([], [])
    guard !found.isEmpty else { return }
    let model = Model(found, seed: specification.seed)
    noise = model.noise
    let objective = specification.objective
    contenders = zip(found, model.beliefs).map { sample, belief in
      Contender(
        trial: sample.trial, seeds: sample.values.map(objective.quantity), objective: objective.quantity(belief.mean),
        interval: objective.quantity(belief.interval.lowerBound)...objective.quantity(belief.interval.upperBound),
        chance: belief.chance)
    }
    contenders.sort { ($1.chance, $0.objective, $0.trial) < ($0.chance, $1.objective, $1.trial) }
    candidates = Self.candidates(of: contenders, isNoiseKnown: noise != nil)
    if found.count == 1 {
      winner = found[0].trial
    } else if model.noise != nil {
      if contenders[0].chance >= Self.confidence {
        winner = contenders[0].trial
      } else {
        moreSeeds = Self.moreSeeds(found, candidates, seed: specification.seed)
      }
    }
  }

  /// The likeliest trials, of which one is the best with `confidence`: two at least where none is by itself; all where
  /// nothing tells them apart.
  private static func candidates(of contenders: [Contender], isNoiseKnown: Bool) -> [Int] {
    guard isNoiseKnown else { return contenders.map(\.trial) }
    var (count, chance) = (0, 0.0)
    while count < contenders.count, chance < confidence {
      chance += contenders[count].chance
      count += 1
    }
    return contenders.prefix(count).map(\.trial)
  }

  /// The smallest number of seeds that would tell, if means and noise stay as they are.
  private static func moreSeeds(_ found: [Sample], _ candidates: [Int], seed: UInt64) -> Int? {
    var model = Model(found, seed: seed)
    func tells(_ seeds: Int) -> Bool {
      for (index, sample) in found.enumerated() where candidates.contains(sample.trial) {
        model.counts[index] = Double(sample.values.count + seeds)
      }
      return (model.beliefs.map(\.chance).max() ?? 0) >= confidence
    }
    guard tells(mostSeeds) else { return nil }
    var (low, high) = (0, mostSeeds)
    while high - low > 1 {
      let middle = (low + high) / 2
      if tells(middle) { high = middle } else { low = middle }
    }
    return high
  }

  fileprivate struct Sample {
    var trial: Int
    var values: [Double]

    var mean: Double { values.reduce(0, +) / Double(values.count) }
    /// The sum of the squared differences from the mean.
    var squares: Double { values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } }
  }

  /// What is believed of a trial.
  fileprivate struct Belief {
    var mean: Double
    var interval: ClosedRange<Double>
    var chance: Double
  }

  /// Normal trials with normal seeds.
  fileprivate struct Model {
    private let means: [Double]
    var counts: [Double]
    /// The variance between seeds, and the degrees of freedom that it is known by.
    private let within: (variance: Double, degrees: Int)?
    private let seed: UInt64
    /// Standard deviations of the trials about their mean that are thought of, all alike.
    private let spreads: [Double]

    var noise: Double? { within.map { $0.variance.squareRoot() } }

    init(_ samples: [Sample], seed: UInt64) {
      means = samples.map(\.mean)
      counts = samples.map { Double($0.values.count) }
      self.seed = seed
      let degrees = samples.reduce(0) { $0 + $1.values.count - 1 }
      let squares = samples.reduce(0) { $0 + $1.squares }
      within = degrees > 0 ? (squares / Double(degrees), degrees) : nil
      let widest = 2 * ((means.max() ?? 0) - (means.min() ?? 0))
      spreads = (0..<20).map { (Double($0) + 0.5) / 20 * widest }
    }

    /// What is believed of each trial, by draws from all that may be true; where the noise is not known, all may be the
    /// best alike.
    var beliefs: [Belief] {
      guard let within, means.count > 1 else {
        return means.map { Belief(mean: $0, interval: $0...$0, chance: 1 / Double(means.count)) }
      }
      var random = SplitMix64.trial(0, seed: seed ^ 0x76657264696374)
      var draws = means.map { _ in [Double]() }
      var wins = means.map { _ in 0.0 }
      for _ in 0..<SearchVerdict.draws {
        let variance = within.variance * Double(within.degrees) / random.chiSquared(within.degrees)
        let truths = truths(noise: variance, &random)
        for (index, truth) in truths.enumerated() { draws[index].append(truth) }
        let best = truths.min()
        let winners = truths.indices.filter { truths[$0] == best }
        for winner in winners { wins[winner] += 1 / Double(winners.count) }
      }
      return zip(draws, wins).map { values, wins in
        let (sorted, count) = (values.sorted(), Double(values.count))
        let interval = sorted[Int(0.16 * count)]...sorted[Int(0.84 * count)]
        return Belief(mean: values.reduce(0, +) / count, interval: interval, chance: wins / count)
      }
    }

    /// What the trials may truly be, for a variance between seeds.
    private func truths(noise variance: Double, _ random: inout SplitMix64) -> [Double] {
      // Seeds may be alike to the last digit.
      let least = 1e-9 * (1 + (means.map(abs).max() ?? 0))
      let noises = counts.map { max(variance / $0, least * least) }
      let spread = spread(noises, &random)
      let center = center(noises, spread)
      let middle = center.mean + center.variance.squareRoot() * random.normal()
      return means.indices.map { index in
        let share = spread * spread / (spread * spread + noises[index])
        return middle + share * (means[index] - middle) + (share * noises[index]).squareRoot() * random.normal()
      }
    }

    /// The mean of all trials, and how well it is known.
    private func center(_ noises: [Double], _ spread: Double) -> (mean: Double, variance: Double) {
      let weights = noises.map { 1 / (spread * spread + $0) }
      let total = weights.reduce(0, +)
      return (zip(weights, means).reduce(0) { $0 + $1.0 * $1.1 } / total, 1 / total)
    }

    /// A spread of the trials, as likely as what they came out as makes it.
    private func spread(_ noises: [Double], _ random: inout SplitMix64) -> Double {
      let logs = spreads.map { spread in
        let center = center(noises, spread)
        return zip(means, noises).reduce(0.5 * log(center.variance)) { sum, pair in
          let (variance, distance) = (spread * spread + pair.1, pair.0 - center.mean)
          return sum - 0.5 * (log(variance) + distance * distance / variance)
        }
      }
      let highest = logs.max() ?? 0
      let weights = logs.map { exp($0 - highest) }
      var place = random.unit() * weights.reduce(0, +)
      for (spread, weight) in zip(spreads, weights) {
        place -= weight
        if place < 0 { return spread }
      }
      return spreads.last ?? 0
    }
  }
}
