import Ansatz
import CKernels
import Testing

@testable import Simulator

@Suite struct CircuitSimulatorTests {
  /// Inputs, angles, weights and tangents of a batch.
  struct Batch {
    var inputs: [[Double]]
    var angles: [Double]
    var weights: [[Double]]
    var tangents: [[Double]]

    init(_ circuit: Circuit, size: Int) {
      var numbers = Numbers(seed: circuit.qubits + 100 * circuit.angleCount + size)
      // Single-precision values, so that both simulators are given the same.
      func rows(_ scale: Double) -> [[Double]] {
        (0..<size).map { _ in numbers.list(circuit.qubits, scale: scale).map { Double(Float($0)) } }
      }
      inputs = rows(3)
      weights = rows(1)
      tangents = rows(1)
      angles = numbers.list(circuit.angleCount).map { Double(Float($0)) }
    }
  }

  @Test(arguments: oddCircuits + turnedCircuits)
  func `it agrees with the reference simulator`(_ circuit: Circuit) {
    let batch = Batch(circuit, size: 3)
    let fast = FastRun(circuit)
    let reference = ReferenceSimulator<Double>(circuit)
    let expectations = fast.forward(batch.inputs, batch.angles)
    let gradients = fast.backward(batch.inputs, batch.angles, batch.weights)
    let second = fast.secondOrder(batch.inputs, batch.angles, batch.weights, batch.tangents)
    var angleSum = [Double](repeating: 0, count: circuit.angleCount)
    var secondSum = angleSum
    for sample in 0..<3 {
      let (inputs, weights) = (batch.inputs[sample], batch.weights[sample])
      expectClose(expectations[sample], reference.expectations(inputs: inputs, angles: batch.angles), 2e-6, "⟨Z⟩")
      let known = reference.gradients(inputs: inputs, angles: batch.angles, weights: weights)
      expectClose(gradients.inputs[sample], known.inputs, 5e-6, "∂x")
      angleSum = zip(angleSum, known.angles).map(+)
      let knownSecond = reference.secondOrder(
        inputs: inputs, angles: batch.angles, weights: weights, tangent: batch.tangents[sample])
      expectClose(second.inputs[sample], knownSecond.inputs, 2e-5, "second order ∂x")
      secondSum = zip(secondSum, knownSecond.angles).map(+)
    }
    expectClose(gradients.angles, angleSum, 1e-5, "∂angles")
    expectClose(second.angles, secondSum, 3e-5, "second order ∂angles")
  }

  /// Sizes at which a state outgrows the first-level cache, and the second-level one, by one, two and three qubits and more.
  @Test(arguments: [
    Circuit(qubits: 14, cnot: [1], rz: true, repetitions: 2, reupload: true),
    Circuit(qubits: 18, cnot: [1, 2], rz: false, repetitions: 2),
    Circuit(qubits: 18, cnot: [1], rz: true, repetitions: 2, reupload: true),
    Circuit(qubits: 19, cnot: [1, 3], rz: true, repetitions: 2),
    Circuit(qubits: 20, cnot: [1], rz: false, repetitions: 2),
    Circuit(qubits: 20, repetitions: 1),
    Circuit(qubits: 21, cnot: [2], rz: false, repetitions: 2),
  ])
  func `it agrees with the reference simulator for many qubits`(_ circuit: Circuit) {
    let batch = Batch(circuit, size: 1)
    let fast = FastRun(circuit)
    let gradients = fast.backward(batch.inputs, batch.angles, batch.weights)
    let reference = ReferenceSimulator<Double>(circuit)
    let known = reference.gradients(inputs: batch.inputs[0], angles: batch.angles, weights: batch.weights[0])
    expectClose(gradients.inputs[0], known.inputs, 5e-6)
    expectClose(gradients.angles, known.angles, 5e-6)
    expectClose(
      fast.forward(batch.inputs, batch.angles)[0],
      reference.expectations(inputs: batch.inputs[0], angles: batch.angles), 2e-6)
  }

