import Experiment
import Foundation
import Records
import TestSupport
import Testing

@Suite struct EstimateProgramTests {
  let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    try folder.write(
      """
      name: small
      dataset: {source: \(Repository.path("sweeps/data/geant4_pions.hdf5")), energies: [65536], events: 50}
      training: {checkpoint_interval: 2}
      budget: {checkpoints: 3}
      hidden: [5]
      discriminator.hidden: [8]
      variants:
        - label: Classical
        - label: 1x
          circuit: {cnot: [1]}

      """, to: "small.yaml")
  }

  private func qcalo(_ arguments: String...) throws -> Programs.Outcome {
    try Programs.run(arguments, in: folder.path, environment: ["QCALO_WORKSPACE": folder("work")])
  }

  @Test func `plan estimates by timing this machine, writes nothing, and shows its error once runs are recorded`()
    throws
  {
    let first = try qcalo("plan", "small.yaml", "--estimate")
    #expect(first.status == 0, "\(first.errors)")
    #expect(first.output.contains("2 runs from nothing, one core each: "), "\(first.output)")
    #expect(first.output.contains("Rates: 2 of 2 shapes timed on this machine now ("))
    #expect(first.output.contains("the error is not known"))
    #expect(!FileManager.default.fileExists(atPath: folder("work")))
    #expect(try qcalo("plan", "small.yaml", "--estimate", "--rates", "ledger").status == 64)

    #expect(try qcalo("run", "small.yaml").status == 0)
    #expect(try qcalo("plan", "small.yaml", "--estimate").output.contains("Against 2 recorded runs: "))
    let recorded = try qcalo("plan", "small.yaml", "--estimate", "--rates", "ledger", "--reach", "1000000000")
    #expect(recorded.status == 0, "\(recorded.errors)")
    #expect(recorded.output.contains("Rates: 2 recorded runs."))
    #expect(recorded.output.contains("does not reach checkpoint 1000000000 within the walltime"))
    #expect(try qcalo("plan", "small.yaml", "--estimate", "--rates", "ledger", "--reach", "0").status == 0)
    let below = try qcalo("plan", "small.yaml", "--estimate", "--reach=-1")
    #expect(below.status == 64 && below.errors.contains("--reach: -1 is not 0 or more"), "\(below.errors)")
    let elsewhere = try qcalo("plan", "small.yaml", "--estimate", "--rates", "lxbatch")
    #expect(elsewhere.status == 64 && elsewhere.errors.contains("'lxbatch'"), "\(elsewhere.errors)")
    #expect(try qcalo("plan", "small.yaml", "--estimate", "--walltime", "day").status == 64)
  }

  @Test func `two threads train the same bits, and are estimated and told apart`() throws {
    #expect(try qcalo("run", "small.yaml", "--only", "Classical").status == 0)
    let digests = "SELECT checkpoint, full_sha256, reduced FROM checkpoints ORDER BY 1"
    let one = try qcalo("query", digests)
    try FileManager.default.removeItem(atPath: folder("work"))
    let run = try qcalo("run", "small.yaml", "--only", "Classical", "--threads", "2")
    #expect(run.status == 0, "\(run.errors)")
    #expect(try qcalo("query", digests).output == one.output)
    #expect(
      try qcalo("query", "SELECT threads FROM attempts", "--format", "csv").output.split { $0.isNewline } == [
        "threads", "2",
      ])

    let alone = try qcalo("plan", "small.yaml", "--estimate", "--rates", "ledger")
    #expect(alone.status == 64, "\(alone)")
    let estimate = try qcalo("plan", "small.yaml", "--estimate", "--threads", "2")
    #expect(estimate.status == 0, "\(estimate.errors)")
    #expect(estimate.output.contains("2 runs from nothing, 2 cores each: "), "\(estimate.output)")
    #expect(estimate.output.contains("Against 1 recorded run: "))
    for command in ["run", "plan"] { #expect(try qcalo(command, "small.yaml", "--threads", "0").status == 64) }
  }

  @Test func `the worker times the shapes that it is given, and refuses what cannot be trained`() throws {
    let shape = TrainingShape(
      variant: Variant(generator: .init(hidden: [5])), settings: .init(), voxels: 533, events: 50)
    func calibrate(_ shapes: [TrainingShape]) throws -> Programs.Outcome {
      try Programs.run(
        "qcalo-worker", ["calibrate", "--seconds", "0"],
        input: String(decoding: CanonicalJSON.data(shapes), as: UTF8.self))
    }
    let answer = try calibrate([shape])
    #expect(answer.status == 0, "\(answer.errors)")
    let calibration: Calibration = try CanonicalJSON.value(from: Data(answer.output.utf8))
    let rate = try #require(calibration.rates.first)
    #expect(rate.iteration > 0 && rate.evaluation > 0 && rate.checkpointing > 0)
    #expect(rate.fullBytes > 12 * shape.parameterCount && rate.generatorBytes < rate.fullBytes / 10)
    var few = shape
    few.events = 49
    let refused = try calibrate([shape, few])
    #expect(refused.status == 64)
    #expect(refused.errors == "qcalo-worker: shape 1: too few events for an iteration\n")
  }
}
