import Calorimetry
import Foundation
import TestSupport
import Testing

/// A sweep small enough for a test: two models, three checkpoints of two iterations.
private let sweep = """
  name: small
  dataset:
    source: \(Repository.path("sweeps/data/geant4_pions.hdf5"))
    energies: [65536]
    events: 50
  training:
    checkpoint_interval: 2
  budget:
    checkpoints: 3
  hidden: [5]
  discriminator.hidden: [8]
  baseline: Classical
  variants:
    - label: Classical
    - label: 1x
      circuit: {cnot: [1, 2]}
    - label: never
      circuit: {cnot: [3]}
      skip: not today

  """

@Suite struct SweepProgramTests {
  @Test func `run trains, a second run trains nothing, and a rebuilt ledger is the same`() throws {
    let folder = try TemporaryFolder()
    try folder.write(sweep, to: "small.yaml")
    let environment = ["QCALO_WORKSPACE": folder("work")]
    func qcalo(_ arguments: String...) throws -> Programs.Outcome {
      try Programs.run(arguments, in: folder.path, environment: environment)
    }
    let planned = try qcalo("plan", "small.yaml", "--format", "json")
    #expect(planned.status == 0, "\(planned.errors)")
    #expect(!FileManager.default.fileExists(atPath: folder("work")), "plan writes nothing")

    let first = try qcalo("run", "small.yaml")
    #expect(first.status == 0, "\(first.errors)")
    let runs = try FileManager.default.contentsOfDirectory(atPath: folder("work/runs"))
    #expect(runs.count == 2, "the skipped variant has no run")
    let count = ["query", "SELECT count(*) AS n FROM checkpoints", "--format", "csv"]
    #expect(try Programs.run(count, in: folder.path, environment: environment).output == "n\n8\n")

    let results = try qcalo("results", "small.yaml", "--format", "csv")
    let second = try qcalo("run", "small.yaml")
    #expect(second.status == 0, "\(second.errors)")
    #expect(try Programs.run(count, in: folder.path, environment: environment).output == "n\n8\n")
    #expect(try qcalo("results", "small.yaml", "--format", "csv").output == results.output)
    #expect(results.output.contains("not today"), "the skipped variant stands there with its reason")

    let everything = "SELECT * FROM checkpoints ORDER BY run, checkpoint"
    let before = try qcalo("query", everything, "--format", "json")
    let rebuilt = try qcalo("collect", "--rebuild")
    #expect(rebuilt.status == 0, "\(rebuilt.errors)")
    #expect(try qcalo("query", everything, "--format", "json").output == before.output)

    // The sweep's name stands in the file; the file's own is another.
    try FileManager.default.moveItem(atPath: folder("small.yaml"), toPath: folder("renamed.yaml"))
    let status = try qcalo("status", "renamed.yaml")
    #expect(status.status == 0 && status.output.contains("finished"), "\(status.errors)")
    #expect(status.output.contains("not rehearsed"))
    let refused = try qcalo("query", "DELETE FROM runs")
    #expect(refused.status == 64 && refused.errors.contains("read"), "\(refused.errors)")
  }

  @Test func `a taken name, damaged checkpoints and missing data are said, and known runs stay known`() throws {
    let folder = try TemporaryFolder()
    try folder.write(sweep, to: "small.yaml")
    func qcalo(_ arguments: String...) throws -> Programs.Outcome {
      try Programs.run(arguments, in: folder.path, environment: ["QCALO_WORKSPACE": folder("work")])
    }
    #expect(try qcalo("run", "small.yaml").status == 0)
    try folder.write(sweep.replacing("hidden: [5]", with: "hidden: [6]"), to: "other.yaml")
    let warned = try qcalo("plan", "other.yaml")
    #expect(warned.status == 0 && warned.errors.contains("other.yaml would take the place of the sweep small"))
    let kept = try qcalo("run", "other.yaml", "--only", "Classical")
    #expect(kept.status == 64 && kept.errors.contains("--replace starts it all the same"), "\(kept.errors)")
    let others = try qcalo("results", "other.yaml")
    #expect(others.status == 64 && others.errors.contains("other.yaml is not the sweep small"), "\(others.errors)")
    let taken = try qcalo("run", "other.yaml", "--only", "Classical", "--replace")
    #expect(taken.status == 0 && taken.errors.contains("had rows that other.yaml does not have: Classical, 1x"))
    #expect(try qcalo("run", "small.yaml", "--replace").status == 0)
    #expect(try qcalo("plan", "small.yaml").output.contains("2 known"))
    #expect(try qcalo("plan", "small.yaml", "--coverage").output.contains("2 run"))

    try folder.write(sweep.replacing("checkpoints: 3", with: "checkpoints: 4"), to: "small.yaml")
    let run = try #require(
      FileManager.default.contentsOfDirectory(atPath: folder("work/runs")).first { $0.hasPrefix("classical-5-") })
    let newest = folder("work/runs/\(run)/checkpoints/full-000003.h5")
    let whole = try Data(contentsOf: URL(fileURLWithPath: newest))
    try whole.prefix(whole.count / 2).write(to: URL(fileURLWithPath: newest))
    let onwards = try qcalo("run", "small.yaml", "--only", "Classical")
    #expect(onwards.status == 0 && onwards.errors.contains("it is now set-aside/"), "\(onwards.errors)")

