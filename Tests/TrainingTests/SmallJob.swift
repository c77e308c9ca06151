import Calorimetry
import Experiment
import TestSupport

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
