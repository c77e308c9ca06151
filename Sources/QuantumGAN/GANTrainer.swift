public import Experiment
internal import NeuralNetwork

/// The generator, the discriminator, both optimisers and the iteration number: all that training changes.
///
/// Everything random is a function of the seed and the iteration, so a restored state goes on as if never stopped.
/// Memory is allocated at the start; an iteration allocates nothing of size.
public final class GANTrainer {
  /// Raised whenever the same job would train other numbers with the same instruction set.
  ///
  /// 3: what a discriminator does not depend on (its last bias, inert angles, inputs outside the light cone) has a
  /// gradient of exactly zero, where rounding moved it before.
  public static let numericsVersion = 3
  /// The instruction set in use: "avx512", "avx2" or "generic".
  public static var kernelName: String { NeuralNetwork.kernelName }

  public let variant: Variant
  public let settings: TrainingSettings
  public let voxels: Int
  public var threads: Int { team.threads }
  /// How long several threads need to find out whether they save time.
  public static var trial: Duration { Team.trial }
  /// Generator updates done.
  public private(set) var iteration = 0

  private let randomness: Randomness
  private let team: Team
  private let generator: GeneratorNetwork
  private let discriminator: DiscriminatorNetwork
  /// Generator inputs of an iteration's discriminator steps: `[steps · batch, inputs]`.
  private var inputs: [Float]
  private var latents: [Float]
  private var mixing: [Float]
  private var order: [Int] = []

  /// The untrained state, checkpoint 0.
  /// - Precondition: The variant and the settings have no `flaw`.
  public init(variant: Variant, settings: TrainingSettings, voxels: Int, seed: UInt64, threads: Int = 1) {
    precondition(settings.flaw == nil, settings.flaw ?? "")
    self.variant = variant
    self.settings = settings
    self.voxels = voxels
    randomness = Randomness(seed: seed)
    team = Team(threads: threads)
    let events = settings.discriminatorSteps * settings.batchSize
    generator = GeneratorNetwork(
      variant.generator, affine: settings.affine, voxels: voxels, capacity: events, team: team)
    discriminator = DiscriminatorNetwork(
      variant.discriminator, voxels: voxels, batch: settings.batchSize, team: team)
    inputs = .init(repeating: 0, count: events * variant.generator.inputs)
    latents = .init(repeating: 0, count: events * variant.generator.latent)
    mixing = .init(repeating: 0, count: settings.batchSize)
    let initialisation = Initialisation(randomness: randomness, settings: settings)
    generator.initialise(initialisation)
    discriminator.initialise(initialisation)
  }

  /// One iteration: the discriminator steps, each with a mini-batch of its own, and one generator step.
  ///
  /// Events come in one random order that every epoch repeats; what is left of it after whole iterations is not used.
  /// Generated events of a discriminator step carry the labels of its mini-batch, those of the generator step the
  /// labels of the last mini-batch.
  /// - Parameters:
  ///   - norms: Whether gradient norms are wanted.
  ///   - trace: Filled with everything random of the iteration, if given.
  ///   - watch: Told of each part when it is done.
  /// - Precondition: The set has at least `discriminatorSteps · batchSize` events of `voxels` voxels.
  public func iterate(
    on set: TrainingSet, norms: Bool = false, trace: UnsafeMutablePointer<IterationTrace>? = nil,
    watch: ((IterationPart) -> Void)? = nil
  ) -> IterationLosses {
    let (steps, batch) = (settings.discriminatorSteps, settings.batchSize)
    let perEpoch = settings.iterationsPerEpoch(events: set.events)
    precondition(
      set.voxels == voxels && perEpoch > 0, "\(set.events) events of \(set.voxels) voxels for a batch of \(batch)")
    let start = team.startPiece()
    defer { team.endPiece(since: start) }
    if order.count != set.events { order = randomness.permutation(set.events, .shuffle) }
    let first = iteration % perEpoch * steps * batch
    trace?.pointee = IterationTrace()
    trace?.pointee.iteration = iteration
    var losses = IterationLosses()

    // The generator stands still during the discriminator's steps: all their events at once.
    draw(.discriminatorLatents, count: steps * batch) { set.labels[order[first + $0]] }
    trace?.pointee.discriminatorLatents = latents
    generator.forward(inputs, count: steps * batch)
    watch?(.generation)
    for step in 0..<steps {
      for i in 0..<batch {
        let event = order[first + step * batch + i]
        set.showers.withUnsafeBufferPointer {
          discriminator.setInput(i, voxels: $0.baseAddress! + event * voxels, label: set.labels[event])
        }
        discriminator.setInput(
          batch + i, voxels: generator.voxels[step * batch + i], label: set.labels[event])
        mixing[i] =
          switch settings.penaltyAt {
          case .interpolated: randomness.uniform(.mixing, iteration: iteration, index: step * batch + i)
          case .real: 1
          }
        trace?.pointee.indices.append(Int32(event))
      }
      let adam = adam(settings.discriminatorLearningRate, step: iteration * steps + step + 1)
      let result = discriminator.step(
        mixing: mixing, penaltyWeight: settings.penaltyWeight, as: .step(adam), norm: norms && step == steps - 1)
      losses.discriminator += result.loss / Double(steps)
      losses.penalty += result.penalty / Double(steps)
      losses.discriminatorGradient = result.squares.squareRoot()
      trace?.pointee.mixing += mixing
      trace?.pointee.discriminatorLosses.append(result.loss)
      trace?.pointee.penalties.append(result.penalty)
      watch?(.discriminatorStep)
    }

    let last = first + (steps - 1) * batch
    draw(.generatorLatents, count: batch) { set.labels[order[last + $0]] }
    generator.forward(inputs, count: batch)
    for i in 0..<batch {
      discriminator.setInput(i, voxels: generator.voxels[i], label: set.labels[order[last + i]])
    }
    let (loss, errors) = discriminator.judge()
    losses.generator = loss
    let adam = adam(settings.generatorLearningRate, step: iteration + 1)
    losses.generatorGradient = generator.use(
      inputs: inputs, errors: errors, count: batch, as: .step(adam), norm: norms
    ).squareRoot()
    trace?.pointee.generatorLatents = Array(latents.prefix(batch * variant.generator.latent))
    trace?.pointee.generatorLabels = (0..<batch).map { set.labels[order[last + $0]] }
    trace?.pointee.generatorLoss = loss
    iteration += 1
    watch?(.generatorStep)
    return losses
  }

