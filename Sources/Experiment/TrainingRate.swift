/// What a training's steps take, in seconds, and what they leave on the disk.
public struct TrainingRate: Codable, Hashable, Sendable {
  public var iteration: Double
  public var evaluation: Double
  /// Of the files of one checkpoint, synced.
  public var checkpointing: Double
  public var fullBytes: Int
  public var generatorBytes: Int

  public init(iteration: Double, evaluation: Double, checkpointing: Double, fullBytes: Int, generatorBytes: Int) {
    self.iteration = iteration
    self.evaluation = evaluation
    self.checkpointing = checkpointing
    self.fullBytes = fullBytes
    self.generatorBytes = generatorBytes
  }

  /// Seconds from one checkpoint to the next.
  public func perCheckpoint(interval: Int) -> Double { Double(interval) * iteration + evaluation + checkpointing }
}
