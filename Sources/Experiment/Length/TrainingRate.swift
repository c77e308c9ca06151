/// What a training's steps take, in seconds, and what they leave on the disk.
package struct TrainingRate: Codable, Hashable, Sendable {
  /// Seconds of one iteration: the discriminator's steps and the generator's.
  package var iteration: Double
  /// Seconds of one checkpoint's evaluation.
  package var evaluation: Double
  /// Seconds to write and sync the files of one checkpoint.
  package var checkpointing: Double
  /// Bytes of a full checkpoint's file.
  package var fullBytes: Int
  /// Bytes of a generator's file.
  package var generatorBytes: Int

  package init(iteration: Double, evaluation: Double, checkpointing: Double, fullBytes: Int, generatorBytes: Int) {
    self.iteration = iteration
    self.evaluation = evaluation
    self.checkpointing = checkpointing
    self.fullBytes = fullBytes
    self.generatorBytes = generatorBytes
  }

  /// Seconds from one checkpoint to the next.
  package func perCheckpoint(interval: Int) -> Double { Double(interval) * iteration + evaluation + checkpointing }
}
