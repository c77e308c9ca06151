import Ansatz
import Experiment
import Testing

@testable import QuantumGAN

/// Whole iterations beside a slow implementation of its own, in double precision, that is given the trace alone.
@Suite struct ReplayTests {
  struct Case: CustomTestStringConvertible {
    var testDescription: String
    var variant: Variant
    var seed: UInt64 = 1
    /// What differs from `settings`.
    var change: @Sendable (inout TrainingSettings) -> Void = { _ in }

    /// Every number is one of its own, so that none can stand for another.
    ///
    /// Rates are high, so that what one step does is seen in the next; with a high ε, rounding in a vanishing gradient
    /// is not.
    var settings: TrainingSettings {
      var settings = TrainingSettings()
      (settings.latentMean, settings.latentSpread) = (0.3, 0.8)
      (settings.penaltyWeight, settings.discriminatorSteps, settings.batchSize) = (7, 3, 2)
      (settings.generatorLearningRate, settings.discriminatorLearningRate) = (0.02, 0.01)
      (settings.beta1, settings.beta2, settings.epsilon) = (0.6, 0.9, 1e-3)
      change(&settings)
      return settings
    }
  }

  static let cases = [
    Case(
      testDescription: "the study's settings, classical",
      variant: Variant(generator: .init(latent: 3, hidden: [4]), discriminator: .init(hidden: [5]))
    ) { $0 = TrainingSettings() },
    Case(
      testDescription: "classical, conditioned",
      variant: Variant(
        generator: .init(latent: 3, conditioned: true, hidden: [5, 4]), discriminator: .init(hidden: [6, 4]))),
    Case(
      testDescription: "classical, penalty at the real events, no affine, one step, He's start",
      variant: Variant(generator: .init(latent: 3, hidden: [5]), discriminator: .init(hidden: [6, 4]))
    ) { ($0.penaltyAt, $0.affine, $0.discriminatorSteps) = (.real, false, 1) },
    Case(
      testDescription: "Glorot's start, generator with a circuit and a label",
      variant: Variant(
        generator: .init(
          circuit: Circuit(qubits: 4, cnot: [1], repetitions: 2), latent: 3, conditioned: true, hidden: [5]),
        discriminator: .init(hidden: [6, 4]))
    ) { $0.kernels = .glorotUniform },
    Case(
      testDescription: "circuits on both sides",
      variant: Variant(
        generator: .init(circuit: Circuit(qubits: 3, cnot: [1, 2], rz: false), latent: 3, hidden: [5]),
        discriminator: .init(
          hidden: [6, 3], circuit: Circuit(qubits: 3, cnot: [1], repetitions: 2), readout: [1], outputScale: 2.5))),
    Case(
      testDescription: "critic's circuit with re-uploading and a final Dense, closed form, penalty at the real events",
      variant: Variant(
        generator: .init(
          circuit: Circuit(qubits: 4, cnot: [1, 2]), latent: 3, conditioned: true, hidden: [5], features: .closedForm),
        discriminator: .init(
          hidden: [5, 3], circuit: Circuit(qubits: 3, cnot: [1, 2], repetitions: 2, reupload: true), readout: [2, 0],
          finalDense: true))
    ) { $0.penaltyAt = .real },
    Case(
      testDescription: "cosine of the latents, four steps",
      variant: Variant(
        generator: .init(latent: 3, conditioned: true, hidden: [5], features: .cosine),
        discriminator: .init(hidden: [6]))
    ) { $0.discriminatorSteps = 4 },
    Case(
      testDescription: "a QINN stage of two inverse blocks, conditioned",
      variant: Variant(
        generator: .init(latent: 3, conditioned: true, hidden: [5], qinn: .init(qubits: 3, blocks: 2, outputs: 4)),
        discriminator: .init(hidden: [6, 4]))),
    Case(
      testDescription: "a QINN stage forward, no affine",
      variant: Variant(
        generator: .init(
          latent: 3, hidden: [5], qinn: .init(qubits: 4, layers: 1, blocks: 1, outputs: 4, direction: .forward)),
        discriminator: .init(hidden: [6]))
    ) { $0.affine = false },
    Case(
      testDescription: "a QINN stage that is frozen",
      variant: Variant(
        generator: .init(
          latent: 3, hidden: [5], qinn: .init(qubits: 3, outputs: 4, training: .frozenStraightThrough)),
        discriminator: .init(hidden: [6]))),
    Case(
      testDescription: "a QINN stage of Dense blocks",
      variant: Variant(
        generator: .init(latent: 3, hidden: [5], qinn: .init(qubits: 3, outputs: 4, blocksOf: .dense)),
        discriminator: .init(hidden: [6]))),
    Case(
      testDescription: "rotations of other kinds on both sides",
      variant: Variant(
        generator: .init(
          circuit: Circuit(
            qubits: 3, repetitions: 2, ring: true, rotations: [.z, .y, .x], encoding: .y, inputShift: 1), latent: 3,
          hidden: [5]),
        discriminator: .init(
          hidden: [6, 3],
          circuit: Circuit(qubits: 3, repetitions: 2, rotations: [.x, .z], encoding: .y, inputShift: 2), readout: [1]))),
    Case(
      testDescription: "angles that are not trained, from the whole circle, two circuits",
      variant: Variant(
        generator: .init(
          circuit: Circuit(qubits: 3, cnot: [1], repetitions: 2), latent: 3, hidden: [5], trainAngles: false),
        discriminator: .init(hidden: [6, 3], circuit: Circuit(qubits: 3, cnot: [1])))
    ) { ($0.angles, $0.circuitInputScale) = (.uniform, 1.7) },
  ]

