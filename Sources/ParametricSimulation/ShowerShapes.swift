package import Experiment
import NeuralNetwork

/// The voxels of showers whose total and layers' energies are given, by the shapes of a parametric simulator.
///
/// A shower is of the class that its total and layers fall into, from early showers to late ones. Its components are drawn
/// as they are where total and layers have the normal scores that they have, which is again a normal distribution; the
/// voxels follow from them.
/// - Source: Conditioning by kriging, Journel & Huijbregts, "Mining Geostatistics", 1978: a free draw, moved by what the
///   given values miss.
package struct ShowerShapes {
  private let model: ParametricModel
  /// What tells the classes of each energy apart.
  private let depths: [ShowerDepth]
  /// `[components, given]` for each energy and class: how a component moves with what is missed of a given score.
  private let gains: [[[Double]]]

  /// The parametric simulator's shape.
  private static let settings = ParametricSettings()
  /// What a given score has besides its components and its own rest, as a variance: the total is all but the layers' sum.
  private static let ridge = 1e-3
  private init(_ model: ParametricModel, _ depths: [ShowerDepth]) {
    (self.model, self.depths) = (model, depths)
    let (given, components) = (1 + model.quantities.layers.count, model.settings.components)
    gains = model.classes.map { $0.map { Self.gain(of: $0, given: given, components: components) } }
  }

  /// Fits showers.
  /// - Parameters:
  ///   - showers: `[events, voxels]`, fractions of the kinetic energy.
  ///   - energyIndex: The number of each event's energy.
  ///   - energies: MeV, ascending.
  ///   - quantities: How the voxels lie.
  ///   - seed: Of the order of equal values.
  /// - Precondition: Two events at least for each energy and class.
  package init(
    fitting showers: [Float], energyIndex: [Int], energies: [Double], quantities: ShowerQuantities, seed: UInt64
  ) {
    var depths: [ShowerDepth] = []
    let model = ParametricModel(
      fitting: showers, energyIndex: energyIndex, energies: energies, quantities: quantities, settings: Self.settings,
      seed: seed, depths: &depths)
    self.init(model, depths)
  }

  /// The normal numbers that a shower takes: for the energy whose components it has, for the places of what is given in
  /// atoms of its distribution, for its components and for each quantity.
  package var normals: Int { 1 + given + model.settings.components + model.quantities.count }

  private var given: Int { 1 + model.quantities.layers.count }

  /// Makes a shower.
  /// - Parameters:
  ///   - energy: The incident energy (MeV); beyond the fitted ones as at the nearest.
  ///   - total: Its total, a fraction of the kinetic energy, not below zero.
  ///   - layers: The layers' energies; they share the total as they are.
  ///   - normals: As many as it takes.
  ///   - shower: As many numbers as voxels; replaced.
  package func shower(
    of energy: Double, total: Double, layers: [Double], _ normals: UnsafePointer<Float>,
    into shower: UnsafeMutablePointer<Float>
  ) {
    let (low, high, weight) = model.neighbours(of: energy)
    let near = NormalDistribution.probability(upTo: Double(normals[0])) < weight ? high : low
    let sum = layers.reduce(0, +)
    let values = [total] + layers.map { sum > 0 ? $0 / sum * total : 0 }
    let draws = values.indices.map { NormalDistribution.probability(upTo: Double(normals[1 + $0])) }
    let bin = depths[near].bin(of: values, draws: draws)
    let (dependence, gain) = (model.classes[near][bin], gains[near][bin])
    let components = model.settings.components
    var drawn = Array(UnsafeBufferPointer(start: normals + 1 + given, count: components + model.quantities.count))
    let free = dependence.scores(drawn)
    for (quantity, value) in values.enumerated() {
      let missed =
        dependence.marginals[quantity].score(of: value, draw: draws[quantity], least: ShowerDepth.leastProbability)
        - free[quantity]
      for component in 0..<components { drawn[component] += Float(gain[component * given + quantity] * missed) }
    }
    model.compose(
      dependence.scores(drawn), model.classes[low][bin], model.classes[high][bin], weight: weight, given: values,
      into: shower)
  }

  /// Kᵀ (K Kᵀ + R)⁻¹ of a class, `[components, given]`, K the components' part of the given scores and R their own.
  private static func gain(of part: ShowerClass, given: Int, components: Int) -> [Double] {
    func loadings(_ quantity: Int) -> ArraySlice<Double> {
      part.loadings[quantity * components..<(quantity + 1) * components]
    }
    // Cholesky's factor of the given scores' covariance, then for each component two triangular solutions.
    var factor = [Double](repeating: 0, count: given * given)
    for i in 0..<given {
      for j in 0...i {
        var sum = zip(loadings(i), loadings(j)).reduce(0) { $0 + $1.0 * $1.1 }
        if i == j { sum += part.residuals[i] * part.residuals[i] + ridge }
        for k in 0..<j { sum -= factor[i * given + k] * factor[j * given + k] }
        factor[i * given + j] = i == j ? sum.squareRoot() : sum / factor[j * given + j]
      }
    }
    return (0..<components).flatMap { component in
      var solution = (0..<given).map { part.loadings[$0 * components + component] }
      for i in 0..<given {
        for k in 0..<i { solution[i] -= factor[i * given + k] * solution[k] }
        solution[i] /= factor[i * given + i]
      }
      for i in (0..<given).reversed() {
        for k in i + 1..<given { solution[i] -= factor[k * given + i] * solution[k] }
        solution[i] /= factor[i * given + i]
      }
      return solution
    }
  }
}

