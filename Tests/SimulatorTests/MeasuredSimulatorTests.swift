import Ansatz
import Foundation
import Storage
import Testing

@testable import Simulator

@Suite struct MeasuredSimulatorTests {
  private static let circuit = Circuit(qubits: 4, cnot: [1, 2], repetitions: 2)
  private static let noise = NoiseModel(
    everyQubit: .init(
      gate: .init(depolarizing: 0.03, overRotation: 0.1), readout: .init(oneGivenZero: 0.02, zeroGivenOne: 0.06)),
    everyPair: .init(depolarizing: 0.08), qubits: [2: .init(gate: .init(depolarizing: 0.1, overRotation: -0.2))])

  /// Inputs, angles and weights.
  private struct Numbers3 {
    var inputs: [Double]
    var angles: [Double]
    var weights: [Double]

    init(_ circuit: Circuit) {
      var numbers = Numbers(seed: 11)
      inputs = numbers.list(circuit.qubits)
      angles = numbers.list(circuit.angleCount)
      weights = numbers.list(circuit.qubits, scale: 1)
    }
  }

  /// The mean and its standard error of what is found with each of so many seeds.
  private static func mean(
    of simulator: MeasuredSimulator, _ numbers: Numbers3, seeds: Int, _ value: ([Float]) -> [Double]
  ) -> [(mean: Double, error: Double)] {
    let (n, batch) = (simulator.circuit.qubits, simulator.batchCapacity)
    let inputs = (0..<batch).flatMap { _ in numbers.inputs.map(Float.init) }
    let angles = numbers.angles.map(Float.init)
    var values = [Float](repeating: 0, count: n * batch)
    var (sums, squares): ([Double], [Double]) = ([], [])
    for start in stride(from: 0, to: seeds, by: batch) {
      let own = (0..<batch).map { UInt64(start + $0) &* 0x9E37_79B9_7F4A_7C15 }
      simulator.forward(
        inputs: inputs, angles: angles, batch: batch, rowStride: n, seeds: own, expectations: &values)
      for sample in 0..<batch {
        let found = value(Array(values[sample * n..<(sample + 1) * n]))
        if sums.isEmpty { (sums, squares) = (found.map { _ in 0 }, found.map { _ in 0 }) }
        for (index, one) in found.enumerated() {
          sums[index] += one
          squares[index] += one * one
        }
      }
    }
    let count = Double(seeds)
    return sums.indices.map { index in
      let mean = sums[index] / count
      return (mean, (max(0, squares[index] / count - mean * mean) / count).squareRoot())
    }
  }

  private static func expect(_ found: [(mean: Double, error: Double)], _ exact: [Double], _ what: String) {
    for (place, (one, value)) in zip(found, exact).enumerated() {
      #expect(abs(one.mean - value) < 4.5 * one.error + 2e-6, "\(what) \(place): \(one), exactly \(value)")
    }
  }

  @Test(arguments: [nil, 20])
  func `what is measured is the density matrix's on average, through the read-out`(shots: Int?) {
    let numbers = Numbers3(Self.circuit)
    let simulator = MeasuredSimulator(
      Self.circuit, noise: Self.noise, trajectories: 2, shots: shots, batchCapacity: 50)
    let exact = NoisySimulator(Self.circuit, noise: Self.noise).measured(
      inputs: numbers.inputs, angles: numbers.angles)
    Self.expect(Self.mean(of: simulator, numbers, seeds: 10_000) { $0.map(Double.init) }, exact, "⟨Z⟩")
  }

  @Test func `the read-outs of a shot are of one bit string`() {
    let numbers = Numbers3(Self.circuit)
    let simulator = MeasuredSimulator(Self.circuit, noise: Self.noise, trajectories: 3, shots: 1, batchCapacity: 50)
    let chances = NoisySimulator(Self.circuit, noise: Self.noise).probabilities(
      inputs: numbers.inputs, angles: numbers.angles)
    // That a string comes is the product of what its bits say.
    let found = Self.mean(of: simulator, numbers, seeds: 20_000) { values in
      (0..<16).map { string in
        (0..<4).allSatisfy { (values[$0] < 0) == (string >> $0 & 1 == 1) } ? 1 : 0
      }
    }
    Self.expect(found, chances, "string")
  }

