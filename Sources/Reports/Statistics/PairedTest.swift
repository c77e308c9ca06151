import Foundation

/// Student's test of paired differences against zero, two-sided.
package enum PairedTest {
  /// The chance of differences at least this far from zero on average, were there none; nil for fewer than two, and
  /// where one of them is not finite.
  package static func p(_ differences: Sample) -> Double? {
    guard differences.values.allSatisfy(\.isFinite) else { return nil }
    return differences.chanceBelowZero.flatMap { $0.isFinite ? 2 * min($0, 1 - $0) : nil }
  }

  /// The p-values of several tests, each raised so that one of all falls below 5 % by chance in 5 % of cases at most.
  ///
  /// - Parameter values: Finite ones.
  /// - Returns: One for each in the given order.
  /// - Source: Holm, Scand. J. Statist. 6 (1979) 65.
  package static func holm(_ values: [Double]) -> [Double] {
    var adjusted = values
    var least = 0.0
    for (rank, index) in values.indices.sorted(by: { values[$0] < values[$1] }).enumerated() {
      least = max(least, min(1, Double(values.count - rank) * values[index]))
      adjusted[index] = least
    }
    return adjusted
  }

  /// The smallest true difference that so many pairs find with this power.
  ///
  /// - Parameters:
  ///   - pairs: At least 2.
  ///   - level: The p-value below which a difference counts as found; as the first of m by Holm, 0.05/m.
  ///   - power: The chance to find it.
  /// - Returns: The difference in standard deviations of the paired differences.
  /// - Source: the noncentral t distribution, as a normal over a chi: Johnson and Kotz, Continuous univariate
  ///   distributions 2, chapter 31.
  package static func smallestDifference(pairs: Int, level: Double = 0.05, power: Double = 0.8) -> Double {
    precondition(pairs > 1 && (0..<1).contains(level) && level > 0 && power > level && power < 1)
    let freedom = Double(pairs - 1)
    let needed = StudentT.quantile(level: 1 - level, freedom: freedom)
    var (low, high) = (0.0, 1.0)
    func found(_ shift: Double) -> Double {
      tail(above: needed, freedom: freedom, shift: shift) + tail(above: needed, freedom: freedom, shift: -shift)
    }
    while found(high) < power { high *= 2 }
    for _ in 0..<60 {
      let middle = (low + high) / 2
      if found(middle) < power { low = middle } else { high = middle }
    }
    return (low + high) / 2 / Double(pairs).squareRoot()
  }

  /// P(T > t), T = (N + shift) / √(χ²/freedom), by Simpson's rule over χ.
  private static func tail(above t: Double, freedom: Double, shift: Double) -> Double {
    let (steps, widest) = (2000, freedom.squareRoot() + 12)
    let width = widest / Double(steps)
    let front = (1 - freedom / 2) * log(2) - lgamma(freedom / 2)
    var sum = 0.0
    for step in 0...steps {
      let chi = Double(step) * width
      // At χ = 0 the density is not 0 for one degree of freedom.
      let density = chi == 0 ? (freedom == 1 ? exp(front) : 0) : exp(front + (freedom - 1) * log(chi) - chi * chi / 2)
      let above = erfc((t * chi / freedom.squareRoot() - shift) / 2.squareRoot()) / 2
      sum += density * above * (step == 0 || step == steps ? 1 : step % 2 == 1 ? 4 : 2)
    }
    return sum * width / 3
  }
}
