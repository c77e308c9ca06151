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

@Suite struct PennyLaneTests {
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
