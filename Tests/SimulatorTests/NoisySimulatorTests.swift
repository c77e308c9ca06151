import Ansatz
import Foundation
import Simulator
import TestSupport
import Testing

/// ⟨Z⟩ under depolarising and read-out noise by Qiskit Aer's density matrices, in double precision.
struct AerReference: Decodable {
  struct Case: Decodable, Sendable, CustomTestStringConvertible {
    var qubits: Int
    var repetitions: Int
    var cnot: [Int]
    var rz: Bool
    var x: [Double]
    var theta: [[Double]]
    var phi: [[Double]]
    var p1: Double
    var p2: Double
    var prob_meas0_prep1: Double
    var prob_meas1_prep0: Double
    var ideal: [Double]
    var noisy: [Double]
    var measured: [Double]

    var testDescription: String { "\(circuit.name), \(p1), \(p2)" }
    var circuit: Circuit { Circuit(qubits: qubits, cnot: cnot, rz: rz, repetitions: repetitions) }
    var angles: [Double] { (0..<repetitions).flatMap { theta[$0] + (rz ? phi[$0] : []) } }
    var noise: NoiseModel {
      NoiseModel(
        everyQubit: .init(
          gate: .init(depolarizing: p1),
          readout: .init(oneGivenZero: prob_meas1_prep0, zeroGivenOne: prob_meas0_prep1)),
        everyPair: .init(depolarizing: p2))
    }
  }

  var logical: [Case]

  static let cases = try! JSONDecoder().decode(
    AerReference.self, from: Data(Repository.text("Tests/SimulatorTests/noise_reference.json").utf8)
  ).logical
}

@Suite struct NoisySimulatorTests {
  @Test(arguments: AerReference.cases)
  func `agrees with Aer's density matrices`(aer: AerReference.Case) {
    let simulator = NoisySimulator(aer.circuit, noise: aer.noise)
    func worst(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).map { abs($0 - $1) }.max()! }
    #expect(worst(simulator.expectations(inputs: aer.x, angles: aer.angles), aer.noisy) < 1e-9)
    #expect(worst(simulator.measured(inputs: aer.x, angles: aer.angles), aer.measured) < 1e-9)
    let ideal = NoisySimulator(aer.circuit, noise: NoiseModel())
    #expect(worst(ideal.expectations(inputs: aer.x, angles: aer.angles), aer.ideal) < 1e-9)
  }

  /// Everything at once, different on every qubit and pair.
  static let everything = NoiseModel(
    everyQubit: .init(
      gate: .init(depolarizing: 0.01, duration: 900, overRotation: 0.05), relaxation: .init(t1: 20, t2: 31),
      readout: .init(oneGivenZero: 0.02, zeroGivenOne: 0.05)),
    everyPair: .init(depolarizing: 0.03, duration: 4000, overRotation: -0.07),
    qubits: [
      1: .init(
        gate: .init(depolarizing: 0.002, duration: 500, overRotation: -0.03), relaxation: .init(t1: 15, t2: 9),
        readout: .init(oneGivenZero: 0.04, zeroGivenOne: 0.01))
    ],
    pairs: [.init(2, 1): .init(depolarizing: 0.05, duration: 7000, overRotation: 0.11)])

  @Test(arguments: [
    Circuit(qubits: 3, cnot: [1, 2], repetitions: 2), Circuit(qubits: 3, cnot: [1], repetitions: 2, ring: true),
    Circuit(qubits: 2, cnot: [1], rz: false, repetitions: 2, reupload: true), Circuit(qubits: 2, cnot: []),
    Circuit(qubits: 3, cnot: [1], repetitions: 2, ring: true, rotations: [.z, .y, .x], encoding: .y, inputShift: 1),
  ])
  func `agrees with complex density matrices in all that noise may be`(circuit: Circuit) {
    let inputs = (0..<circuit.qubits).map { 0.4 + 0.5 * Double($0) }
    let angles = (0..<circuit.angleCount).map { 2.1 * sin(1.3 * Double($0) + 0.2) }
    let simulator = NoisySimulator(circuit, noise: Self.everything)
    let reference = DensityReference(circuit, noise: Self.everything, inputs: inputs, angles: angles)
    for (ours, other) in zip(simulator.expectations(inputs: inputs, angles: angles), reference.expectations) {
      #expect(abs(ours - other) < 1e-12)
    }
    let probabilities = simulator.probabilities(inputs: inputs, angles: angles)
    let total = probabilities.reduce(0, +)
    #expect(abs(total - 1) < 1e-12)
    for (ours, other) in zip(probabilities, reference.probabilities) { #expect(abs(ours - other) < 1e-12) }
    // The same read-out in both forms.
    for (qubit, z) in simulator.measured(inputs: inputs, angles: angles).enumerated() {
      let sum = probabilities.enumerated().reduce(0) { $0 + ($1.offset >> qubit & 1 == 0 ? 1 : -1) * $1.element }
      #expect(abs(sum - z) < 1e-12)
    }
  }
}
