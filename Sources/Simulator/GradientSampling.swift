package import Ansatz
import Glibc
import Storage

extension CircuitAnalysis {
  /// The estimates of `gradientEstimates` by sampling, for any circuit.
  ///
  /// - Parameters:
  ///   - inputs: The distribution of each input.
  ///   - angles: The distribution of every angle.
  ///   - samples: How many draws of the angles, each with `inputsPerDraw` draws of the inputs.
  ///   - inputsPerDraw: Draws of the inputs for each draw of the angles, at least 2.
  ///   - seed: The same seed, the same estimate.
  /// - Returns: One estimate per read-out, in its order.
  /// - Precondition: One distribution per input; samples is positive.
  package func sampledGradientEstimates(
    inputs: [InputDistribution], angles: AngleDistribution, samples: Int = 500, inputsPerDraw: Int = 8, seed: UInt64 = 1
  ) -> [GradientEstimate] {
    precondition(inputs.count == circuit.qubits, "\(inputs.count) distributions for \(circuit.qubits) inputs")
    precondition(samples > 0 && inputsPerDraw > 1, "\(samples) samples of \(inputsPerDraw) inputs")
    let simulator = CircuitSimulator(circuit, batchCapacity: inputsPerDraw)
    let (qubits, angleCount) = (circuit.qubits, circuit.angleCount)
    var source = SplitMix64(state: seed)
    var x = [Float](repeating: 0, count: inputsPerDraw * qubits)
    var values = x
    var parameters = [Float](repeating: 0, count: angleCount)
    var sums = readout.map { _ in Sums() }
    for _ in 0..<samples {
      for index in parameters.indices { parameters[index] = Float(source.draw(angles)) }
      for index in x.indices { x[index] = Float(source.draw(inputs[index % qubits])) }
      simulator.forward(inputs: x, angles: parameters, batch: inputsPerDraw, expectations: &values)
      for (place, qubit) in readout.enumerated() {
        sums[place].add(stride(from: qubit, to: values.count, by: qubits).map { Double(values[$0]) })
        // Gradients of a sum over samples would mix them: one input per draw of the angles.
        var weights = [Float](repeating: 0, count: qubits)
        weights[qubit] = 1
        var gradients = [Float](repeating: 0, count: angleCount)
        simulator.backward(
          inputs: x, angles: parameters, weights: weights, batch: 1, angleGradients: &gradients, inputGradients: nil)
        sums[place].gradientSquare += gradients.reduce(0) { $0 + Double($1) * Double($1) }
      }
    }
    return zip(readout, sums).map { qubit, sums in
      // Averaged over the angles that this read-out depends on, as in the closed form.
      let effective = angleCount - CircuitAnalysis(circuit, readout: [qubit]).inert.count
      return sums.estimate(qubit: qubit, draws: samples, inputsPerDraw: inputsPerDraw, angles: effective)
    }
  }

  private struct Sums {
    var value = 0.0
    var square = 0.0
    var within = 0.0
    var gradientSquare = 0.0

    mutating func add(_ values: [Double]) {
      let mean = values.reduce(0, +) / Double(values.count)
      value += mean
      square += values.reduce(0) { $0 + $1 * $1 } / Double(values.count)
      within += values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count - 1)
    }

    func estimate(qubit: Int, draws: Int, inputsPerDraw: Int, angles: Int) -> GradientEstimate {
      let count = Double(draws)
      return GradientEstimate(
        qubit: qubit, variance: square / count - (value / count) * (value / count), inputVariance: within / count,
        gradientSquare: gradientSquare / count / Double(max(angles, 1)), samples: draws)
    }
  }
}

extension SplitMix64 {
  mutating func draw(_ distribution: InputDistribution) -> Double {
    switch distribution {
    case .normal(let mean, let spread):
      // Box and Muller; 1 - u is never 0.
      return mean + spread * (-2 * log(1 - unit())).squareRoot() * cos(2 * .pi * unit())
    case .values(let values): return values[Int(unit() * Double(values.count))]
    }
  }

  mutating func draw(_ distribution: AngleDistribution) -> Double {
    switch distribution {
    case .uniform(let limit): return limit * (2 * unit() - 1)
    }
  }
}
