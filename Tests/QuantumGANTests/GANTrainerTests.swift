import Ansatz
import Experiment
import Testing

@testable import QuantumGAN

private let quantum = Variant(
  generator: .init(circuit: Circuit(qubits: 4, repetitions: 2), latent: 4, hidden: [6, 9]),
  discriminator: .init(hidden: [12, 8]))

private func trainer(_ variant: Variant = quantum, seed: UInt64 = 1, settings: TrainingSettings = .init()) -> GANTrainer
{
  GANTrainer(variant: variant, settings: settings, voxels: 7, seed: seed)
}

private let set = TrainingSet(
  voxels: 7, showers: numbers(130 * 7, seed: 9, in: 0, 1).map(Float.init),
  labels: (0..<130).map { Float($0 % 3) / 2 })

@Suite struct GANTrainerTests {
  @Test func `a restored state goes on to the same bits`() throws {
    let straight = trainer()
    for _ in 0..<3 { _ = straight.iterate(on: set) }
    let saved = straight.state
    for _ in 0..<4 { _ = straight.iterate(on: set) }
    let resumed = trainer(seed: 1)
    try resumed.restore(saved, iteration: 3)
    var losses = IterationLosses()
    for _ in 0..<4 { losses = resumed.iterate(on: set, norms: true) }
    #expect(resumed.state == straight.state && resumed.iteration == 7)
    #expect(losses.isFinite && losses.discriminatorGradient > 0 && losses.generatorGradient > 0)
  }

