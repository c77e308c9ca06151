import Ansatz
import Foundation
import Simulator
import TestSupport
import Testing

/// Values of PennyLane's default.qubit in double precision, written to nine decimals and more.
struct PennyLaneReference: Decodable {
  struct Gradients: Decodable {
    var x: [Double]
    var theta: [[Double]]
    var phi: [[Double]]
  }

  struct Case: Decodable, Sendable, CustomTestStringConvertible {
    var name: String
    var qubits: Int
    var cnotDistances: [Int]
    var rz: Bool
    var repetitions: Int
    var order: Circuit.Order
    var ring: Bool
    var expZ: [Double]
    var gradients: Gradients

    enum CodingKeys: String, CodingKey {
      case name, qubits, rz, repetitions, order, ring, expZ
      case cnotDistances = "cnot_distances"
      case gradients = "grad_of_sum_cos03i_Zi"
    }

    var testDescription: String { name }

    var circuit: Circuit {
      Circuit(qubits: qubits, cnot: cnotDistances, rz: rz, repetitions: repetitions, order: order, ring: ring)
    }

    // The file gives its inputs by formula.
    var inputs: [Double] { (0..<qubits).map { 0.5 + 0.5 * sin(1 + Double($0)) } }
    var weights: [Double] { (0..<qubits).map { cos(0.3 * Double($0)) } }
    var angles: [Double] { (0..<repetitions).flatMap { thetas($0) + (rz ? phis($0) : []) } }
    private func thetas(_ repetition: Int) -> [Double] {
      (0..<qubits).map { turn(0.137 * Double($0 + 1) + 0.311 * Double(repetition)) }
    }
    private func phis(_ repetition: Int) -> [Double] {
      (0..<qubits).map { turn(0.271 * Double($0 + 1) + 0.173 * Double(repetition)) }
    }
    private func turn(_ value: Double) -> Double { 2 * .pi * (value - value.rounded(.down)) }
    var angleGradients: [Double] {
      (0..<repetitions).flatMap { gradients.theta[$0] + (rz ? gradients.phi[$0] : []) }
    }
  }

  var cases: [Case]

  static let cases = try! JSONDecoder().decode(
    PennyLaneReference.self, from: Data(Repository.text("Tests/SimulatorTests/pennylane_reference.json").utf8)
  ).cases
}

/// Values of PennyLane's default.qubit for circuits with other rotations, the group's QINN blocks among them, as
/// pennylane_rotations.py writes them, unrounded.
struct PennyLaneRotations: Decodable {
  struct Case: Decodable, Sendable, CustomTestStringConvertible {
    var qubits: Int
    var cnot: [Int]
    var rotations: String
    var repetitions: Int
    var ring: Bool
    var encoding: Encoding
    var shift: Int
    var inverse: Bool
    var reupload: Bool?
    var expZ: [Double]
    var x: [Double]
    var angles: [Double]
    var second_x: [Double]
    var second_angles: [Double]

    var testDescription: String { circuit.name }
    var circuit: Circuit {
      Circuit(
        qubits: qubits, cnot: cnot, repetitions: repetitions, ring: ring, reupload: reupload ?? false,
        rotations: rotations.compactMap { Axis(rawValue: String($0)) }, encoding: encoding, inputShift: shift,
        inverse: inverse)
    }

    // The file gives its inputs by formula.
    var inputs: [Double] { (0..<qubits).map { 0.5 + 0.5 * sin(1 + Double($0)) } }
    var turns: [Double] { (0..<circuit.angleCount).map { 3 * sin(1.7 * Double($0) + 0.4) } }
    var weights: [Double] { (0..<qubits).map { cos(0.3 * Double($0)) } }
    var tangent: [Double] { (0..<qubits).map { sin(2 + Double($0)) } }
  }

  var cases: [Case]

  static let cases = try! JSONDecoder().decode(
    PennyLaneRotations.self, from: Data(Repository.text("Tests/SimulatorTests/pennylane_rotations.json").utf8)
  ).cases
}

@Suite struct PennyLaneTests {
  @Test(arguments: PennyLaneRotations.cases)
  func `rotations of every kind agree with PennyLane, in both precisions and both orders`(
    _ known: PennyLaneRotations.Case
  ) {
    let simulator = ReferenceSimulator<Double>(known.circuit)
    expectClose(simulator.expectations(inputs: known.inputs, angles: known.turns), known.expZ, 1e-12)
    let gradients = simulator.gradients(inputs: known.inputs, angles: known.turns, weights: known.weights)
    expectClose(gradients.inputs, known.x, 1e-12, "∂x")
    expectClose(gradients.angles, known.angles, 1e-12, "∂angles")
    let second = simulator.secondOrder(
      inputs: known.inputs, angles: known.turns, weights: known.weights, tangent: known.tangent)
    expectClose(second.inputs, known.second_x, 1e-11, "second order ∂x")
    expectClose(second.angles, known.second_angles, 1e-11, "second order ∂angles")
    let fast = FastRun(known.circuit)
    expectClose(fast.forward([known.inputs], known.turns)[0], known.expZ, 1e-6)
    let single = fast.backward([known.inputs], known.turns, [known.weights])
    expectClose(single.inputs[0], known.x, 2e-6)
    expectClose(single.angles, known.angles, 2e-6)
    let twice = fast.secondOrder([known.inputs], known.turns, [known.weights], [known.tangent])
    expectClose(twice.inputs[0], known.second_x, 5e-6)
    expectClose(twice.angles, known.second_angles, 5e-6)
  }

  @Test(arguments: PennyLaneReference.cases)
  func `the reference simulator agrees with PennyLane in double precision`(_ known: PennyLaneReference.Case) {
    let simulator = ReferenceSimulator<Double>(known.circuit)
    // The file's values are rounded: twelve decimals, ten for gradients.
    expectClose(simulator.expectations(inputs: known.inputs, angles: known.angles), known.expZ, 1e-11)
    let gradients = simulator.gradients(inputs: known.inputs, angles: known.angles, weights: known.weights)
    expectClose(gradients.inputs, known.gradients.x, 1e-10)
    expectClose(gradients.angles, known.angleGradients, 1e-10)
  }

  @Test(arguments: PennyLaneReference.cases)
  func `the fast simulator agrees with PennyLane in single precision`(_ known: PennyLaneReference.Case) {
    let fast = FastRun(known.circuit)
    expectClose(fast.forward([known.inputs], known.angles)[0], known.expZ, 1e-6)
    let gradients = fast.backward([known.inputs], known.angles, [known.weights])
    expectClose(gradients.inputs[0], known.gradients.x, 1e-6)
    expectClose(gradients.angles, known.angleGradients, 1e-6)
  }
}
