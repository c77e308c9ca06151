import Calorimetry
import Experiment
import Records
import TestSupport
import Testing

@testable import Training

@Suite struct ParametricTraineeTests {
  let temporary: TemporaryFolder
  let energies = [4096.0, 65536]

  init() throws { temporary = try TemporaryFolder() }

  /// Writes a job in a folder, over one dataset.
  private func job(in folder: String, checkpoints: Int = 1, interval: Int = 1) throws -> String {
    try writtenJob(
      of: Variant(parametric: .init(bins: 3, components: 5, quantiles: 9)), in: folder, of: temporary,
      energies: energies, events: 100,
      checkpoints: checkpoints, interval: interval)
  }

  @discardableResult
  private func train(_ path: String, stopsAt stop: Int? = nil) throws -> AttemptEnd {
    try TrainingRun.train(jobFile: path, control: .stopping(after: stop)) { job, path in
      try ParametricTrainee(job: job, dataset: try PreparedDataset(reading: path))
    }
  }

  @Test func `a run fits in its first checkpoint and is evaluated like any other`() throws {
    let path = try job(in: "a")
    #expect(try train(path).exit == .finished)
    let records = try RunFolder(temporary("a")).history().checkpoints
    #expect(records.keys.sorted() == [0, 1])
    let (before, after) = (try #require(records[0]), try #require(records[1]))
    #expect(before.diagnostics.deadVoxels == 1 && after.diagnostics.deadVoxels < 0.2)
    #expect(after.evaluation.energies.map(\.incidentEnergy) == energies)
    let (first, last) = (before.evaluation.reduced, after.evaluation.reduced)
    #expect(first > 3 * last && last < 3, "\(first), then \(last)")
    #expect(after.diagnostics.discriminatorLoss == nil && after.diagnostics.generatorGradient == nil)
    // Whoever makes the events of the evaluation again has the journal's χ².
    let dataset = try PreparedDataset(reading: temporary("dataset.h5"))
    let state = try Checkpoint(file: temporary("a/checkpoints/generator-000001.h5"))
    let again = try ShowerGeneration(evaluationOf: state, on: dataset).selection()
    let evaluation = try EvaluationReference(dataset).evaluate(ShowerTotals(again))
    #expect(evaluation.chi2 == after.evaluation.chi2)
  }

  @Test func `a run that is stopped and goes on has the same bits, and later checkpoints are equal`() throws {
    let (whole, broken) = (try job(in: "a", checkpoints: 3, interval: 2), try job(in: "b", checkpoints: 3, interval: 2))
    try train(whole)
    var ends: [ProgramEnd] = []
    repeat { ends.append(try train(broken, stopsAt: 1).exit) } while ends.last != .finished && ends.count < 20
    #expect(ends.count > 2 && ends.last == .finished)
    let digests = try ["a", "b"].map { try RunDigest(folder: RunFolder(temporary($0))) }
    #expect(digests[0].files.map(\.arrays) == digests[1].files.map(\.arrays))
    #expect(digests[0].records == digests[1].records)
    #expect(Set(digests[0].records.dropFirst().map { $0.generator?.sha256 }).count == 1, "the fit is all of it")
  }

  @Test func `it generates at its energies and between them, the same for the same seed`() throws {
    try train(job(in: "a"))
    let state = try Checkpoint(file: temporary("a/checkpoints/full-000001.h5"))
    func showers(_ energy: Double, events: Int = 1200, _ latents: ShowerGeneration.Latents = .seed(1)) throws -> [Float]
    {
      let made = try ShowerGeneration(checkpoint: state, energies: [energy], events: events, latents: latents)
      try made.write(to: temporary("x.h5"), attributes: [:])
      let file = try ShowerFile(reading: temporary("x.h5"))
      return try file.showers(0..<file.events)
    }
    let between = try showers(16384)
    #expect(try showers(16384) == between && showers(16384, events: 1200, .seed(2)) != between)
    #expect(try showers(16384, events: 1200, .metrics(1)) != between)
    // Portions of a thousand make no difference.
    #expect(try showers(16384, events: 1100) == Array(between[..<(1100 * 533)]))
    let mean = between.reduce(0) { $0 + Double($1) } / 1200
    #expect((0.6 * 16384...0.9 * 16384).contains(mean), "\(mean)")
    let refused: [(energy: Double, latents: ShowerGeneration.Latents, sentence: String)] = [
      (2000, .seed(1), "was fitted from 4096.0 … 65536.0 MeV and knows nothing beyond"),
      (70000, .seed(1), "fitted from"),
      (4096, .given([0]), "takes a seed and no latent values"),
    ]
    for (energy, latents, sentence) in refused {
      let error = #expect(throws: InputError.self) { try showers(energy, events: 1, latents) }
      #expect(error?.description.contains(sentence) == true, "\(String(describing: error))")
    }
    let export = #expect(throws: InputError.self) { try GeneratorLayers(checkpoint: state) }
    #expect(export?.description.contains("has no layers to export") == true)
  }

  @Test func `a detector whose layers are not known is refused`() throws {
    let path = temporary("odd.h5")
    try ShowerFileWriter.write(
      incidentEnergies: [Float](repeating: 4096, count: 20), showers: (0..<60).map { Float(1 + $0) }, voxels: 3,
      to: temporary("source.h5"))
    var dataset = try DatasetPreparation(source: temporary("source.h5"), energies: [4096], eventsPerEnergy: 20)
      .write(to: path)
    dataset.path = path
    let job = JobDescription(
      variant: Variant(parametric: .init()), settings: .init(), seed: 1, dataset: dataset,
      budget: Budget(checkpoints: 1))
    let error = #expect(throws: InputError.self) {
      try ParametricTrainee(job: job, dataset: PreparedDataset(reading: path))
    }
    #expect(error?.description.contains("say how they lie by dataset.geometry") == true)
  }
}
