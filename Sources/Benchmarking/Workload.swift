import Ansatz
import Calorimetry
import Experiment
import FoundationEssentials
import QuantumGAN
import Records
import Training

/// Whole iterations, evaluations and checkpoints of the study's models, on events made up for it.
final class Workload {
  /// The models that are compared: without a circuit, and with two and three repetitions.
  enum Model: String, CaseIterable {
    case classical
    case twice = "2x"
    case thrice = "3x"

    var variant: Variant {
      let repetitions =
        switch self {
        case .classical: 0
        case .twice: 2
        case .thrice: 3
        }
      return Variant(generator: .init(circuit: repetitions == 0 ? nil : Circuit(repetitions: repetitions)))
    }
  }

  private let folder: String
  private let dataset: PreparedDataset
  let set: TrainingSet
  let settings = TrainingSettings()

  /// - Parameters:
  ///   - folder: A folder of the workload's own, which `remove` removes.
  ///   - events: The events of its dataset.
  /// - Throws: `StorageError` when it cannot be written there.
  init(folder: String, events: Int) throws {
    self.folder = folder
    try RunFolder(folder).create()
    var draw = Draw(seed: 11)
    // Most voxels have little energy, as in showers.
    let showers = (0..<events * 533).map { _ in
      let share = draw(0, 1)
      return 3000 * share * share * share * share * share * share
    }
    try ShowerFileWriter.write(
      incidentEnergies: .init(repeating: 65536, count: events), showers: showers, voxels: 533, to: folder + "/made.h5")
    _ = try DatasetPreparation(source: folder + "/made.h5", energies: [65536], eventsPerEnergy: events)
      .write(to: folder + "/dataset.h5")
    dataset = try PreparedDataset(reading: folder + "/dataset.h5")
    set = TrainingSet(voxels: dataset.voxels, showers: dataset.fractions, labels: dataset.labels)
  }

  /// Removes what the workload has written.
  func remove() { try? FileManager.default.removeItem(atPath: folder) }

  func trainer(_ model: Model, threads: Int = 1) -> GANTrainer {
    GANTrainer(variant: model.variant, settings: settings, voxels: set.voxels, seed: 1, threads: threads)
  }

  func arithmetic(_ model: Model) -> Arithmetic { Arithmetic(model.variant, settings, voxels: set.voxels) }

  func traffic(_ model: Model) -> Traffic {
    Traffic(model.variant, settings, voxels: set.voxels, cache: Bandwidth.secondLevelCache)
  }

  func iteration(_ model: Model, threads: Int) -> Series {
    let (trainer, set) = (trainer(model, threads: threads), set)
    return Series(.iteration, model.rawValue, threads: threads, operations: arithmetic(model).iteration) {
      _ = trainer.iterate(on: set)
    }
  }

  /// χ² of as many generated events as are trained on.
  func evaluation() throws -> Series {
    let trainee = try trainee()
    return Series(.evaluation, "2x, \(set.events) events") { _ = try? trainee.evaluate() }
  }

  /// Both files of a checkpoint: gathered, hashed, written, synced.
  func checkpoint() throws -> Series {
    let (trainee, job) = (try trainee(), job())
    let store = CheckpointStore(folder: RunFolder(folder))
    return Series(.checkpoint, "2x, full and generator") {
      for kind in [Checkpoint.Kind.full, .generator] {
        let header = Checkpoint.Header(
          kind: kind, job: job, iteration: 0, numericsVersion: GANTrainee.numericsVersion, cost: Cost())
        let arrays = kind == .full ? trainee.state : trainee.generatorState
        _ = try store.write(Checkpoint(header: header, arrays: arrays))
      }
    }
  }

  private func job() -> JobDescription {
    JobDescription(
      variant: Model.twice.variant, settings: settings, seed: 1, dataset: dataset.description, budget: .init())
  }

  private func trainee() throws -> GANTrainee { try GANTrainee(job: job(), dataset: dataset) }
}
