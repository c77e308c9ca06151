import Ansatz
import Calorimetry
import Experiment
import Records
import TestSupport
import Testing

@testable import Training

@Suite struct CouplingTraineeTests {
  let temporary: TemporaryFolder
  let energies = [4096.0, 65536]
  static let quantum = CouplingSettings(
    blocks: 3, circuit: Circuit(qubits: 8, cnot: [1], repetitions: 2, ring: true), batchSize: 20)
  static let dense = CouplingSettings(batchSize: 64, learningRate: 0.005)

  init() throws { temporary = try TemporaryFolder() }

  /// Writes a job in a folder, over one dataset.
  private func job(
    in folder: String, _ settings: CouplingSettings = Self.dense, checkpoints: Int = 2, interval: Int = 150
  ) throws -> String {
    try writtenJob(
      of: Variant(coupling: settings), in: folder, of: temporary, energies: energies, events: 200,
      checkpoints: checkpoints, interval: interval)
  }

  @discardableResult
  private func train(_ path: String, stopsAt stop: Int? = nil) throws -> AttemptEnd {
    try TrainingRun.train(jobFile: path, control: .stopping(after: stop)) { job, path in
      try CouplingTrainee(job: job, dataset: try PreparedDataset(reading: path))
    }
  }

  @Test func `a run learns and is evaluated like any other`() throws {
    #expect(try train(job(in: "a")).exit == .finished)
    let records = try RunFolder(temporary("a")).history().checkpoints
    #expect(records.keys.sorted() == [0, 1, 2])
    let (before, after) = (try #require(records[0]), try #require(records[2]))
    #expect(after.evaluation.energies.map(\.incidentEnergy) == energies)
    let (first, last) = (before.evaluation.reduced, after.evaluation.reduced)
    #expect(last < 0.6 * first && last < 3, "\(first), then \(last)")
    #expect(before.diagnostics.generatorLoss == nil)
    let (one, two) = (
      try #require(records[1]?.diagnostics.generatorLoss), try #require(after.diagnostics.generatorLoss)
    )
    #expect(two < one + 1 && two < 11.4, "-log p of 8 standard normal numbers is 11.35; \(one), then \(two)")
    #expect(after.diagnostics.generatorGradient ?? 0 > 0)
    #expect(after.diagnostics.discriminatorLoss == nil && after.diagnostics.penalty == nil)
    let inversion = try #require(after.diagnostics.inversion)
    #expect(inversion.reconstruction < 1e-5 && inversion.rank == 8 && inversion.numbers == 8, "\(inversion)")
    #expect(inversion.least > 0 && inversion.least < inversion.greatest && inversion.sentence.contains("all of its 8"))
    // Whoever makes the events of the evaluation again has the journal's χ².
    let dataset = try PreparedDataset(reading: temporary("dataset.h5"))
    let state = try Checkpoint(file: temporary("a/checkpoints/generator-000002.h5"))
    let again = try ShowerGeneration(evaluationOf: state, on: dataset).selection()
    let evaluation = try EvaluationReference(dataset).evaluate(ShowerTotals(again))
    #expect(evaluation.chi2 == after.evaluation.chi2)
  }

  @Test(arguments: [quantum, dense]) func `a run that is stopped after any iteration goes on to the same bits`(
    settings: CouplingSettings
  ) throws {
    let (whole, broken) = (
      try job(in: "a", settings, checkpoints: 2, interval: 3), try job(in: "b", settings, checkpoints: 2, interval: 3)
    )
    try train(whole)
    var ends: [ProgramEnd] = []
    repeat { ends.append(try train(broken, stopsAt: 1).exit) } while ends.last != .finished && ends.count < 20
    #expect(ends.count > 5 && ends.last == .finished)
    let digests = try ["a", "b"].map { try RunDigest(folder: RunFolder(temporary($0))) }
    #expect(digests[0].files.map(\.arrays) == digests[1].files.map(\.arrays))
    #expect(digests[0].records == digests[1].records)
    #expect(Set(digests[0].records.map { $0.generator?.sha256 }).count == 3, "each checkpoint is another")
  }

  @Test func `it generates at its energies and between them, the same for the same seed`() throws {
    try train(job(in: "a"))
    let state = try Checkpoint(file: temporary("a/checkpoints/full-000002.h5"))
    func showers(_ energy: Double, events: Int = 1200, _ latents: ShowerGeneration.Latents = .seed(1)) throws -> [Float]
    {
      let made = try ShowerGeneration(checkpoint: state, energies: [energy], events: events, latents: latents)
      try made.write(to: temporary("x.h5"), attributes: [:])
      return try ShowerFile(reading: temporary("x.h5")).showers(0..<events)
    }
    let between = try showers(16384)
    #expect(try showers(16384, events: 300) == Array(between[..<(300 * 533)]))
    #expect(try showers(16384, events: 300, .seed(2)) != Array(between[..<(300 * 533)]))
    #expect(try showers(16384, events: 300, .metrics(1)) != Array(between[..<(300 * 533)]))
    let mean = between.reduce(0) { $0 + Double($1) } / 1200
    #expect((0.6 * 16384...0.9 * 16384).contains(mean), "\(mean)")
    let refused: [(energy: Double, latents: ShowerGeneration.Latents, sentence: String)] = [
      (2000, .seed(1), "was fitted from 4096.0 … 65536.0 MeV and knows nothing beyond"),
      (4096, .given([0]), "is a coupling model, which takes a seed and no latent values"),
    ]
    for (energy, latents, sentence) in refused {
      let error = #expect(throws: InputError.self) { try showers(energy, events: 1, latents) }
      #expect(error?.description.contains(sentence) == true, "\(String(describing: error))")
    }
    let export = #expect(throws: InputError.self) { try GeneratorLayers(checkpoint: state) }
    #expect(export?.description.contains("is a coupling model, which has no layers to export") == true)
  }

  @Test func `circuits with too few qubits are refused by the layers of the showers`() throws {
    let path = try job(in: "a", .init(circuit: Circuit(qubits: 7)))
    let error = #expect(throws: InputError.self) { try train(path) }
    #expect(error?.description.contains("coupling.circuit.qubits: 7 read-outs are too few") == true)
  }
}
