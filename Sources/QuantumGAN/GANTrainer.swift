package import Experiment
import NeuralNetwork

/// The generator, the discriminator, both optimisers and the iteration number: all that training changes.
///
/// Everything random is a function of the seed and the iteration, so a restored state goes on as if never stopped.
/// Memory is allocated at the start; an iteration allocates nothing of size.
package final class GANTrainer {
  /// Raised whenever the same job would train other numbers with an instruction set.
  ///
  /// 4: inputs of which some are zero for ten events have the gradient of their own values; AVX2 adds as AVX-512 does.
  /// 3: what a discriminator does not depend on (its last bias, inert angles, inputs outside the light cone) has a
  /// gradient of exactly zero, where rounding moved it before.
  package static let numericsVersion = 4
  /// The instruction set in use: "avx512", "avx2", "neon" or "generic".
  package static var kernelName: String { NeuralNetwork.kernelName }
  /// Has this process compute with an instruction set, in place of the best that the processor has.
  /// - Returns: Whether the processor has it; if not, nothing changes.
  package static func use(_ set: InstructionSet) -> Bool { useKernels(set.rawValue) }

  /// Both networks' architectures.
  package let variant: Variant
  /// How they are trained.
  package let settings: TrainingSettings
  /// The voxels of a shower.
  package let voxels: Int
  /// The threads that products may be shared among.
  package var threads: Int { team.threads }
  /// How long several threads need to find out whether they save time.
  package static var trial: Duration { Team.trial }
  /// Generator updates done.
  package private(set) var iteration = 0

  private let randomness: Randomness
  private let team: Team
  let generator: GeneratorNetwork
  private let discriminator: DiscriminatorNetwork
  /// The latents of an iteration's discriminator steps, `[steps · batch, latent]`, then of its generator step.
  private var latents: [Float]
  private var mixing: [Float]
  private var order: [Int] = []

  /// The untrained state, checkpoint 0.
  /// - Precondition: The variant and the settings have no `flaw`.
  package init(variant: Variant, settings: TrainingSettings, voxels: Int, seed: UInt64, threads: Int = 1) {
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
  ///   - set: The events to train on.
  ///   - norms: Whether gradient norms are wanted.
  ///   - watch: Told of each part when it is done; nil for nobody.
  /// - Returns: The iteration's losses, and its gradient norms if wanted.
  /// - Precondition: The set has at least `discriminatorSteps · batchSize` events of `voxels` voxels.
  package func iterate(
    on set: TrainingSet, norms: Bool = false, watch: ((IterationPart) -> Void)? = nil
  ) -> IterationLosses {
    var trace: IterationTrace?
    return iterate(on: set, norms: norms, trace: &trace, watch: watch)
  }

  /// One iteration with a record of it.
  /// - Parameters:
  ///   - set: The events to train on.
  ///   - norms: Whether gradient norms are wanted.
  ///   - trace: Replaced by everything random of the iteration, unless it is nil.
  ///   - watch: Told of each part when it is done; nil for nobody.
  /// - Returns: The iteration's losses, and its gradient norms if wanted.
  package func iterate(
    on set: TrainingSet, norms: Bool = false, trace: inout IterationTrace?, watch: ((IterationPart) -> Void)? = nil
  ) -> IterationLosses {
    let (steps, batch) = (settings.discriminatorSteps, settings.batchSize)
    let perEpoch = settings.iterationsPerEpoch(events: set.events)
    precondition(
      set.voxels == voxels && perEpoch > 0, "\(set.events) events of \(set.voxels) voxels for a batch of \(batch)")
    return team.piece {
      if order.count != set.events { order = randomness.permutation(set.events, .shuffle) }
      let events = order.dropFirst(iteration % perEpoch * steps * batch).prefix(steps * batch)
      if trace != nil { trace = IterationTrace(iteration: iteration) }
      var losses = IterationLosses()
      // The generator stands still during the discriminator's steps: all their events at once.
      generate(.discriminatorLatents, labelledAs: events, of: set)
      trace?.discriminatorLatents = latents
      watch?(.generation)
      for step in 0..<steps {
        discriminatorStep(
          step, on: events.dropFirst(step * batch).prefix(batch), of: set, norms: norms && step == steps - 1,
          losses: &losses, trace: &trace)
        watch?(.discriminatorStep)
      }
      generatorStep(labelledAs: events.suffix(batch), of: set, norms: norms, losses: &losses, trace: &trace)
      iteration += 1
      watch?(.generatorStep)
      return losses
    }
  }

  /// A step of the discriminator on `events` and as many of those that were generated for all steps.
  private func discriminatorStep(
    _ step: Int, on events: ArraySlice<Int>, of set: TrainingSet, norms: Bool, losses: inout IterationLosses,
    trace: inout IterationTrace?
  ) {
    let (steps, batch) = (settings.discriminatorSteps, settings.batchSize)
    for (i, event) in events.enumerated() {
      set.showers.withUnsafeBufferPointer {
        discriminator.setInput(i, voxels: $0.baseAddress! + event * voxels, label: set.labels[event])
      }
      discriminator.setInput(batch + i, voxels: generator.voxels[step * batch + i], label: set.labels[event])
      mixing[i] =
        switch settings.penaltyAt {
        case .interpolated: randomness.uniform(.mixing, iteration: iteration, index: step * batch + i)
        case .real: 1
        }
    }
    let adam = adam(settings.discriminatorLearningRate, step: iteration * steps + step + 1)
    let result = discriminator.step(
      mixing: mixing, penaltyWeight: settings.penaltyWeight, as: .step(adam), norm: norms)
    losses.discriminator += result.loss / Double(steps)
    losses.penalty += result.penalty / Double(steps)
    losses.discriminatorGradient = result.squares.squareRoot()
    trace?.indices += events.map { Int32($0) }
    trace?.mixing += mixing
    trace?.discriminatorLosses.append(result.loss)
    trace?.penalties.append(result.penalty)
  }

  /// A step of the generator, on new events with the labels of `events`.
  private func generatorStep(
    labelledAs events: ArraySlice<Int>, of set: TrainingSet, norms: Bool, losses: inout IterationLosses,
    trace: inout IterationTrace?
  ) {
    generate(.generatorLatents, labelledAs: events, of: set)
    for (i, event) in events.enumerated() {
      discriminator.setInput(i, voxels: generator.voxels[i], label: set.labels[event])
    }
    let (loss, errors) = discriminator.judge()
    losses.generator = loss
    let adam = adam(settings.generatorLearningRate, step: iteration + 1)
    losses.generatorGradient =
      generator.use(errors: errors, count: events.count, as: .step(adam), norm: norms).squareRoot()
    trace?.generatorLatents = Array(latents.prefix(events.count * variant.generator.latent))
    trace?.generatorLabels = events.map { set.labels[$0] }
    trace?.generatorLoss = loss
  }

  /// Draws latents and generates from them, and from the labels of `events` when conditioned.
  private func generate(_ purpose: Randomness.Purpose, labelledAs events: ArraySlice<Int>, of set: TrainingSet) {
    let latent = variant.generator.latent
    latents.withUnsafeMutableBufferPointer {
      randomness.fill(
        UnsafeMutableBufferPointer(rebasing: $0.prefix(events.count * latent)), mean: settings.latentMean,
        spread: settings.latentSpread, purpose, iteration: iteration)
      for (row, event) in events.enumerated() {
        generator.setInput(row, latents: $0.baseAddress! + row * latent, label: set.labels[event])
        generator.setSeed(row, randomness.seed(purpose.measurements, iteration: iteration, index: row))
      }
    }
    generator.forward(count: events.count)
  }

  private func adam(_ learningRate: Float, step: Int) -> AdamStep {
    AdamStep(
      learningRate: learningRate, beta1: settings.beta1, beta2: settings.beta2, epsilon: settings.epsilon, step: step)
  }

  /// The latents `[events, latent]` of the evaluation at the present iteration, the same however often asked for.
  package func evaluationLatents(events: Int) -> [Float] {
    Generator.latents(
      events: events, architecture: variant.generator, settings: settings, randomness, .evaluationLatents,
      iteration: iteration)
  }

  /// Showers from the generator as it is, with the trajectories and shots of an evaluation at the present iteration.
  /// - Parameters:
  ///   - latents: `[events, latent]`.
  ///   - labels: `[events]`; looked at only when conditioned.
  /// - Returns: `[events, voxels]`, fractions of the kinetic energy.
  package func generate(latents: [Float], labels: [Float]) -> [Float] {
    generator.generate(
      latents: latents, labels: labels, draws: EventDraws(randomness, .evaluationLatents, iteration: iteration))
  }

  /// Whether every number of `state` is finite.
  package var isFinite: Bool { generator.parameters.isFinite && discriminator.parameters.isFinite }

  /// Everything of a full checkpoint but the counters: both networks and both optimisers.
  package var state: [NamedArray] {
    generator.parameters.arrays(moments: true) + discriminator.parameters.arrays(moments: true)
  }

  /// The generator's parameters.
  package var generatorState: [NamedArray] { generator.parameters.arrays(moments: false) }

  /// Goes back to a state that `state` gave after `iteration` iterations.
  /// - Throws: `InputError` if an array is missing or has another shape; nothing is changed then.
  package func restore(_ state: [NamedArray], iteration: Int) throws(InputError) {
    let arrays = try NamedArrays(state)
    try generator.parameters.check(arrays, moments: true)
    try discriminator.parameters.check(arrays, moments: true)
    generator.parameters.restore(arrays, moments: true)
    discriminator.parameters.restore(arrays, moments: true)
    self.iteration = iteration
  }
}