  private static let voxels = 4
  private static let events = 60
  private static let set = TrainingSet(
    voxels: voxels, showers: numbers(events * voxels, seed: 5, in: 0, 1).map(Float.init),
    labels: numbers(events, seed: 6, in: 0, 1).map(Float.init))

  @Test(arguments: cases)
  func `iterations are those of an independent implementation`(one: Case) throws {
    let settings = one.settings
    let trainer = GANTrainer(variant: one.variant, settings: settings, voxels: Self.voxels, seed: one.seed)
    try trainer.restore(Self.awake(trainer.state), iteration: 0)
    var reference = ReferenceTraining(one.variant, settings: settings, set: Self.set, start: trainer.state)
    for iteration in 0..<4 {
      var recorded: IterationTrace? = IterationTrace()
      let found = trainer.iterate(on: Self.set, norms: true, trace: &recorded)
      let trace = try #require(recorded)
      #expect(trace.iteration == iteration)
      try check(trace, settings, one.variant)
      let expected = reference.iterate(trace)
      for (step, loss) in expected.discriminator.enumerated() {
        #expect(near(trace.discriminatorLosses[step], loss), "iteration \(iteration), step \(step)")
        #expect(near(trace.penalties[step], expected.penalties[step]), "iteration \(iteration), step \(step)")
      }
      let steps = Double(settings.discriminatorSteps)
      #expect(near(found.discriminator, expected.discriminator.reduce(0, +) / steps))
      #expect(near(found.penalty, expected.penalties.reduce(0, +) / steps))
      #expect(near(found.generator, expected.generator) && trace.generatorLoss == found.generator)
      #expect(near(found.discriminatorGradient, expected.discriminatorGradient))
      #expect(near(found.generatorGradient, expected.generatorGradient))
      compare(trainer.state, with: reference, iteration: iteration)
    }
  }

  /// The state with biases above zero, so that small layers fire and no sum lies at a ReLU's kink.
  private static func awake(_ state: [NamedArray]) -> [NamedArray] {
    var state = state
    for index in state.indices where !state[index].name.hasPrefix("adam/") {
      guard ["/bias", "/beta"].contains(where: state[index].name.hasSuffix) else { continue }
      state[index].values = numbers(state[index].values.count, seed: UInt64(index), in: 0.1, 0.6).map(Float.init)
    }
    return state
  }

