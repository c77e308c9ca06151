import Ansatz
import Calorimetry
import Experiment
import HDF5
import Records
import TestSupport
import Testing

@testable import Training

/// Real trainings, of small networks on a few of the sample's events.
@Suite("The GAN as a run trains it")
struct GANTraineeTests {
  let temporary: TemporaryFolder
  let dataset: PreparedDataset
  let energies = [4096.0, 65536, 1_048_576]

  init() throws {
    temporary = try TemporaryFolder()
    _ = try DatasetPreparation(
      source: Repository.path("sweeps/data/geant4_pions.hdf5"), energies: energies, eventsPerEnergy: 20
    ).write(to: temporary("dataset.h5"))
    dataset = try PreparedDataset(reading: temporary("dataset.h5"))
  }

  private func job(conditioned: Bool = true, measurement: CircuitMeasurement? = nil) throws -> JobDescription {
    var settings = TrainingSettings()
    (settings.batchSize, settings.discriminatorSteps, settings.checkpointInterval) = (2, 2, 4)
    let circuit = Circuit(qubits: conditioned ? 4 : 3, cnot: [1], repetitions: 2)
    var generator = GeneratorArchitecture(circuit: circuit, latent: 3, conditioned: conditioned, hidden: [5])
    generator.measurement = measurement
    let job = JobDescription(
      variant: Variant(generator: generator, discriminator: .init(hidden: [6])), settings: settings, seed: 9,
      dataset: dataset.description, budget: Budget(checkpoints: 2))
    try temporary.write(String(decoding: try CanonicalJSON.data(job), as: UTF8.self), to: "job.json")
    return job
  }

  private func train(trace: TraceRecorder? = nil) throws -> AttemptEnd {
    try TrainingRun.train(jobFile: temporary("job.json"), control: RunControl()) { job, path in
      try GANTrainee(job: job, dataset: try PreparedDataset(reading: path), trace: trace)
    }
  }

  @Test("is evaluated at each energy, untrained and trained, and records what explains it")
  func records() throws {
    _ = try job()
    #expect(try train().exit == .finished)
    let records = try RunFolder(temporary.path).history().checkpoints
    #expect(records.keys.sorted() == [0, 1, 2])
    let evaluation = try #require(records[2]?.evaluation)
    #expect(evaluation.energies.map(\.incidentEnergy) == energies)
    #expect(evaluation.energies.allSatisfy { $0.ndf > 0 && $0.meanResponse?.isFinite == true })
    #expect(try #require(evaluation.uncertainty) > 0 && evaluation.energies.allSatisfy { $0.uncertainty != nil })
    let diagnostics = try #require(records[2]?.diagnostics)
    #expect((0..<1).contains(diagnostics.deadVoxels))
    #expect(diagnostics.discriminatorLoss != nil && (diagnostics.discriminatorGradient ?? 0) > 0)
    #expect((diagnostics.generatorGradient ?? 0) > 0 && (diagnostics.penalty ?? 0) > 0)
  }