  /// Draws latents and puts them, with their labels when conditioned, into the generator's inputs.
  private func draw(_ purpose: Randomness.Purpose, count: Int, label: (Int) -> Float) {
    let (latent, width) = (variant.generator.latent, variant.generator.inputs)
    latents.withUnsafeMutableBufferPointer {
      randomness.fill(
        UnsafeMutableBufferPointer(rebasing: $0.prefix(count * latent)), mean: settings.latentMean,
        spread: settings.latentSpread, purpose, iteration: iteration)
    }
    for event in 0..<count {
      for i in 0..<latent { inputs[event * width + i] = latents[event * latent + i] }
      if variant.generator.conditioned { inputs[event * width + latent] = label(event) }
    }
  }

  private func adam(_ learningRate: Float, step: Int) -> AdamStep {
    AdamStep(
      learningRate: learningRate, beta1: settings.beta1, beta2: settings.beta2, epsilon: settings.epsilon, step: step)
  }

  /// The latents `[events, latent]` of the evaluation at the present iteration, the same however often asked for.
  public func evaluationLatents(events: Int) -> [Float] {
    Generator.latents(
      events: events, architecture: variant.generator, settings: settings, randomness, .evaluationLatents,
      iteration: iteration)
  }

  /// Showers `[events, voxels]`, fractions of the kinetic energy.
  /// - Parameters:
  ///   - latents: `[events, latent]`.
  ///   - labels: `[events]`; looked at only when conditioned.
  public func generate(latents: [Float], labels: [Float]) -> [Float] {
    generator.generate(latents: latents, labels: labels)
  }

  /// Whether every parameter of both networks is finite.
  public var isFinite: Bool { generator.parameters.isFinite && discriminator.parameters.isFinite }

  /// Everything of a full checkpoint but the counters: both networks and both optimisers.
  public var state: [NamedArray] {
    generator.parameters.arrays(moments: true) + discriminator.parameters.arrays(moments: true)
  }

  /// The generator's parameters.
  public var generatorState: [NamedArray] { generator.parameters.arrays(moments: false) }

  /// Goes back to a state that `state` gave after `iteration` iterations.
  /// - Throws: `InputError` if an array is missing or has another shape; nothing is changed then.
  public func restore(_ state: [NamedArray], iteration: Int) throws(InputError) {
    let arrays = try NamedArrays(state)
    try generator.parameters.check(arrays, moments: true)
    try discriminator.parameters.check(arrays, moments: true)
    generator.parameters.restore(arrays, moments: true)
    discriminator.parameters.restore(arrays, moments: true)
    self.iteration = iteration
  }
}
