import Ansatz
import Experiment
import Glibc
import NeuralNetwork
import QuantumGAN
import Simulator
import Testing

@testable import InvertibleModels

@Suite struct QuantumINNTests {
  private static let voxels = 9
  static let cases = [INNSettings(qubits: 4, blocks: 2), INNSettings(qubits: 3, blocks: 3, layers: 1, latentWeight: 2)]

  /// The model in double precision as it is written down.
  private struct Reference {
    let settings: INNSettings
    var arrays: [String: [Double]]

    init(_ settings: INNSettings, _ model: QuantumINN) {
      self.settings = settings
      arrays = Dictionary(
        uniqueKeysWithValues: model.parameters.arrays(moments: false).map { ($0.name, $0.values.map(Double.init)) })
    }

    private func dense(_ number: Int, _ x: [Double]) -> [Double] {
      let (kernel, bias) = (arrays["qinn/dense_\(number)/kernel"]!, arrays["qinn/dense_\(number)/bias"]!)
      return bias.indices.map { column in
        x.indices.reduce(bias[column]) { $0 + x[$1] * kernel[$1 * bias.count + column] }
      }
    }

    func map(_ x: [Double], back: Bool = false) -> [Double] {
      var h = dense(0, x).map(tanh)
      for block in back ? (0..<settings.blocks).reversed() : Array(0..<settings.blocks) {
        h = ReferenceSimulator<Double>(settings.circuit(block, inverse: back)).expectations(
          inputs: h, angles: arrays["qinn/block_\(block)/angles"]!
        ).map(tanh)
      }
      let out = dense(1, h)
      return back ? out.map { log(1 + exp($0)) } : out
    }

    /// The loss, the kernel's width given.
    func loss(_ x: [[Double]], _ normals: [[Double]], width: Double) -> Double {
      let z = x.map { map($0) }
      let squares = zip(x, z).reduce(0) { sum, pair in
        sum + zip(pair.0, map(pair.1, back: true)).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
      }
      func kernel(_ a: [Double], _ b: [Double]) -> Double { exp(-Self.distance(a, b) / width) }
      func within(_ points: [[Double]]) -> Double {
        var sum = 0.0
        for i in points.indices { for j in points.indices where i != j { sum += kernel(points[i], points[j]) } }
        return sum / Double(points.count * (points.count - 1))
      }
      var across = 0.0
      for a in z { for b in normals { across += kernel(a, b) } }
      let distance = within(z) + within(normals) - 2 * across / Double(z.count * normals.count)
      return Double(settings.reconstructionWeight) * squares / Double(x.count * x[0].count)
        + Double(settings.latentWeight) * distance
    }

    static func distance(_ a: [Double], _ b: [Double]) -> Double {
      zip(a, b).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    }

    /// The median of all positive squared distances of latents and normal numbers, the lower of two.
    func width(_ x: [[Double]], _ normals: [[Double]]) -> Double {
      let points = x.map { map($0) } + normals
      let squares = points.indices.flatMap { i in (0..<i).map { Self.distance(points[i], points[$0]) } }.sorted()
      return squares[(squares.count - 1) / 2]
    }
  }

  private static func model(_ settings: INNSettings, capacity: Int = 6) -> QuantumINN {
    let model = QuantumINN(settings, voxels: voxels, capacity: capacity)
    model.initialise(Randomness(seed: 2))
    // Angles that turn.
    for slice in model.parameters.slices where slice.name.hasSuffix("angles") {
      let values = (0..<slice.count).map { Randomness(seed: 3).uniform(.mixing, index: $0) * 3 }
      model.parameters.set(slice, to: values, in: model.parameters.values)
    }
    return model
  }

  private static func sample(_ events: Int, stream: Int = 0) -> [Float] {
    var x = [Float](repeating: 0, count: events * voxels)
    x.withUnsafeMutableBufferPointer {
      Randomness(seed: 5).fill($0, mean: 0.5, spread: 1, .generation, iteration: stream)
    }
    return x
  }

  private static func rows(_ x: [Float]) -> [[Double]] {
    stride(from: 0, to: x.count, by: voxels).map { x[$0..<$0 + voxels].map(Double.init) }
  }

  @Test(arguments: cases) func `it maps there and back as the slow reference does`(settings: INNSettings) {
    let model = Self.model(settings)
    let reference = Reference(settings, model)
    let x = Self.sample(14)
    for (found, back) in [(model.forward(x), false), (model.inverse(x), true)] {
      let expected = Self.rows(x).flatMap { reference.map($0, back: back) }
      #expect(zip(found, expected).allSatisfy { abs(Double($0) - $1) < 1e-5 })
    }
    #expect(model.inverse(x).allSatisfy { $0 >= 0 })
  }

