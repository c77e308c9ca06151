import Experiment
import Testing

@Suite struct BoundsTests {
  @Test func `settings at their bounds can be trained with, and beyond them they say key, value and bound`() {
    func flaw(_ change: (inout TrainingSettings) -> Void) -> String? {
      var settings = TrainingSettings()
      change(&settings)
      return settings.flaw
    }
    #expect(flaw { $0.latentSpread = 0 } == nil)
    #expect(flaw { $0.latentSpread = 1e6 } == nil)
    #expect(flaw { $0.latentSpread = -1 } == "latent_std: -1.0 is not in 0 … 1000000")
    #expect(flaw { $0.latentSpread = 1e-31 } == "latent_std: 1e-31 is neither 0 nor at least 1e-30")
    #expect(flaw { $0.latentMean = .nan } == "latent_mean: nan is not in -1000000 … 1000000")
    #expect(flaw { $0.penaltyWeight = .infinity } == "penalty_weight: inf is not in 0 … 1000000000")
    #expect(flaw { $0.discriminatorSteps = 0 } == "discriminator_steps: 0 is not in 1 … 1000")
    #expect(flaw { $0.batchSize = 4097 } == "batch_size: 4097 is not in 1 … 4096")
    #expect(flaw { $0.checkpointInterval = 0 } == "checkpoint_interval: 0 is not in 1 … 10000000")
    #expect(flaw { $0.generatorLearningRate = 1e-30 } == nil)
    #expect(flaw { $0.generatorLearningRate = 0 } == "generator_learning_rate: 0.0 is not in 1e-30 … 1e+30")
    #expect(
      flaw { $0.discriminatorLearningRate = 1e31 } == "discriminator_learning_rate: 1e+31 is not in 1e-30 … 1e+30")
    #expect(flaw { ($0.beta1, $0.beta2) = (0.999999, 0) } == nil)
    #expect(flaw { $0.beta1 = 1 } == "beta1: 1.0 is not in 0 … 0.999999")
    #expect(flaw { $0.beta2 = -0.5 } == "beta2: -0.5 is not in 0 … 0.999999")
    #expect(flaw { $0.epsilon = 1e-30 } == nil)
    #expect(flaw { $0.epsilon = 0 } == "epsilon: 0.0 is not in 1e-30 … 1000")
    #expect(flaw { $0.circuitInputScale = 0 } == "circuit_input_scale: 0.0 is not in 1e-06 … 1000000")
  }

  @Test func `budgets, retentions and datasets say theirs`() {
    #expect(Budget(checkpoints: 0, trainingSeconds: 0).flaw == nil)
    #expect(Budget(checkpoints: 100_000_000, trainingSeconds: 315_360_000).flaw == nil)
    #expect(Budget(checkpoints: 100_000_001).flaw == "checkpoints: 100000001 is not in 0 … 100000000")
    #expect(Budget(checkpoints: -1).flaw == "checkpoints: -1 is not in 0 … 100000000")
    #expect(Budget(trainingSeconds: .nan).flaw == "trainingSeconds: nan is not in 0 … 315360000")
    #expect(Retention(full: 1).flaw == "full: 1 is not in 2 … 1000000")
    #expect(Retention(generatorEvery: -1).flaw == "generatorEvery: -1 is not in 0 … 100000000")
    func dataset(_ energies: [Double], _ events: Int = 1, voxels: Int = 533) -> DatasetDescription {
      DatasetDescription(path: "", sha256: "", energies: energies, eventsPerEnergy: events, voxels: voxels)
    }
    #expect(dataset([0.001, 1e9]).flaw == nil)
    #expect(dataset([1, 1e19]).flaw == "energies: 1e+19 is not in 0.001 … 1000000000")
    #expect(dataset(.init(repeating: 1, count: 1001)).flaw == "energies: 1001 are more than 1000")
    #expect(dataset([1], 100_000_001).flaw == "eventsPerEnergy: 100000001 is not in 1 … 100000000")
    #expect(dataset([1], voxels: 0).flaw == "voxels: 0 is not in 1 … 65536")
    #expect(dataset([1], voxels: 65_537).flaw == "voxels: 65537 is not in 1 … 65536")
  }

  @Test func `what is computed of the largest values does not overflow`() {
    var settings = TrainingSettings()
    (settings.batchSize, settings.checkpointInterval) = (1, 1)
    let layers = [Int](repeating: 16384, count: Bounds.layers)
    let job = JobDescription(
      variant: Variant(generator: .init(latent: 1024, hidden: layers), discriminator: .init(hidden: layers)),
      settings: settings, seed: 1,
      dataset: DatasetDescription(
        path: "", sha256: "", energies: [1], eventsPerEnergy: 100_000_000, voxels: Bounds.trainedVoxels.upperBound),
      budget: Budget(trainingSeconds: Bounds.time.upperBound), keep: Retention(full: 1_000_000))
    #expect(job.variant.generator.flaw == nil && job.variant.discriminator.flaw == nil && job.dataset.flaw == nil)
    #expect((1...100_000_000).contains(job.lastCheckpoint(cores: 256)))
    var small = job
    small.variant = Variant(generator: .init(latent: 1, hidden: []), discriminator: .init(hidden: [1]))
    small.dataset.voxels = 1
    #expect(small.lastCheckpoint(cores: 256) == 100_000_000)
  }

  @Test(
    arguments: [
      ("24h", 86_400), ("1h30m", 5400), ("0.5h", 1800), ("1d", 86_400), ("600s", 600), ("", 0), ("0h", 0),
      ("99999999999999999999h", 3.6e23), ("24", nil), ("h", nil), ("1..5h", nil), ("0x10h", nil), ("-1h", nil),
      ("1e3h", nil),
    ] as [(String, Double?)])
  func `lengths of time are numbers with units`(text: String, seconds: Double?) {
    #expect(lengthOfTime(text) == seconds)
  }

  @Test func `a time to ask for lies between a millisecond and ten years`() {
    #expect(timeFlaw("0.001s") == nil && timeFlaw("87600h") == nil)
    #expect(timeFlaw("0h") == "is not in 0.001s … 87600h")
    #expect(timeFlaw("87600h1s") == "is not in 0.001s … 87600h")
    #expect(timeFlaw("24") == "is not a length of time; write 24h, 90m, 1h30m or 600s")
  }

  @Test func `a number that is too large for a whole one is cut off`() {
    #expect(
      [1.9, -1.9, 1e15, 1e300, -.infinity, .nan].map(Int.init(saturating:)) == [
        1, -1, 1_000_000_000_000_000, 1_000_000_000_000_000, -1_000_000_000_000_000, 0,
      ])
  }
}
