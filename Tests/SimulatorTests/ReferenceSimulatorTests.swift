import Ansatz
import Foundation
import Simulator
import Testing

@Suite struct ReferenceSimulatorTests {
  static let small = (oddCircuits + turnedCircuits).filter { $0.qubits <= 6 }

  /// ⟨Z_i⟩ by dense matrices: every gate a Kronecker product, the state their product on |0…0⟩.
  static func dense(_ circuit: Circuit, _ inputs: [Double], _ angles: [Double]) -> [Double] {
    typealias Complex = (re: Double, im: Double)
    let size = 1 << circuit.qubits
    /// The entry of a one-qubit matrix on `qubit` and the identity elsewhere.
    func entry(_ matrix: [[Complex]], _ qubit: Int, _ row: Int, _ column: Int) -> Complex {
      (row ^ column) & ~(1 << qubit) == 0 ? matrix[row >> qubit & 1][column >> qubit & 1] : (0, 0)
    }
    func entry(_ gate: Gate, _ row: Int, _ column: Int) -> Complex {
      switch gate {
      case .turn(let axis, let qubit, let amount):
        let half = amount.value(inputs: inputs, angles: angles) / 2
        let (c, s) = (cos(half), sin(half))
        switch axis {
        case .x: return entry([[(c, 0), (0, -s)], [(0, -s), (c, 0)]], qubit, row, column)
        case .y: return entry([[(c, 0), (-s, 0)], [(s, 0), (c, 0)]], qubit, row, column)
        case .z: return entry([[(c, -s), (0, 0)], [(0, 0), (c, s)]], qubit, row, column)
        }
      case .cnot(let control, let target):
        return row == (column >> control & 1 == 1 ? column ^ (1 << target) : column) ? (1, 0) : (0, 0)
      }
    }
    var state: [Complex] = (0..<size).map { ($0 == 0 ? 1 : 0, 0) }
    for gate in circuit.gates {
      state = (0..<size).map { row in
        (0..<size).reduce(into: (re: 0.0, im: 0.0)) { sum, column in
          let (m, a) = (entry(gate, row, column), state[column])
          sum.re += m.re * a.re - m.im * a.im
          sum.im += m.re * a.im + m.im * a.re
        }
      }
    }
    return (0..<circuit.qubits).map { qubit in
      state.enumerated().reduce(0) { sum, amplitude in
        let probability = amplitude.element.re * amplitude.element.re + amplitude.element.im * amplitude.element.im
        return sum + (amplitude.offset >> qubit & 1 == 0 ? probability : -probability)
      }
    }
  }

  @Test(arguments: small)
  func `it agrees with dense Kronecker products`(_ circuit: Circuit) {
    var numbers = Numbers(seed: circuit.angleCount)
    let (inputs, angles) = (numbers.list(circuit.qubits), numbers.list(circuit.angleCount))
    expectClose(
      ReferenceSimulator<Double>(circuit).expectations(inputs: inputs, angles: angles),
      Self.dense(circuit, inputs, angles), 1e-13)
  }

  @Test(arguments: small)
  func `its gradients are those of the parameter shift`(_ circuit: Circuit) {
    var numbers = Numbers(seed: circuit.angleCount)
    let (inputs, angles) = (numbers.list(circuit.qubits), numbers.list(circuit.angleCount))
    let weights = numbers.list(circuit.qubits, scale: 1)
    let simulator = ReferenceSimulator<Double>(circuit)
    func value(_ inputs: [Double], _ angles: [Double]) -> Double {
      zip(simulator.expectations(inputs: inputs, angles: angles), weights).reduce(0) { $0 + $1.0 * $1.1 }
    }
    let gradients = simulator.gradients(inputs: inputs, angles: angles, weights: weights)
    for index in angles.indices {
      var (up, down) = (angles, angles)
      up[index] += .pi / 2
      down[index] -= .pi / 2
      expectClose([gradients.angles[index]], [(value(inputs, up) - value(inputs, down)) / 2], 1e-12)
    }
    // An input that is encoded several times is no single rotation: finite differences.
    for index in inputs.indices {
      var (up, down) = (inputs, inputs)
      up[index] += 1e-5
      down[index] -= 1e-5
      expectClose([gradients.inputs[index]], [(value(up, angles) - value(down, angles)) / 2e-5], 1e-8)
    }
  }

  @Test(arguments: small)
  func `its second order is the finite difference of gradients`(_ circuit: Circuit) {
    var numbers = Numbers(seed: circuit.angleCount)
    let (inputs, angles) = (numbers.list(circuit.qubits), numbers.list(circuit.angleCount))
    let (weights, tangent) = (numbers.list(circuit.qubits, scale: 1), numbers.list(circuit.qubits, scale: 1))
    let simulator = ReferenceSimulator<Double>(circuit)
    func gradients(at step: Double) -> (inputs: [Double], angles: [Double]) {
      simulator.gradients(
        inputs: zip(inputs, tangent).map { $0 + step * $1 }, angles: angles, weights: weights)
    }
    let second = simulator.secondOrder(inputs: inputs, angles: angles, weights: weights, tangent: tangent)
    let (up, down) = (gradients(at: 1e-5), gradients(at: -1e-5))
    expectClose(second.inputs, zip(up.inputs, down.inputs).map { ($0 - $1) / 2e-5 }, 1e-8)
    expectClose(second.angles, zip(up.angles, down.angles).map { ($0 - $1) / 2e-5 }, 1e-8)
  }

  @Test func `single precision is single precision`() {
    let circuit = Circuit(qubits: 3, cnot: [1], rz: true, repetitions: 2)
    var numbers = Numbers(seed: 1)
    let (inputs, angles) = (numbers.list(3), numbers.list(circuit.angleCount))
    let single = ReferenceSimulator<Float>(circuit).expectations(
      inputs: inputs.map(Float.init), angles: angles.map(Float.init))
    let double = ReferenceSimulator<Double>(circuit).expectations(inputs: inputs, angles: angles)
    expectClose(single.map(Double.init), double, 1e-6)
    #expect(single.map(Double.init) != double)
  }
}
