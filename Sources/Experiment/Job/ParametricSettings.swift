/// A simulator without networks, as FastCaloSim is one: per incident energy, in bins of the leading principal component of
/// the total and the layers' energies, the distribution of every quantity alone and the principal components of all.
///
/// A quantity is the total, a layer's energy or a voxel's. It is fitted at once, not trained.
package struct ParametricSettings: Codable, Hashable, Sendable {
  /// Bins of the leading component, with as many events each.
  package var bins = 5
  /// Principal components of the normal scores of all quantities, in each bin.
  package var components = 20
  /// Points of a quantity's table of quantiles, the least and the greatest among them.
  package var quantiles = 17

  /// A simulator's shape; the defaults did best on the sample data.
  package init(bins: Int = 5, components: Int = 20, quantiles: Int = 17) {
    (self.bins, self.components, self.quantiles) = (bins, components, quantiles)
  }

  /// Why it is none, as a clause naming the key; nil when it is one.
  package var flaw: String? {
    Bounds.flaw("bins", bins, Bounds.parametricBins) ?? Bounds.flaw("components", components, Bounds.components)
      ?? Bounds.flaw("quantiles", quantiles, Bounds.quantiles)
  }

  /// Why so many events of each energy are too few, as a clause; nil when they are enough.
  package func flaw(eventsPerEnergy events: Int) -> String? {
    guard events < 2 * bins else { return nil }
    return
      "\(events) \(events == 1 ? "event" : "events") of each energy are fewer than two for each of the \(bins) bins "
      + "(parametric.bins)"
  }

  /// The fitted numbers: for each energy, bin and quantity the share of zeros, the quantiles and the components.
  package func parameterCount(voxels: Int, layers: Int, energies: Int) -> Int {
    energies * bins * (1 + layers + voxels) * (1 + quantiles + components)
  }

  /// A variant's `canonical`; what is at its default is left out.
  var canonical: String { (["parametric"] + departures.map { "\($0.key) \($0.value)" }).joined(separator: ", ") }

  /// A variant's `name`: `parametric`, `parametric-bins3`.
  var name: String { (["parametric"] + departures.map { "\($0.key)\($0.value)" }).joined(separator: "-") }

  private var departures: [(key: String, value: Int)] {
    let usual = ParametricSettings()
    return [
      ("bins", bins, usual.bins), ("components", components, usual.components),
      ("quantiles", quantiles, usual.quantiles),
    ].filter { $0.1 != $0.2 }.map { ($0.0, $0.1) }
  }
}
