package import Experiment
import Glibc
package import NeuralNetwork

/// A fitted parametric simulator of showers, as FastCaloSim is one.
///
/// Per incident energy events are classed in bins of the leading principal component of the normal scores of total and
/// layer energies, from early showers to late ones. In each class the normal scores of all quantities, voxels too, are a
/// few principal components and a rest of each one's own; a simulated shower draws these, turns the scores into values by
/// the tables of quantiles, and gives each layer the energy that it drew.
///
/// Between two energies the tables are interpolated in log E, and each shower takes its components from one of the two, at
/// random by how near they are.
/// - Source: FastCaloSim V2 in AtlFast3, arXiv:2109.02551, in outline.
package struct ParametricModel {
  /// What is simulated of a shower.
  package let quantities: ShowerQuantities
  /// The simulator's shape.
  package let settings: ParametricSettings
  /// The incident energies (MeV) that it was fitted at, ascending.
  package let energies: [Double]
  /// The classes by energy and bin.
  private(set) var classes: [[ShowerClass]]

  /// Fits showers.
  /// - Parameters:
  ///   - showers: `[events, voxels]`, fractions of the kinetic energy.
  ///   - energyIndex: The number of each event's energy.
  ///   - energies: MeV, ascending.
  ///   - quantities: How the voxels lie.
  ///   - settings: The simulator's shape.
  ///   - seed: Of the order of equal values.
  /// - Precondition: Two events at least for each energy and bin.
  package init(
    fitting showers: [Float], energyIndex: [Int], energies: [Double], quantities: ShowerQuantities,
    settings: ParametricSettings, seed: UInt64
  ) {
    var depths: [ShowerDepth] = []
    self.init(
      fitting: showers, energyIndex: energyIndex, energies: energies, quantities: quantities, settings: settings,
      seed: seed, depths: &depths)
  }

  /// Fits showers, and tells the depth of each energy's.
  init(
    fitting showers: [Float], energyIndex: [Int], energies: [Double], quantities: ShowerQuantities,
    settings: ParametricSettings, seed: UInt64, depths: inout [ShowerDepth]
  ) {
    (self.quantities, self.settings, self.energies) = (quantities, settings, energies)
    let randomness = Randomness(seed: seed)
    let voxels = quantities.voxels
    classes = energies.indices.map { energy in
      let events = energyIndex.indices.filter { energyIndex[$0] == energy }.map { event in
        quantities.values(of: showers[event * voxels..<(event + 1) * voxels])
      }
      precondition(events.count >= 2 * settings.bins, "\(events.count) events for \(settings.bins) bins")
      /// A stream for each class, and one for the classing.
      func ties(_ part: Int) -> (_ quantity: Int, _ event: Int) -> Float {
        { randomness.uniform(.tieOrder, iteration: energy * (settings.bins + 1) + part, index: $0 * events.count + $1) }
      }
      let (axis, places) = Self.depth(of: events, layers: quantities.layers.count, ties(settings.bins))
      let order = events.indices.sorted { (places[$0], $0) < (places[$1], $1) }
      depths.append(ShowerDepth(of: events, axis: axis, places: places, order: order, bins: settings.bins))
      return (0..<settings.bins).map { bin in
        let part = order[bin * order.count / settings.bins..<(bin + 1) * order.count / settings.bins]
        return ShowerClass(
          fitting: part.map { events[$0] }, components: settings.components, points: settings.quantiles,
          tieBreaker: ties(bin))
      }
    }
  }

  /// The leading component of the scores of total and layers, and each event's place along it, from early showers to late
  /// ones.
  private static func depth(
    of events: [[Double]], layers: Int, _ ties: (_ quantity: Int, _ event: Int) -> Float
  ) -> (axis: [Double], places: [Double]) {
    let columns = 1 + layers
    var scores = [Double](repeating: 0, count: events.count * columns)
    for quantity in 0..<columns {
      let column = Marginal.scores(of: events.map { $0[quantity] }) { ties(quantity, $0) }
      for (event, score) in column.enumerated() { scores[event * columns + quantity] = score }
    }
    guard var axis = LeadingComponents(1, of: scores, columns: columns).vectors.first else {
      return (.init(repeating: 0, count: columns), .init(repeating: 0, count: events.count))
    }
    // An eigenvector's sign means nothing; this one's is to grow with the depth of the energy, at every energy.
    let middle = Double(layers - 1) / 2
    var depth = 0.0
    for layer in 0..<layers { depth += axis[1 + layer] * (Double(layer) - middle) }
    if depth < 0 { axis = axis.map { -$0 } }
    let places = events.indices.map { event in
      dot(axis, Array(scores[event * columns..<(event + 1) * columns]), columns)
    }
    return (axis, places)
  }
}

// MARK: Its state

extension ParametricModel {
  /// The fit as arrays: the shares of zeros `parametric/empty` `[energies, bins, quantities]`, the tables
  /// `parametric/quantiles` `[…, points]` and `parametric/loadings` `[…, components]`.
  package var state: [NamedArray] {
    let all = classes.joined()
    func array(_ name: String, _ extent: [Int], _ values: [Double]) -> NamedArray {
      NamedArray(name: "parametric/\(name)", shape: shape + extent, values: values.map(Float.init))
    }
    return [
      array("empty", [], all.flatMap { $0.marginals.map(\.empty) }),
      array("quantiles", [settings.quantiles], all.flatMap { $0.marginals.flatMap(\.quantiles) }),
      array("loadings", [settings.components], all.flatMap(\.loadings)),
    ]
  }

  private var shape: [Int] { [energies.count, settings.bins, quantities.count] }

