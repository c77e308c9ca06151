import Ansatz
import Foundation
import Simulator
import Testing

/// What the analysis proves, against gradients in double precision at random points.
@Suite struct CircuitAnalysisSamplingTests {
  struct Case: CustomTestStringConvertible {
    var circuit: Circuit
    var readout: [Int]?
    var testDescription: String { circuit.name + (readout.map { " reading \($0)" } ?? "") }
  }

  static let cases: [Case] = {
    var cases = oddCircuits.filter { $0.qubits <= 7 }.map { Case(circuit: $0) }
    for readout in [[0], [1], [4], [0, 3]] {
      for (repetitions, cnot) in (1...3).flatMap({ count in [[], [1], [2], [1, 3]].map { (count, $0) } }) {
        for (rz, flag) in [(false, false), (false, true), (true, false), (true, true)] {
          let circuit = Circuit(
            qubits: 5, cnot: cnot, rz: rz, repetitions: repetitions, order: flag ? .blocked : .interleaved,
            ring: repetitions % 2 == 0, reupload: flag)
          cases.append(Case(circuit: circuit, readout: readout))
        }
      }
    }
    return cases
  }()

  @Test(arguments: cases)
  func `inert angles have no gradient anywhere, and others have one somewhere`(_ known: Case) {
    let (circuit, analysis) = (known.circuit, CircuitAnalysis(known.circuit, readout: known.readout))
    let simulator = ReferenceSimulator<Double>(circuit)
    var numbers = Numbers(seed: circuit.angleCount + analysis.readout.count)
    var largest = [Double](repeating: 0, count: circuit.angleCount)
    for _ in 0..<8 {
      var weights = [Double](repeating: 0, count: circuit.qubits)
      for qubit in analysis.readout { weights[qubit] = 1 + 0.5 * numbers.next() }
      let gradients = simulator.gradients(
        inputs: numbers.list(circuit.qubits), angles: numbers.list(circuit.angleCount), weights: weights)
      for angle in largest.indices { largest[angle] = max(largest[angle], abs(gradients.angles[angle])) }
    }
    let inert = analysis.inertAngles
    for (angle, gradient) in largest.enumerated() {
      if inert.contains(angle) {
        #expect(gradient < 1e-12, "angle \(angle) is called inert")
      } else {
        #expect(gradient > 1e-6, "angle \(angle) is not called inert")
      }
    }
  }

  /// Of other rotations what is called inert is, and what is read is in the light cone; more may be.
  @Test(
    arguments: turnedCircuits.filter { $0.qubits <= 6 }.flatMap { circuit in
      [nil, [0], [circuit.qubits - 1]].map { Case(circuit: circuit, readout: $0) }
    })
  func `rotations of other kinds: what is called inert is inert, what is read is known`(_ known: Case) {
    let (circuit, analysis) = (known.circuit, CircuitAnalysis(known.circuit, readout: known.readout))
    let simulator = ReferenceSimulator<Double>(circuit)
    var numbers = Numbers(seed: circuit.angleCount + 7)
    #expect(analysis.closedForms == nil)
    for (qubit, cone) in zip(analysis.readout, analysis.lightCones) {
      var weights = [Double](repeating: 0, count: circuit.qubits)
      weights[qubit] = 1
      for _ in 0..<4 {
        let gradients = simulator.gradients(
          inputs: numbers.list(circuit.qubits), angles: numbers.list(circuit.angleCount), weights: weights)
        for angle in analysis.inertAngles { #expect(abs(gradients.angles[angle]) < 1e-12, "angle \(angle)") }
        for input in gradients.inputs.indices where !cone.contains(input) {
          #expect(abs(gradients.inputs[input]) < 1e-12, "input \(input)")
        }
      }
    }
  }

  @Test func `a QINN block has no inert angle, and all of its inputs are read`() {
    let block = Circuit(qubits: 6, repetitions: 2, ring: true, rotations: [.z, .y, .x], encoding: .y, inputShift: 2)
    let analysis = CircuitAnalysis(block)
    #expect(analysis.inert.isEmpty && analysis.unreadInputs.isEmpty && analysis.effectiveAngleCount == 36)
    let simulator = ReferenceSimulator<Double>(block)
    var numbers = Numbers(seed: 11)
    let weights = numbers.list(6, scale: 1)
    let gradients = simulator.gradients(inputs: numbers.list(6), angles: numbers.list(36), weights: weights)
    #expect(gradients.angles.allSatisfy { abs($0) > 1e-6 })
  }

  @Test(arguments: cases)
  func `a read-out depends on the inputs of its light cone and no others`(_ known: Case) {
    let (circuit, analysis) = (known.circuit, CircuitAnalysis(known.circuit, readout: known.readout))
    let simulator = ReferenceSimulator<Double>(circuit)
    var numbers = Numbers(seed: circuit.angleCount)
    for (qubit, cone) in zip(analysis.readout, analysis.lightCones) {
      var weights = [Double](repeating: 0, count: circuit.qubits)
      weights[qubit] = 1
      var largest = [Double](repeating: 0, count: circuit.qubits)
      for _ in 0..<8 {
        let gradients = simulator.gradients(
          inputs: numbers.list(circuit.qubits), angles: numbers.list(circuit.angleCount), weights: weights)
        for input in largest.indices { largest[input] = max(largest[input], abs(gradients.inputs[input])) }
      }
      #expect(largest.indices.filter { largest[$0] > 1e-6 } == cone, "⟨Z_\(qubit)⟩")
      #expect(largest.allSatisfy { $0 > 1e-6 || $0 < 1e-12 })
    }
  }

  @Test(arguments: oddCircuits.filter { $0.repetitions == 1 && $0.qubits < 11 })
  func `closed forms are what the simulator gives`(_ circuit: Circuit) throws {
    var numbers = Numbers(seed: circuit.qubits)
    let (inputs, angles) = (numbers.list(circuit.qubits), numbers.list(circuit.angleCount))
    let products = try #require(CircuitAnalysis(circuit).closedForms).map { qubits in
      qubits.reduce(1.0) { $0 * inputs[$1].cosine * angles[circuit.theta($1, repetition: 0)].cosine }
    }
    expectClose(ReferenceSimulator<Double>(circuit).expectations(inputs: inputs, angles: angles), products, 1e-14)
  }