  @Test("is not scored by showers that are none, though all its weights are finite")
  func brokenShowers() throws {
    let trainee = try GANTrainee(job: job(), dataset: dataset)
    #expect(try trainee.evaluate().evaluation.reduced.isFinite)
    let state = trainee.state.map { array in
      NamedArray(
        name: array.name, shape: array.shape,
        values: array.name.hasPrefix("generator/") ? array.values.map { _ in 1e37 } : array.values)
    }
    try trainee.restore(state, iteration: 4)
    #expect(trainee.isFinite)
    #expect(throws: NotFinite(description: "60 of the 60 showers at iteration 4 are not of finite numbers")) {
      try trainee.evaluate()
    }
  }

  @Test("of the study's size brings many times the showers' energy down to about theirs")
  func learns() throws {
    _ = try DatasetPreparation(
      source: Repository.path("sweeps/data/geant4_pions.hdf5"), energies: [65536], eventsPerEnergy: 1000
    ).write(to: temporary("dataset.h5"))
    var settings = TrainingSettings()
    settings.checkpointInterval = 200
    let job = JobDescription(
      variant: Variant(generator: .init(circuit: Circuit(repetitions: 2))), settings: settings, seed: 1,
      dataset: try PreparedDataset(reading: temporary("dataset.h5")).description, budget: Budget(checkpoints: 1))
    try temporary.write(String(decoding: try CanonicalJSON.data(job), as: UTF8.self), to: "job.json")
    #expect(try train().exit == .finished)
    let records = try RunFolder(temporary.path).history().checkpoints
    let responses = try [0, 1].map { try #require(records[$0]?.evaluation.energies[0].meanResponse) }
    #expect(responses[0] > 20 && (0.2...5).contains(responses[1]), "\(responses)")
  }

  @Test("generates from a full or a generator's checkpoint, the same for the same seed, energy by energy")
  func generates() throws {
    _ = try job()
    _ = try train()
    func generate(_ name: String, seed: UInt64, energies: [Double], to file: String) throws -> [Float] {
      let checkpoint = try Checkpoint(file: temporary("checkpoints/" + name))
      try ShowerGeneration(checkpoint: checkpoint, energies: energies, events: 1200, latents: .seed(seed))
        .write(to: temporary(file), attributes: ["run": "x"])
      let showers = try ShowerFile(reading: temporary(file))
      #expect(showers.events == 1200 * energies.count && showers.voxels == 533)
      #expect(try showers.attribute("run") == "x")
      #expect(try showers.incidentEnergies()[1200 * energies.count - 1] == Float(energies[energies.count - 1]))
      return try showers.showers(0..<showers.events)
    }
    let full = try generate("full-000002.h5", seed: 1, energies: energies, to: "a.h5")
    #expect(try generate("generator-000002.h5", seed: 1, energies: energies, to: "b.h5") == full)
    #expect(try generate("generator-000002.h5", seed: 2, energies: energies, to: "c.h5") != full)
    #expect(try generate("generator-000001.h5", seed: 1, energies: energies, to: "c.h5") != full)
    // However many are made at once, each has its own energy's label.
    let generation = try ShowerGeneration(
      checkpoint: Checkpoint(file: temporary("checkpoints/full-000002.h5")), energies: energies, events: 1200,
      latents: .seed(1))
    #expect(try generation.selection().showers() == full)
    // A conditioned generator knows energies that it was not trained at.
    #expect(try generate("full-000002.h5", seed: 1, energies: [20000], to: "d.h5").contains { $0 > 0 })
  }

  @Test("with a measured circuit gives each event shots of its own, in whichever portion it is made")
  func measuredPortions() throws {
    _ = try job(measurement: CircuitMeasurement(shots: 5))
    _ = try train()
    let generation = try ShowerGeneration(
      checkpoint: Checkpoint(file: temporary("checkpoints/generator-000001.h5")), energies: [65536], events: 1200,
      latents: .given(Array(repeating: 0.5, count: 1200 * 3)))
    try generation.write(to: temporary("portions.h5"), attributes: [:])
    let showers = try ShowerFile(reading: temporary("portions.h5")).showers(0..<1200)
    #expect(try generation.selection().showers() == showers)
    // All latents are alike, the shots are not.
    #expect(showers[..<533] != showers[533..<2 * 533])
  }

  @Test("makes the events of an evaluation again, on the dataset that it was trained on")
  func evaluatedAgain() throws {
    _ = try job()
    _ = try train()
    let record = try #require(try RunFolder(temporary.path).history().checkpoints[1])
    let checkpoint = try Checkpoint(file: temporary("checkpoints/generator-000001.h5"))
    try ShowerGeneration(evaluationOf: checkpoint, on: dataset).write(to: temporary("again.h5"), attributes: [:])
    let found = try EvaluationReference(dataset).evaluate(ShowerTotals(reading: temporary("again.h5")))
    #expect(found.energies.map(\.chi2) == record.evaluation.energies.map(\.chi2))
    #expect(found.energies.map(\.meanResponse) == record.evaluation.energies.map(\.meanResponse))

    _ = try DatasetPreparation(
      source: Repository.path("sweeps/data/geant4_pions.hdf5"), energies: energies, eventsPerEnergy: 10
    ).write(to: temporary("other.h5"))
    let other = try PreparedDataset(reading: temporary("other.h5"))
    let error = #expect(throws: InputError.self) { try ShowerGeneration(evaluationOf: checkpoint, on: other) }
    #expect(error?.description.contains("was not trained on this dataset, so it has no evaluation on it") ?? false)
  }

  @Test("refuses energies that an unconditioned generator does not know, and latents that do not fit")
  func refuses() throws {
    _ = try job(conditioned: false)
    _ = try train()
    let checkpoint = try Checkpoint(file: temporary("checkpoints/generator-000002.h5"))
    #expect(
      throws: InputError(
        "an energy of 20000.0 MeV: this generator was trained at 4096.0, 65536.0, 1048576.0 MeV and has no energy as an "
          + "input, so it can generate there only")
    ) {
      try ShowerGeneration(checkpoint: checkpoint, energies: [20000], events: 1, latents: .seed(1))
    }
    #expect(
      throws: InputError("5 latent values do not feed 2 events of all energies with 3 each")
    ) {
      try ShowerGeneration(checkpoint: checkpoint, energies: [4096], events: 2, latents: .given([1, 2, 3, 4, 5]))
    }
  }

  @Test("leaves a trace of all that is random, and trains the same with it")
  func trace() throws {
    let job = try job()
    let recorder = TraceRecorder(
      path: temporary("trace.h5"), iterations: 6, job: job.run, steps: 2, batch: 2, latent: 3)
    _ = try train(trace: recorder)
    try recorder.write()
    let traced = try RunDigest(folder: RunFolder(temporary.path))
    let file = try HDF5File(reading: temporary("trace.h5"))
    #expect(try file.attribute("job")?.string == job.run)
    let shapes = try file.datasets().map { "\($0) \(try file.dataset($0).shape)" }
    #expect(
      shapes == [
        "discriminator/latents [6, 2, 2, 3]", "discriminator/loss [6, 2]", "discriminator/mixing [6, 2, 2]",
        "discriminator/penalty [6, 2]", "generator/labels [6, 2]", "generator/latents [6, 2, 3]", "generator/loss [6]",
        "indices [6, 2, 2]",
      ])
    #expect(Set(try file.read("indices", as: Int64.self).values).isSubset(of: Set(0..<60)))
    let loss = try file.read("discriminator/loss", as: Double.self).values
    // Checkpoint 1 is after four iterations.
    let recorded = try #require(traced.records[1].diagnostics.discriminatorLoss)
    #expect(abs((loss[6] + loss[7]) / 2 - recorded) < 1e-9)
    let penalty = try file.read("discriminator/penalty", as: Double.self).values
    #expect(abs((penalty[6] + penalty[7]) / 2 - (traced.records[1].diagnostics.penalty ?? -1)) < 1e-9)
    #expect(penalty.allSatisfy { $0 > 0 })

    let quiet = try GANTraineeTests()
    _ = try quiet.job()
    _ = try quiet.train()
    let untraced = try RunDigest(folder: RunFolder(quiet.temporary.path))
    #expect(try CanonicalJSON.data(traced) == CanonicalJSON.data(untraced))
  }

  @Test("diverges with a sentence when its numbers break")
  func diverges() throws {
    var job = try job()
    job.settings.discriminatorLearningRate = 1e30
    job = JobDescription(
      variant: job.variant, settings: job.settings, seed: 9, dataset: job.dataset, budget: job.budget)
    try temporary.write(String(decoding: try CanonicalJSON.data(job), as: UTF8.self), to: "job.json")
    let end = try train()
    #expect(end.exit == .diverged)
    #expect(end.reason.contains("is the one that breaks it"))
  }
}