  /// Reads a fit.
  /// - Parameters:
  ///   - state: The arrays.
  ///   - energies: That it was fitted at (MeV), ascending.
  ///   - quantities: How the voxels lie.
  ///   - settings: The simulator's shape.
  /// - Throws: `InputError` when an array is missing or has another shape.
  package init(
    state: [NamedArray], energies: [Double], quantities: ShowerQuantities, settings: ParametricSettings
  ) throws(InputError) {
    (self.quantities, self.settings, self.energies, classes) = (quantities, settings, energies, [])
    func values(_ name: String, _ extent: [Int]) throws(InputError) -> [Double] {
      try state.values(of: "parametric/\(name)", shape: shape + extent)
    }
    let (points, components, count) = (settings.quantiles, settings.components, quantities.count)
    let (empty, quantiles) = (try values("empty", []), try values("quantiles", [points]))
    let loadings = try values("loadings", [components])
    classes = energies.indices.map { energy in
      (0..<settings.bins).map { bin in
        let first = (energy * settings.bins + bin) * count
        return ShowerClass(
          marginals: (first..<first + count).map {
            Marginal(empty: empty[$0], quantiles: Array(quantiles[$0 * points..<($0 + 1) * points]))
          }, loadings: Array(loadings[first * components..<(first + count) * components]), components: components)
      }
    }
  }

  /// A simulator before it is fitted: its showers are empty.
  package init(unfittedAt energies: [Double], quantities: ShowerQuantities, settings: ParametricSettings) {
    (self.quantities, self.settings, self.energies) = (quantities, settings, energies)
    let nothing = ShowerClass(
      marginals: .init(
        repeating: Marginal(empty: 1, quantiles: .init(repeating: 0, count: settings.quantiles)),
        count: quantities.count),
      loadings: .init(repeating: 0, count: quantities.count * settings.components), components: settings.components)
    classes = .init(repeating: .init(repeating: nothing, count: settings.bins), count: energies.count)
  }
}

// MARK: Showers

extension ParametricModel {
  /// The normal numbers that a shower takes: for the energy whose components it has, for its class, and for its scores;
  /// an even number, since they are drawn in pairs.
  private var normals: Int { (2 + settings.components + quantities.count + 1) / 2 * 2 }

  /// Simulates showers, each a function of the seed, the purpose, the iteration and its number.
  /// - Parameters:
  ///   - incident: The incident energy of each event (MeV); beyond the fitted ones as at the nearest.
  ///   - first: The number of the first event.
  ///   - seed: Of all draws.
  ///   - purpose: What the showers are for.
  ///   - iteration: The checkpoint's.
  /// - Returns: `[events, voxels]`, fractions of the kinetic energy.
  package func showers(
    incident: some Collection<Double>, from first: Int, seed: UInt64, _ purpose: Randomness.Purpose, iteration: Int
  ) -> [Float] {
    let randomness = Randomness(seed: seed)
    var showers = [Float](repeating: 0, count: incident.count * quantities.voxels)
    var numbers = [Float](repeating: 0, count: normals)
    showers.withUnsafeMutableBufferPointer { showers in
      numbers.withUnsafeMutableBufferPointer { numbers in
        for (event, energy) in incident.enumerated() {
          randomness.fill(
            numbers, mean: 0, spread: 1, purpose, iteration: iteration, from: (first + event) * normals)
          shower(of: energy, numbers.baseAddress!, into: showers.baseAddress! + event * quantities.voxels)
        }
      }
    }
    return showers
  }

  private func shower(
    of energy: Double, _ normals: UnsafePointer<Float>, into shower: UnsafeMutablePointer<Float>
  ) {
    let (low, high, weight) = neighbours(of: energy)
    // A normal number's probability is as good as a uniform one.
    let bin = min(
      settings.bins - 1, Int(NormalDistribution.probability(upTo: Double(normals[1])) * Double(settings.bins)))
    let (first, second) = (classes[low][bin], classes[high][bin])
    let dependence = NormalDistribution.probability(upTo: Double(normals[0])) < weight ? second : first
    compose(dependence.scores(normals + 2), first, second, weight: weight, into: shower)
  }

  /// The shower of the normal scores of all quantities.
  /// - Parameters:
  ///   - scores: One for each quantity.
  ///   - first: What the distributions are at the energy below.
  ///   - second: What they are at the energy above.
  ///   - weight: How far it is from the first to the second, 0 … 1.
  ///   - given: The values of the first quantities, whose scores do not count then.
  ///   - shower: As many numbers as voxels; replaced.
  func compose(
    _ scores: [Double], _ first: ShowerClass, _ second: ShowerClass, weight: Double, given: [Double] = [],
    into shower: UnsafeMutablePointer<Float>
  ) {
    let probabilities = scores.map(NormalDistribution.probability)
    quantities.shower(
      { quantity in
        if quantity < given.count { return given[quantity] }
        let probability = probabilities[quantity]
        return weight == 0
          ? first.marginals[quantity].value(at: probability)
          : Marginal.value(at: probability, first.marginals[quantity], second.marginals[quantity], weight: weight)
      },
      nearness: { quantity in
        let (a, b) = (first.marginals[quantity].empty, second.marginals[quantity].empty)
        return probabilities[quantity] / (a + weight * (b - a))
      }, into: shower)
  }

  /// The fitted energies about an energy, by number, and how far it is from the first to the second, 0 … 1 in log E.
  func neighbours(of energy: Double) -> (low: Int, high: Int, weight: Double) {
    guard let above = energies.firstIndex(where: { $0 >= energy }) else {
      return (energies.count - 1, energies.count - 1, 0)
    }
    guard above > 0, energies[above] > energy else { return (above, above, 0) }
    let (low, high) = (energies[above - 1], energies[above])
    return (above - 1, above, log(energy / low) / log(high / low))
  }
}