  @Test(arguments: [2, 3], [false, true])
  func `results do not depend on the number of threads`(threads: Int, circuits: Bool) {
    // The study's discriminator: its products are large enough to be shared out, and so are circuits of ten qubits.
    var variant = Variant(generator: .init(hidden: [50, 200]))
    if circuits {
      variant.generator.circuit = Circuit(repetitions: 2)
      variant.discriminator.hidden = [400, 10]
      variant.discriminator.circuit = Circuit(cnot: [1, 2], repetitions: 2, reupload: true)
      (variant.discriminator.readout, variant.discriminator.finalDense) = ([0, 3], true)
      #expect(variant.flaw == nil)
    }
    let set = TrainingSet(
      voxels: 533, showers: numbers(50 * 533, seed: 3, in: 0, 0.01).map(Float.init),
      labels: .init(repeating: 0, count: 50))
    let one = GANTrainer(variant: variant, settings: .init(), voxels: 533, seed: 1)
    let more = GANTrainer(variant: variant, settings: .init(), voxels: 533, seed: 1, threads: threads)
    for _ in 0..<3 { #expect(one.iterate(on: set, norms: true) == more.iterate(on: set, norms: true)) }
    #expect(one.state == more.state)
  }

  @Test(arguments: [[1, 2, 3], []])
  func `a closed form trains as the simulated circuit does`(cnot: [Int]) {
    var variants = [quantum, quantum]
    for index in variants.indices { variants[index].generator.circuit = Circuit(qubits: 4, cnot: cnot) }
    variants[1].generator.features = .closedForm
    let trainers = variants.map { trainer($0) }
    for _ in 0..<20 { for trainer in trainers { _ = trainer.iterate(on: set) } }
    let latents = trainers[0].evaluationLatents(events: 50)
    let showers = trainers.map { $0.generate(latents: latents, labels: .init(repeating: 0, count: 50)) }
    #expect(showers[0].contains { $0 > 0.1 })
    for (simulated, closed) in zip(showers[0], showers[1]) { #expect(abs(simulated - closed) < 1e-4) }
  }

  @Test func `generating and evaluating disturb nothing`() {
    let (one, other) = (trainer(), trainer())
    for _ in 0..<3 {
      _ = one.iterate(on: set)
      _ = other.iterate(on: set, norms: true)
      let latents = other.evaluationLatents(events: 23)
      #expect(latents == other.evaluationLatents(events: 23))
      _ = other.generate(latents: latents, labels: .init(repeating: 0, count: 23))
    }
    #expect(one.state == other.state)
  }

  @Test func `a generator alone makes what the trainer makes, event by event`() throws {
    let trainer = trainer()
    _ = trainer.iterate(on: set)
    let latents = trainer.evaluationLatents(events: 61)
    let labels = [Float](repeating: 0, count: 61)
    let alone = try Generator(
      architecture: quantum.generator, settings: .init(), voxels: 7, state: trainer.generatorState)
    let showers = alone.generate(latents: latents, labels: labels)
    #expect(showers == trainer.generate(latents: latents, labels: labels))
    let last = alone.generate(latents: Array(latents.suffix(4)), labels: [0])
    #expect(Array(showers.suffix(7)) == last, "an event does not depend on its neighbours")
  }

  @Test func `seeds differ, and networks that share a layer share its start`() {
    #expect(trainer(seed: 1).state != trainer(seed: 2).state)
    let classical = trainer(
      Variant(generator: .init(latent: 4, hidden: [6, 9]), discriminator: quantum.discriminator))
    let kernel = { (trainer: GANTrainer) in trainer.generatorState.first { $0.name == "generator/dense_1/kernel" } }
    #expect(kernel(classical) == kernel(trainer()))
  }

  @Test(arguments: [quantum, Variant(generator: .init(latent: 3, conditioned: true, hidden: [5]))])
  func `the arrays hold as many numbers as the plan says`(variant: Variant) {
    let trainer = trainer(variant)
    let count = { (prefix: String) in
      trainer.state.filter { $0.name.hasPrefix(prefix) }.reduce(0) { $0 + $1.values.count }
    }
    let generator = variant.generator.parameterCount(voxels: 7) + variant.generator.angleCount
    #expect(count("generator/") == generator)
    #expect(count("adam/v/generator/") == generator)
    #expect(count("discriminator/") == variant.discriminator.parameterCount(voxels: 7))
  }

  @Test func `the slides' networks have the slides' sizes`() {
    #expect(GeneratorArchitecture(hidden: [100]).parameterCount(voxels: 533) == 55_133)
    #expect(GeneratorArchitecture(hidden: [50, 200]).parameterCount(voxels: 533) == 118_383)
    #expect(GeneratorArchitecture(hidden: [50, 100, 200]).parameterCount(voxels: 533) == 133_683)
    #expect(DiscriminatorArchitecture().parameterCount(voxels: 533) == 828_801)
  }

  @Test func `an epoch goes through the events in one order and drops the remainder`() throws {
    let trainer = trainer()
    var trace: IterationTrace? = IterationTrace()
    var epochs: [[Int32]] = [[], []]
    // 130 events, 50 an iteration: two iterations an epoch.
    for epoch in 0..<2 {
      for _ in 0..<2 {
        _ = trainer.iterate(on: set, trace: &trace)
        epochs[epoch] += try #require(trace).indices
      }
    }
    #expect(epochs[0] == epochs[1] && Set(epochs[0]).count == 100)
    #expect(epochs[0] != epochs[0].sorted())
  }

  @Test func `a trace holds what an independent implementation needs`() throws {
    let variant = Variant(
      generator: .init(latent: 3, conditioned: true, hidden: [5]), discriminator: .init(hidden: [8]))
    let trainer = trainer(variant)
    _ = trainer.iterate(on: set)
    var recorded: IterationTrace? = IterationTrace()
    let losses = trainer.iterate(on: set, trace: &recorded)
    let trace = try #require(recorded)
    #expect(trace.iteration == 1 && trace.indices.count == 50 && trace.mixing.count == 50)
    #expect(trace.discriminatorLatents.count == 150 && trace.generatorLatents.count == 30)
    #expect(trace.generatorLabels == trace.indices.suffix(10).map { set.labels[Int($0)] })
    #expect(abs(trace.discriminatorLosses.reduce(0, +) / 5 - losses.discriminator) < 1e-12)
    #expect(trace.generatorLoss == losses.generator)
  }

  @Test func `a state that does not fit is refused and changes nothing`() {
    let trainer = trainer()
    let before = trainer.state
    var state = before
    state[2].shape = [1, state[2].values.count]
    #expect(throws: InputError("array '\(state[2].name)' has shape \(state[2].shape), the model \(before[2].shape)")) {
      try trainer.restore(state, iteration: 5)
    }
    #expect(throws: InputError("the state has no array 'generator/circuit/angles'")) {
      try trainer.restore(Array(before.dropFirst()), iteration: 5)
    }
    #expect(trainer.state == before && trainer.iteration == 0)
  }

  @Test(arguments: [
    (TrainingSettings.AngleInitialiser.glorotUniform, 1, Float(0.5477)), (.glorotUniform, 2, 0.7071),
    (.glorotUniform, 3, 0.6794), (.uniform, 2, 2 * Float.pi), (.zero, 2, 0),
  ])
  func `angles start within the limits of their initialiser`(
    initialiser: TrainingSettings.AngleInitialiser, repetitions: Int, limit: Float
  ) {
    var settings = TrainingSettings()
    settings.angles = initialiser
    var largest: Float = 0
    for seed in 1...30 {
      let variant = Variant(
        generator: .init(circuit: Circuit(repetitions: repetitions), hidden: [5]), discriminator: .init(hidden: [4]))
      let angles = trainer(variant, seed: UInt64(seed), settings: settings).generatorState[0].values
      if initialiser == .uniform { #expect(angles.allSatisfy { $0 >= 0 }) }
      largest = max(largest, angles.map(abs).max()!)
    }
    #expect(largest <= limit * 1.0001 && largest >= limit * 0.97)
  }
}
