package import Experiment

/// A shower's total and its layers' shares of it as numbers without bounds, gaps and atoms, and back: what a density is
/// learnt of.
///
/// The total, a fraction of the kinetic energy, is only shifted and scaled to mean 0 and spread 1 over all events: how it is
/// distributed, and how that follows the incident energy, is left to be learnt. A layer's share becomes its normal score by
/// one table of all events; what has a probability of its own, such as an empty layer, is somewhere within it at random.
/// Shares add up to one, so the scores of full showers lie on a surface, on which there is no density: a blur makes
/// it one.
package struct ShowerNumbers {
  /// How the voxels lie.
  package let quantities: ShowerQuantities
  private let mean: Double
  private let spread: Double
  private let shares: [Marginal]
  /// The least probability of a score: half an event's.
  private let least: Double

  /// Points of a share's table.
  private static let points = 33
  /// The spread of what is added to a layer's score; the sum is scaled to be of spread 1 again.
  package static let blur: Float = 0.1

  /// The numbers of a shower: the total's and one for each layer.
  package var count: Int { 1 + shares.count }

  /// Fits the scale and the tables.
  /// - Parameters:
  ///   - values: Of each event the total and the layers' energies, at least one event.
  ///   - quantities: How the voxels lie.
  package init(fitting values: [[Double]], quantities: ShowerQuantities) {
    self.quantities = quantities
    let events = Double(values.count)
    let mean = values.reduce(0) { $0 + $1[0] } / events
    let variance = values.reduce(0) { $0 + ($1[0] - mean) * ($1[0] - mean) } / events
    self.mean = Double(Float(mean))
    spread = variance > 0 ? Double(Float(variance.squareRoot())) : 1
    shares = quantities.layers.indices.map { layer in
      Marginal(of: values.map { Self.share(of: layer, $0) }, points: Self.points).rounded
    }
    least = Double(Float(0.5 / events))
  }

  /// A layer's share of the total; 0 of a shower without any.
  private static func share(of layer: Int, _ values: [Double]) -> Double {
    values[0] > 0 ? values[1 + layer] / values[0] : 0
  }

  /// The numbers of an event.
  /// - Parameters:
  ///   - values: Its total and its layers' energies.
  ///   - draws: For each layer, 0 ..< 1, where in an atom it is.
  ///   - blur: For each layer, a normal number.
  ///   - numbers: `count` of them; replaced.
  package func write(
    _ values: [Double], draws: (_ layer: Int) -> Float, blur: (_ layer: Int) -> Float,
    to numbers: UnsafeMutablePointer<Float>
  ) {
    numbers[0] = Float((values[0] - mean) / spread)
    let norm = (1 + Self.blur * Self.blur).squareRoot()
    for (layer, marginal) in shares.enumerated() {
      let score = marginal.score(of: Self.share(of: layer, values), draw: Double(draws(layer)), least: least)
      numbers[1 + layer] = (Float(score) + Self.blur * blur(layer)) / norm
    }
  }

  /// The total and the layers' energies, in any unit, that numbers stand for.
  ///
  /// Where a shower with a total would have no layer, it has the one that is nearest to being hit.
  package func values(_ numbers: UnsafePointer<Float>) -> (total: Double, layers: [Double]) {
    let total = max(0, mean + spread * Double(numbers[0]))
    let probabilities = shares.indices.map { NormalDistribution.probability(upTo: Double(numbers[1 + $0])) }
    var layers = shares.indices.map { shares[$0].value(at: probabilities[$0]) }
    if layers.allSatisfy({ $0 <= 0 }),
      let nearest = shares.indices.max(by: {
        probabilities[$0] / shares[$0].empty < probabilities[$1] / shares[$1].empty
      })
    {
      layers[nearest] = 1
    }
    return (total, layers)
  }
}

extension Marginal {
  /// The normal score of a value, its probability not nearer than `least` to 0 and 1.
  func score(of value: Double, draw: Double, least: Double) -> Double {
    NormalDistribution.quantile(min(1 - least, max(least, probability(of: value, draw: draw))))
  }
}

// MARK: Its state

extension ShowerNumbers {
  /// The fit as arrays: mean, spread and the least probability `numbers/scale` `[3]`, the shares of zeros `numbers/empty`
  /// `[layers]` and the tables `numbers/quantiles` `[layers, points]`.
  package var state: [NamedArray] {
    [
      NamedArray(name: "numbers/scale", shape: [3], values: [Float(mean), Float(spread), Float(least)]),
      NamedArray(name: "numbers/empty", shape: [shares.count], values: shares.map { Float($0.empty) }),
      NamedArray(
        name: "numbers/quantiles", shape: [shares.count, Self.points],
        values: shares.flatMap { $0.quantiles.map { Float($0) } }),
    ]
  }

  /// Reads a fit.
  /// - Throws: `InputError` when an array is missing or has another shape.
  package init(state: [NamedArray], quantities: ShowerQuantities) throws(InputError) {
    self.quantities = quantities
    let (layers, points) = (quantities.layers.count, Self.points)
    let scale = try state.values(of: "numbers/scale", shape: [3])
    (mean, spread, least) = (scale[0], scale[1], scale[2])
    let empty = try state.values(of: "numbers/empty", shape: [layers])
    let quantiles = try state.values(of: "numbers/quantiles", shape: [layers, points])
    shares = (0..<layers).map {
      Marginal(empty: empty[$0], quantiles: Array(quantiles[$0 * points..<($0 + 1) * points]))
    }
  }
}

extension [NamedArray] {
  /// The values of an array.
  /// - Throws: `InputError` when it is missing or has another shape.
  func values(of name: String, shape: [Int]) throws(InputError) -> [Double] {
    guard let array = first(where: { $0.name == name }) else {
      throw InputError("the state has no array '\(name)'")
    }
    guard array.shape == shape else {
      throw InputError("array '\(name)' has shape \(array.shape), the simulator \(shape)")
    }
    return array.values.map(Double.init)
  }
}
