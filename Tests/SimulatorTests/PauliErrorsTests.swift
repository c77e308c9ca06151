import Ansatz
import Foundation
import Storage
import TestSupport
import Testing

@testable import Simulator

@Suite struct PauliErrorsTests {
  static let circuits =
    [
      Circuit(qubits: 3, cnot: [1, 2], repetitions: 3), Circuit(qubits: 4, cnot: [1], repetitions: 2, ring: true),
      Circuit(qubits: 3, cnot: [1], repetitions: 3, reupload: true), Circuit(qubits: 5, cnot: [1, 3], rz: false),
      Circuit(qubits: 1, cnot: [], repetitions: 2),
    ] + turnedCircuits.filter { !$0.inverse && $0.qubits <= 6 }

  /// Errors on one to three gates, from a seed.
  static func errors(_ circuit: Circuit, _ numbers: inout Numbers) -> [PauliError] {
    func below(_ n: Int) -> Int { Int((numbers.next() + 1) / 2 * Double(n)) % n }
    let count = 1 + below(3)
    return (0..<count).map { _ in
      PauliError(
        gate: below(circuit.gates.count), x: UInt32(below(1 << circuit.qubits)), z: UInt32(below(1 << circuit.qubits)))
    }.sorted { $0.gate < $1.gate }
  }

  @Test(arguments: circuits)
  func `a circuit with errors is the circuit with signs, gradients and second order included`(circuit: Circuit) {
    var numbers = Numbers(seed: 17)
    let errors = (0..<6).map { _ in Self.errors(circuit, &numbers) }
    let inputs = errors.map { _ in numbers.list(circuit.qubits) }
    let weights = errors.map { _ in numbers.list(circuit.qubits, scale: 1) }
    let tangent = errors.map { _ in numbers.list(circuit.qubits, scale: 1) }
    let angles = numbers.list(circuit.angleCount)
    let noise = PauliErrors(circuit, noise: NoiseModel())
    let signs = errors.flatMap { noise.signs(of: $0).masks }
    let simulator = CircuitSimulator(circuit, batchCapacity: errors.count)
    let (n, batch) = (circuit.qubits, errors.count)
    let (x, w, t) = (flat(inputs), flat(weights), flat(tangent))
    let a = angles.map(Float.init)
    var values = [Float](repeating: .nan, count: n * batch)
    simulator.forward(inputs: x, angles: a, batch: batch, signs: signs, expectations: &values)
    var byInput = values
    var byAngle = [Float](repeating: 0, count: circuit.angleCount)
    simulator.backward(
      inputs: x, angles: a, weights: w, batch: batch, signs: signs, angleGradients: &byAngle, inputGradients: &byInput)
    var twiceByInput = values
    var twiceByAngle = [Float](repeating: 0, count: circuit.angleCount)
    simulator.secondOrder(
      inputs: x, angles: a, weights: w, tangent: t, batch: batch, signs: signs, angleGradients: &twiceByAngle,
      inputGradients: &twiceByInput)
    var expectedByAngle = [Double](repeating: 0, count: circuit.angleCount)
    var expectedTwiceByAngle = expectedByAngle
    for sample in 0..<batch {
      let erroneous = ErroneousCircuit(circuit: circuit, errors: errors[sample])
      let row = (sample * n)..<((sample + 1) * n)
      expectClose(values[row].map(Double.init), erroneous.expectations(inputs[sample], angles), 3e-6, "⟨Z⟩")
      let gradients = erroneous.gradients(inputs[sample], angles, weights[sample])
      expectClose(byInput[row].map(Double.init), gradients.inputs, 2e-5, "∂x")
      for (index, value) in gradients.angles.enumerated() { expectedByAngle[index] += value }
      // Second order: the gradient's own difference along the tangent.
      let step = 1e-5
      func moved(_ s: Double) -> (inputs: [Double], angles: [Double]) {
        erroneous.gradients(zip(inputs[sample], tangent[sample]).map { $0 + s * $1 }, angles, weights[sample])
      }
      let (up, down) = (moved(step), moved(-step))
      expectClose(
        twiceByInput[row].map(Double.init), zip(up.inputs, down.inputs).map { ($0 - $1) / (2 * step) }, 1e-4, "∂∂x")
      for index in up.angles.indices {
        expectedTwiceByAngle[index] += (up.angles[index] - down.angles[index]) / (2 * step)
      }
    }
    expectClose(byAngle.map(Double.init), expectedByAngle, 5e-5, "∂θ")
    expectClose(twiceByAngle.map(Double.init), expectedTwiceByAngle, 3e-4, "∂∂θ")
  }

