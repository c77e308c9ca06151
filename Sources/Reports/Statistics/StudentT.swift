import Foundation

/// Student's t distribution.
enum StudentT {
  /// P(T ≤ t) for so many degrees of freedom.
  /// - Source: Abramowitz and Stegun, 26.7.1, by the incomplete beta function.
  static func cumulative(_ t: Double, freedom: Double) -> Double {
    let tail = incompleteBeta(freedom / (freedom + t * t), a: freedom / 2, b: 0.5) / 2
    return t > 0 ? 1 - tail : tail
  }

  /// The t with P(|T| ≤ t) = `level`, as for a two-sided interval.
  static func quantile(level: Double, freedom: Double) -> Double {
    precondition(level > 0 && level < 1 && freedom > 0, "level \(level), \(freedom) degrees of freedom")
    let target = (1 + level) / 2
    var (low, high) = (0.0, 1.0)
    while cumulative(high, freedom: freedom) < target { high *= 2 }
    while true {
      let middle = (low + high) / 2
      // No number lies between them.
      if middle == low || middle == high { return middle }
      if cumulative(middle, freedom: freedom) < target { low = middle } else { high = middle }
    }
  }

  /// The regularised incomplete beta function I_x(a, b) by its continued fraction, evaluated from the front.
  /// - Source: Abramowitz and Stegun, 26.5.8; Lentz's method.
  private static func incompleteBeta(_ x: Double, a: Double, b: Double) -> Double {
    if x <= 0 { return 0 }
    if x >= 1 { return 1 }
    // The fraction converges fast on this side only.
    if x > (a + 1) / (a + b + 2) { return 1 - incompleteBeta(1 - x, a: b, b: a) }
    let beta: Double = lgamma(a) + lgamma(b) - lgamma(a + b)
    let power: Double = a * log(x) + b * log(1 - x)
    let front = exp(power - beta) / a
    let tiny = 1e-300
    var c = 1.0
    var d = 1 / max(1 - (a + b) * x / (a + 1), tiny)
    var fraction = d
    func take(_ term: Double) {
      d = 1 / (abs(1 + term * d) < tiny ? tiny : 1 + term * d)
      c = abs(1 + term / c) < tiny ? tiny : 1 + term / c
      fraction *= c * d
    }
    for m in 1...500 {
      let m = Double(m)
      let (n, even) = (a + 2 * m, m * (b - m) * x)
      let odd = -(a + m) * (a + b + m) * x
      take(even / ((n - 1) * n))
      take(odd / (n * (n + 1)))
      if abs(c * d - 1) < 1e-14 { break }
    }
    return front * fraction
  }
}
