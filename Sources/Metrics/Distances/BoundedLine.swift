/// The line a + b x with a, b ≥ 0 that fits points best by least squares.
struct BoundedLine {
  let intercept: Double
  let slope: Double
  /// The standard deviation of the intercept: from the points' scatter about the line, as if there were no bounds.
  let interceptError: Double

  /// - Precondition: Three points or more, at different x.
  init(_ points: [(x: Double, y: Double)]) {
    precondition(points.count > 2, "\(points.count) points have no scatter about a line")
    let count = Double(points.count)
    let (sumX, sumY) = (points.reduce(0) { $0 + $1.x }, points.reduce(0) { $0 + $1.y })
    let squares = points.reduce(0) { $0 + $1.x * $1.x }
    let products = points.reduce(0) { $0 + $1.x * $1.y }
    let (meanX, meanY) = (sumX / count, sumY / count)
    let spread = points.reduce(0) { $0 + ($1.x - meanX) * ($1.x - meanX) }
    precondition(spread > 0, "all points are at x = \(meanX)")
    let free = points.reduce(0) { $0 + ($1.x - meanX) * ($1.y - meanY) } / spread
    if free < 0 {
      (intercept, slope) = (max(meanY, 0), 0)
    } else if meanY - free * meanX < 0 {
      (intercept, slope) = (0, max(products / squares, 0))
    } else {
      (intercept, slope) = (meanY - free * meanX, free)
    }
    let (a, b) = (intercept, slope)
    let scatter = points.reduce(0) { $0 + ($1.y - a - b * $1.x) * ($1.y - a - b * $1.x) } / (count - 2)
    interceptError = (scatter * squares / (count * spread)).squareRoot()
  }
}
