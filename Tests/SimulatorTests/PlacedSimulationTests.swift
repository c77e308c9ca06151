import Ansatz
import Experiment
import Foundation
import TestSupport
import Testing

@testable import Simulator

/// ⟨Z⟩ on devices by Qiskit Aer: transpiled at level 1 onto the chain, noise from the calibration.
struct AerDeviceCase: Decodable, Sendable, CustomTestStringConvertible {
  var device: String
  var chain: [Int]
  var qubits: Int
  var repetitions: Int
  var cnot: [Int]
  var rz: Bool
  var x: [Double]
  var theta: [[Double]]
  var phi: [[Double]]
  var ideal: [Double]
  var noisy: [Double]
  var measured: [Double]

  var testDescription: String { "\(circuit.name), \(device)" }
  var circuit: Circuit { Circuit(qubits: qubits, cnot: cnot, rz: rz, repetitions: repetitions) }
  var angles: [Double] { (0..<repetitions).flatMap { theta[$0] + (rz ? phi[$0] : []) } }

  private struct File: Decodable { var device: [AerDeviceCase] }
  /// Without the chain over a coupler that is broken.
  static let cases = try! JSONDecoder().decode(
    File.self, from: Data(Repository.text("Tests/SimulatorTests/noise_reference.json").utf8)
  ).device.filter { !($0.device == "fake_sherbrooke" && $0.qubits == 10) }
}

@Suite struct PlacedSimulationTests {
  @Test(arguments: AerDeviceCase.cases)
  func `a device's noise shifts expectations as in Aer`(aer: AerDeviceCase) throws {
    let name = aer.device.replacing("fake_", with: "")
    let folder = name == "sherbrooke" ? "sweeps/data" : "Tests/ExperimentTests/Devices"
    let device = try DeviceFile.device(Repository.path("\(folder)/props_\(name).json"))
    let placed = PlacedCircuit(aer.circuit, on: aer.chain, of: device)
    let simulator = NoisySimulator(placed)
    let noisy = simulator.expectations(inputs: aer.x, angles: aer.angles)
    let largest = zip(aer.noisy, aer.ideal).map { abs($0 - $1) }.max()!
    for i in 0..<aer.qubits {
      #expect(abs(noisy[i] - aer.noisy[i]) < 0.1 * largest, "\(noisy[i]), \(aer.noisy[i]), ideally \(aer.ideal[i])")
      // Aer knows the mean of both errors of the read-out alone.
      let readout = placed.noise.qubit(i).readout
      let both = (readout.oneGivenZero + readout.zeroGivenOne) / 2
      let known = NoiseModel.Readout(oneGivenZero: both, zeroGivenOne: both)
      #expect(abs(known.measured(noisy[i]) - aer.measured[i]) < 0.1 * largest)
    }
  }

  /// A line of `qubits` with gates in alternating directions and numbers of their own.
  static func line(_ qubits: Int, gate: PairGate, error: Double = 0.02) -> Device {
    var couplings: [Int: [Int: Device.Calibration]] = [:]
    for link in 0..<qubits - 1 {
      let (first, second) = link % 2 == 0 ? (link + 1, link) : (link, link + 1)
      couplings[first, default: [:]][second] = .init(error: error * Double(link + 1), duration: 300)
    }
    return Device(
      name: "line",
      qubits: (0..<qubits).map {
        .init(
          relaxation: error == 0 ? nil : .init(t1: 20 + Double($0), t2: 15),
          readout: .init(
            oneGivenZero: error, zeroGivenOne: 2 * error),
          sx: .init(error: error / 5, duration: 60))
      }, pairGate: gate, couplings: couplings)
  }

