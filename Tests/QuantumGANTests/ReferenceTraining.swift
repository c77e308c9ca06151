import Experiment

@testable import QuantumGAN

/// Training in double precision, from what a trace says is random: STUDY's formulas, one after the other.
struct ReferenceTraining {
  var gan: ReferenceGAN
  let settings: TrainingSettings
  let set: TrainingSet
  /// Adam's moments, and the steps that each network has made.
  var m: [String: [Double]]
  var v: [String: [Double]]
  private var discriminatorSteps = 0
  private var generatorSteps = 0

  struct Losses {
    /// Of each discriminator step.
    var discriminator: [Double] = []
    var penalties: [Double] = []
    var generator = 0.0
    /// The gradients' norms, of the last discriminator step and of the generator's.
    var discriminatorGradient = 0.0
    var generatorGradient = 0.0
  }

  init(_ variant: Variant, settings: TrainingSettings, set: TrainingSet, start: [NamedArray]) {
    (self.settings, self.set) = (settings, set)
    gan = ReferenceGAN(generator: variant.generator, discriminator: variant.discriminator, affine: settings.affine)
    gan.take(start)
    m = gan.values.mapValues { $0.map { _ in 0 } }
    v = m
  }

  /// An event of the set: its voxels and its label.
  private func real(_ event: Int32) -> [Double] {
    let first = Int(event) * set.voxels
    return (set.showers[first..<first + set.voxels] + [set.labels[Int(event)]]).map(Double.init)
  }

  /// Event `number` of those that latents are given for: the generator's input.
  private func input(_ latents: [Float], _ number: Int, label: Double) -> [Double] {
    let size = gan.generator.latent
    return latents[number * size..<(number + 1) * size].map(Double.init) + (gan.generator.conditioned ? [label] : [])
  }

  mutating func iterate(_ trace: IterationTrace) -> Losses {
    var losses = Losses()
    let batch = settings.batchSize
    for step in 0..<settings.discriminatorSteps {
      let events = step * batch..<(step + 1) * batch
      let real = events.map { self.real(trace.indices[$0]) }
      let fake = zip(events, real).map { number, event in
        gan.generate(input(trace.discriminatorLatents, number, label: event.last!)) + [event.last!]
      }
      let mixing = events.map { settings.penaltyAt == .real ? 1 : Double(trace.mixing[$0]) }
      func loss(_ gan: ReferenceGAN) -> (loss: Double, penalty: Double) {
        gan.discriminatorLoss(real: real, fake: fake, mixing: mixing, penaltyWeight: Double(settings.penaltyWeight))
      }
      losses.discriminator.append(loss(gan).loss)
      losses.penalties.append(loss(gan).penalty)
      let gradient = gan.gradient(of: "discriminator/") { loss($0).loss }
      losses.discriminatorGradient = norm(gradient)
      discriminatorSteps += 1
      adam(gradient, learningRate: settings.discriminatorLearningRate, step: discriminatorSteps)
    }
    // The labels of the last mini-batch.
    let labels = trace.indices.suffix(batch).map { Double(set.labels[Int($0)]) }
    let inputs = labels.indices.map { input(trace.generatorLatents, $0, label: labels[$0]) }
    losses.generator = gan.generatorLoss(inputs: inputs, labels: labels)
    var gradient = gan.gradient(of: "generator/") { $0.generatorLoss(inputs: inputs, labels: labels) }
    if !gan.generator.trainAngles { gradient["generator/circuit/angles"] = nil }
    if gan.generator.qinn?.training == .frozenStraightThrough {
      gradient = gradient.filter { !$0.key.hasPrefix("generator/qinn/") }
    }
    losses.generatorGradient = norm(gradient)
    generatorSteps += 1
    adam(gradient, learningRate: settings.generatorLearningRate, step: generatorSteps)
    return losses
  }

  private func norm(_ gradient: [String: [Double]]) -> Double {
    gradient.values.joined().reduce(0) { $0 + $1 * $1 }.squareRoot()
  }

  /// Kingma and Ba's algorithm 1 with the corrections in the rate, as Keras has it.
  private mutating func adam(_ gradient: [String: [Double]], learningRate: Float, step: Int) {
    let (beta1, beta2) = (Double(settings.beta1), Double(settings.beta2))
    var (power1, power2) = (1.0, 1.0)
    for _ in 0..<step { (power1, power2) = (power1 * beta1, power2 * beta2) }
    let rate = Double(learningRate) * (1 - power2).squareRoot() / (1 - power1)
    for (name, g) in gradient {
      for i in g.indices {
        m[name]![i] = beta1 * m[name]![i] + (1 - beta1) * g[i]
        v[name]![i] = beta2 * v[name]![i] + (1 - beta2) * g[i] * g[i]
        gan.values[name]![i] -= rate * m[name]![i] / (v[name]![i].squareRoot() + Double(settings.epsilon))
      }
    }
  }
}
