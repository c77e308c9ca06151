import Glibc

/// The standard normal distribution.
enum NormalDistribution {
  /// The probability of a value up to `x`.
  static func probability(upTo x: Double) -> Double { 0.5 * erfc(-x * 0.5.squareRoot()) }

  /// The value that is not exceeded with a probability in 0 … 1, both excluded.
  ///
  /// A rational approximation, made exact to rounding by one step of Halley's method.
  /// - Source: P. J. Acklam, "An algorithm for computing the inverse normal cumulative distribution function".
  static func quantile(_ probability: Double) -> Double {
    // The lower half alone: there a probability is known to rounding.
    if probability > 0.5 { return -quantile(1 - probability) }
    let estimate = estimate(probability)
    let error = self.probability(upTo: estimate) - probability
    let step = error * (2 * Double.pi).squareRoot() * exp(estimate * estimate / 2)
    return estimate - step / (1 + estimate * step / 2)
  }

  private static func estimate(_ probability: Double) -> Double {
    func polynomial(_ coefficients: [Double], _ x: Double) -> Double { coefficients.reduce(0) { $0 * x + $1 } }
    guard probability < 0.02425 else {
      let (q, r) = (probability - 0.5, (probability - 0.5) * (probability - 0.5))
      return q
        * polynomial(
          [
            -39.69683028665376, 220.9460984245205, -275.9285104469687, 138.3577518672690, -30.66479806614716,
            2.506628277459239,
          ], r)
        / polynomial(
          [
            -54.47609879822406, 161.5858368580409, -155.6989798598866, 66.80131188771972, -13.28068155288572, 1,
          ], r)
    }
    let q = (-2 * log(probability)).squareRoot()
    return polynomial(
      [
        -0.007784894002430293, -0.3223964580411365, -2.400758277161838, -2.549732539343734, 4.374664141464968,
        2.938163982698783,
      ], q)
      / polynomial(
        [0.007784695709041462, 0.3224671290700398, 2.445134137142996, 3.754408661907416, 1], q)
  }
}