  @Test(arguments: cases) func `the gradient is that of finite differences, the width held`(settings: INNSettings) {
    let model = Self.model(settings)
    var reference = Reference(settings, model)
    let (x, normals) = (Self.sample(5), Self.sample(5, stream: 1))
    let (rows, others) = (Self.rows(x), Self.rows(normals))
    let width = reference.width(rows, others)
    let (loss, gradient) = model.lossAndGradient(x, normals: normals)
    #expect(abs(loss / reference.loss(rows, others, width: width) - 1) < 1e-5)
    var largest = 0.0
    for slice in model.parameters.slices {
      let found = model.parameters.elements(of: slice, in: gradient)
      for index in stride(from: 0, to: slice.count, by: max(1, slice.count / 9)) {
        let value = reference.arrays[slice.name]![index]
        reference.arrays[slice.name]![index] = value + 1e-5
        let above = reference.loss(rows, others, width: width)
        reference.arrays[slice.name]![index] = value - 1e-5
        let below = reference.loss(rows, others, width: width)
        reference.arrays[slice.name]![index] = value
        let expected = (above - below) / 2e-5
        if slice.name.hasSuffix("angles") { largest = max(largest, abs(expected)) }
        #expect(abs(Double(found[index]) - expected) < 1e-4 * (1 + abs(expected)), "\(slice.name) \(index)")
      }
    }
    #expect(largest > 1e-3, "angles matter")
  }

  @Test(arguments: cases) func `the Jacobian's singular values are those of finite differences`(settings: INNSettings) {
    let model = Self.model(settings)
    let reference = Reference(settings, model)
    let x = Self.sample(3)
    for event in 0..<3 {
      let row = Self.rows(x)[event]
      let columns = row.indices.map { index in
        var (above, below) = (row, row)
        above[index] += 1e-5
        below[index] -= 1e-5
        return zip(reference.map(above), reference.map(below)).map { ($0 - $1) / 2e-5 }
      }
      // Traces of J Jᵀ and of its square: sums of the singular values' squares and fourth powers.
      let inner = columns.map { a in columns.map { b in zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } } }
      let (sum, squares) = (
        inner.indices.reduce(0) { $0 + inner[$1][$1] }, inner.joined().reduce(0) { $0 + $1 * $1 }
      )
      let found = model.jacobianSquare(at: x[event * Self.voxels..<(event + 1) * Self.voxels])
      let size = settings.qubits
      #expect(found.count == size * size)
      let (trace, square) = (
        (0..<size).map { found[$0 * size + $0] }.reduce(0, +), found.map { $0 * $0 }.reduce(0, +)
      )
      #expect(abs(trace / sum - 1) < 1e-4)
      #expect(abs(square / squares - 1) < 1e-4)
    }
  }

  @Test func `it learns to bring some showers back`() {
    let settings = INNSettings(qubits: 4, learningRate: 0.01)
    let model = QuantumINN(settings, voxels: Self.voxels, capacity: 64)
    model.initialise(Randomness(seed: 1))
    let x = Self.sample(64).map { abs($0) }
    var losses: [Double] = []
    for step in 1...200 {
      losses.append(model.lossAndGradient(x, normals: Self.sample(64, stream: step)).loss)
      model.step(AdamStep(learningRate: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, step: step))
    }
    #expect(losses[199] < 0.8 * losses[0], "\(losses[0]), then \(losses[199])")
    // Four numbers do not hold nine: no training brings all of it back.
    let back = model.inverse(model.forward(x))
    #expect(zip(x, back).contains { abs($0 - $1) > 0.2 })
  }

  @Test func `showers are functions of their numbers, and its numbers are as many as are told`() {
    let settings = INNSettings(qubits: 4, blocks: 2)
    let model = Self.model(settings)
    let (all, randomness) = ([Double](repeating: 100, count: 300), Randomness(seed: 8))
    let many = model.showers(kineticEnergies: all, from: 0, randomness, .generation, iteration: 0)
    let some = model.showers(kineticEnergies: Array(all[..<40]), from: 250, randomness, .generation, iteration: 0)
    #expect(Array(many[(250 * 9)..<(290 * 9)]) == some && Set(many).count > 2000)
    #expect(
      model.parameters.slices.reduce(0) { $0 + $1.count }
        == settings.parameterCount(voxels: Self.voxels) + settings.angleCount)
  }
}