  @Test func `without signs nothing changes, to the bit`() {
    let circuit = Circuit(qubits: 5, cnot: [1, 2], repetitions: 2)
    var numbers = Numbers(seed: 3)
    let x = flat((0..<4).map { _ in numbers.list(5) })
    let a = numbers.list(circuit.angleCount).map(Float.init)
    let simulator = CircuitSimulator(circuit, batchCapacity: 4)
    var (plain, trivial) = ([Float](repeating: 0, count: 20), [Float](repeating: 1, count: 20))
    simulator.forward(inputs: x, angles: a, batch: 4, expectations: &plain)
    let none = (0..<4).flatMap { _ in SampleSigns(circuit).masks }
    simulator.forward(inputs: x, angles: a, batch: 4, signs: none, expectations: &trivial)
    #expect(plain == trivial)
    // And a call with signs leaves none behind.
    var some = SampleSigns(circuit)
    some[rotation: 0, repetition: 1] = 0b10110
    some.readout = 1
    simulator.forward(inputs: x, angles: a, batch: 1, signs: some.masks, expectations: &trivial)
    #expect(plain[0..<5] != trivial[0..<5])
    simulator.forward(inputs: x, angles: a, batch: 4, expectations: &trivial)
    #expect(plain == trivial)
  }

  @Test(arguments: [
    NoiseModel(everyQubit: .init(gate: .init(depolarizing: 0.05)), everyPair: .init(depolarizing: 0.1)),
    NoiseModel(everyPair: .init(depolarizing: 16.0 / 15)),
  ])
  func `trajectories agree with the density matrix on average, within their scatter`(noise: NoiseModel) {
    let circuit = Circuit(qubits: 4, cnot: [1, 2], repetitions: 2)
    var numbers = Numbers(seed: 5)
    let inputs = numbers.list(4)
    let angles = numbers.list(circuit.angleCount)
    let exact = NoisySimulator(circuit, noise: noise).expectations(inputs: inputs, angles: angles)
    let errors = PauliErrors(circuit, noise: noise)
    let (count, batch) = (20_000, 100)
    let simulator = CircuitSimulator(circuit, batchCapacity: batch)
    let x = flat([[Double]](repeating: inputs, count: batch))
    let a = angles.map(Float.init)
    var (sums, squares) = ([Double](repeating: 0, count: 4), [Double](repeating: 0, count: 4))
    var values = [Float](repeating: 0, count: 4 * batch)
    for start in stride(from: 0, to: count, by: batch) {
      let signs = (0..<batch).flatMap { errors.signs(of: errors.draw(seed: UInt64(1_000_003 * (start + $0)))).masks }
      simulator.forward(inputs: x, angles: a, batch: batch, signs: signs, expectations: &values)
      for (index, value) in values.enumerated() {
        sums[index % 4] += Double(value)
        squares[index % 4] += Double(value * value)
      }
    }
    for qubit in 0..<4 {
      let mean = sums[qubit] / Double(count)
      let error = ((squares[qubit] / Double(count) - mean * mean) / Double(count)).squareRoot()
      #expect(
        abs(mean - exact[qubit]) < 4.5 * error + 1e-6, "qubit \(qubit): \(mean) ± \(error), exactly \(exact[qubit])")
    }
  }

  @Test func `errors come as often as they should, and of each kind`() {
    let circuit = Circuit(qubits: 2, cnot: [1])
    let noise = NoiseModel(
      everyQubit: .init(gate: .init(depolarizing: 0.04, duration: 1000), relaxation: .init(t1: 20, t2: 25)),
      everyPair: .init(depolarizing: 0.16, overRotation: 0.2))
    let errors = PauliErrors(circuit, noise: noise)
    let count = 100_000
    var (none, xOnFirst, zOnFirst) = (0, 0, 0)
    for seed in 0..<count {
      let drawn = errors.draw(seed: UInt64(seed) &* 0x9E37_79B9_7F4A_7C15)
      if drawn.isEmpty { none += 1 }
      if drawn.contains(PauliError(gate: 0, x: 1, z: 0)) { xOnFirst += 1 }
      if drawn.contains(PauliError(gate: 0, x: 0, z: 1)) { zOnFirst += 1 }
      #expect(drawn.map(\.gate) == drawn.map(\.gate).sorted())
    }
    func expectShare(_ n: Int, _ p: Double) {
      #expect(abs(Double(n) - p * Double(count)) < 4.5 * (p * (1 - p) * Double(count)).squareRoot())
    }
    expectShare(none, errors.chanceOfNone)
    // After RX on qubit 0: depolarising by 0.01 each, then the twirl of 1 µs; X = X·1 + 1·X + Y·Z + Z·Y.
    let flip: Double = (1 - exp(-1.0 / 20)) / 4
    let phase: Double = (1 - exp(-1.0 / 25)) / 2 - flip
    let still = 1 - 2 * flip - phase
    let x: Double = 0.01 * still + 0.97 * flip + 0.01 * phase + 0.01 * flip
    let z: Double = 0.01 * still + 0.97 * phase + 0.02 * flip
    expectShare(xOnFirst, x)
    expectShare(zOnFirst, z)
    // The CNOT alone has 4 gates before it with the same chance each.
    let calm: Double = pow(0.97 * still + 0.01 * (2 * flip + phase), 4)
    let over: Double = pow(sin(0.1 * .pi), 2) / 4
    let straight: Double = 0.85 * (1 - 3 * over) + 0.03 * over
    #expect(abs(errors.chanceOfNone - calm * straight) < 1e-12)
  }

  private func flat(_ rows: [[Double]]) -> [Float] { rows.joined().map(Float.init) }
}

