import Foundation
import Storage

/// The mean and the standard deviation (of a sample: n - 1) of a few numbers, such as one for each seed.
package struct Sample: Hashable, Sendable {
  /// The numbers in the order in which they were given.
  package let values: [Double]

  package init(_ values: [Double]) { self.values = values }

  /// nil for no values.
  package var mean: Double? { values.isEmpty ? nil : values.reduce(0, +) / Double(values.count) }

  /// nil for fewer than two values.
  package var deviation: Double? {
    guard values.count > 1, let mean else { return nil }
    return (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count - 1)).squareRoot()
  }

  /// The interval that holds the true mean with this confidence, by Student's t; nil for fewer than two values.
  package func interval(confidence: Double = 0.95) -> Interval? {
    guard let mean, let deviation else { return nil }
    let count = Double(values.count)
    let reach = StudentT.quantile(level: confidence, freedom: count - 1) * deviation / count.squareRoot()
    return Interval(low: mean - reach, high: mean + reach)
  }

  /// The chance that the true mean is below zero, before which nothing was known of it; nil for fewer than two values.
  package var chanceBelowZero: Double? {
    guard let mean, let deviation else { return nil }
    if deviation == 0 { return mean < 0 ? 1 : mean > 0 ? 0 : 0.5 }
    let count = Double(values.count)
    return StudentT.cumulative(-mean / (deviation / count.squareRoot()), freedom: count - 1)
  }

  /// One value as it is, several as mean and standard deviation.
  func cell(mark: String = "") -> Cell {
    guard let mean else { return .missing }
    return deviation.map { .spread(mean: mean, deviation: $0, mark: mark) } ?? .number(mean, mark: mark)
  }
}

/// A closed interval: both ends belong to it.
package struct Interval: Hashable, Sendable {
  /// The lower end.
  package var low: Double
  /// The upper end.
  package var high: Double

  /// Whether a value lies in it or on an end.
  package func contains(_ value: Double) -> Bool { low <= value && value <= high }
  var text: String { "[\(Cell.number(low).text), \(Cell.number(high).text)]" }
}

/// The uncertainty of a mean over neighbouring checkpoints, which are alike: a block bootstrap.
///
/// Blocks of neighbours are drawn with replacement and their means averaged; the scatter of these averages is the
/// mean's standard error, which a series of so few blocks underestimates: hence √(n / (n - l)) and Student's t of as
/// many degrees of freedom as there are blocks, less one.
/// - Source: Künsch, Ann. Statist. 17 (1989) 1217; the block's length for a first-order autoregression after Carlstein,
///   Ann. Statist. 14 (1986) 1171.
package struct BlockBootstrap: Sendable {
  /// How often the blocks are drawn anew.
  package var replicates = 1000
  /// The probability that the interval holds the true mean, 0 to 1.
  package var confidence = 0.95
  /// Two calls with one seed draw the same blocks.
  package var seed: UInt64 = 1

  package init() {}

  /// How long a block must be for its neighbours' likeness: l = (2ρ / (1 - ρ²))^⅔ n^⅓, at most a quarter of the series.
  ///
  /// ρ is the lag-one autocorrelation, with its downward bias of (1 + 4ρ)/n in short series undone.
  static func blockLength(_ values: [Double]) -> Int {
    let count = Double(values.count)
    let mean = values.reduce(0, +) / count
    let centred = values.map { $0 - mean }
    let variance = centred.reduce(0) { $0 + $1 * $1 }
    guard variance > 0 else { return 1 }
    let covariance = zip(centred, centred.dropFirst()).reduce(0) { $0 + $1.0 * $1.1 }
    let raw = covariance / variance
    let correlation = min(max(raw + (1 + 4 * raw) / count, 0), 0.95)
    // A third longer than for the smallest mean square error: it is the coverage that counts here.
    let length = 4 / 3 * pow(2 * correlation / (1 - correlation * correlation), 2.0 / 3) * pow(count, 1.0 / 3)
    return min(max(1, Int(length.rounded(.up))), max(1, values.count / 4))
  }

  /// The interval of the mean of a series; nil for fewer than eight values, of which nothing can be said.
  package func interval(_ values: [Double]) -> Interval? {
    guard values.count >= 8 else { return nil }
    let (count, length) = (values.count, Self.blockLength(values))
    let blocks = (count + length - 1) / length
    // Sums of every block, from running totals.
    var totals = [0.0]
    for value in values { totals.append(totals[totals.count - 1] + value) }
    let starts = count - length + 1
    var generator = SplitMix64(state: seed)
    let averages = (0..<replicates).map { _ -> Double in
      var sum = 0.0
      for _ in 0..<blocks {
        let start = Int.random(in: 0..<starts, using: &generator)
        sum += totals[start + length] - totals[start]
      }
      return sum / Double(blocks * length)
    }
    guard let mean = Sample(values).mean, let scatter = Sample(averages).deviation else { return nil }
    let error = scatter * (Double(count) / Double(count - length)).squareRoot()
    let freedom = max(1, Double(count) / Double(length) - 1)
    let reach = StudentT.quantile(level: confidence, freedom: freedom) * error
    return Interval(low: mean - reach, high: mean + reach)
  }
}
