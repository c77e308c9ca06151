package import Ansatz

/// ⟨Z_i⟩ of every sample of a problem and, when it has weights, the gradients of Σ_samples Σ_i w_i⟨Z_i⟩.
package struct CircuitEvaluation<Scalar: RealScalar & Encodable>: Encodable {
  /// The gradients by inputs and by angles.
  package struct Gradients: Encodable {
    /// One list per sample.
    package var x: [[Scalar]]
    /// One list per repetition; empty for rotations other than the study's.
    package var theta: [[Scalar]]
    /// One list per repetition; empty without RZ.
    package var phi: [[Scalar]]
    /// The angles in place of both for rotations other than the study's: one list per repetition, of one list per rotation.
    package var angles: [[[Scalar]]]?
  }

  /// ⟨Z_i⟩, one list per sample.
  package var expectations: [[Scalar]]
  /// The gradients; nil without weights.
  package var gradients: Gradients?

  /// The evaluation in single precision, by the simulator that trains.
  ///
  /// - Precondition: `problem.flaw == nil`.
  package init(_ problem: CircuitProblem) where Scalar == Float {
    let (circuit, batch) = (problem.circuit, problem.inputs.count)
    let simulator = CircuitSimulator(circuit, batchCapacity: batch)
    let inputs = problem.inputs.joined().map(Float.init)
    let angles = problem.angles.map(Float.init)
    var values = [Float](repeating: 0, count: inputs.count)
    func perSample(_ flat: [Float]) -> [[Float]] {
      (0..<batch).map { Array(flat[($0 * circuit.qubits)..<(($0 + 1) * circuit.qubits)]) }
    }
    guard let weights = problem.weights else {
      simulator.forward(inputs: inputs, angles: angles, batch: batch, expectations: &values)
      expectations = perSample(values)
      return
    }
    let repeated = problem.inputs.flatMap { _ in weights.map(Float.init) }
    var (inputGradients, angleGradients) = (values, [Float](repeating: 0, count: circuit.angleCount))
    simulator.backward(
      inputs: inputs, angles: angles, weights: repeated, batch: batch, angleGradients: &angleGradients,
      inputGradients: &inputGradients, expectations: &values)
    expectations = perSample(values)
    gradients = Gradients(circuit, x: perSample(inputGradients), angles: angleGradients)
  }

  /// The evaluation in double precision, by the reference simulator.
  ///
  /// - Precondition: `problem.flaw == nil`.
  package init(_ problem: CircuitProblem) where Scalar == Double {
    let simulator = ReferenceSimulator<Double>(problem.circuit)
    let angles = problem.angles
    expectations = problem.inputs.map { simulator.expectations(inputs: $0, angles: angles) }
    guard let weights = problem.weights else { return }
    var x: [[Double]] = []
    var angleGradients = [Double](repeating: 0, count: angles.count)
    for inputs in problem.inputs {
      let sample = simulator.gradients(inputs: inputs, angles: angles, weights: weights)
      x.append(sample.inputs)
      for index in angles.indices { angleGradients[index] += sample.angles[index] }
    }
    gradients = Gradients(problem.circuit, x: x, angles: angleGradients)
  }
}

extension CircuitEvaluation.Gradients {
  init(_ circuit: Circuit, x: [[Scalar]], angles: [Scalar]) {
    let lists = (0..<circuit.repetitions).map { repetition in
      circuit.rotations.indices.map { rotation in
        let start = circuit.angle(0, rotation: rotation, repetition: repetition)
        return Array(angles[start..<(start + circuit.qubits)])
      }
    }
    guard circuit.hasStudyRotations else {
      self.init(x: x, theta: [], phi: [], angles: lists)
      return
    }
    self.init(x: x, theta: lists.map { $0[0] }, phi: circuit.rz ? lists.map { $0[1] } : [])
  }
}
