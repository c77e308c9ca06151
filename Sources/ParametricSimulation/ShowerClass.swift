import NeuralNetwork

/// Showers of one energy that begin about as deep: what each quantity's distribution is on its own, and the principal
/// components of the normal scores of all.
struct ShowerClass: Equatable {
  /// The distribution of each quantity.
  var marginals: [Marginal]
  /// `[quantities, components]`: what a quantity's normal score has of each component's, row-major.
  var loadings: [Double]
  /// The part of each quantity that is its own: with its loadings, squared, it makes one.
  private(set) var residuals: [Double]

  private let components: Int

  init(marginals: [Marginal], loadings: [Double], components: Int) {
    (self.marginals, self.loadings, self.components) = (marginals, loadings, components)
    residuals = marginals.indices.map { quantity in
      let common = loadings[quantity * components..<(quantity + 1) * components].reduce(0) { $0 + $1 * $1 }
      return max(0, 1 - common).squareRoot()
    }
  }

  /// Fits some events; the numbers are rounded to what a checkpoint holds of them.
  /// - Parameters:
  ///   - events: Each all quantities' values, at least one event.
  ///   - components: How many to keep, at most; others are zero.
  ///   - points: Of the tables of quantiles.
  ///   - tieBreaker: The random number of a quantity in an event.
  init(
    fitting events: [[Double]], components: Int, points: Int, tieBreaker: (_ quantity: Int, _ event: Int) -> Float
  ) {
    let quantities = events[0].count
    var scores = [Double](repeating: 0, count: events.count * quantities)
    var marginals: [Marginal] = []
    for quantity in 0..<quantities {
      let values = events.map { $0[quantity] }
      marginals.append(Marginal(of: values, points: points))
      // What is always zero goes with nothing.
      guard marginals[quantity].empty < 1 else { continue }
      for (event, score) in Marginal.scores(of: values, tieBreaker: { tieBreaker(quantity, $0) }).enumerated() {
        scores[event * quantities + quantity] = score
      }
    }
    let leading = LeadingComponents(components, of: scores, columns: quantities)
    var loadings = [Double](repeating: 0, count: quantities * components)
    for (number, (vector, variance)) in zip(leading.vectors, leading.variances).enumerated() {
      for quantity in 0..<quantities {
        loadings[quantity * components + number] = (vector[quantity] * variance.squareRoot()).rounded(to: Float.self)
      }
    }
    self.init(marginals: marginals.map(\.rounded), loadings: loadings, components: components)
  }

  /// The normal scores of all quantities, of normal numbers: one for each component, then one for each quantity.
  func scores(_ normals: UnsafePointer<Float>) -> [Double] {
    loadings.withUnsafeBufferPointer { loadings in
      marginals.indices.map { quantity in
        var sum = residuals[quantity] * Double(normals[components + quantity])
        for component in 0..<components {
          sum += loadings[quantity * components + component] * Double(normals[component])
        }
        return sum
      }
    }
  }
}

extension Marginal {
  /// Its numbers in float32.
  var rounded: Marginal {
    Marginal(empty: empty.rounded(to: Float.self), quantiles: quantiles.map { $0.rounded(to: Float.self) })
  }
}

extension Double {
  /// The nearest number of a type with fewer digits.
  fileprivate func rounded(to type: Float.Type) -> Double { Double(type.init(self)) }
}