  @Test func `shots scatter as they should`() {
    let numbers = Numbers3(Self.circuit)
    let simulator = MeasuredSimulator(
      Self.circuit, noise: NoiseModel(), trajectories: 5, shots: 400, batchCapacity: 50)
    #expect(simulator.trajectories == 1)
    let exact = NoisySimulator(Self.circuit, noise: NoiseModel()).expectations(
      inputs: numbers.inputs, angles: numbers.angles)
    for (found, value) in zip(Self.mean(of: simulator, numbers, seeds: 5000) { $0.map(Double.init) }, exact) {
      let expected = ((1 - value * value) / 400 / 5000).squareRoot()
      #expect(abs(found.error / expected - 1) < 0.05 && abs(found.mean - value) < 4.5 * expected)
    }
  }

  @Test(
    arguments: PairGate.allCases,
    [
      Circuit(qubits: 4, cnot: [1, 2, 3]), Circuit(qubits: 3, cnot: [1], repetitions: 2),
      Circuit(qubits: 3, cnot: [2], rz: false, repetitions: 2, reupload: true), Circuit(qubits: 2, cnot: []),
      Circuit(qubits: 3, cnot: [1], repetitions: 2, rotations: [.z, .x], encoding: .y, inputShift: 1),
    ])
  func `on a device too, depolarising and dephasing`(gate: PairGate, circuit: Circuit) {
    var device = PlacedSimulationTests.line(circuit.qubits, gate: gate, error: 0.1)
    for index in device.qubits.indices {
      // What decoheres alone is of the trajectories' kind, after gates of two qubits.
      device.qubits[index].relaxation = .init(t1: 1e9, t2: 5 + Double(index))
      device.qubits[index].sx?.duration = 0
    }
    let placed = PlacedCircuit(circuit, on: Array(0..<circuit.qubits), of: device)
    let numbers = Numbers3(circuit)
    let simulator = MeasuredSimulator(placed, trajectories: 2, shots: nil, batchCapacity: 50)
    let exact = NoisySimulator(placed).measured(inputs: numbers.inputs, angles: numbers.angles)
    Self.expect(Self.mean(of: simulator, numbers, seeds: 6000) { $0.map(Double.init) }, exact, "⟨Z⟩")
  }

  /// The weighted sum of what is measured with some seeds.
  private static func loss(
    _ simulator: MeasuredSimulator, _ numbers: Numbers3, _ angles: [Double], _ seeds: [UInt64]
  ) -> Double {
    let n = simulator.circuit.qubits
    var values = [Float](repeating: 0, count: n * seeds.count)
    simulator.forward(
      inputs: seeds.flatMap { _ in numbers.inputs.map(Float.init) }, angles: angles.map(Float.init),
      batch: seeds.count, rowStride: n, seeds: seeds, expectations: &values)
    return values.enumerated().reduce(0) { $0 + numbers.weights[$1.offset % n] * Double($1.element) }
  }

  private static func gradient(
    _ simulator: MeasuredSimulator, _ numbers: Numbers3, _ seeds: [UInt64], shifted: Bool
  ) -> [Double] {
    let n = simulator.circuit.qubits
    var gradients = [Float](repeating: 0, count: simulator.circuit.angleCount)
    (shifted ? simulator.shiftedBackward : simulator.backward)(
      seeds.flatMap { _ in numbers.inputs.map(Float.init) }, numbers.angles.map(Float.init),
      seeds.flatMap { _ in numbers.weights.map(Float.init) }, seeds.count, n, seeds, &gradients)
    return gradients.map(Double.init)
  }

