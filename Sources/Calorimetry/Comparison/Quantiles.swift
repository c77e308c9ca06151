/// Quantiles of a sample as numpy's defaults give them.
struct Quantiles {
  let sorted: [Double]

  /// - Precondition: The sample is not empty and holds no NaN.
  init(_ values: [Double]) {
    precondition(!values.isEmpty && !values.contains { $0.isNaN }, "no quantiles of an empty sample or of NaN")
    sorted = values.sorted()
  }

  var median: Double {
    let middle = sorted.count / 2
    return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
  }

  /// Linear interpolation between the values beside position q · (n - 1).
  func callAsFunction(_ q: Double) -> Double {
    let position = q * Double(sorted.count - 1)
    let below = Int(position)
    let (a, b) = (sorted[below], sorted[min(below + 1, sorted.count - 1)])
    let t = position - Double(below)
    // From the nearer end, as numpy does: the same to the last bit.
    return t < 0.5 ? a + (b - a) * t : b - (b - a) * (1 - t)
  }
}