  @Test func `the second order agrees with the reference simulator for many qubits`() {
    let circuit = Circuit(qubits: 18, cnot: [1, 2], rz: true, repetitions: 2, reupload: true)
    let batch = Batch(circuit, size: 1)
    let second = FastRun(circuit).secondOrder(batch.inputs, batch.angles, batch.weights, batch.tangents)
    let known = ReferenceSimulator<Double>(circuit).secondOrder(
      inputs: batch.inputs[0], angles: batch.angles, weights: batch.weights[0], tangent: batch.tangents[0])
    expectClose(second.inputs[0], known.inputs, 2e-5)
    expectClose(second.angles, known.angles, 3e-5)
  }

  /// Past a half-turn minus a little, RY is not computed by tangents.
  @Test func `angles around π are as good as others`() {
    let circuit = Circuit(qubits: 6, cnot: [1], rz: true, repetitions: 2)
    var batch = Batch(circuit, size: 1)
    for step in [0, 1e-6, 1e-3, 0.03, 0.0625, 0.07, 0.1] {
      for qubit in 0..<6 {
        let angle: Double = qubit % 2 == 0 ? .pi + step : .pi - step
        batch.angles[circuit.theta(qubit, repetition: 1)] = Double(Float(angle))
      }
      let known = ReferenceSimulator<Double>(circuit)
      expectClose(
        FastRun(circuit).forward(batch.inputs, batch.angles)[0],
        known.expectations(inputs: batch.inputs[0], angles: batch.angles), 1e-6)
      expectClose(
        FastRun(circuit).backward(batch.inputs, batch.angles, batch.weights).angles,
        known.gradients(inputs: batch.inputs[0], angles: batch.angles, weights: batch.weights[0]).angles, 2e-6)
    }
  }

  @Test(arguments: ["avx512", "avx2", "generic"])
  func `every instruction set gives the same`(_ name: String) throws {
    // Contraction to fused multiply-add differs, so the last bits may.
    guard instruction_set_force(name) != 0 else { return }
    defer { _ = instruction_set_force(nil) }
    #expect(String(cString: instruction_set_name()) == name)
    for circuit in oddCircuits + turnedCircuits where circuit.qubits > 8 {
      let batch = Batch(circuit, size: 2)
      #expect(instruction_set_force(nil) != 0)
      let best = FastRun(circuit)
      #expect(instruction_set_force(name) != 0)
      let other = FastRun(circuit)
      expectClose(
        other.forward(batch.inputs, batch.angles).flatMap(\.self),
        best.forward(batch.inputs, batch.angles).flatMap(\.self),
        1e-6)
      let found = other.secondOrder(batch.inputs, batch.angles, batch.weights, batch.tangents)
      let expected = best.secondOrder(batch.inputs, batch.angles, batch.weights, batch.tangents)
      expectClose(found.inputs.flatMap(\.self), expected.inputs.flatMap(\.self), 2e-5)
      expectClose(found.angles, expected.angles, 2e-5)
    }
  }

  @Test func `the kernels take as many qubits as a circuit may have`() {
    #expect(STATEVECTOR_WIRES_LIMIT == Circuit.qubitLimit)
  }

  @Test(arguments: [1, 3, 10, 50])
  func `a sample's result does not depend on its neighbours`(_ size: Int) {
    let circuit = Circuit(qubits: 6, cnot: [1, 2], rz: true, repetitions: 2, reupload: true)
    let batch = Batch(circuit, size: size)
    let fast = FastRun(circuit)
    let together = fast.forward(batch.inputs, batch.angles)
    let gradients = fast.backward(batch.inputs, batch.angles, batch.weights)
    for sample in 0..<size {
      #expect(fast.forward([batch.inputs[sample]], batch.angles)[0] == together[sample])
      let alone = fast.backward([batch.inputs[sample]], batch.angles, [batch.weights[sample]])
      #expect(alone.inputs[0] == gradients.inputs[sample])
    }
  }

  @Test func `angle gradients are added to, and input gradients may be left out`() {
    let circuit = Circuit(qubits: 4, cnot: [1], rz: true, repetitions: 2, reupload: true)
    let batch = Batch(circuit, size: 2)
    let fast = FastRun(circuit)
    let once = fast.backward(batch.inputs, batch.angles, batch.weights).angles
    let flat = (batch.inputs.joined().map(Float.init), batch.weights.joined().map(Float.init))
    var sums = [Float](repeating: 1, count: circuit.angleCount)
    fast.simulator.backward(
      inputs: flat.0, angles: batch.angles.map(Float.init), weights: flat.1, batch: 2, angleGradients: &sums,
      inputGradients: nil)
    expectClose(sums.map { Double($0) - 1 }, once, 1e-6)
  }