  @Test(arguments: [
    circuit, Circuit(qubits: 3, cnot: [1], rz: false, repetitions: 3, reupload: true),
    Circuit(qubits: 3, cnot: [1], repetitions: 2, rotations: [.z, .y, .x, .z], encoding: .y, inputShift: 2),
  ])
  func `the gradient is that of the trajectories that were drawn`(circuit: Circuit) {
    let (numbers, seeds) = (Numbers3(circuit), [UInt64(3), 8, 1 << 40])
    let simulator = MeasuredSimulator(
      circuit, noise: Self.noise, trajectories: 3, shots: nil, batchCapacity: 3)
    let found = Self.gradient(simulator, numbers, seeds, shifted: false)
    for index in found.indices {
      var (up, down) = (numbers.angles, numbers.angles)
      up[index] += 0.02
      down[index] -= 0.02
      let slope = (Self.loss(simulator, numbers, up, seeds) - Self.loss(simulator, numbers, down, seeds)) / 0.04
      #expect(abs(found[index] - slope) < 3e-4 * (1 + abs(slope)), "angle \(index): \(found[index]), \(slope)")
    }
    // Shots change none of it.
    let shots = MeasuredSimulator(circuit, noise: Self.noise, trajectories: 3, shots: 7, batchCapacity: 3)
    #expect(Self.gradient(shots, numbers, seeds, shifted: false) == found)
  }

  @Test func `parameter shift finds the same gradient, with shots on average`() {
    let numbers = Numbers3(Self.circuit)
    let exact = NoiseModel(everyQubit: .init(gate: .init(overRotation: 0.1), readout: .init(oneGivenZero: 0.1)))
    let plain = MeasuredSimulator(Self.circuit, noise: exact, trajectories: 1, shots: nil, batchCapacity: 1)
    let found = Self.gradient(plain, numbers, [1], shifted: true)
    for (one, other) in zip(found, Self.gradient(plain, numbers, [1], shifted: false)) {
      #expect(abs(one - other) < 2e-5, "\(one), \(other)")
    }
    let shots = MeasuredSimulator(Self.circuit, noise: exact, trajectories: 1, shots: 50, batchCapacity: 100)
    var (sums, squares) = (found.map { _ in 0.0 }, found.map { _ in 0.0 })
    let rounds = 40
    for round in 0..<rounds {
      let seeds = (0..<100).map { UInt64(100 * round + $0) &* 0x9E37_79B9_7F4A_7C15 }
      for (index, one) in Self.gradient(shots, numbers, seeds, shifted: true).enumerated() {
        sums[index] += one / 100
        squares[index] += one * one / 10_000
      }
    }
    for index in found.indices {
      let mean = sums[index] / Double(rounds)
      let error = (max(0, squares[index] / Double(rounds) - mean * mean) / Double(rounds)).squareRoot()
      #expect(abs(mean - found[index]) < 5 * error + 1e-5, "angle \(index): \(mean) ± \(error), \(found[index])")
    }
    // Gradients have shots of their own, which the values' seeds decide.
    let twice = (0..<2).map { _ in Self.gradient(shots, numbers, [5], shifted: true) }
    #expect(twice[0] == twice[1] && twice[0] != Self.gradient(shots, numbers, [6], shifted: true))
  }

