import Glibc
import Storage

/// A density over a search's space: a kernel about each of some points, all parameters at once, and a broad one for what
/// was not tried.
///
/// In a parameter with an order a kernel is a normal distribution cut off at the ends of the unit interval, as wide as
/// the farther of its two neighbours is away; of choices it has most for the point's own. Where a parameter does not
/// count at a point, the kernel knows nothing of it.
/// - Source: Bergstra et al., NeurIPS 24 (2011), with all parameters in one kernel (Falkner et al., arXiv:1807.01774); the
///   least widths and the weights are those of Optuna's (Watanabe, arXiv:2304.11127).
struct ParzenEstimator {
  private let space: SearchSpace
  /// What each kernel is in each parameter; the broad one is the last.
  private var factors: [[Factor]] = []
  /// The sums of the kernels' weights up to each, the last of them 1.
  private var sums: [Double] = []
  private var logWeights: [Double] = []

  private enum Factor {
    /// All choices alike, or what is drawn like them.
    case flat
    /// One choice before the others.
    case choice(Double)
    /// A normal distribution; `inside` is its share of the unit interval.
    case normal(mean: Double, spread: Double, inside: Double)

    init(mean: Double, spread: Double) {
      let inside = normalIntegral((1 - mean) / spread) - normalIntegral(-mean / spread)
      self = .normal(mean: mean, spread: spread, inside: inside)
    }
  }

  /// - Parameters:
  ///   - space: The space.
  ///   - points: The points, the oldest first; those beyond the newest 25 count less.
  init(_ space: SearchSpace, _ points: [Point]) {
    self.space = space
    factors = space.parameters.map { Self.factors($0, points) }
    let weights = Self.weights(points.count) + [1]
    let total = weights.reduce(0, +)
    var sum = 0.0
    for weight in weights {
      sum += weight / total
      sums.append(sum)
      logWeights.append(log(weight / total))
    }
  }

  private static func weights(_ count: Int) -> [Double] {
    let flat = 25
    guard count > flat else { return Array(repeating: 1, count: count) }
    let (old, least) = (count - flat, 1 / Double(count))
    let ramp = (0..<old).map { old == 1 ? least : least + (1 - least) * Double($0) / Double(old - 1) }
    return ramp + Array(repeating: 1, count: flat)
  }

  private static func factors(_ parameter: Parameter, _ points: [Point]) -> [Factor] {
    let values = points.map { $0[parameter.name] }
    guard !parameter.domain.isCategorical else { return values.map { $0.map(Factor.choice) ?? .flat } + [.flat] }
    let broad = Factor(mean: 0.5, spread: 1)
    var factors = [Factor](repeating: broad, count: points.count + 1)
    let means = values.enumerated().compactMap { index, value in
      value.map { value in
        let cell = parameter.domain.cell(of: value)
        return (index: index, mean: (cell.lowerBound + cell.upperBound) / 2)
      }
    }.sorted { ($0.mean, $0.index) < ($1.mean, $1.index) }
    let least = 1 / min(100, 2 + Double(means.count))
    for (place, found) in means.enumerated() {
      let below = place > 0 ? found.mean - means[place - 1].mean : nil
      let above = place + 1 < means.count ? means[place + 1].mean - found.mean : nil
      // The ends of the interval are neighbours only where there is no other.
      let width = max(below ?? (above == nil ? found.mean : 0), above ?? (below == nil ? 1 - found.mean : 0))
      factors[found.index] = Factor(mean: found.mean, spread: min(max(width, least), 1))
    }
    return factors
  }

  /// A point drawn from the density.
  func sample(_ random: inout SplitMix64) -> Point {
    let place = random.unit()
    let kernel = sums.firstIndex { place < $0 } ?? sums.count - 1
    var point: Point = [:]
    for (parameter, factors) in zip(space.parameters, factors) where space.counts(parameter, at: point) {
      point[parameter.name] = value(parameter.domain, factors[kernel], &random)
    }
    return point
  }

  private func value(_ domain: Domain, _ factor: Factor, _ random: inout SplitMix64) -> Double {
    switch factor {
    case .flat: return domain.value(at: random.unit())
    case .choice(let choice):
      return random.unit() < 1 / (1 + smoothing(domain)) ? choice : domain.value(at: random.unit())
    case .normal(let mean, let spread, _):
      while true {
        let unit = mean + spread * random.normal()
        if unit >= 0, unit < 1 { return domain.value(at: unit) }
      }
    }
  }

  /// What is spread over all choices, where the point's own has 1.
  private func smoothing(_ domain: Domain) -> Double { Double(domain.count ?? 1) / Double(sums.count) }

  /// The logarithm of the density at a point; of discrete values their probability.
  func logDensity(_ point: Point) -> Double {
    var logs = logWeights
    for (parameter, factors) in zip(space.parameters, factors) {
      guard let value = point[parameter.name] else { continue }
      let cell = parameter.domain.cell(of: value)
      for index in logs.indices { logs[index] += logShare(parameter.domain, value, cell, factors[index]) }
    }
    let highest = logs.max() ?? 0
    return highest + log(logs.reduce(0) { $0 + exp($1 - highest) })
  }

  private func logShare(_ domain: Domain, _ value: Double, _ cell: ClosedRange<Double>, _ factor: Factor) -> Double {
    switch factor {
    case .flat: return -log(Double(domain.count ?? 1))
    case .choice(let choice):
      let (smoothing, count) = (smoothing(domain), Double(domain.count ?? 1))
      return log(((value == choice ? 1 : 0) + smoothing / count) / (1 + smoothing))
    case .normal(let mean, let spread, let inside):
      guard cell.lowerBound < cell.upperBound else {
        let x = (cell.lowerBound - mean) / spread
        return -0.5 * x * x - log(spread * inside) - 0.5 * log(2 * .pi)
      }
      let share =
        normalIntegral((cell.upperBound - mean) / spread) - normalIntegral((cell.lowerBound - mean) / spread)
      return log(max(share, .leastNormalMagnitude) / inside)
    }
  }
}
