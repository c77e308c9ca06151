/// Quantiles of a sample as numpy's defaults give them.
package struct Quantiles {
  /// The sample, ascending.
  package let sorted: [Double]

  /// - Precondition: The sample is not empty and holds no NaN.
  package init(_ values: [Double]) {
    precondition(!values.isEmpty && !values.contains { $0.isNaN }, "no quantiles of an empty sample or of NaN")
    sorted = values.sorted()
  }

  /// The middle value, or the mean of the two in the middle.
  package var median: Double {
    let middle = sorted.count / 2
    return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
  }

  /// Linear interpolation between the values beside position q · (n - 1).
  package func callAsFunction(_ q: Double) -> Double {
    let position = q * Double(sorted.count - 1)
    let below = Int(position)
    let (a, b) = (sorted[below], sorted[min(below + 1, sorted.count - 1)])
    let t = position - Double(below)
    // From the nearer end, as numpy does: the same to the last bit.
    return t < 0.5 ? a + (b - a) * t : b - (b - a) * (1 - t)
  }
}
