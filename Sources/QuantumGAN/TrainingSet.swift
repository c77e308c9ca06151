/// The Geant4 events that a run trains on.
package struct TrainingSet: Sendable {
  /// The voxels of a shower.
  package let voxels: Int
  /// `[events, voxels]`, row-major, fractions of the kinetic energy.
  package let showers: [Float]
  /// `[events]`, the energy label of each event, 0 … 1.
  package let labels: [Float]

  /// The number of events.
  package var events: Int { labels.count }

  /// - Precondition: `voxels` values for each label.
  package init(voxels: Int, showers: [Float], labels: [Float]) {
    precondition(
      showers.count == voxels * labels.count, "\(showers.count) values for \(labels.count) events of \(voxels) voxels")
    self.voxels = voxels
    self.showers = showers
    self.labels = labels
  }
}

/// The parts of an iteration, in order; there are several discriminator steps.
package enum IterationPart: Sendable {
  /// The events of all discriminator steps.
  case generation
  case discriminatorStep
  case generatorStep
}

/// What one iteration measured.
package struct IterationLosses: Hashable, Sendable {
  /// The discriminator's loss with the penalty, the mean over the steps.
  package var discriminator: Double = 0
  /// The penalty λ · mean((‖∇D‖ - 1)²), the mean over the steps.
  package var penalty: Double = 0
  /// The generator's loss, -mean D.
  package var generator: Double = 0
  /// The Euclidean norm of the gradient over all the discriminator's parameters, last step; 0 where not asked for.
  package var discriminatorGradient: Double = 0
  /// The Euclidean norm of the gradient over all the generator's parameters; 0 where not asked for.
  package var generatorGradient: Double = 0
  /// Whether there is a discriminator; if not, the generator's loss is all.
  package var isAdversarial = true

  /// No losses yet.
  package init() {}

  /// Those of a training without a discriminator.
  /// - Parameters:
  ///   - loss: What is made as small as can be.
  ///   - gradient: The Euclidean norm of its gradient; 0 where not asked for.
  package init(loss: Double, gradient: Double) {
    (generator, generatorGradient, isAdversarial) = (loss, gradient, false)
  }

  /// Whether both losses are finite.
  package var isFinite: Bool { discriminator.isFinite && generator.isFinite }
}

/// Everything random of one iteration, so that an independent implementation can replay it.
package struct IterationTrace: Sendable {
  /// The generator updates that were done before.
  package var iteration: Int
  /// `[steps, batch]`: the training events of each discriminator step.
  package var indices: [Int32] = []
  /// `[steps, batch, latent]`: what the generator is fed with for the discriminator steps.
  package var discriminatorLatents: [Float] = []
  /// `[steps, batch]`: a of x̂ = a · real + (1 - a) · generated, where the penalty is taken.
  package var mixing: [Float] = []
  /// `[batch, latent]`: what the generator is fed with for its own step.
  package var generatorLatents: [Float] = []
  /// `[batch]`: the energy labels of that step.
  package var generatorLabels: [Float] = []
  /// `[steps]`: the discriminator's loss with the penalty.
  package var discriminatorLosses: [Double] = []
  /// `[steps]`: the penalty in that loss.
  package var penalties: [Double] = []
  /// The generator's loss.
  package var generatorLoss: Double = 0

  /// An empty trace, to be filled.
  package init(iteration: Int = 0) { self.iteration = iteration }
}