  @Test func `each sample and each circuit of a shifted gradient has draws of its own`() {
    let numbers = Numbers3(Self.circuit)
    let few = MeasuredSimulator(Self.circuit, noise: Self.noise, trajectories: 2, shots: 10, batchCapacity: 2)
    let (both, one, other) = (
      Self.gradient(few, numbers, [5, 6], shifted: true), Self.gradient(few, numbers, [5], shifted: true),
      Self.gradient(few, numbers, [6], shifted: true)
    )
    for index in both.indices { #expect(abs(both[index] - one[index] - other[index]) < 1e-5) }
    // A quarter turn on and a quarter back have equal chances here: alike draws would find no difference, ever.
    var flat = Numbers3(Circuit(qubits: 4, cnot: []))
    (flat.inputs, flat.angles) = (flat.inputs.map { _ in 0 }, flat.angles.map { _ in 0 })
    let simulator = MeasuredSimulator(
      Circuit(qubits: 4, cnot: []), noise: NoiseModel(), trajectories: 1, shots: 25, batchCapacity: 1)
    #expect(Self.gradient(simulator, flat, [3], shifted: true).contains { abs($0) > 1e-6 })
  }

  @Test func `a read-out that is wrong more often than right is drawn as well`() {
    let wrong = NoiseModel(everyQubit: .init(readout: .init(oneGivenZero: 0.8, zeroGivenOne: 0.7)))
    let numbers = Numbers3(Self.circuit)
    let simulator = MeasuredSimulator(Self.circuit, noise: wrong, trajectories: 1, shots: 40, batchCapacity: 50)
    let exact = NoisySimulator(Self.circuit, noise: wrong).measured(inputs: numbers.inputs, angles: numbers.angles)
    Self.expect(Self.mean(of: simulator, numbers, seeds: 3000) { $0.map(Double.init) }, exact, "⟨Z⟩")
  }

  @Test func `trajectories follow the seed, also where nothing is shot`() {
    let numbers = Numbers3(Self.circuit)
    let measured = MeasuredCircuit(Self.circuit, noise: Self.noise, method: .trajectories(5))
    let found = [1, 1, 2].map {
      measured.expectations(inputs: numbers.inputs, angles: numbers.angles, shots: [nil], seed: $0)
    }
    #expect(found[0] == found[1] && found[0] != found[2])
  }

  @Test func `expectations come with their standard errors, and bit strings with their chances`() {
    let numbers = Numbers3(Self.circuit)
    let exact = NoisySimulator(Self.circuit, noise: Self.noise)
    let expectations = exact.expectations(inputs: numbers.inputs, angles: numbers.angles)
    let chances = exact.probabilities(inputs: numbers.inputs, angles: numbers.angles)
    let simulator = MeasuredSimulator(
      Self.circuit, noise: Self.noise, trajectories: 400, shots: nil, batchCapacity: 1)
    var sums = chances.map { _ in 0.0 }
    // How far means are off, in their own standard errors.
    var square = 0.0
    for seed in 0..<UInt64(50) {
      let found = simulator.expectations(inputs: numbers.inputs, angles: numbers.angles, seed: seed)
      for (mean, (error, value)) in zip(found.means, zip(found.errors!, expectations)) {
        square += pow((mean - value) / error, 2) / 200
      }
      let own = simulator.probabilities(inputs: numbers.inputs, angles: numbers.angles, seed: seed)
      let total = own.reduce(0, +)
      #expect(abs(total - 1) < 1e-5)
      for (string, chance) in own.enumerated() { sums[string] += chance / 50 }
    }
    #expect(abs(square - 1) < 0.5, "\(square)")
    for (found, chance) in zip(sums, chances) { #expect(abs(found - chance) < 0.004, "\(found), \(chance)") }
    // The same through the one verb, with another seed for each sample.
    let circuit = Self.circuit
    func lists(_ index: (Int, Int) -> Int) -> [[Double]] {
      (0..<circuit.repetitions).map { repetition in
        (0..<circuit.qubits).map { numbers.angles[index($0, repetition)] }
      }
    }
    let problem = CircuitProblem(
      circuit: circuit, inputs: [numbers.inputs, numbers.inputs], theta: lists { circuit.theta($0, repetition: $1) },
      phi: lists { circuit.phi($0, repetition: $1) })
    func evaluated(_ method: MeasuredCircuit.Method, shots: Int?) -> NoisyEvaluation {
      NoisyEvaluation(problem, on: .model(Self.noise), method: method, shots: shots, seed: 4)
    }
    #expect(evaluated(.exact, shots: nil).expectations == [expectations, expectations])
    let sampled = evaluated(.trajectories(400), shots: nil)
    #expect(sampled.expectations![0] != sampled.expectations![1] && sampled.errors!.count == 2)
    // The read-out takes 0 for 1 in 2 %, 1 for 0 in 6 %; that of qubit 2 is right.
    for found in [evaluated(.exact, shots: nil), sampled] {
      for (qubit, (value, read)) in zip(found.expectations![0], found.measured[0]).enumerated() {
        #expect(abs(read - (qubit == 2 ? value : 0.92 * value + 0.04)) < 1e-9)
      }
    }
    let measured = exact.measured(inputs: numbers.inputs, angles: numbers.angles)
    for method in [MeasuredCircuit.Method.exact, .trajectories(400)] {
      let found = evaluated(method, shots: 100_000)
      #expect(found.expectations == nil && found.measured[0] != found.measured[1])
      for (one, other) in zip(found.measured[0], measured) { #expect(abs(one - other) < 0.03, "\(one), \(other)") }
    }
  }

  @Test func `samples of a problem have trajectories of their own, and one trajectory has no error to tell`() {
    let numbers = Numbers3(Self.circuit)
    let circuit = Self.circuit
    func lists(_ index: (Int, Int) -> Int) -> [[Double]] {
      (0..<circuit.repetitions).map { repetition in
        (0..<circuit.qubits).map { numbers.angles[index($0, repetition)] }
      }
    }
    let problem = CircuitProblem(
      circuit: circuit, inputs: .init(repeating: numbers.inputs, count: 200),
      theta: lists { circuit.theta($0, repetition: $1) }, phi: lists { circuit.phi($0, repetition: $1) })
    let found = NoisyEvaluation(problem, on: .model(Self.noise), method: .trajectories(50), shots: nil, seed: 4)
    // Neighbours are as far apart as independent means: √2 standard errors.
    for qubit in 0..<circuit.qubits {
      let (means, errors) = (found.expectations!.map { $0[qubit] }, found.errors!.map { $0[qubit] })
      let steps: [Double] = zip(means, means.dropFirst()).map { ($0 - $1) * ($0 - $1) }
      let step = steps.reduce(0, +) / 199
      let error: Double = errors.map { $0 * $0 }.reduce(0, +) / 200
      #expect(abs((step / (2 * error)).squareRoot() - 1) < 0.3, "\(step), \(error)")
    }
    let one = NoisyEvaluation(problem, on: .model(Self.noise), method: .trajectories(1), shots: nil, seed: 4)
    #expect(one.expectations != nil && one.errors == nil)
    let none = NoisyEvaluation(problem, on: .model(NoiseModel()), method: .trajectories(1), shots: nil, seed: 4)
    #expect(none.errors?.allSatisfy { $0.allSatisfy { $0 == 0 } } == true)
  }

  @Test func `trajectories that have errors have one at least, and as often as that of each kind`() {
    let errors = PauliErrors(Self.circuit, noise: Self.noise)
    let chance = 1 - errors.chanceOfNone
    var (some, all) = ([Int: Int](), [Int: Int]())
    let count = 40_000
    for seed in 0..<UInt64(count) {
      let drawn = errors.draw(seed: seed &* 0x9E37_79B9_7F4A_7C15, some: true)
      #expect(!drawn.isEmpty)
      some[drawn[0].gate, default: 0] += 1
      if let first = errors.draw(seed: seed &* 0x9E37_79B9_7F4A_7C15).first { all[first.gate, default: 0] += 1 }
    }
    for (gate, times) in some {
      let expected = Double(all[gate] ?? 0) / chance
      #expect(abs(Double(times) - expected) < 7 * expected.squareRoot() + 5, "gate \(gate): \(times), \(expected)")
    }
  }
}
