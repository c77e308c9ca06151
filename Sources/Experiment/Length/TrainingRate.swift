/// What a training's steps take, in seconds, and what they leave on the disk.
package struct TrainingRate: Codable, Hashable, Sendable {
  package var iteration: Double
  package var evaluation: Double
  /// Of the files of one checkpoint, synced.
  package var checkpointing: Double
  package var fullBytes: Int
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