/// A circuit with Pauli matrices put in after some gates, in complex double precision: slow and obvious.
struct ErroneousCircuit {
  var circuit: Circuit
  var errors: [PauliError]

  func expectations(_ inputs: [Double], _ angles: [Double]) -> [Double] {
    let count = 1 << circuit.qubits
    var (re, im) = ([Double](repeating: 0, count: count), [Double](repeating: 0, count: count))
    re[0] = 1
    func pairs(_ qubit: Int, _ body: (Int, Int) -> Void) {
      for i in 0..<count where i >> qubit & 1 == 0 { body(i, i | 1 << qubit) }
    }
    func halved(_ amount: Amount) -> (Double, Double) {
      let half = amount.value(inputs: inputs, angles: angles) / 2
      return (cos(half), sin(half))
    }
    for (index, gate) in circuit.gates.enumerated() {
      switch gate {
      case .turn(.x, let q, let amount):
        let (c, s) = halved(amount)
        pairs(q) { i, j in
          let (ar, ai, br, bi) = (re[i], im[i], re[j], im[j])
          (re[i], im[i], re[j], im[j]) = (c * ar + s * bi, c * ai - s * br, c * br + s * ai, c * bi - s * ar)
        }
      case .turn(.y, let q, let amount):
        let (c, s) = halved(amount)
        pairs(q) { i, j in
          let (ar, ai, br, bi) = (re[i], im[i], re[j], im[j])
          (re[i], im[i], re[j], im[j]) = (c * ar - s * br, c * ai - s * bi, s * ar + c * br, s * ai + c * bi)
        }
      case .turn(.z, let q, let amount):
        let (c, s) = halved(amount)
        pairs(q) { i, j in
          let (ar, ai, br, bi) = (re[i], im[i], re[j], im[j])
          (re[i], im[i], re[j], im[j]) = (c * ar + s * ai, c * ai - s * ar, c * br - s * bi, c * bi + s * br)
        }
      case .cnot(let control, let target):
        pairs(target) { i, j in
          guard i >> control & 1 == 1 else { return }
          re.swapAt(i, j)
          im.swapAt(i, j)
        }
      }
      for error in errors where error.gate == index {
        for q in 0..<circuit.qubits where error.z >> UInt32(q) & 1 == 1 {
          pairs(q) { _, j in (re[j], im[j]) = (-re[j], -im[j]) }
        }
        for q in 0..<circuit.qubits where error.x >> UInt32(q) & 1 == 1 {
          pairs(q) { i, j in
            re.swapAt(i, j)
            im.swapAt(i, j)
          }
        }
      }
    }
    var values = [Double](repeating: 0, count: circuit.qubits)
    for index in 0..<count {
      let probability = re[index] * re[index] + im[index] * im[index]
      for q in values.indices { values[q] += index >> q & 1 == 0 ? probability : -probability }
    }
    return values
  }

  /// By central differences.
  func gradients(
    _ inputs: [Double], _ angles: [Double], _ weights: [Double]
  ) -> (inputs: [Double], angles: [Double]) {
    func value(_ inputs: [Double], _ angles: [Double]) -> Double {
      zip(expectations(inputs, angles), weights).map { $0 * $1 }.reduce(0, +)
    }
    func difference(_ list: [Double], _ index: Int, _ of: ([Double]) -> Double) -> Double {
      var (up, down) = (list, list)
      up[index] += 1e-4
      down[index] -= 1e-4
      return (of(up) - of(down)) / 2e-4
    }
    return (
      inputs.indices.map { difference(inputs, $0) { value($0, angles) } },
      angles.indices.map { difference(angles, $0) { value(inputs, $0) } }
    )
  }
}
