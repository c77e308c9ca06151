/// The Geant4 events that a run trains on.
public struct TrainingSet: Sendable {
  /// The voxels of a shower.
  public let voxels: Int
  /// `[events, voxels]`, row-major, fractions of the kinetic energy.
  public let showers: [Float]
  /// `[events]`, the energy label of each event, 0 … 1.
  public let labels: [Float]

  /// The number of events.
  public var events: Int { labels.count }

  /// - Precondition: `voxels` values for each label.
  public init(voxels: Int, showers: [Float], labels: [Float]) {
    precondition(
      showers.count == voxels * labels.count, "\(showers.count) values for \(labels.count) events of \(voxels) voxels")
    self.voxels = voxels
    self.showers = showers
    self.labels = labels
  }
}

/// The parts of an iteration, in order; there are several discriminator steps.
public enum IterationPart: Sendable {
  /// The events of all discriminator steps.
  case generation
  case discriminatorStep
  case generatorStep
}

/// What one iteration measured.
public struct IterationLosses: Hashable, Sendable {
  /// The discriminator's loss with the penalty, and the penalty λ · mean((‖∇D‖ - 1)²), means over the steps.
  public var discriminator: Double = 0
  public var penalty: Double = 0
  /// The generator's loss, -mean D.
  public var generator: Double = 0
  /// Euclidean norms of the gradient over all of a network's parameters, last step; 0 where not asked for.
  public var discriminatorGradient: Double = 0
  public var generatorGradient: Double = 0

  /// Whether both losses are finite.
  public var isFinite: Bool { discriminator.isFinite && generator.isFinite }
}

/// Everything random of one iteration, so that an independent implementation can replay it.
public struct IterationTrace: Sendable {
  /// The generator updates that were done before.
  public var iteration: Int
  /// `[steps, batch]`: the training events of each discriminator step.
  public var indices: [Int32] = []
  /// `[steps, batch, latent]` and `[steps, batch]`.
  public var discriminatorLatents: [Float] = []
  public var mixing: [Float] = []
  /// `[batch, latent]` and `[batch]`.
  public var generatorLatents: [Float] = []
  public var generatorLabels: [Float] = []
  /// `[steps]`.
  public var discriminatorLosses: [Double] = []
  public var penalties: [Double] = []
  /// The generator's loss.
  public var generatorLoss: Double = 0

  /// An empty trace, to be filled.
  public init(iteration: Int = 0) { self.iteration = iteration }
}