  /// Inputs behind a layer stand in rows that are padded.
  @Test func `rows may stand apart, and what is between them stays as it is`() {
    let circuit = Circuit(qubits: 5, cnot: [1, 2], rz: true, repetitions: 2, reupload: true)
    let (batch, stride) = (Batch(circuit, size: 3), 16)
    let (fast, angles) = (FastRun(circuit), batch.angles.map(Float.init))
    func apart(_ rows: [[Double]]) -> [Float] { rows.flatMap { $0.map(Float.init) + Array(repeating: 7, count: 11) } }
    let (inputs, weights, tangents) = (apart(batch.inputs), apart(batch.weights), apart(batch.tangents))
    var (values, gradients, second) = (inputs, inputs, inputs)
    var sums = [Float](repeating: 0, count: circuit.angleCount)
    var secondSums = sums
    fast.simulator.forward(inputs: inputs, angles: angles, batch: 3, rowStride: stride, expectations: &values)
    fast.simulator.backward(
      inputs: inputs, angles: angles, weights: weights, batch: 3, rowStride: stride, angleGradients: &sums,
      inputGradients: &gradients)
    fast.simulator.secondOrder(
      inputs: inputs, angles: angles, weights: weights, tangent: tangents, batch: 3, rowStride: stride,
      angleGradients: &secondSums, inputGradients: &second)
    let packed = fast.backward(batch.inputs, batch.angles, batch.weights)
    let packedSecond = fast.secondOrder(batch.inputs, batch.angles, batch.weights, batch.tangents)
    #expect(values == apart(fast.forward(batch.inputs, batch.angles)))
    #expect(gradients == apart(packed.inputs) && sums.map(Double.init) == packed.angles)
    #expect(second == apart(packedSecond.inputs) && secondSums.map(Double.init) == packedSecond.angles)
  }

  @Test func `input gradients are the same where those of the angles are left out`() {
    let circuit = Circuit(qubits: 4, cnot: [1], rz: true, repetitions: 3, reupload: true)
    let batch = Batch(circuit, size: 2)
    let fast = FastRun(circuit)
    var gradients = [Float](repeating: .nan, count: 8)
    fast.simulator.backward(
      inputs: batch.inputs.joined().map(Float.init), angles: batch.angles.map(Float.init),
      weights: batch.weights.joined().map(Float.init), batch: 2, angleGradients: nil, inputGradients: &gradients)
    let both = fast.backward(batch.inputs, batch.angles, batch.weights).inputs
    #expect(gradients.map(Double.init) == both.flatMap(\.self))
  }

  @Test func `an inverse circuit without CNOTs is one with the rotations the other way round, by the other angles`() {
    let inputs = [[0.3, -1.1, 2.0, 0.7]]
    var circuit = Circuit(qubits: 4, cnot: [], repetitions: 2, rotations: [.z, .x, .y], encoding: .y, inputShift: 1)
    var numbers = Numbers(seed: 3)
    let angles = numbers.list(circuit.angleCount)
    circuit.inverse = true
    let undone = FastRun(circuit).forward(inputs, angles)[0]
    var backwards = circuit
    (backwards.inverse, backwards.rotations) = (false, [.y, .x, .z])
    let reversed = (0..<2).flatMap { repetition in
      (0..<3).flatMap { rotation in
        (0..<4).map { -angles[circuit.angle($0, rotation: 2 - rotation, repetition: 1 - repetition)] }
      }
    }
    expectClose(FastRun(backwards).forward(inputs, reversed)[0], undone, 1e-6)
  }

  @Test func `the gradient of the last RZ is exactly zero`() {
    let circuit = Circuit(qubits: 5, cnot: [1, 2], rz: true, repetitions: 2)
    let batch = Batch(circuit, size: 3)
    let gradients = FastRun(circuit).backward(batch.inputs, batch.angles, batch.weights).angles
    for qubit in 0..<5 {
      #expect(gradients[circuit.phi(qubit, repetition: 1)] == 0)
      #expect(gradients[circuit.phi(qubit, repetition: 0)] != 0)
    }
  }
}
