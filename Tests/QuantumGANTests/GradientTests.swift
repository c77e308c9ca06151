import Ansatz
import Experiment
import NeuralNetwork
import Testing

@testable import QuantumGAN

private let voxels = 11
private let batch = 4

private let discriminators: [DiscriminatorArchitecture] = [
  .init(hidden: [9, 7, 5]),
  .init(hidden: [40]),
  // Wide enough for products in several parts.
  .init(hidden: [150, 130, 70]),
  .init(hidden: [9, 4], circuit: Circuit(qubits: 4, cnot: [1], repetitions: 2)),
  .init(hidden: [6, 5, 3], circuit: Circuit(qubits: 3, cnot: [1, 2], repetitions: 3), readout: [2], outputScale: 7.5),
  .init(
    hidden: [4], circuit: Circuit(qubits: 4, cnot: [1, 2], repetitions: 2, reupload: true), readout: [3, 0, 1],
    finalDense: true),
]

private let generators: [GeneratorArchitecture] = [
  .init(latent: 4, hidden: [6, 9]),
  .init(latent: 4, hidden: []),
  .init(latent: 3, conditioned: true, hidden: [8]),
  .init(circuit: Circuit(qubits: 4, cnot: [1], repetitions: 2), latent: 4, hidden: [6, 9]),
  .init(
    circuit: Circuit(qubits: 5, cnot: [1, 3], rz: false, repetitions: 3), latent: 4, conditioned: true, hidden: [7]),
  .init(circuit: Circuit(qubits: 5, cnot: [1, 2]), latent: 5, hidden: [7], features: .closedForm),
  .init(latent: 4, hidden: [7], features: .cosine),
  .init(
    circuit: Circuit(qubits: 4, repetitions: 2, ring: true, rotations: [.z, .x, .y], encoding: .y, inputShift: 1),
    latent: 4, hidden: [7]),
  .init(latent: 4, hidden: [7], qinn: .init(qubits: 4, blocks: 2, outputs: 6)),
  .init(
    latent: 3, conditioned: true, hidden: [7],
    qinn: .init(qubits: 3, layers: 1, blocks: 1, outputs: 5, direction: .forward)),
  .init(latent: 4, hidden: [7], qinn: .init(qubits: 3, blocks: 2, outputs: 18, blocksOf: .dense)),
]

/// Random settings for a small network: biases and all are drawn, so that nothing hides behind a zero; biases are above
/// zero, so that layers fire, or mostly below, so that most neurons of a wide layer do not.
private func scramble(_ parameters: Parameters, seed: UInt64, wide: Bool = false) {
  let biases = wide ? (-0.9, 0.1) : (0.1, 0.9)
  for (number, slice) in parameters.slices.enumerated() {
    let range: (Double, Double) =
      slice.name.hasSuffix("gamma") ? (0.5, 1.5) : slice.name.hasSuffix("kernel") ? (-0.6, 0.6) : biases
    parameters.set(
      slice, to: numbers(slice.count, seed: seed &+ UInt64(number), in: range.0, range.1).map(Float.init),
      in: parameters.values)
  }
}

/// Every parameter's gradient beside the finite difference; at most 40 of a slice.
private func compare(
  _ parameters: Parameters, _ gradients: UnsafePointer<Float>, with reference: ReferenceGAN,
  loss: (ReferenceGAN) -> Double
) {
  for slice in parameters.slices {
    let found = parameters.elements(of: slice, in: gradients).map(Double.init)
    let expected = stride(from: 0, to: slice.count, by: max(1, slice.count / 40)).map {
      ($0, reference.difference(slice.name, $0, of: loss))
    }
    let scale = expected.map { abs($0.1) }.max()!
    for (index, value) in expected {
      #expect(
        abs(found[index] - value) <= 2e-4 * max(scale, 1e-3), "\(slice.name)[\(index)]: \(found[index]), not \(value)")
    }
    if slice.count > 8 { #expect(scale > 0, "\(slice.name): a gradient that is zero throughout checks nothing") }
  }
}

@Suite struct GradientTests {
  @Test(arguments: discriminators)
  func `a discriminator step's gradient is the loss's, penalty included`(architecture: DiscriminatorArchitecture) {
    let network = DiscriminatorNetwork(architecture, voxels: voxels, batch: batch, team: Team())
    scramble(network.parameters, seed: 11, wide: architecture.hidden[0] > 64)
    let real = (0..<batch).map { numbers(voxels, seed: 100 + UInt64($0), in: 0, 1) + [0.25 * Double($0)] }
    let fake = (0..<batch).map { numbers(voxels, seed: 200 + UInt64($0), in: 0, 1) + [0.25 * Double($0)] }
    let mixing = numbers(batch, seed: 300, in: 0, 1)
    for i in 0..<batch {
      network.setInput(i, voxels: real[i].map(Float.init), label: Float(real[i][voxels]))
      network.setInput(batch + i, voxels: fake[i].map(Float.init), label: Float(fake[i][voxels]))
    }
    let gradients = AlignedBuffer(count: network.parameters.storage)
    let result = network.step(
      mixing: mixing.map(Float.init), penaltyWeight: 20, as: .add(gradients.pointer), norm: true)

    var reference = ReferenceGAN(discriminator: architecture)
    reference.take(network.parameters)
    func loss(_ gan: ReferenceGAN) -> (loss: Double, penalty: Double) {
      gan.discriminatorLoss(real: real, fake: fake, mixing: mixing, penaltyWeight: 20)
    }
    #expect(abs(result.loss - loss(reference).loss) < 1e-4 * max(1, abs(result.loss)))
    #expect(abs(result.penalty - loss(reference).penalty) < 1e-4 * max(1, result.penalty))
    compare(network.parameters, gradients.pointer, with: reference) { loss($0).loss }
  }

