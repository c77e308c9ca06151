import Ansatz
import Experiment
import NeuralNetwork
import Testing

@testable import QuantumGAN

@Suite struct MeasuredTrainingTests {
  private static let noise = NoiseModel(
    everyQubit: .init(gate: .init(depolarizing: 0.02), readout: .init(oneGivenZero: 0.02, zeroGivenOne: 0.03)),
    everyPair: .init(depolarizing: 0.05))

  private static func variant(_ measurement: CircuitMeasurement?) -> Variant {
    Variant(
      generator: .init(
        circuit: Circuit(qubits: 4, repetitions: 2), latent: 4, hidden: [6, 9], measurement: measurement),
      discriminator: .init(hidden: [12, 8]))
  }

  private static let set = TrainingSet(
    voxels: 7, showers: numbers(130 * 7, seed: 9, in: 0, 1).map(Float.init),
    labels: (0..<130).map { Float($0 % 3) / 2 })

  private static func trainer(_ measurement: CircuitMeasurement?, seed: UInt64 = 1) -> GANTrainer {
    var settings = TrainingSettings()
    (settings.batchSize, settings.discriminatorSteps) = (4, 2)
    return GANTrainer(variant: variant(measurement), settings: settings, voxels: 7, seed: seed)
  }

  @Test(arguments: [
    CircuitMeasurement(shots: 50), CircuitMeasurement(noise: noise, trajectories: 3),
    CircuitMeasurement(shots: 50, noise: noise, trajectories: 2, gradient: .parameterShift),
  ])
  func `a measured training that was stopped goes on to the same bits`(measurement: CircuitMeasurement) throws {
    let straight = Self.trainer(measurement)
    for _ in 0..<2 { _ = straight.iterate(on: Self.set) }
    let saved = straight.state
    for _ in 0..<2 { _ = straight.iterate(on: Self.set) }
    let resumed = Self.trainer(measurement)
    try resumed.restore(saved, iteration: 2)
    // What is generated in between disturbs nothing.
    let latents = resumed.evaluationLatents(events: 60)
    _ = resumed.generate(latents: latents, labels: .init(repeating: 0, count: 60))
    for _ in 0..<2 { _ = resumed.iterate(on: Self.set) }
    #expect(resumed.state == straight.state)
    #expect(resumed.state != Self.trainer(nil).state)
    let other = Self.trainer(nil)
    for _ in 0..<4 { _ = other.iterate(on: Self.set) }
    #expect(straight.state != other.state)
  }

  @Test func `without noise and shots a measured circuit trains as the exact one`() throws {
    let trainers = [nil, CircuitMeasurement(noise: NoiseModel())].map { Self.trainer($0) }
    for _ in 0..<5 { for trainer in trainers { _ = trainer.iterate(on: Self.set) } }
    for (one, other) in zip(trainers[0].state, trainers[1].state) {
      for (a, b) in zip(one.values, other.values) { #expect(abs(a - b) < 1e-4, "\(one.name)") }
    }
  }

  @Test func `an event of a step is measured by its step's, iteration's and own draws`() throws {
    let measurement = CircuitMeasurement(shots: 20, noise: Self.noise)
    let trainer = Self.trainer(measurement, seed: 5)
    _ = trainer.iterate(on: Self.set)
    let generator = try Generator(
      architecture: trainer.variant.generator, settings: trainer.settings, voxels: 7, state: trainer.generatorState)
    func showers(_ events: Int) -> [Float] {
      (0..<events).flatMap { row in (0..<7).map { trainer.generator.voxels[row][$0] } }
    }
    var ofDiscriminator: [Float] = []
    var trace: IterationTrace? = IterationTrace()
    _ = trainer.iterate(on: Self.set, trace: &trace) { if $0 == .generation { ofDiscriminator = showers(8) } }
    let recorded = try #require(trace)
    for (latents, purpose, made) in [
      (recorded.discriminatorLatents, Randomness.Purpose.discriminatorLatents, ofDiscriminator),
      (recorded.generatorLatents, .generatorLatents, showers(4)),
    ] {
      let draws = EventDraws(Randomness(seed: 5), purpose, iteration: 1)
      let labels = [Float](repeating: 0, count: made.count / 7)
      #expect(generator.generate(latents: latents, labels: labels, draws: draws) == made)
    }
  }

  @Test func `the gradient is the one that is asked for`() {
    let trainers = [CircuitMeasurement.Gradient.adjoint, .parameterShift].map {
      Self.trainer(CircuitMeasurement(shots: 50, noise: Self.noise, trajectories: 2, gradient: $0))
    }
    for trainer in trainers { _ = trainer.iterate(on: Self.set) }
    let angles = trainers.map { $0.state.first { $0.name == "generator/circuit/angles" }?.values }
    #expect(angles[0] != nil && angles[0] != angles[1])
  }

  @Test func `a generator alone measures as the training evaluates, wherever its portions end`() throws {
    let measurement = CircuitMeasurement(shots: 20, noise: Self.noise)
    let trainer = Self.trainer(measurement, seed: 5)
    for _ in 0..<3 { _ = trainer.iterate(on: Self.set) }
    let generator = try Generator(
      architecture: trainer.variant.generator, settings: trainer.settings, voxels: 7, state: trainer.generatorState)
    let latents = trainer.evaluationLatents(events: 61)
    let labels = [Float](repeating: 0, count: 61)
    let showers = trainer.generate(latents: latents, labels: labels)
    #expect(generator.evaluationLatents(events: 61, seed: 5, iteration: 3) == latents)
    let draws = EventDraws(Randomness(seed: 5), .evaluationLatents, iteration: 3)
    #expect(generator.generate(latents: latents, labels: labels, draws: draws) == showers)
    let last = generator.generate(
      latents: Array(latents.suffix(4 * 30)), labels: Array(labels.suffix(30)), draws: draws, from: 31)
    #expect(last == Array(showers.suffix(7 * 30)))
    #expect(generator.generate(latents: latents, labels: labels) != showers)
  }
}