  @Test(
    arguments: PairGate.allCases,
    [
      Circuit(qubits: 4, cnot: [1], repetitions: 2), Circuit(qubits: 4, cnot: [1, 2, 3], ring: true),
      Circuit(qubits: 3, cnot: [2], rz: false, repetitions: 2, reupload: true), Circuit(qubits: 1, cnot: []),
      Circuit(qubits: 3, cnot: []),
      Circuit(qubits: 4, cnot: [1], repetitions: 2, ring: true, rotations: [.z, .y, .x], encoding: .y, inputShift: 1),
      Circuit(qubits: 3, cnot: [1, 2], repetitions: 2, reupload: true, rotations: [.x, .z]),
    ])
  func `without noise a placed circuit is the circuit`(gate: PairGate, circuit: Circuit) {
    let inputs = (0..<circuit.qubits).map { 0.4 + 0.5 * Double($0) }
    let angles = (0..<circuit.angleCount).map { 2.1 * sin(1.3 * Double($0) + 0.2) }
    let placed = PlacedCircuit(
      circuit, on: Array(0..<circuit.qubits), of: Self.line(circuit.qubits, gate: gate, error: 0))
    let expected = ReferenceSimulator<Double>(circuit).expectations(inputs: inputs, angles: angles)
    for folds in [1, 3] {
      let values = NoisySimulator(placed, folds: folds).expectations(inputs: inputs, angles: angles)
      for (value, other) in zip(values, expected) { #expect(abs(value - other) < 1e-12) }
    }
  }

  @Test func `ECR is Qiskit's`() {
    // (X₀ − Y₀X₁)/√2: Z₀ to −Z₀, X₁ to itself, Z₁ to Z₀Y₁, X₀ to −Y₀X₁... index 4 q₁ + q₀.
    let matrix = PairTransferMatrix.gate(.ecr, overRotation: 0)
    func image(_ column: Int) -> [Int: Double] {
      var found: [Int: Double] = [:]
      for (row, entries) in matrix.rows.enumerated() {
        for entry in entries where entry.column == column && abs(entry.value) > 1e-9 {
          found[row] = entry.value.rounded()
        }
      }
      return found
    }
    #expect(image(3) == [3: -1])
    #expect(image(4) == [4: 1])
    #expect(image(12) == [11: 1])
  }

  /// All Pauli products of all qubits, gate by gate: slow, and without an order of its own.
  @Test(arguments: PairGate.allCases)
  func `qubits that are left early change nothing`(gate: PairGate) {
    let circuit = Circuit(qubits: 4, cnot: [1, 2], repetitions: 2)
    let placed = PlacedCircuit(circuit, on: [0, 1, 2, 3], of: Self.line(4, gate: gate))
    let inputs = [0.3, 0.9, -0.4, 1.7]
    let angles = (0..<circuit.angleCount).map { 2.1 * sin(1.3 * Double($0) + 0.2) }
    let noise = placed.noise
    func matrix(_ qubit: Int, _ angle: Double, x: Bool) -> TransferMatrix {
      guard x else { return .rz(angle) }
      let own = noise.qubit(qubit)
      return TransferMatrix.relaxation(own.relaxation!, during: own.gate.duration)
        .after(.depolarizing(own.gate.depolarizing)).after(.rx(angle))
    }
    var state = [Double](repeating: 0, count: 256)
    for index in 0..<256 where (0..<4).allSatisfy({ [0, 3].contains(index >> (2 * $0) & 3) }) { state[index] = 1 }
    func each(_ body: (_ index: Int) -> Double) { state = (0..<256).map(body) }
    for native in placed.gates(inputs: inputs, angles: angles) {
      let old = state
      func one(_ q: Int, _ m: TransferMatrix) {
        each { index in
          (0..<4).reduce(0) { $0 + m[index >> (2 * q) & 3, $1] * old[index & ~(3 << (2 * q)) | $1 << (2 * q)] }
        }
      }
      switch native {
      case .rz(let q, let angle): one(q, matrix(q, angle, x: false))
      case .sx(let q): one(q, matrix(q, .pi / 2, x: true))
      case .x(let q): one(q, matrix(q, .pi, x: true))
      case .pair(let a, let b):
        let own = noise.pair(a, b)
        let relaxed = PairTransferMatrix.both(
          .relaxation(noise.qubit(a).relaxation!, during: own.duration),
          .relaxation(noise.qubit(b).relaxation!, during: own.duration))
        let m = relaxed.after(.depolarizing(own.depolarizing)).after(.gate(gate, overRotation: 0))
        each { index in
          let rest = index & ~(3 << (2 * a) | 3 << (2 * b))
          return m.rows[index >> (2 * a) & 3 | (index >> (2 * b) & 3) << 2].reduce(0) {
            $0 + $1.value * old[rest | ($1.column & 3) << (2 * a) | ($1.column >> 2) << (2 * b)]
          }
        }
      }
    }
    let simulator = NoisySimulator(placed)
    let values = simulator.expectations(inputs: inputs, angles: angles)
    for qubit in 0..<4 { #expect(abs(values[qubit] - state[3 << (2 * qubit)]) < 1e-13) }
    let total = simulator.probabilities(inputs: inputs, angles: angles).reduce(0, +)
    #expect(abs(total - 1) < 1e-13)
  }
}

@Suite struct ShotsTests {
  @Test func `bit strings come as often as they are likely, and together`() {
    let probabilities = [0.1, 0.25, 0.05, 0.6]
    var shots = Shots(of: probabilities, seed: 7)
    shots.draw(upTo: 100_000)
    for (count, p) in zip(shots.counts, probabilities) {
      #expect(abs(Double(count) - p * 100_000) < 4.5 * (p * (1 - p) * 100_000).squareRoot())
    }
    #expect(shots.count == 100_000 && shots.counts.reduce(0, +) == 100_000)
    // ⟨Z_0⟩ = 0.15 − 0.85, ⟨Z_1⟩ = 0.35 − 0.65.
    for (value, (error, exact)) in zip(shots.expectations, zip(shots.standardErrors, [-0.7, -0.3])) {
      #expect(abs(value - exact) < 4.5 * error)
    }
    #expect(abs(shots.standardErrors[0] - (0.51 / 100_000).squareRoot()) < 1e-5)
  }

  @Test func `the first shots of a seed are the same, and rounding below zero does no harm`() {
    var (few, many) = (Shots(of: [0.5, 0.5, -1e-17, 0], seed: 3), Shots(of: [0.5, 0.5, -1e-17, 0], seed: 3))
    few.draw(upTo: 100)
    many.draw(upTo: 50)
    many.draw(upTo: 100)
    #expect(few.counts == many.counts && few.counts[2] == 0 && few.counts[3] == 0)
    var other = Shots(of: [0.5, 0.5, -1e-17, 0], seed: 4)
    other.draw(upTo: 100)
    #expect(other.counts != few.counts)
  }
}

@Suite struct MeasuredCircuitTests {
  private static let circuit = Circuit(qubits: 4, cnot: [1], repetitions: 2)
  private static let inputs = [0.3, 0.9, -0.4, 1.7]
  private static let angles = (0..<circuit.angleCount).map { 2.1 * sin(1.3 * Double($0) + 0.2) }
  private static let placed = PlacedCircuit(
    circuit, on: [0, 1, 2, 3], of: PlacedSimulationTests.line(4, gate: .cx, error: 0.01))

  @Test func `shots scatter about what is measured by as much as they should, sample by sample`() {
    let measured = MeasuredCircuit(Self.placed)
    let exact = NoisySimulator(Self.placed).measured(inputs: Self.inputs, angles: Self.angles)
    let (samples, shots) = (400, 100)
    var (sums, squares) = ([Double](repeating: 0, count: 4), [Double](repeating: 0, count: 4))
    for sample in 0..<samples {
      let values = measured.expectations(
        inputs: Self.inputs, angles: Self.angles, shots: [nil, shots], seed: UInt64(sample) &* 7919)
      for qubit in 0..<4 {
        #expect(abs(values[0][qubit] - exact[qubit]) < 1e-12)
        sums[qubit] += values[1][qubit] - exact[qubit]
        squares[qubit] += (values[1][qubit] - exact[qubit]) * (values[1][qubit] - exact[qubit])
      }
    }
    for qubit in 0..<4 {
      let variance = (1 - exact[qubit] * exact[qubit]) / Double(shots)
      #expect(abs(sums[qubit] / Double(samples)) < 4.5 * (variance / Double(samples)).squareRoot())
      #expect(abs(squares[qubit] / Double(samples) / variance - 1) < 4.5 * (2 / Double(samples)).squareRoot())
    }
  }

  @Test func `fewer shots are the first of the more, in any order`() {
    let measured = MeasuredCircuit(Self.placed)
    func values(_ shots: [Int?]) -> [[Double]] {
      measured.expectations(inputs: Self.inputs, angles: Self.angles, shots: shots, seed: 5)
    }
    let (few, many) = (values([20])[0], values([50])[0])
    #expect(values([50, nil, 20])[0] == many && values([50, nil, 20])[2] == few)
  }

  @Test func `the read-out is undone, and noise extrapolated away for the most part`() {
    let simulator = NoisySimulator(Self.placed)
    let noisy = simulator.expectations(inputs: Self.inputs, angles: Self.angles)
    let ideal = ReferenceSimulator<Double>(Self.circuit).expectations(inputs: Self.inputs, angles: Self.angles)
    func values(_ mitigation: MeasuredCircuit.Mitigation) -> [Double] {
      MeasuredCircuit(Self.placed, mitigation: mitigation)
        .expectations(inputs: Self.inputs, angles: Self.angles, shots: [nil], seed: 0)[0]
    }
    let corrected = values(.init(readout: true))
    for qubit in 0..<4 { #expect(abs(corrected[qubit] - noisy[qubit]) < 1e-12) }
    func distance(_ values: [Double]) -> Double {
      zip(values, ideal).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
    }
    let both = values(.init(readout: true, extrapolation: true))
    #expect(distance(both) < distance(corrected) / 2)
    #expect(distance(corrected) < distance(values(.init())))
    let thrice = NoisySimulator(Self.placed, folds: 3).expectations(inputs: Self.inputs, angles: Self.angles)
    for qubit in 0..<4 { #expect(abs(both[qubit] - (3 * noisy[qubit] - thrice[qubit]) / 2) < 1e-12) }
  }
}
