import Ansatz
import Experiment
import Glibc
import NeuralNetwork
import QuantumGAN
import Testing

@testable import InvertibleModels

@Suite struct CouplingFlowTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var settings: CouplingSettings
    var numbers: Int
    var conditions: Int
    var testDescription: String {
      "\(settings.circuit?.name ?? "Dense"), \(numbers) numbers, \(conditions) conditions"
    }
  }

  static let cases: [Case] = [
    Case(settings: .init(blocks: 4), numbers: 8, conditions: 0),
    Case(settings: .init(blocks: 5, hidden: 3), numbers: 5, conditions: 1),
    Case(
      settings: .init(
        blocks: 4, circuit: Circuit(qubits: 8, cnot: [1], repetitions: 2, ring: true, reupload: true)), numbers: 8,
      conditions: 1),
    // More qubits than are read, fewer numbers in one half than in the other.
    Case(settings: .init(blocks: 3, circuit: Circuit(qubits: 7, cnot: [1, 2])), numbers: 5, conditions: 0),
  ]

  /// A flow far from the identity: every vector drawn too.
  private static func flow(_ test: Case, capacity: Int = 7) -> CouplingFlow {
    let flow = CouplingFlow(
      test.settings, numbers: test.numbers, conditions: test.conditions, capacity: capacity)
    let randomness = Randomness(seed: 3)
    flow.initialise(randomness)
    let parameters = flow.parameters
    for (number, slice) in parameters.slices.enumerated() where !slice.name.hasSuffix("kernel") {
      var values = parameters.elements(of: slice, in: parameters.values)
      for index in values.indices {
        values[index] += randomness.uniform(.mixing, iteration: number, index: index) - 0.5
      }
      parameters.set(slice, to: values, in: parameters.values)
    }
    return flow
  }

  /// Normal numbers of some events, and their labels.
  private static func sample(_ test: Case, events: Int) -> (x: [Float], labels: [Float]) {
    var x = [Float](repeating: 0, count: events * test.numbers)
    x.withUnsafeMutableBufferPointer {
      Randomness(seed: 5).fill($0, mean: 0, spread: 1, .generation, iteration: 0)
    }
    return (x, (0..<events).map { Float($0 % 3) / 2 })
  }

  private static func rows(_ x: [Float], _ columns: Int) -> [[Double]] {
    stride(from: 0, to: x.count, by: columns).map { x[$0..<$0 + columns].map(Double.init) }
  }

  private static func reference(_ test: Case, of flow: CouplingFlow) -> ReferenceFlow {
    ReferenceFlow(
      test.settings, numbers: test.numbers, conditions: test.conditions, state: flow.parameters.arrays(moments: false))
  }

  @Test(arguments: cases) func `it maps as the slow reference does`(test: Case) {
    let flow = Self.flow(test)
    let (x, labels) = Self.sample(test, events: 20)
    let (z, logDeterminants) = flow.forward(x, labels: labels)
    let reference = Self.reference(test, of: flow)
    for (event, row) in Self.rows(x, test.numbers).enumerated() {
      let expected = reference.forward(row, label: Double(labels[event]))
      for number in 0..<test.numbers {
        #expect(
          abs(Double(z[event * test.numbers + number]) - expected.z[number]) < 2e-5 * (1 + abs(expected.z[number])))
      }
      #expect(abs(logDeterminants[event] - expected.logDeterminant) < 1e-5)
    }
    let losses = flow.negativeLogLikelihood(x, labels: labels)
    let mean = reference.loss(Self.rows(x, test.numbers), labels: labels.map(Double.init))
    #expect(abs(losses.reduce(0, +) / 20 / mean - 1) < 1e-5)
  }

  @Test(arguments: cases) func `there and back again is the same to 1e-5`(test: Case) {
    let flow = Self.flow(test)
    let (x, labels) = Self.sample(test, events: 100)
    let z = flow.forward(x, labels: labels).z
    #expect(zip(x, z).contains { abs($0 - $1) > 0.3 }, "the flow is far from the identity")
    let back = flow.inverse(z, labels: labels)
    let worst = zip(x, back).map { abs($0 - $1) }.max()!
    #expect(worst < 1e-5, "\(worst)")
    let forth = flow.forward(flow.inverse(x, labels: labels), labels: labels).z
    #expect(zip(x, forth).allSatisfy { abs($0 - $1) < 1e-5 * (1 + abs($0)) })
  }

  @Test(arguments: cases) func `the log-determinant is that of the finite-difference Jacobian`(test: Case) {
    let flow = Self.flow(test)
    let (x, labels) = Self.sample(test, events: 4)
    let logDeterminants = flow.forward(x, labels: labels).logDeterminants
    let reference = Self.reference(test, of: flow)
    for (event, row) in Self.rows(x, test.numbers).enumerated() {
      let jacobian = row.indices.map { column in
        var (above, below) = (row, row)
        above[column] += 1e-5
        below[column] -= 1e-5
        let label = Double(labels[event])
        return zip(reference.forward(above, label: label).z, reference.forward(below, label: label).z).map {
          ($0 - $1) / 2e-5
        }
      }
      #expect(abs(log(abs(determinant(jacobian))) - logDeterminants[event]) < 1e-5)
      // The sums of the singular values' squares and fourth powers; `jacobian` has ∂z/∂x_i in its rows.
      let square = jacobian.map { a in jacobian.map { b in zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } } }
      let found = flow.jacobianSquare(
        at: x[event * test.numbers..<(event + 1) * test.numbers], label: labels[event])
      for (a, b) in zip(found, square.joined()) { #expect(abs(a - b) < 1e-4 * (1 + abs(b))) }
    }
  }

  @Test(arguments: cases) func `the gradient is that of finite differences`(test: Case) {
    let flow = Self.flow(test)
    let (x, labels) = Self.sample(test, events: 6)
    let gradient = flow.lossAndGradient(x, labels: labels).gradient
    let (rows, conditions) = (Self.rows(x, test.numbers), labels.map(Double.init))
    var reference = Self.reference(test, of: flow)
    var largest = 0.0
    for slice in flow.parameters.slices {
      let found = flow.parameters.elements(of: slice, in: gradient)
      for index in stride(from: 0, to: slice.count, by: max(1, slice.count / 6)) {
        let value = reference.arrays[slice.name]![index]
        reference.arrays[slice.name]![index] = value + 1e-5
        let above = reference.loss(rows, labels: conditions)
        reference.arrays[slice.name]![index] = value - 1e-5
        let below = reference.loss(rows, labels: conditions)
        reference.arrays[slice.name]![index] = value
        let expected = (above - below) / 2e-5
        largest = max(largest, abs(expected))
        #expect(abs(Double(found[index]) - expected) < 2e-4 * (1 + abs(expected)), "\(slice.name) \(index)")
      }
    }
    #expect(largest > 0.1, "some of the gradient is not small")
  }

  @Test(arguments: cases) func `it starts as the identity, and its trained numbers are as many as are told`(test: Case)
  {
    let flow = CouplingFlow(test.settings, numbers: test.numbers, conditions: test.conditions, capacity: 4)
    flow.initialise(Randomness(seed: 1))
    let (x, labels) = Self.sample(test, events: 9)
    let (z, logDeterminants) = flow.forward(x, labels: labels)
    #expect(z == x && logDeterminants.allSatisfy { $0 == 0 })
    let counted =
      test.settings.parameterCount(layers: test.numbers - 1, energies: 1 + test.conditions) + test.settings.angleCount
    #expect(flow.parameters.slices.reduce(0) { $0 + $1.count } == counted)
  }

  @Test(arguments: cases) func `it learns a distribution that is not normal`(test: Case) {
    var test = test
    test.settings.blocks = 6
    let flow = CouplingFlow(test.settings, numbers: test.numbers, conditions: test.conditions, capacity: 200)
    flow.initialise(Randomness(seed: 1))
    // The second number follows the first, by a spread and a place of its own.
    var (x, labels) = Self.sample(test, events: 200)
    for event in 0..<200 {
      let first = x[event * test.numbers]
      x[event * test.numbers + 1] = x[event * test.numbers + 1] * expf(0.5 * first - 1) + first
    }
    labels = .init(repeating: 0, count: 200)
    let before = flow.lossAndGradient(x, labels: labels).loss
    for step in 1...300 {
      _ = flow.lossAndGradient(x, labels: labels)
      flow.step(AdamStep(learningRate: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-7, step: step))
    }
    let after = flow.lossAndGradient(x, labels: labels).loss
    // What was put in takes log-spread -1 off, and the mean square about 1 to 2.
    #expect(after < before - 1, "\(before), then \(after)")
  }
}