    try folder.write(sweep.replacing("geant4_pions", with: "none"), to: "none.yaml")
    let absent = try qcalo("plan", "none.yaml")
    #expect(absent.status == 0 && absent.errors.contains("none.hdf5 yet; training needs it"), "\(absent.errors)")
    let idle = try qcalo("plan", "small.yaml", "--walltime", "2h")
    #expect(idle.status == 64 && idle.errors.contains("--walltime belongs to --estimate"), "\(idle.errors)")
    #expect(try qcalo("compare", "1x", "1x").status == 64)
  }

  @Test func `what is unusual about the events is said by run, each time`() throws {
    let folder = try TemporaryFolder()
    let events = 0..<60
    var showers = events.flatMap { event in (0..<4).map { (voxel: Int) in Float(100 + 13 * (event * 7 % 60) + voxel) } }
    showers.replaceSubrange(4..<8, with: [0, 0, 0, 0])
    showers[9] = -2
    try ShowerFileWriter.write(
      incidentEnergies: events.map { $0 == 5 ? 65537 : 65536 }, showers: showers, voxels: 4, to: folder("odd.h5"))
    try folder.write(
      sweep.replacing(Repository.path("sweeps/data/geant4_pions.hdf5"), with: "odd.h5"), to: "small.yaml")
    for _ in 0..<2 {
      let outcome = try Programs.run(
        ["run", "small.yaml"], in: folder.path, environment: ["QCALO_WORKSPACE": folder("work")])
      #expect(outcome.status == 0, "\(outcome.errors)")
      for sentence in [
        "1 event is wholly empty", "1 voxel has negative energy",
        "1 incident energy counts as another one, which differs by less than one part in ten thousand",
      ] {
        #expect(
          outcome.errors.contains("qcalo: \(folder("odd.h5")): of the selected events \(sentence)\n"),
          "\(outcome.errors)")
      }
    }
  }

  @Test func `results of a workspace without a sweep are an empty table, and a sentence`() throws {
    let folder = try TemporaryFolder()
    try FileManager.default.createDirectory(atPath: folder("work"), withIntermediateDirectories: true)
    func qcalo(_ arguments: String...) throws -> Programs.Outcome {
      try Programs.run(arguments, in: folder.path, environment: ["QCALO_WORKSPACE": folder("work")])
    }
    #expect(try qcalo("collect").status == 0)
    let sentence = "qcalo: no sweep of \(folder("work")) has been started; `qcalo run SWEEP` starts one\n"
    for format in ["table", "markdown", "csv", "json"] {
      let found = try qcalo("results", "--all", "--format", format)
      #expect(found.status == 0 && found.errors == sentence, "\(found)")
      switch format {
      case "csv":
        #expect(found.output.hasPrefix("sweep,label,name,id,") && found.output.split(separator: "\n").count == 1)
      case "json":
        let table = try JSONSerialization.jsonObject(with: Data(found.output.utf8)) as? [String: Any]
        #expect((table?["results"] as? [Any])?.isEmpty == true, "\(found.output)")
      default: #expect(found.output.isEmpty)
      }
    }
  }

  @Test func `a misspelt key is refused with file, line and suggestion, and nothing is written`() throws {
    let folder = try TemporaryFolder()
    try folder.write(sweep.replacing("checkpoint_interval", with: "checkpoint_intervall"), to: "bad.yaml")
    let outcome = try Programs.run(
      ["run", "bad.yaml"], in: folder.path, environment: ["QCALO_WORKSPACE": folder("work")])
    #expect(outcome.status == 64)
    #expect(outcome.errors.contains("bad.yaml:7:"), "\(outcome.errors)")
    #expect(outcome.errors.contains("did you mean training.checkpoint_interval?"), "\(outcome.errors)")
    #expect(!FileManager.default.fileExists(atPath: folder("work")))
  }

  @Test func `a circuit is evaluated from the standard input`() throws {
    let circuit = #"{"qubits": 2, "cnot": [1], "rz": false, "repetitions": 1, "x": [[0, 0]], "theta": [[0, 0]]}"#
    let outcome = try Programs.run(["circuit", "evaluate", "-", "--precision", "double"], input: circuit)
    #expect(outcome.status == 0, "\(outcome.errors)")
    struct Answer: Decodable { var expectations: [[Double]] }
    let answer = try JSONDecoder().decode(Answer.self, from: Data(outcome.output.utf8))
    #expect(answer.expectations == [[1, 1]])
  }

  @Test func `help is printed and is no failure, a wrong option ends with 64`() throws {
    for program in ["qcalo", "qcalo-worker"] {
      for arguments in [["--help"], ["help"], [], ["help", "train"]] {
        let outcome = try Programs.run(program, arguments)
        #expect(outcome.status == 0 && outcome.output.contains("USAGE: "), "\(program) \(arguments): \(outcome)")
        #expect(outcome.errors.isEmpty, "\(outcome.errors)")
      }
      let wrong = try Programs.run(program, ["--wrong"])
      #expect(wrong.status == 64 && wrong.errors.contains("--wrong"), "\(wrong)")
    }
  }

  @Test func `a file that is not there is a sentence and the code for bad input`() throws {
    for arguments in [["plan", "none.yaml"], ["train", "none.json"], ["dataset", "inspect", "none.hdf5"]] {
      let outcome = try Programs.run(arguments)
      #expect(outcome.status == 64, "\(arguments)")
      #expect(outcome.errors.contains("none."), "\(outcome.errors)")
    }
  }
}
