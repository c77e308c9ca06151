package import Calorimetry
package import Experiment
import InvertibleModels
import NeuralNetwork
import ParametricSimulation
package import QuantumGAN
package import Records

/// The coupling model on a prepared dataset, as a run trains it: one step of Adam an iteration.
package final class CouplingTrainee: InvertingTrainee {
  /// Raised whenever the same job would train other numbers.
  ///
  /// 2: what is `GANTrainer`'s 4.
  package static let numericsVersion = 2
  /// The instruction set that the kernels chose on this machine.
  package static var kernelName: String { GANTrainer.kernelName }

  private let model: CouplingModel
  private let dataset: PreparedDataset
  private let evaluation: RunEvaluation
  private let seed: UInt64

  /// The untrained state.
  /// - Parameters:
  ///   - job: What is trained, and from which seed.
  ///   - dataset: The events that are trained on and compared with.
  /// - Throws: `InputError` when the dataset cannot be compared with, its layers are not known, or are too many.
  package init(job: JobDescription, dataset: PreparedDataset) throws {
    model = CouplingModel(
      fitting: dataset.fractions, labels: dataset.labels, energyIndex: dataset.energyIndex,
      energies: job.dataset.energies, quantities: try ShowerQuantities(of: job),
      settings: job.variant.coupling ?? CouplingSettings(), seed: job.seed)
    evaluation = try RunEvaluation(on: dataset, seed: job.seed)
    self.dataset = dataset
    seed = job.seed
  }

  /// One thread trains.
  package var threads: Int { 1 }
  /// The iterations done since the start from nothing.
  package private(set) var iteration = 0
  /// The flow with both moments of Adam, and what was fitted before.
  package var state: [NamedArray] { model.state }
  /// The same without moments.
  package var generatorState: [NamedArray] { model.generatorState }
  /// Whether every trained number is finite, with both moments of Adam.
  package var isFinite: Bool { model.flow.parameters.isFinite }

  /// One step on a mini-batch.
  /// - Parameter norms: Whether to measure the gradient's norm; else it is 0.
  /// - Returns: The mean of -log p, in nats, as the generator's loss.
  package func iterate(norms: Bool) -> IterationLosses? {
    let (loss, norm) = model.step(iteration: iteration, norm: norms)
    iteration += 1
    return IterationLosses(loss: loss, gradient: norm)
  }

  /// Goes on from where `state` was read, after so many iterations.
  /// - Throws: `InputError` when an array is missing or has another shape.
  package func restore(_ state: [NamedArray], iteration: Int) throws {
    try model.restore(state)
    self.iteration = iteration
  }

  /// Generates one shower for each event of the dataset, at its energy, and compares E_tot with Geant4's.
  /// - Returns: The comparison with its bootstrap, and the share, 0 … 1, of voxels that fired in no generated event.
  /// - Throws: `NotFinite` when an event is not of finite numbers.
  package func evaluate() throws -> (evaluation: Evaluation, deadVoxels: Double) {
    let fractions = model.showers(
      incident: dataset.incidentEnergies.map(Double.init), labels: dataset.labels, from: 0, seed: seed,
      .evaluationLatents, iteration: iteration)
    return try evaluation.compare(fractions: fractions, iteration: iteration)
  }

  /// What comes back of the first events, and the flow's singular values at some of them.
  package var inversion: Inversion {
    let (there, back, squares) = model.roundTrip(events: 256, jacobians: 16, iteration: iteration)
    return Inversion(of: there, returned: back, numbers: model.flow.numbers, jacobianSquares: squares)
  }
}
