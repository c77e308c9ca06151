/// The area under the curve of true against false positives of a classifier: the chance that it ranks an event of one
/// class above one of the other, ties counting half.
enum RankingScore {
  /// - Parameters:
  ///   - scores: One for each event.
  ///   - isReference: Whether each is of the class that is to score high; both classes have events.
  /// - Returns: 0 … 1; ½ for a classifier that cannot tell.
  static func area(_ scores: [Double], isReference: [Bool]) -> Double {
    precondition(scores.count == isReference.count, "\(scores.count) scores of \(isReference.count) events")
    let order = scores.indices.sorted { scores[$0] < scores[$1] }
    let high = isReference.count { $0 }
    let low = isReference.count - high
    precondition(high > 0 && low > 0, "\(high) and \(low) events of the classes")
    var (start, rankSum) = (0, 0.0)
    while start < order.count {
      var end = start
      while end < order.count, scores[order[end]] == scores[order[start]] { end += 1 }
      // Ranks from 1; equal scores share the mean of theirs.
      let rank = Double(start + 1 + end) / 2
      for event in order[start..<end] where isReference[event] { rankSum += rank }
      start = end
    }
    return (rankSum - Double(high) * Double(high + 1) / 2) / (Double(high) * Double(low))
  }
}
