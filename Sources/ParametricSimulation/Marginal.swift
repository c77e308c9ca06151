import Glibc
import NeuralNetwork

/// How one quantity is distributed on its own: zero with some probability, else between quantiles.
struct Marginal: Equatable {
  /// The share of events in which it is zero (or below), 0 … 1.
  var empty: Double
  /// The quantiles of the others at equidistant probabilities from 0 to 1, ascending; all 0 where there are none.
  var quantiles: [Double]

  /// That of a sample.
  /// - Parameters:
  ///   - values: One for each event, at least one.
  ///   - points: Quantiles, at least two.
  init(of values: [Double], points: Int) {
    let sorted = values.filter { $0 > 0 }.sorted()
    empty = Double(values.count - sorted.count) / Double(values.count)
    quantiles = (0..<points).map { Self.interpolate(sorted, at: Double($0) / Double(points - 1)) }
  }

  init(empty: Double, quantiles: [Double]) { (self.empty, self.quantiles) = (empty, quantiles) }

  /// The value that events do not exceed with this probability.
  func value(at probability: Double) -> Double {
    probability <= empty ? 0 : Self.interpolate(quantiles, at: (probability - empty) / (1 - empty))
  }

  /// The probability of values up to one: `value(at:)` undone.
  /// - Parameters:
  ///   - value: Any; below the least quantile as that, beyond the greatest as that.
  ///   - draw: 0 ..< 1, how far into what has a probability of its own, zero or a value of several quantiles.
  /// - Returns: A probability, 0 … 1.
  func probability(of value: Double, draw: Double) -> Double {
    guard value > 0 else { return empty * draw }
    let last = quantiles.count - 1
    // The first quantile that is not below the value, and the last that is not above it.
    let (high, low) = (
      quantiles.firstIndex { $0 >= value } ?? last, quantiles.lastIndex { $0 <= value } ?? 0
    )
    var position = Double(low)
    if high < low {
      position = Double(high) + draw * Double(low - high)
    } else if high > low {
      position += (value - quantiles[low]) / (quantiles[high] - quantiles[low])
    }
    return empty + (1 - empty) * position / Double(last)
  }

  /// The value at a probability between two marginals, `weight` of the way from the first to the second: the share of zeros
  /// changes evenly, the quantiles by even factors.
  static func value(at probability: Double, _ first: Marginal, _ second: Marginal, weight: Double) -> Double {
    let empty = first.empty + weight * (second.empty - first.empty)
    guard probability > empty else { return 0 }
    let place = (probability - empty) / (1 - empty)
    let (a, b) = (interpolate(first.quantiles, at: place), interpolate(second.quantiles, at: place))
    // Where one of them is never hit there is nothing between the two.
    guard a > 0, b > 0 else { return max(a, b) }
    return exp((1 - weight) * log(a) + weight * log(b))
  }

  /// The value at 0 … 1 of the way through equidistant ascending ones.
  private static func interpolate(_ values: [Double], at place: Double) -> Double {
    guard let last = values.last else { return 0 }
    let position = place * Double(values.count - 1)
    let index = Int(position)
    guard index + 1 < values.count else { return last }
    return values[index] + (position - Double(index)) * (values[index + 1] - values[index])
  }

  /// The normal scores of a sample: the values' ranks as the quantiles of a normal distribution.
  ///
  /// Equal values, as zeros are, come in a random order: else their scores would be no sample of that distribution.
  /// - Parameters:
  ///   - values: One for each event.
  ///   - tieBreaker: The random number of an event.
  /// - Returns: A score for each event.
  static func scores(of values: [Double], tieBreaker: (_ event: Int) -> Float) -> [Double] {
    let ties = values.indices.map(tieBreaker)
    // What is not above zero is one value.
    let order = values.indices.sorted { (max(0, values[$0]), ties[$0], $0) < (max(0, values[$1]), ties[$1], $1) }
    var scores = [Double](repeating: 0, count: values.count)
    for (rank, event) in order.enumerated() {
      scores[event] = NormalDistribution.quantile((Double(rank) + 0.5) / Double(values.count))
    }
    return scores
  }
}