// MARK: Its state

extension ShowerShapes {
  /// The fit as arrays: the parametric simulator's, and of each energy the depth's axis `depth/axis` `[energies, given]`,
  /// edges `depth/edges` `[energies, bins - 1]`, shares of zeros `depth/empty` `[energies, given]` and tables
  /// `depth/quantiles` `[energies, given, points]`.
  package var state: [NamedArray] {
    func array(_ name: String, _ extent: [Int], _ values: (ShowerDepth) -> [Double]) -> NamedArray {
      NamedArray(
        name: "depth/\(name)", shape: [depths.count] + extent, values: depths.flatMap { values($0).map { Float($0) } })
    }
    return model.state + [
      array("axis", [given]) { $0.axis }, array("edges", [Self.settings.bins - 1]) { $0.edges },
      array("empty", [given]) { $0.marginals.map(\.empty) },
      array("quantiles", [given, ShowerDepth.points]) { $0.marginals.flatMap(\.quantiles) },
    ]
  }

  /// Reads a fit.
  /// - Throws: `InputError` when an array is missing or has another shape.
  package init(state: [NamedArray], energies: [Double], quantities: ShowerQuantities) throws(InputError) {
    let model = try ParametricModel(state: state, energies: energies, quantities: quantities, settings: Self.settings)
    let (count, given, points) = (energies.count, 1 + quantities.layers.count, ShowerDepth.points)
    let edgeCount = Self.settings.bins - 1
    let axes = try state.values(of: "depth/axis", shape: [count, given])
    let edges = try state.values(of: "depth/edges", shape: [count, edgeCount])
    let empty = try state.values(of: "depth/empty", shape: [count, given])
    let quantiles = try state.values(of: "depth/quantiles", shape: [count, given, points])
    let depths = (0..<count).map { energy in
      ShowerDepth(
        axis: Array(axes[energy * given..<(energy + 1) * given]),
        edges: Array(edges[energy * edgeCount..<(energy + 1) * edgeCount]),
        marginals: (energy * given..<(energy + 1) * given).map {
          Marginal(empty: empty[$0], quantiles: Array(quantiles[$0 * points..<($0 + 1) * points]))
        })
    }
    self.init(model, depths)
  }
}
