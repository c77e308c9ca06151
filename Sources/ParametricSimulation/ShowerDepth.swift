import NeuralNetwork

/// How deep showers of one energy begin, early or late: the leading principal component of the normal scores of total and
/// layers, and where it parts them into classes.
struct ShowerDepth: Equatable {
  /// The component, over the total and the layers; zeros where nothing varies.
  let axis: [Double]
  /// Where each class but the last ends.
  let edges: [Double]
  /// How the total and each layer are distributed.
  let marginals: [Marginal]

  /// Points of a table of quantiles.
  static let points = 33
  /// Beyond this probability from either end a score is as at it.
  static let leastProbability = 5e-4

  init(axis: [Double], edges: [Double], marginals: [Marginal]) {
    (self.axis, self.edges, self.marginals) = (axis, edges, marginals)
  }

  /// The depth of some events; the numbers are rounded to what a checkpoint holds of them.
  /// - Parameters:
  ///   - events: Each the values of the total, the layers and maybe more.
  ///   - axis: The component.
  ///   - places: Where the events are along it.
  ///   - order: The events by that, from early to late.
  ///   - bins: Classes, with as many events each.
  init(of events: [[Double]], axis: [Double], places: [Double], order: [Int], bins: Int) {
    func rounded(_ values: [Double]) -> [Double] { values.map { Double(Float($0)) } }
    self.init(
      axis: rounded(axis),
      edges: rounded(
        (1..<bins).map { bin in
          let cut = bin * order.count / bins
          return 0.5 * (places[order[cut - 1]] + places[order[cut]])
        }),
      marginals: axis.indices.map { quantity in
        Marginal(of: events.map { $0[quantity] }, points: Self.points).rounded
      })
  }

  /// The class of a shower.
  /// - Parameters:
  ///   - values: Its total and layers.
  ///   - draws: For each, 0 ..< 1, where in an atom of its distribution it is.
  /// - Returns: Its number, from 0 for the earliest.
  func bin(of values: [Double], draws: [Double]) -> Int {
    let scores = marginals.indices.map {
      marginals[$0].score(of: values[$0], draw: draws[$0], least: Self.leastProbability)
    }
    let place = dot(axis, scores, axis.count)
    return edges.firstIndex { place < $0 } ?? edges.count
  }
}