  @Test(arguments: generators, [true, false])
  func `a generator step's gradient is that of the discriminator's verdict`(
    architecture: GeneratorArchitecture, affine: Bool
  ) {
    for judge in [discriminators[0], discriminators[2]] {
      let generator = GeneratorNetwork(architecture, affine: affine, voxels: voxels, capacity: 7, team: Team())
      let discriminator = DiscriminatorNetwork(judge, voxels: voxels, batch: batch, team: Team())
      scramble(generator.parameters, seed: 21)
      scramble(discriminator.parameters, seed: 22)
      let inputs = (0..<batch).map { numbers(architecture.inputs, seed: 400 + UInt64($0)) }
      let labels = numbers(batch, seed: 500, in: 0, 1)
      for i in 0..<batch {
        generator.setInput(i, latents: inputs[i].map(Float.init), label: Float(inputs[i].last!))
      }
      generator.forward(count: batch)
      for i in 0..<batch {
        discriminator.setInput(i, voxels: generator.voxels[i], label: Float(labels[i]))
      }
      let (loss, errors) = discriminator.judge()
      let gradients = AlignedBuffer(count: generator.parameters.storage)
      _ = generator.use(errors: errors, count: batch, as: .add(gradients.pointer), norm: false)

      var reference = ReferenceGAN(generator: architecture, discriminator: judge, affine: affine)
      reference.take(generator.parameters)
      reference.take(discriminator.parameters)
      #expect(abs(loss - reference.generatorLoss(inputs: inputs, labels: labels)) < 1e-5)
      for i in 0..<batch {
        let expected = reference.generate(inputs[i])
        for v in 0..<voxels { #expect(abs(Double(generator.voxels[i][v]) - expected[v]) < 1e-5) }
      }
      compare(generator.parameters, gradients.pointer, with: reference) {
        $0.generatorLoss(inputs: inputs, labels: labels)
      }
    }
  }

  @Test func `a frozen stage stays where it starts, and the layers behind it move`() {
    let architecture = GeneratorArchitecture(
      latent: 4, hidden: [5], qinn: .init(qubits: 3, outputs: 6, training: .frozenStraightThrough))
    let trainer = GANTrainer(
      variant: Variant(generator: architecture, discriminator: .init(hidden: [6])), settings: .init(), voxels: 5,
      seed: 1)
    let set = TrainingSet(
      voxels: 5, showers: numbers(50 * 5, seed: 1, in: 0, 1).map(Float.init), labels: .init(repeating: 0, count: 50))
    let before = trainer.generatorState
    _ = trainer.iterate(on: set)
    let after = trainer.generatorState
    for (old, new) in zip(before, after) where old.name.hasPrefix("generator/qinn/") {
      #expect(old == new, "\(old.name)")
    }
    // What fires moves; not every layer does at every start.
    #expect(zip(before, after).contains { $0 != $1 })
  }

  /// PyTorch's Linear: U(±1/√inputs) for kernel and bias; angles N(0, 0.01²).
  @Test func `a stage starts as the group's`() throws {
    let architecture = GeneratorArchitecture(latent: 9, hidden: [5], qinn: .init(qubits: 16, outputs: 400))
    let state = GANTrainer(
      variant: Variant(generator: architecture, discriminator: .init(hidden: [6])), settings: .init(), voxels: 5,
      seed: 1
    ).generatorState
    func values(_ name: String) throws -> [Double] {
      try #require(state.first { $0.name == "generator/qinn/" + name }).values.map(Double.init)
    }
    for (name, limit) in [("entry/kernel", 1.0 / 3), ("exit/kernel", 0.25), ("exit/bias", 0.25)] {
      let largest = try values(name).map(abs).max()!
      #expect(largest <= limit && largest > 0.9 * limit, "\(name): \(largest)")
    }
    #expect(try values("entry/bias").contains { $0 != 0 })
    let angles = try values("block_0/angles") + values("block_1/angles")
    let spread = (angles.reduce(0) { $0 + $1 * $1 } / Double(angles.count)).squareRoot()
    #expect(angles.count == 192 && abs(spread / 0.01 - 1) < 0.2)
    #expect(try values("block_0/angles") != values("block_1/angles"))
  }

  @Test func `untrained angles stay where they start`() {
    let circuit = Circuit(qubits: 4, cnot: [1])
    let architecture = GeneratorArchitecture(circuit: circuit, latent: 4, hidden: [5], trainAngles: false)
    let trainer = GANTrainer(
      variant: Variant(generator: architecture, discriminator: .init(hidden: [6])), settings: .init(), voxels: 5,
      seed: 1)
    let set = TrainingSet(
      voxels: 5, showers: numbers(50 * 5, seed: 1, in: 0, 1).map(Float.init), labels: .init(repeating: 0, count: 50))
    let before = trainer.generatorState
    _ = trainer.iterate(on: set)
    let after = trainer.generatorState
    #expect(before[0].name == "generator/circuit/angles" && before[0] == after[0])
    #expect(before[1] != after[1])
  }
}