  /// What the trace must be like, since the reference believes it.
  private func check(_ trace: IterationTrace, _ settings: TrainingSettings, _ variant: Variant) throws {
    let (steps, batch) = (settings.discriminatorSteps, settings.batchSize)
    try #require(trace.indices.count == steps * batch && Set(trace.indices).count == steps * batch)
    try #require(trace.mixing.count == steps * batch)
    try #require(trace.discriminatorLatents.count == steps * batch * variant.generator.latent)
    try #require(trace.generatorLatents.count == batch * variant.generator.latent)
    #expect(Set(trace.discriminatorLatents + trace.generatorLatents).count > steps * batch * variant.generator.latent)
    #expect(trace.generatorLabels == trace.indices.suffix(batch).map { Self.set.labels[Int($0)] })
    if settings.penaltyAt == .interpolated {
      #expect(Set(trace.mixing).count > 1 && trace.mixing.allSatisfy { (0..<1).contains($0) })
    }
  }

  /// Parameters and Adam's moments, the first of which is a mean of gradients.
  private func compare(_ state: [NamedArray], with reference: ReferenceTraining, iteration: Int) {
    for array in state {
      let (moment, name) = Self.split(array.name)
      let expected = (moment == "m" ? reference.m : moment == "v" ? reference.v : reference.gan.values)[name]!
      let scale = max(1e-2, expected.map(abs).max()!)
      let errors = zip(array.values, expected).map { abs(Double($0) - $1) }
      let worst = errors.indices.max { errors[$0] < errors[$1] }!
      #expect(
        errors[worst] < 2e-4 * scale,
        "iteration \(iteration), \(array.name)[\(worst)]: \(array.values[worst]), not \(expected[worst])")
    }
  }

  private static func split(_ name: String) -> (moment: String?, name: String) {
    let parts = name.split(separator: "/", maxSplits: 2).map(String.init)
    return parts[0] == "adam" ? (parts[1], parts[2]) : (nil, name)
  }

  /// The latents do not change with their distribution but for the mean and the spread.
  @Test func `latents have the mean and the spread that are asked for`() throws {
    func latents(_ mean: Float, _ spread: Float) throws -> [Float] {
      var settings = TrainingSettings()
      (settings.latentMean, settings.latentSpread) = (mean, spread)
      let trainer = GANTrainer(
        variant: Variant(generator: .init(latent: 3, hidden: [4]), discriminator: .init(hidden: [5])),
        settings: settings, voxels: Self.voxels, seed: 1)
      var recorded: IterationTrace? = IterationTrace()
      _ = trainer.iterate(on: Self.set, trace: &recorded)
      let trace = try #require(recorded)
      return trace.discriminatorLatents + trace.generatorLatents + trainer.evaluationLatents(events: 7)
    }
    let (standard, other) = (try latents(0, 1), try latents(0.3, 0.8))
    for (unit, value) in zip(standard, other) { #expect(abs(0.3 + 0.8 * unit - value) < 1e-6) }
    let mean = standard.reduce(0, +) / Float(standard.count)
    let square = standard.reduce(0) { $0 + $1 * $1 } / Float(standard.count)
    // 201 values: five standard errors.
    #expect(abs(mean) < 0.36 && abs(square - 1) < 0.5)
  }

  @Test(arguments: TrainingSettings.KernelInitialiser.allCases)
  func `kernels start within the limits of their initialiser`(kernels: TrainingSettings.KernelInitialiser) {
    var settings = TrainingSettings()
    (settings.kernels, settings.circuitInputScale) = (kernels, 0.25)
    let variant = Variant(
      generator: .init(latent: 30, hidden: [40]),
      discriminator: .init(hidden: [30, 10], circuit: Circuit(qubits: 10)))
    let state = GANTrainer(variant: variant, settings: settings, voxels: 50, seed: 1).state
    for array in state where array.name.hasSuffix("/kernel") && !array.name.hasPrefix("adam") {
      let (fanIn, fanOut) = (Double(array.shape[0]), Double(array.shape[1]))
      let scale = array.name == "discriminator/dense_1/kernel" ? 0.25 : 1
      let limit = scale * (6 / (kernels == .heUniform ? fanIn : fanIn + fanOut)).squareRoot()
      let largest = Double(array.values.map(abs).max()!)
      #expect(largest <= limit * 1.0001 && largest > limit * 0.97, "\(array.name): \(largest), limit \(limit)")
    }
  }
}

/// Equal to 3e-4, and to 6e-5 near zero.
private func near(_ found: Double, _ expected: Double) -> Bool {
  abs(found - expected) <= 3e-4 * max(0.2, abs(expected))
}
