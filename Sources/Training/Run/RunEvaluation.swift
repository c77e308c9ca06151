import Calorimetry
import Experiment
import Records

/// The comparison of a run's generated showers with the events that it trains on, at a checkpoint.
struct RunEvaluation {
  private let reference: EvaluationReference
  private let catalogue: EventCatalogue
  private let kineticEnergies: [Double]
  private let voxels: Int
  private let seed: UInt64

  /// The resamples of an evaluation's bootstrap: enough for the standard deviation to about 7 %.
  static let resamples = 100

  /// - Parameters:
  ///   - dataset: The events.
  ///   - seed: The run's.
  /// - Throws: `InputError` when the dataset cannot be compared with.
  init(on dataset: PreparedDataset, seed: UInt64) throws {
    reference = try EvaluationReference(dataset)
    catalogue = dataset.catalogue
    kineticEnergies = dataset.kineticEnergies
    voxels = dataset.voxels
    self.seed = seed
  }

  /// Compares E_tot with Geant4's.
  /// - Parameters:
  ///   - fractions: `[events, voxels]`, one shower for each event of the dataset, at its energy.
  ///   - iteration: The iterations done.
  /// - Returns: The comparison with its bootstrap, and the share, 0 … 1, of voxels that fired in no generated event.
  /// - Throws: `NotFinite` when an event is not of finite numbers, which a comparison would count as any other.
  func compare(fractions: [Float], iteration: Int) throws -> (evaluation: Evaluation, deadVoxels: Double) {
    // In float32 MeV, as files hold them: evaluating one would give the same χ² to the last bit.
    let showers = ShowerGeneration.energies(ofFractions: fractions, kineticEnergies: kineticEnergies[...])
    let totals = catalogue.totals(of: showers)
    let broken = totals.count { !$0.isFinite }
    guard broken == 0 else {
      throw NotFinite(
        description: "\(broken) of the \(totals.count) showers at iteration \(iteration) "
          + "\(broken == 1 ? "is" : "are") not of finite numbers")
    }
    // Apart from the training's random numbers, and another for each checkpoint.
    let resampling = seed << 32 ^ UInt64(iteration)
    return (
      reference.evaluate(
        totals: totals, energyIndex: catalogue.energyIndex, resamples: Self.resamples, seed: resampling),
      ShowerGeneration.deadVoxels(showers, voxels: voxels)
    )
  }
}
