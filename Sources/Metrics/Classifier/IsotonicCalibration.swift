/// A rising step function, interpolated, that turns a classifier's scores into probabilities: the best by least squares.
///
/// By pooling neighbours that fall; events of one score are one point, the mean of their classes. Between two points it
/// is linear, beyond the ends constant, and never below 1e-6 or above 1 - 1e-6.
/// - Source: Barlow et al., Statistical inference under order restrictions; scikit-learn's IsotonicRegression.
struct IsotonicCalibration {
  private let scores: [Double]
  private let probabilities: [Double]

  /// - Parameters:
  ///   - scores: One for each event, at least one.
  ///   - isReference: Whether each is of the class that is to score high.
  init(_ scores: [Double], isReference: [Bool]) {
    precondition(!scores.isEmpty && scores.count == isReference.count, "\(scores.count), \(isReference.count) events")
    let order = scores.indices.sorted { scores[$0] < scores[$1] }
    var points: [(score: Double, sum: Double, count: Double)] = []
    for event in order {
      let value = isReference[event] ? 1.0 : 0
      if let last = points.last, last.score == scores[event] {
        points[points.count - 1].sum += value
        points[points.count - 1].count += 1
      } else {
        points.append((scores[event], value, 1))
      }
    }
    // Blocks of points with one mean, rising.
    var blocks: [(sum: Double, count: Double, points: Int)] = []
    for point in points {
      blocks.append((point.sum, point.count, 1))
      while blocks.count > 1 {
        let (last, before) = (blocks[blocks.count - 1], blocks[blocks.count - 2])
        guard before.sum * last.count >= last.sum * before.count else { break }
        blocks.removeLast()
        blocks[blocks.count - 1] = (before.sum + last.sum, before.count + last.count, before.points + last.points)
      }
    }
    self.scores = points.map(\.score)
    probabilities = blocks.flatMap { block in
      [Double](repeating: min(max(block.sum / block.count, 1e-6), 1 - 1e-6), count: block.points)
    }
  }

  /// The probability that an event of this score is of the class that scores high.
  func callAsFunction(_ score: Double) -> Double {
    guard score > scores[0] else { return probabilities[0] }
    guard score < scores[scores.count - 1] else { return probabilities[scores.count - 1] }
    var (low, high) = (0, scores.count - 1)
    while high - low > 1 {
      let middle = (low + high) / 2
      if score >= scores[middle] { low = middle } else { high = middle }
    }
    let share = (score - scores[low]) / (scores[high] - scores[low])
    return probabilities[low] + share * (probabilities[high] - probabilities[low])
  }
}
