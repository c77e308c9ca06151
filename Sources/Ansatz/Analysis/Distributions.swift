import Glibc

/// How an input of a circuit is distributed.
package enum InputDistribution: Hashable, Sendable {
  case normal(mean: Double, spread: Double)
  /// Each of these equally often, such as the labels of the incident energies.
  case values([Double])

  /// The latent distribution of the study.
  package static let latent = InputDistribution.normal(mean: 0.5, spread: 0.5)
}

/// How the angles of a circuit are distributed at the start of a training.
package enum AngleDistribution: Hashable, Sendable {
  /// U(-limit, limit); the whole circle with π.
  case uniform(limit: Double)

  /// Angles anywhere on the circle.
  package static let circle = AngleDistribution.uniform(limit: .pi)

  /// PennyLane's KerasLayer: √(6 / (fan in + fan out)) of the weight's shape, (qubits) or (repetitions, qubits).
  package static func glorot(_ circuit: Circuit) -> AngleDistribution {
    let fans = circuit.repetitions == 1 ? 2 * circuit.qubits : circuit.repetitions + circuit.qubits
    return .uniform(limit: (6 / Double(fans)).squareRoot())
  }
}

/// The means of cos, cos² and sin² of a random angle.
struct CosineMoments {
  var cosine: Double
  var cosineSquared: Double
  var sineSquared: Double { 1 - cosineSquared }

  init(_ distribution: InputDistribution) {
    switch distribution {
    case .normal(let mean, let spread):
      let variance = spread * spread
      cosine = exp(-variance / 2) * cos(mean)
      cosineSquared = (1 + exp(-2 * variance) * cos(2 * mean)) / 2
    case .values(let values):
      precondition(!values.isEmpty, "a distribution of no values")
      cosine = values.reduce(0) { $0 + cos($1) } / Double(values.count)
      cosineSquared = values.reduce(0) { $0 + cos($1) * cos($1) } / Double(values.count)
    }
  }

  init(_ distribution: AngleDistribution) {
    switch distribution {
    case .uniform(let limit):
      cosine = limit == 0 ? 1 : sin(limit) / limit
      cosineSquared = limit == 0 ? 1 : (1 + sin(2 * limit) / (2 * limit)) / 2
    }
  }
}

/// How strongly a read-out varies, and how strongly it pulls at its angles, over random inputs and angles.
package struct GradientEstimate: Codable, Hashable, Sendable {
  /// The qubit that is read.
  package var qubit: Int
  /// The variance of ⟨Z⟩ over inputs and angles.
  package var variance: Double
  /// The variance of ⟨Z⟩ over inputs for given angles, averaged over angles: what the next layer can learn from.
  package var inputVariance: Double
  /// The mean of (∂⟨Z⟩/∂t)², averaged over the angles t that ⟨Z⟩ depends on.
  package var gradientSquare: Double
  /// How many samples it was estimated from; nil where it is exact.
  package var samples: Int?

  package init(qubit: Int, variance: Double, inputVariance: Double, gradientSquare: Double, samples: Int?) {
    self.qubit = qubit
    self.variance = variance
    self.inputVariance = inputVariance
    self.gradientSquare = gradientSquare
    self.samples = samples
  }
}

extension CircuitAnalysis {
  /// The exact estimate per read-out, where a closed form exists: with one repetition.
  ///
  /// Nil else.
  ///
  /// With independent factors, the mean of a product's square is the product of the squares' means.
  /// - Precondition: One distribution per input.
  package func gradientEstimates(inputs: [InputDistribution], angles: AngleDistribution) -> [GradientEstimate]? {
    precondition(inputs.count == circuit.qubits, "\(inputs.count) distributions for \(circuit.qubits) inputs")
    guard let closedForms else { return nil }
    let moments = inputs.map(CosineMoments.init)
    let angle = CosineMoments(angles)
    return zip(readout, closedForms).map { qubit, factors in
      var (square, mean, squareOfInputMean, others) = (1.0, 1.0, 1.0, 1.0)
      for input in factors {
        square *= moments[input].cosineSquared * angle.cosineSquared
        mean *= moments[input].cosine * angle.cosine
        squareOfInputMean *= moments[input].cosine * moments[input].cosine * angle.cosineSquared
        others *= moments[input].cosineSquared
      }
      // One of the angles' cos² becomes a sin²; which one does not matter.
      for _ in factors.dropFirst() { others *= angle.cosineSquared }
      return GradientEstimate(
        qubit: qubit, variance: square - mean * mean, inputVariance: square - squareOfInputMean,
        gradientSquare: others * angle.sineSquared, samples: nil)
    }
  }
}
