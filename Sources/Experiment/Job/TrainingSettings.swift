/// Everything about a training that is not the variant; the defaults are the study's.
package struct TrainingSettings: Codable, Hashable, Sendable {
  /// The mean of the latent distribution, which is normal.
  package var latentMean: Float = 0.5
  /// The standard deviation of the latent distribution.
  package var latentSpread: Float = 0.5
  /// λ of the gradient penalty.
  package var penaltyWeight: Float = 20
  /// Where the penalty's gradient is taken.
  package var penaltyAt: PenaltyPoint = .interpolated
  /// Discriminator steps per iteration (the D/G ratio).
  package var discriminatorSteps: Int = 5
  /// Events per mini-batch.
  package var batchSize: Int = 10
  /// Adam's learning rate for the generator and its circuit.
  package var generatorLearningRate: Float = 1e-4
  /// Adam's learning rate for the discriminator.
  package var discriminatorLearningRate: Float = 1e-4
  /// Adam's β1, the decay of the first moment.
  package var beta1: Float = 0.5
  /// Adam's β2, the decay of the second moment.
  package var beta2: Float = 0.999
  /// Adam's ε, which is added to the root of the second moment.
  package var epsilon: Float = 1e-7
  /// Iterations between two checkpoints; checkpoint k is the state after k times this many.
  package var checkpointInterval: Int = 1000
  /// How the circuit's angles start.
  package var angles: AngleInitialiser = .glorotUniform
  /// How Dense kernels start; biases start at zero.
  package var kernels: KernelInitialiser = .heUniform
  /// A factor on the start of the last hidden kernel before a discriminator's circuit: its inputs are angles.
  package var circuitInputScale: Float = 1
  /// Whether hidden generator blocks have the per-neuron affine y = γ·x/√(1 + 0.001) + β.
  package var affine: Bool = true

  /// The showers x̂ at which the gradient penalty takes the discriminator's gradient.
  package enum PenaltyPoint: String, Codable, CaseIterable, Sendable {
    /// x̂ = a·real + (1 - a)·fake, a ~ U(0, 1) per event.
    case interpolated
    /// x̂ = real.
    case real
  }

  /// The distribution that a circuit's angles (radians) start from.
  package enum AngleInitialiser: String, Codable, CaseIterable, Sendable {
    /// U(-L, L) with PennyLane's KerasLayer's limits, L = √(6 / (fan_in + fan_out)) of the weight's shape.
    case glorotUniform = "glorot_uniform"
    /// U(0, 2π): the group's TensorFlow Quantum code.
    case uniform
    /// All zero: the circuit starts as its CNOTs alone.
    case zero
  }

  /// The distribution that the kernels of Dense layers start from.
  package enum KernelInitialiser: String, Codable, CaseIterable, Sendable {
    /// U(-L, L), L = √(6 / fan_in).
    case heUniform = "he_uniform"
    /// U(-L, L), L = √(6 / (fan_in + fan_out)).
    case glorotUniform = "glorot_uniform"
  }

  package init() {}

  /// Iterations in one pass over a training set of `events`, the remainder being dropped.
  package func iterationsPerEpoch(events: Int) -> Int { events / (discriminatorSteps * batchSize) }

  /// Why these settings cannot be trained with, as a clause naming the sweep file's key; nil when they can.
  package var flaw: String? {
    let flaws = [
      Bounds.flaw("latent_mean", latentMean, Bounds.latentMean),
      Bounds.flaw("latent_std", latentSpread, Bounds.latentSpread),
      Bounds.flaw("penalty_weight", penaltyWeight, Bounds.penaltyWeight),
      Bounds.flaw("discriminator_steps", discriminatorSteps, Bounds.discriminatorSteps),
      Bounds.flaw("batch_size", batchSize, Bounds.batchSize),
      Bounds.flaw("checkpoint_interval", checkpointInterval, Bounds.checkpointInterval),
      Bounds.flaw("generator_learning_rate", generatorLearningRate, Bounds.learningRate),
      Bounds.flaw("discriminator_learning_rate", discriminatorLearningRate, Bounds.learningRate),
      Bounds.flaw("beta1", beta1, Bounds.beta), Bounds.flaw("beta2", beta2, Bounds.beta),
      Bounds.flaw("epsilon", epsilon, Bounds.epsilon),
      Bounds.flaw("circuit_input_scale", circuitInputScale, Bounds.inputScale),
    ]
    return flaws.lazy.compactMap(\.self).first
  }

  /// The settings that differ from the study's, `key value` each; empty for the study's own.
  ///
  /// It is part of a run's identity, so a setting added later at its default changes none.
  package var departures: [String] {
    var parts: [String] = []
    eachDeparture { key, value, _ in parts.append(key + " " + value) }
    return parts
  }

  /// Calls `body` with each of `departures`: its key, its value, and whether that is a word and no number or flag.
  package func eachDeparture(_ body: (_ key: String, _ value: String, _ isWord: Bool) -> Void) {
    let study = TrainingSettings()
    func note<Value: Equatable & LosslessStringConvertible>(_ key: String, _ value: Value, _ usual: Value) {
      if value != usual { body(key, value.description, false) }
    }
    func note<Value: RawRepresentable<String>>(_ key: String, _ value: Value, _ usual: Value) {
      if value != usual { body(key, "\(value)", true) }
    }
    note("latent_mean", latentMean, study.latentMean)
    note("latent_std", latentSpread, study.latentSpread)
    note("penalty_weight", penaltyWeight, study.penaltyWeight)
    note("penalty_at", penaltyAt, study.penaltyAt)
    note("discriminator_steps", discriminatorSteps, study.discriminatorSteps)
    note("batch_size", batchSize, study.batchSize)
    note("generator_learning_rate", generatorLearningRate, study.generatorLearningRate)
    note("discriminator_learning_rate", discriminatorLearningRate, study.discriminatorLearningRate)
    note("beta1", beta1, study.beta1)
    note("beta2", beta2, study.beta2)
    note("epsilon", epsilon, study.epsilon)
    note("checkpoint_interval", checkpointInterval, study.checkpointInterval)
    note("angles", angles, study.angles)
    note("kernels", kernels, study.kernels)
    note("circuit_input_scale", circuitInputScale, study.circuitInputScale)
    note("affine", affine, study.affine)
  }
}
