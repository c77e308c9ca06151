package import Calorimetry
package import Experiment
import NeuralNetwork
import ParametricSimulation
package import QuantumGAN
package import Records

/// The parametric simulator on a prepared dataset, as a run fits it: in the first iteration; later ones change nothing.
package final class ParametricTrainee: Trainee {
  /// Raised whenever the same job would fit other numbers.
  package static let numericsVersion = 1
  /// None of the networks' kernels is used.
  package static let kernelName = "generic"

  private var model: ParametricModel
  private let dataset: PreparedDataset
  private let evaluation: RunEvaluation
  private let seed: UInt64

  /// The simulator before it is fitted.
  /// - Parameters:
  ///   - job: What is fitted, and from which seed.
  ///   - dataset: The events that are fitted and compared with.
  /// - Throws: `InputError` when the dataset cannot be compared with, or its layers are not known.
  package init(job: JobDescription, dataset: PreparedDataset) throws {
    model = ParametricModel(
      unfittedAt: job.dataset.energies, quantities: try ShowerQuantities(of: job),
      settings: job.variant.parametric ?? ParametricSettings())
    evaluation = try RunEvaluation(on: dataset, seed: job.seed)
    self.dataset = dataset
    seed = job.seed
  }

  /// One thread fits.
  package var threads: Int { 1 }
  /// The iterations done since the start from nothing.
  package private(set) var iteration = 0
  /// The fit.
  package var state: [NamedArray] { model.state }
  /// The fit.
  package var generatorState: [NamedArray] { model.state }
  /// Whether every fitted number is finite.
  package var isFinite: Bool { model.state.allSatisfy { $0.values.allSatisfy(\.isFinite) } }

  /// Fits the simulator, if this is the first iteration.
  package func iterate(norms: Bool) -> IterationLosses? {
    if iteration == 0 {
      model = ParametricModel(
        fitting: dataset.fractions, energyIndex: dataset.energyIndex, energies: model.energies,
        quantities: model.quantities, settings: model.settings, seed: seed)
    }
    iteration += 1
    return nil
  }

  /// Goes on from where `state` was read, after so many iterations.
  /// - Throws: `InputError` when an array is missing or has another shape.
  package func restore(_ state: [NamedArray], iteration: Int) throws {
    model = try ParametricModel(
      state: state, energies: model.energies, quantities: model.quantities, settings: model.settings)
    self.iteration = iteration
  }

  /// Simulates one shower for each event of the dataset, at its energy, and compares E_tot with Geant4's.
  /// - Returns: The comparison with its bootstrap, and the share, 0 … 1, of voxels that fired in no simulated event.
  /// - Throws: `NotFinite` when an event is not of finite numbers.
  package func evaluate() throws -> (evaluation: Evaluation, deadVoxels: Double) {
    let fractions = model.showers(
      incident: dataset.incidentEnergies.map(Double.init), from: 0, seed: seed, .evaluationLatents,
      iteration: iteration)
    return try evaluation.compare(fractions: fractions, iteration: iteration)
  }
}
