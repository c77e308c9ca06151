package import Ansatz

/// ⟨Z_i⟩ of a circuit gate by gate, and its adjoint gradients: slow, obvious, and what the fast one is tested against.
///
/// One sample at a time. Rotations are exp(-i t P / 2); bit i of an index is qubit i.
/// - Complexity: O(gates · 2^qubits).
/// - Source: adjoint differentiation, Jones & Gacon, arXiv:2009.02823.
package struct ReferenceSimulator<Scalar: RealScalar>: Sendable {
  /// The circuit simulated.
  package let circuit: Circuit
  private let gates: [Gate]

  /// - Precondition: The circuit has no flaw.
  package init(_ circuit: Circuit) {
    precondition(circuit.flaw == nil, circuit.flaw ?? "")
    self.circuit = circuit
    gates = circuit.gates
  }

  /// ⟨Z_i⟩ of every qubit.
  @specialized(where Scalar == Double)
  package func expectations(inputs: [Scalar], angles: [Scalar]) -> [Scalar] {
    let state = finalState(inputs, angles)
    return (0..<circuit.qubits).map { qubit in
      var sum = Scalar.zero
      for (index, amplitude) in state.enumerated() {
        let probability = amplitude.re * amplitude.re + amplitude.im * amplitude.im
        sum = index >> qubit & 1 == 0 ? sum + probability : sum - probability
      }
      return sum
    }
  }

  /// The gradient of Σ_i weights[i]⟨Z_i⟩ by the inputs and by the angles.
  @specialized(where Scalar == Double)
  package func gradients(inputs: [Scalar], angles: [Scalar], weights: [Scalar]) -> (inputs: [Scalar], angles: [Scalar])
  {
    precondition(weights.count == circuit.qubits, "\(weights.count) weights for \(circuit.qubits) qubits")
    var state = finalState(inputs, angles)
    var adjoint = state.enumerated().map { index, amplitude in
      var weight = Scalar.zero
      for qubit in 0..<circuit.qubits {
        weight = index >> qubit & 1 == 0 ? weight + weights[qubit] : weight - weights[qubit]
      }
      return Amplitude(re: weight * amplitude.re, im: weight * amplitude.im)
    }
    var inputGradients = [Scalar](repeating: .zero, count: circuit.qubits)
    var angleGradients = [Scalar](repeating: .zero, count: circuit.angleCount)
    for gate in gates.reversed() {
      // The derivative of exp(-i t P / 2) is -iP/2 of it; for both sides of the expectation, twice the real part.
      switch gate {
      case .turn(let axis, let qubit, let amount):
        let gradient = imaginary(adjoint, axis, qubit, state)
        switch amount {
        case .input(let input): inputGradients[input] = inputGradients[input] + gradient
        case .angle(let angle): angleGradients[angle] = angleGradients[angle] + gradient
        case .undone(let angle): angleGradients[angle] = angleGradients[angle] - gradient
        }
      case .cnot: break
      }
      apply(gate, to: &state, inputs, angles, backwards: true)
      apply(gate, to: &adjoint, inputs, angles, backwards: true)
    }
    return (inputGradients, angleGradients)
  }

  /// The gradient of d = Σ_i tangent[i] ∂/∂x_i Σ_j weights[j]⟨Z_j⟩ by the inputs and by the angles.
  @specialized(where Scalar == Double)
  package func secondOrder(
    inputs: [Scalar], angles: [Scalar], weights: [Scalar], tangent: [Scalar]
  ) -> (inputs: [Scalar], angles: [Scalar]) {
    precondition(tangent.count == inputs.count, "\(tangent.count) tangents for \(inputs.count) inputs")
    let gradients = ReferenceSimulator<Dual<Scalar>>(circuit).gradients(
      inputs: zip(inputs, tangent).map { Dual($0, derivative: $1) },
      angles: angles.map { Dual($0, derivative: .zero) },
      weights: weights.map { Dual($0, derivative: .zero) })
    return (gradients.inputs.map(\.derivative), gradients.angles.map(\.derivative))
  }

  private struct Amplitude {
    var re: Scalar
    var im: Scalar
  }

  private func finalState(_ inputs: [Scalar], _ angles: [Scalar]) -> [Amplitude] {
    precondition(inputs.count == circuit.qubits, "\(inputs.count) inputs for \(circuit.qubits) qubits")
    precondition(angles.count == circuit.angleCount, "\(angles.count) angles, not \(circuit.angleCount)")
    var state = [Amplitude](repeating: Amplitude(re: .zero, im: .zero), count: 1 << circuit.qubits)
    state[0].re = Scalar(1)
    for gate in gates { apply(gate, to: &state, inputs, angles, backwards: false) }
    return state
  }

  private func apply(
    _ gate: Gate, to state: inout [Amplitude], _ inputs: [Scalar], _ angles: [Scalar], backwards: Bool
  ) {
    func half(_ amount: Amount) -> (cosine: Scalar, sine: Scalar) {
      let angle =
        switch amount {
        case .input(let input): Scalar.half * inputs[input]
        case .angle(let angle): Scalar.half * angles[angle]
        case .undone(let angle): Scalar.half * -angles[angle]
        }
      return (angle.cosine, backwards ? -angle.sine : angle.sine)
    }
    switch gate {
    case .turn(.x, let qubit, let amount):
      let (c, s) = half(amount)
      forPairs(of: qubit) { i, j in
        let (a, b) = (state[i], state[j])
        state[i] = Amplitude(re: c * a.re + s * b.im, im: c * a.im - s * b.re)
        state[j] = Amplitude(re: c * b.re + s * a.im, im: c * b.im - s * a.re)
      }
    case .turn(.y, let qubit, let amount):
      let (c, s) = half(amount)
      forPairs(of: qubit) { i, j in
        let (a, b) = (state[i], state[j])
        state[i] = Amplitude(re: c * a.re - s * b.re, im: c * a.im - s * b.im)
        state[j] = Amplitude(re: s * a.re + c * b.re, im: s * a.im + c * b.im)
      }
    case .turn(.z, let qubit, let amount):
      let (c, s) = half(amount)
      forPairs(of: qubit) { i, j in
        let (a, b) = (state[i], state[j])
        state[i] = Amplitude(re: c * a.re + s * a.im, im: c * a.im - s * a.re)
        state[j] = Amplitude(re: c * b.re - s * b.im, im: c * b.im + s * b.re)
      }
    case .cnot(let control, let target):
      forPairs(of: target) { i, j in
        if i >> control & 1 == 1 { state.swapAt(i, j) }
      }
    }
  }

  /// Im⟨adjoint|P|state⟩ with P on one qubit.
  private func imaginary(_ adjoint: [Amplitude], _ pauli: Axis, _ qubit: Int, _ state: [Amplitude]) -> Scalar {
    func product(_ i: Int, _ j: Int) -> Amplitude {
      Amplitude(
        re: adjoint[i].re * state[j].re + adjoint[i].im * state[j].im,
        im: adjoint[i].re * state[j].im - adjoint[i].im * state[j].re)
    }
    var sum = Scalar.zero
    forPairs(of: qubit) { i, j in
      switch pauli {
      case .x: sum = sum + product(i, j).im + product(j, i).im
      case .y: sum = sum - product(i, j).re + product(j, i).re
      case .z: sum = sum + product(i, i).im - product(j, j).im
      }
    }
    return sum
  }

  /// Every pair of indices that differ in one qubit, the one with 0 there first.
  private func forPairs(of qubit: Int, _ body: (Int, Int) -> Void) {
    let bit = 1 << qubit
    for index in 0..<(1 << circuit.qubits) where index & bit == 0 { body(index, index | bit) }
  }
}
