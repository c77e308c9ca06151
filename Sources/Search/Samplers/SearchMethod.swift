import Glibc
import Storage

/// How a search chooses what it tries next.
package enum SearchMethod: Hashable, Sendable {
  /// Each point by itself, uniformly.
  case random
  /// Halton's sequence, scrambled by the search's seed.
  case quasirandom
  /// Where good points lie denser than others, by a tree-structured Parzen estimator over all parameters at once.
  case tpe(ParzenSettings)

  /// What a sweep file calls it.
  package var name: String {
    switch self {
    case .random: "random"
    case .quasirandom: "quasirandom"
    case .tpe: "tpe"
    }
  }

  /// The settings of the estimator.
  package struct ParzenSettings: Codable, Hashable, Sendable {
    /// The points that are tried before, quasirandom ones.
    package var startup = 10
    /// The points of which the most promising is taken.
    package var candidates = 24
    /// The share of points that are good ones, of which there are 25 at most.
    package var gamma = 0.1

    package init(startup: Int = 10, candidates: Int = 24, gamma: Double = 0.1) {
      (self.startup, self.candidates, self.gamma) = (startup, candidates, gamma)
    }
  }

  /// What is known when a point is chosen.
  struct Knowledge {
    /// The points with a result, the best first, each with its trial's number.
    var ranked: [(number: Int, point: Point)] = []
    /// The points without one.
    var pending: [Point] = []
  }

  /// The point of a trial.
  /// - Parameters:
  ///   - number: The trial's, from 0.
  ///   - attempt: Which try it is at a point that no other trial has, from 0.
  ///   - space: The space.
  ///   - seed: The search's.
  ///   - knowledge: What is known of other points.
  /// - Returns: The same for the same arguments.
  func point(
    _ number: Int, attempt: Int = 0, in space: SearchSpace, seed: UInt64, knowing knowledge: Knowledge
  ) -> Point {
    var random = SplitMix64.trial(number, seed: seed, attempt: attempt)
    switch self {
    case .quasirandom where attempt == 0: return Self.even(number, in: space, seed: seed)
    case .tpe(let settings):
      // Where it finds only what is there, others are drawn evenly.
      if knowledge.ranked.count >= settings.startup, attempt < SearchPlanner.patience / 2 {
        return Self.promising(settings, in: space, &random, knowing: knowledge)
      }
      if attempt == 0 { return Self.even(number, in: space, seed: seed) }
    case .random, .quasirandom: break
    }
    return space.point(at: space.parameters.map { _ in random.unit() })
  }

  private static func even(_ number: Int, in space: SearchSpace, seed: UInt64) -> Point {
    space.point(at: Halton(seed: seed).point(number, dimensions: space.parameters.count))
  }

  /// The candidate at which the density of good points is highest over that of the others.
  private static func promising(
    _ settings: ParzenSettings, in space: SearchSpace, _ random: inout SplitMix64, knowing knowledge: Knowledge
  ) -> Point {
    let ranked = knowledge.ranked
    let count = min(max(1, Int((settings.gamma * Double(ranked.count)).rounded(.up))), 25)
    func points(_ part: ArraySlice<(number: Int, point: Point)>) -> [Point] {
      part.sorted { $0.number < $1.number }.map(\.point)
    }
    let good = ParzenEstimator(space, points(ranked.prefix(count)))
    let others = ParzenEstimator(space, points(ranked.dropFirst(count)) + knowledge.pending)
    var best: (point: Point, gain: Double)?
    for _ in 0..<max(1, settings.candidates) {
      let point = good.sample(&random)
      let gain = good.logDensity(point) - others.logDensity(point)
      if gain > best?.gain ?? -.infinity { best = (point, gain) }
    }
    return best?.point ?? good.sample(&random)
  }
}
