import Calorimetry
import Experiment
import Records
import TestSupport
import Testing

@testable import Training

@Suite struct INNTraineeTests {
  let temporary: TemporaryFolder
  static let settings = INNSettings(qubits: 4, batchSize: 16, learningRate: 0.01)

  init() throws { temporary = try TemporaryFolder() }

  /// Writes a job in a folder, over one dataset.
  private func job(in folder: String, checkpoints: Int = 2, interval: Int = 3) throws -> String {
    try writtenJob(
      of: Variant(inn: Self.settings), in: folder, of: temporary, energies: [65536], events: 100,
      checkpoints: checkpoints, interval: interval)
  }

  @discardableResult
  private func train(_ path: String, stopsAt stop: Int? = nil) throws -> AttemptEnd {
    try TrainingRun.train(jobFile: path, control: .stopping(after: stop)) { job, path in
      try INNTrainee(job: job, dataset: try PreparedDataset(reading: path))
    }
  }

  @Test func `each evaluation records how much comes back and in how many directions`() throws {
    #expect(try train(job(in: "a", checkpoints: 2, interval: 100)).exit == .finished)
    let folder = RunFolder(temporary("a"))
    let records = try folder.history().checkpoints
    #expect(records.keys.sorted() == [0, 1, 2])
    let inversions = try (0...2).map { try #require(records[$0]?.diagnostics.inversion) }
    #expect(inversions.allSatisfy { $0.numbers == 533 && (0...4).contains($0.rank) && $0.reconstruction > 0.1 })
    #expect(inversions[2].reconstruction < inversions[0].reconstruction, "\(inversions)")
    #expect(inversions[0].least <= inversions[0].greatest && inversions[0].sentence.hasPrefix("It is no bijection: "))
    #expect(records[2]?.diagnostics.generatorLoss ?? 0 > 0 && records[2]?.diagnostics.discriminatorLoss == nil)
    // Whoever makes the events of the evaluation again has the journal's χ².
    let dataset = try PreparedDataset(reading: temporary("dataset.h5"))
    let state = try Checkpoint(file: temporary("a/checkpoints/generator-000002.h5"))
    let again = try ShowerGeneration(evaluationOf: state, on: dataset).selection()
    let evaluation = try EvaluationReference(dataset).evaluate(ShowerTotals(again))
    #expect(evaluation.chi2 == records[2]?.evaluation.chi2)
    let error = #expect(throws: InputError.self) {
      try ShowerGeneration(checkpoint: state, energies: [4096], events: 1, latents: .seed(1))
    }
    #expect(error?.description.contains("an energy of 4096.0 MeV") == true)
  }

  @Test func `a run that is stopped after any iteration goes on to the same bits`() throws {
    let (whole, broken) = (try job(in: "a"), try job(in: "b"))
    try train(whole)
    var ends: [ProgramEnd] = []
    repeat { ends.append(try train(broken, stopsAt: 1).exit) } while ends.last != .finished && ends.count < 20
    #expect(ends.count > 5 && ends.last == .finished)
    let digests = try ["a", "b"].map { try RunDigest(folder: RunFolder(temporary($0))) }
    #expect(digests[0].files.map(\.arrays) == digests[1].files.map(\.arrays))
    #expect(digests[0].records == digests[1].records)
  }
}
