package import Calorimetry
package import Experiment
import InvertibleModels
import NeuralNetwork
package import QuantumGAN
package import Records

/// The study group's QINN by itself on a prepared dataset, as a run trains it: one step of Adam an iteration.
package final class INNTrainee: InvertingTrainee {
  /// Raised whenever the same job would train other numbers.
  ///
  /// 2: what is `GANTrainer`'s 4.
  package static let numericsVersion = 2
  /// The instruction set that the kernels chose on this machine.
  package static var kernelName: String { GANTrainer.kernelName }

  private let model: QuantumINN
  private let settings: INNSettings
  private let randomness: Randomness
  private let dataset: PreparedDataset
  private let evaluation: RunEvaluation

  /// Events at which an evaluation takes the Jacobian.
  private static let jacobians = 16
  private static let beta1: Float = 0.9
  private static let beta2: Float = 0.999
  private static let epsilon: Float = 1e-8

  /// The untrained state.
  /// - Parameters:
  ///   - job: What is trained, and from which seed.
  ///   - dataset: The events that are trained on and compared with.
  /// - Throws: `InputError` when the dataset cannot be compared with.
  package init(job: JobDescription, dataset: PreparedDataset) throws {
    settings = job.variant.inn ?? INNSettings()
    randomness = Randomness(seed: job.seed)
    model = QuantumINN(settings, voxels: dataset.voxels, capacity: settings.batchSize)
    model.initialise(randomness)
    evaluation = try RunEvaluation(on: dataset, seed: job.seed)
    self.dataset = dataset
  }

  /// One thread trains.
  package var threads: Int { 1 }
  /// The iterations done since the start from nothing.
  package private(set) var iteration = 0
  /// The model with both moments of Adam.
  package var state: [NamedArray] { model.parameters.arrays(moments: true) }
  /// The same without moments.
  package var generatorState: [NamedArray] { model.parameters.arrays(moments: false) }
  /// Whether every trained number is finite, with both moments of Adam.
  package var isFinite: Bool { model.parameters.isFinite }

  /// One step on a mini-batch drawn from all events.
  /// - Parameter norms: Whether to measure the gradient's norm; else it is 0.
  /// - Returns: The loss, as the generator's.
  package func iterate(norms: Bool) -> IterationLosses? {
    let voxels = dataset.voxels
    let chosen = randomness.integers(settings.batchSize, below: dataset.events, .shuffle, iteration: iteration)
    let showers = chosen.flatMap { dataset.showers[$0 * voxels..<($0 + 1) * voxels] }
    var normals = [Float](repeating: 0, count: showers.count)
    normals.withUnsafeMutableBufferPointer {
      randomness.fill($0, mean: 0, spread: 1, .generatorLatents, iteration: iteration)
    }
    let loss = model.lossAndGradient(showers, normals: normals).loss
    iteration += 1
    model.step(
      AdamStep(
        learningRate: settings.learningRate, beta1: Self.beta1, beta2: Self.beta2, epsilon: Self.epsilon,
        step: iteration))
    return IterationLosses(loss: loss, gradient: norms ? model.gradientNorm : 0)
  }

  /// Goes on from where `state` was read, after so many iterations.
  /// - Throws: `InputError` when an array is missing or has another shape.
  package func restore(_ state: [NamedArray], iteration: Int) throws {
    try model.parameters.restore(state, moments: true)
    self.iteration = iteration
  }

  /// Generates one shower for each event of the dataset and compares E_tot with Geant4's.
  /// - Returns: The comparison with its bootstrap, and the share, 0 … 1, of voxels that fired in no generated event.
  /// - Throws: `NotFinite` when an event is not of finite numbers.
  package func evaluate() throws -> (evaluation: Evaluation, deadVoxels: Double) {
    let fractions = model.showers(
      kineticEnergies: dataset.kineticEnergies, from: 0, randomness, .evaluationLatents, iteration: iteration)
    return try evaluation.compare(fractions: fractions, iteration: iteration)
  }

  /// What comes back of all events, and the singular values at the first ones.
  package var inversion: Inversion {
    let voxels = dataset.voxels
    return Inversion(
      of: dataset.showers, returned: model.inverse(model.forward(dataset.showers)), numbers: voxels,
      jacobianSquares: (0..<min(Self.jacobians, dataset.events)).map {
        model.jacobianSquare(at: dataset.showers[$0 * voxels..<($0 + 1) * voxels])
      })
  }
}
