import Calorimetry
import Experiment
import TestSupport

@testable import Training

/// A real job that trains in no time: small networks, twenty events, two checkpoints of three iterations.
func smallJob(in folder: TemporaryFolder) throws -> JobDescription {
  let path = folder("dataset.h5")
  var dataset = try DatasetPreparation(
    source: Repository.path("sweeps/data/geant4_pions.hdf5"), energies: [65536], eventsPerEnergy: 20
  ).write(to: path)
  dataset.path = path
  var settings = TrainingSettings()
  (settings.batchSize, settings.discriminatorSteps, settings.checkpointInterval) = (2, 2, 3)
  return JobDescription(
    variant: Variant(generator: .init(hidden: [4]), discriminator: .init(hidden: [6])), settings: settings, seed: 1,
    dataset: dataset, budget: Budget(checkpoints: 2))
}

/// The path of a job of any kind of simulator, written in a folder of these; all its jobs share one dataset.
func writtenJob(
  of variant: Variant, in folder: String, of temporary: TemporaryFolder, energies: [Double], events: Int,
  checkpoints: Int, interval: Int
) throws -> String {
  let path = temporary("dataset.h5")
  var dataset = try DatasetPreparation(
    source: Repository.path("sweeps/data/geant4_pions.hdf5"), energies: energies, eventsPerEnergy: events
  ).write(to: path)
  dataset.path = path
  var settings = TrainingSettings()
  settings.checkpointInterval = interval
  let job = JobDescription(
    variant: variant, settings: settings, seed: 4, dataset: dataset, budget: Budget(checkpoints: checkpoints))
  return try temporary.write(String(decoding: try CanonicalJSON.data(job), as: UTF8.self), to: "\(folder)/job.json")
}

extension RunControl {
  /// The control of a run that is stopped once it has asked so often whether it should; nil: never.
  static func stopping(after questions: Int?) -> RunControl {
    var control = RunControl()
    var asked = 0
    if let questions {
      control.stopRequest = {
        asked += 1
        return asked > questions ? "a test" : nil
      }
    }
    return control
  }
}
