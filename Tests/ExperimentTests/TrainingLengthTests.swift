import Experiment
import Testing

@Suite struct TrainingLengthTests {
  private let rate = TrainingRate(
    iteration: 0.01, evaluation: 0.5, checkpointing: 0.25, fullBytes: 0, generatorBytes: 0)

  /// Checkpoint 0, then 1.75 s each: a hundred iterations, an evaluation and a write.
  @Test(arguments: [
    (Budget(checkpoints: 10), 10, 18.25), (Budget(checkpoints: 0), 0, 0.75),
    (Budget(trainingSeconds: 10), 10, 18.25), (Budget(trainingSeconds: 10.5), 10, 18.75),
    (Budget(checkpoints: 10, trainingSeconds: 5), 5, 9.5), (Budget(checkpoints: 5, trainingSeconds: 5.5), 5, 9.5),
    (Budget(trainingSeconds: 0.5), 0, 1.25),
  ])
  func `a budget ends with whichever limit is used first`(budget: Budget, last: Int, seconds: Double) throws {
    let length = try #require(rate.length(of: budget, interval: 100))
    #expect(length.lastCheckpoint == last && abs(length.seconds - seconds) < 1e-9)
  }

  @Test func `a budget without a limit has no end`() { #expect(rate.length(of: Budget(), interval: 100) == nil) }

  @Test func `a rate of nothing gets to the last checkpoint that there can be`() {
    let nothing = TrainingRate(iteration: 0, evaluation: 0, checkpointing: 0, fullBytes: 0, generatorBytes: 0)
    #expect(nothing.length(of: Budget(trainingSeconds: 1), interval: 1)?.lastCheckpoint == 100_000_000)
  }

  @Test func `no core does the products of an iteration in less`() {
    let shape = TrainingShape(variant: Variant(), settings: .init(), voxels: 533, events: 1000)
    let one = TrainingRate.unreached(shape, cores: 1)
    // 358 million multiplications.
    #expect(abs(one.iteration - shape.multiplications / 60e9) < 1e-15 && (0.005...0.007).contains(one.iteration))
    #expect(TrainingRate.unreached(shape, cores: 4).iteration == one.iteration / 4)
  }

  @Test func `more cores get further in a time`() {
    let dataset = DatasetDescription(path: "d.h5", sha256: "ab", energies: [65536], eventsPerEnergy: 1000, voxels: 533)
    var job = JobDescription(
      variant: Variant(), settings: .init(), seed: 1, dataset: dataset, budget: Budget(trainingSeconds: 60))
    #expect(job.lastCheckpoint() == 10)
    #expect(job.lastCheckpoint(cores: 4) == 40)
    // Without a limit as far as in a day, on as many.
    job.budget = Budget()
    #expect(job.lastCheckpoint(cores: 4) / job.lastCheckpoint() == 4)
  }
}