  /// Where two circuits are said to be the same and share their numbering, the same angles give the same numbers.
  @Test func `circuits of one family with the same angles compute the same`() {
    let circuits: [Circuit] = [[1], [2], [1, 2], [1, 2, 3], [3]].flatMap { cnot in
      Circuit.Order.allCases.flatMap { order in
        [false, true].flatMap { ring in
          [2, 3].map { Circuit(qubits: 4, cnot: cnot, rz: true, repetitions: $0, order: order, ring: ring) }
        }
      }
    }
    var numbers = Numbers(seed: 1)
    for repetitions in [2, 3] {
      let alike = circuits.filter { $0.repetitions == repetitions }
      let (inputs, angles) = (numbers.list(4), numbers.list(alike[0].angleCount))
      let values = alike.map { ReferenceSimulator<Double>($0).expectations(inputs: inputs, angles: angles) }
      for group in CircuitFamilies.group(alike) {
        for index in group { expectClose(values[index], values[group[0]], 1e-14) }
      }
      // And generic angles tell the groups apart.
      let firsts = CircuitFamilies.group(alike).map { values[$0[0]] }
      for (index, value) in firsts.enumerated() {
        for other in firsts[..<index] { #expect(zip(value, other).contains { abs($0 - $1) > 1e-6 }) }
      }
    }
  }

  /// Setting the others' angles to zero gives a contained circuit's numbers.
  @Test(arguments: [
    (Circuit(qubits: 4, rz: false, repetitions: 3), Circuit(qubits: 4, rz: true, repetitions: 3)),
    (
      Circuit(qubits: 4, cnot: [1, 2], rz: false, repetitions: 2, ring: true, reupload: true),
      Circuit(qubits: 4, cnot: [1, 2], rz: true, repetitions: 2, ring: true, reupload: true)
    ),
    (Circuit(qubits: 3, cnot: [2], rz: false), Circuit(qubits: 3, cnot: [1], rz: false, repetitions: 2)),
  ])
  func `a contained circuit is the other one with angles at zero`(_ part: Circuit, _ whole: Circuit) {
    #expect(CircuitFamilies.containers([part, whole]) == [[1], []])
    var numbers = Numbers(seed: 3)
    let (inputs, angles) = (numbers.list(part.qubits), numbers.list(part.angleCount))
    var all = [Double](repeating: 0, count: whole.angleCount)
    for repetition in 0..<part.repetitions {
      for qubit in 0..<part.qubits {
        all[whole.theta(qubit, repetition: repetition)] = angles[part.theta(qubit, repetition: repetition)]
      }
    }
    expectClose(
      ReferenceSimulator<Double>(whole).expectations(inputs: inputs, angles: all),
      ReferenceSimulator<Double>(part).expectations(inputs: inputs, angles: angles), 1e-14)
  }

  @Test func `angles that are called redundant can be made up for by the others`() {
    let circuit = Circuit(qubits: 1, cnot: [], rz: true, repetitions: 3)
    #expect(CircuitAnalysis(circuit).redundant == [circuit.theta(0, repetition: 0), circuit.phi(0, repetition: 0)])
    let simulator = ReferenceSimulator<Double>(circuit)
    var numbers = Numbers(seed: 5)
    for _ in 0..<20 {
      // ⟨Z⟩ = a cos x + b sin x with some a and b …
      let angles = numbers.list(6)
      func value(_ x: Double, _ angles: [Double]) -> Double { simulator.expectations(inputs: [x], angles: angles)[0] }
      let (a, b) = (value(0, angles), value(.pi / 2, angles))
      // … which φ = π/2 and two θ give as well.
      let theta = asin(-b)
      let others: [Double] = [0, 0, acos(max(-1, min(1, a / cos(theta)))), .pi / 2, theta, 0]
      for x in [0.3, 1.1, 4.0] { expectClose([value(x, others)], [value(x, angles)], 1e-9) }
    }
  }
}
