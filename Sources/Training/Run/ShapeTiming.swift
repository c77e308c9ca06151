package import Experiment
import FoundationEssentials
import QuantumGAN
package import Records
import Storage

extension Calibration {
  /// Times trainings of some shapes on this machine, on made-up events.
  ///
  /// - Parameters:
  ///   - shapes: What to time, one after the other.
  ///   - seconds: For the iterations of each shape, and at least two of them.
  ///   - threads: Of each training; they first get the time to find out whether they save any.
  /// - Throws: `InputError` for a shape that cannot be trained; `StorageError`.
  package init(of shapes: [TrainingShape], seconds: Double, threads: Int = 1) throws {
    for (number, shape) in shapes.enumerated() {
      let kind = shape.variant.kind
      let other = kind == .gan ? nil : "it is \(kind.noun), and only a GAN's training is timed"
      let flaw = other ?? shape.variant.flaw ?? shape.settings.flaw
      let few = shape.discriminatorSteps * shape.batchSize > shape.events ? "too few events for an iteration" : nil
      if let flaw = flaw ?? few ?? (shape.voxels < 1 ? "no voxels" : nil) {
        throw InputError("shape \(number): \(flaw)")
      }
    }
    self.init(
      provenance: try Provenance.current(of: GANTrainee.self),
      rates: try shapes.map { try Self.measure($0, seconds: seconds, threads: threads) })
  }

  private static func measure(_ shape: TrainingShape, seconds: Double, threads: Int) throws -> TrainingRate {
    let trainer = GANTrainer(
      variant: shape.variant, settings: shape.settings, voxels: shape.voxels, seed: 1, threads: threads)
    let set = TrainingSet(
      voxels: shape.voxels, showers: (0..<shape.events * shape.voxels).map { Float($0 % 7) * 1e-3 },
      labels: .init(repeating: 0, count: shape.events))
    /// Seconds of an iteration, over at least so many.
    func iterate(for seconds: Double) -> Double {
      var iterations = 0
      let start = RunControl.steadyTime()
      repeat {
        _ = trainer.iterate(on: set)
        iterations += 1
      } while RunControl.steadyTime() - start < seconds
      return (RunControl.steadyTime() - start) / Double(iterations)
    }
    // The first iteration touches its memory for the first time.
    _ = iterate(for: threads > 1 ? GANTrainer.trial / .seconds(1) : 0)
    let iteration = iterate(for: seconds)
    let evaluation = timed {
      let fractions = trainer.generate(latents: trainer.evaluationLatents(events: set.events), labels: set.labels)
      let showers = ShowerGeneration.energies(
        ofFractions: fractions, kineticEnergies: .init(repeating: 65536, count: set.events))
      _ = ShowerGeneration.deadVoxels(showers, voxels: set.voxels)
    }
    let files = try writeCheckpoint(of: trainer, shape)
    return TrainingRate(
      iteration: iteration, evaluation: evaluation, checkpointing: files.seconds, fullBytes: files.full,
      generatorBytes: files.generator)
  }

  private static func timed(_ body: () throws -> Void) rethrows -> Double {
    let start = RunControl.steadyTime()
    try body()
    return RunControl.steadyTime() - start
  }

  /// Writes the files of a checkpoint as a run does, to a folder for temporary files, and removes them.
  private static func writeCheckpoint(
    of trainer: GANTrainer, _ shape: TrainingShape
  ) throws -> (full: Int, generator: Int, seconds: Double) {
    let path = try Folder.makeTemporary()
    let folder = RunFolder(path)
    try folder.create()
    defer { try? FileManager.default.removeItem(atPath: path) }
    let job = JobDescription(
      variant: shape.variant, settings: shape.settings, seed: 1,
      dataset: DatasetDescription(
        path: "", sha256: "", energies: [65536], eventsPerEnergy: shape.events, voxels: shape.voxels),
      budget: Budget(checkpoints: 1))
    var bytes: [Int] = []
    let seconds = try timed {
      for (kind, arrays) in [(Checkpoint.Kind.generator, trainer.generatorState), (.full, trainer.state)] {
        let checkpoint = Checkpoint(
          header: .init(
            kind: kind, job: job, iteration: 1000, numericsVersion: GANTrainer.numericsVersion, cost: Cost()),
          arrays: arrays)
        bytes.append(try CheckpointStore(folder: folder).write(checkpoint).bytes)
      }
    }
    return (bytes[1], bytes[0], seconds)
  }
}

extension TrainingShape {
  fileprivate var settings: TrainingSettings {
    var settings = TrainingSettings()
    (settings.batchSize, settings.discriminatorSteps) = (batchSize, discriminatorSteps)
    return settings
  }
}
