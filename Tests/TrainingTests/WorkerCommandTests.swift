import Calorimetry
import Experiment
import Foundation
import HDF5
import QuantumGAN
import Records
import TestSupport
import Testing

@testable import Training

@Suite("The worker's commands")
struct WorkerCommandTests {
  let temporary: TemporaryFolder
  var job: JobDescription

  init() throws {
    temporary = try TemporaryFolder()
    job = try smallJob(in: temporary)
    try write()
  }

  private func write() throws {
    try temporary.write(String(decoding: try CanonicalJSON.data(job), as: UTF8.self), to: "job.json")
  }

  private func worker(_ arguments: String..., environment: [String: String] = [:]) throws -> Program.Result {
    try Program.run(Program.worker, arguments, environment: environment)
  }

  private var history: History { get throws { try RunFolder(temporary.path).history() } }

  @Test("train says where it stands, a line for each checkpoint, and does nothing when it is done")
  func train() throws {
    let first = try worker("train", temporary("job.json"))
    #expect(first.code == 0 && first.output.isEmpty)
    let lines = first.errors.split(separator: "\n")
    #expect(lines.count == 4)
    #expect(lines.first?.hasPrefix("checkpoint 0 of 2: χ²/NDF ") == true)
    #expect(lines.last == "finished: checkpoint 2 is reached")
    let second = try worker("train", temporary("job.json"))
    #expect(second.code == 0 && second.errors == "finished: checkpoint 2 is reached\n")
  }

  @Test(
    "a time beyond its bound is refused with option, value and bound",
    arguments: [
      (["--walltime", "99999999999999999999h"], "--walltime: 99999999999999999999h is not in 0.001s … 87600h"),
      (["--walltime", "1e300"], "--walltime: 1e300 is not in 0.001s … 87600h"),
      (["--walltime", "0"], "--walltime: 0 is not in 0.001s … 87600h"), (["--walltime", "0x10"], "--walltime"),
      (["--walltime", "inf"], "--walltime"), (["--walltime", "60", "--margin", "1e300"], "--margin: 1e+300 is not in"),
      (["--exit-interval=-1"], "--exit-interval: -1.0 is not in 0 … 315360000"),
    ])
  func times(options: [String], sentence: String) throws {
    let found = try Program.run(Program.worker, ["train", temporary("job.json")] + options)
    #expect(found.code == 64 && found.errors.contains(sentence), "\(found.errors)")
    #expect(!FileManager.default.fileExists(atPath: temporary("journal")))
  }

  @Test("train refuses what is no job with 64 and a sentence")
  func refuses() throws {
    let path = temporary("job.json")
    func sentence(_ change: (String) -> String) throws -> String {
      let text = String(decoding: try CanonicalJSON.data(job), as: UTF8.self)
      try temporary.write(change(text), to: "job.json")
      let found = try worker("train", path)
      #expect(found.code == 64)
      #expect(!FileManager.default.fileExists(atPath: temporary("checkpoints/full-000000.h5")))
      return found.errors.replacing(path, with: "job.json").replacing(temporary.path, with: "here")
    }
    #expect(try sentence { _ in "{" }.hasPrefix("qcalo-worker: job.json: not a job description: "))
    #expect(
      try sentence { $0.replacing("\"seed\":1,", with: "") }
        == "qcalo-worker: job.json: not a job description: 'seed' is missing; `qcalo run` and `qcalo submit` write one for each run\n"
    )
    #expect(
      try sentence { $0.replacing("\"hidden\":[4]", with: "\"hidden\":[0]") }
        == "qcalo-worker: job.json: generator: hidden: 0 is not the size of a layer; sizes are 1 … 16384\n")
    #expect(
      try sentence { $0.replacing("\"seed\":1,", with: "\"seed\":2,") }.hasSuffix("; was the file edited by hand?\n"))
    #expect(
      try sentence { $0.replacing("\"budget\":{\"checkpoints\":2}", with: "\"budget\":{}") }
        == "qcalo-worker: job.json: the budget is empty and there is no walltime: the run would never end\n")
    #expect(
      try worker("train", temporary("gone.json")).errors
        == "qcalo-worker: \(temporary("gone.json")): the job description cannot be read: No such file or directory\n")
    #expect(try worker("train").code == 64)
    #expect(try worker("train", path, "--walltime", "soon").code == 64)
  }

  @Test("train refuses a dataset that is not the job's")
  func otherDataset() throws {
    var other = self
    other.job.dataset.sha256 = "0"
    other.job = JobDescription(
      variant: job.variant, settings: job.settings, seed: 1, dataset: other.job.dataset, budget: job.budget)
    try other.write()
    let found = try worker("train", temporary("job.json"))
    #expect(found.code == 64)
    #expect(
      found.errors.contains(
        "this is not the dataset of the job: its SHA-256 is \(job.dataset.sha256), the job asks for 0"))
  }

  @Test("train takes its walltime from HTCondor's ClassAd, exits with 85 with something new and with 75 without")
  func condor() throws {
    func train(started secondsAgo: Double, limit: Int) throws -> Int32 {
      let start = Int(Date().timeIntervalSince1970 - secondsAgo)
      let ad = try temporary.write("JobCurrentStartDate = \(start)\nMaxRuntime = \(limit)\n", to: "ad")
      return try worker(
        "train", temporary("job.json"), "--walltime", "auto", "--exit-after-checkpoint",
        environment: ["_CONDOR_JOB_AD": ad]
      ).code
    }
    #expect(try train(started: 0, limit: 100_000) == 85)
    #expect(try history.checkpoints.keys.sorted() == [0, 1])
    #expect(try train(started: 1000, limit: 1000) == 75)
    #expect(try history.end?.reason == "the walltime of 17 min is nearly over")
    #expect(try train(started: 0, limit: 100_000) == 0)
    #expect(try history.lastAttempt == 3)
  }

  @Test("train goes on from another numerics version's checkpoint when that is accepted")
  mutating func otherNumerics() throws {
    #expect(try worker("train", temporary("job.json")).code == 0)
    job.budget.checkpoints = 3
    try write()
    let store = CheckpointStore(folder: RunFolder(temporary.path))
    for name in try store.names(.full) {
      var checkpoint = try store.read(name)
      checkpoint.header.numericsVersion += 1
      _ = try store.write(checkpoint)
    }
    #expect(try worker("train", temporary("job.json")).code == 64)
    let accepted = try worker("train", temporary("job.json"), "--accept-different-binary")
    #expect(accepted.code == 0 && accepted.errors.contains("finished: checkpoint 3 is reached"), "\(accepted)")
  }

  @Test("generate makes of a seed, or of given latents, the showers of these, and by default those of the run's seed")
  func latents() throws {
    #expect(try worker("train", temporary("job.json")).code == 0)
    let generator = temporary("checkpoints/generator-000002.h5")
    func generate(_ options: String...) throws -> [Float] {
      let arguments = ["generate", "--checkpoint", generator, "--events", "5", "--output", temporary("g.h5")]
      let found = try Program.run(Program.worker, arguments + options)
      #expect(found.code == 0, "\(found.errors)")
      let file = try ShowerFile(reading: temporary("g.h5"))
      return try file.showers(0..<5)
    }
    let usual = try generate()
    #expect(try generate("--seed", "1") == usual)
    let other = try generate("--seed", "2")
    #expect(other != usual)
    let latents = try Generator(
      architecture: job.variant.generator, settings: job.settings, voxels: job.dataset.voxels,
      state: Checkpoint(file: generator).arrays
    ).latents(events: 5, seed: 2)
    let file = try HDF5File(creating: temporary("l.h5"))
    try file.write(latents, to: "latents", shape: [5, job.variant.generator.latent])
    try file.close()
    #expect(try generate("--latents", temporary("l.h5")) == other)
    let both = try worker(
      "generate", "--checkpoint", generator, "--events", "5", "--output", temporary("g.h5"), "--seed", "1", "--latents",
      temporary("l.h5"))
    #expect(both.code == 64 && both.errors.contains("--latents and --seed: give one of them"), "\(both)")
  }

  @Test("train leaves a trace of a run's first iterations, and only of those")
  func trace() throws {
    let first = try worker("train", temporary("job.json"), "--trace", temporary("t.h5"), "--trace-iterations", "4")
    #expect(first.code == 0 && FileManager.default.fileExists(atPath: temporary("t.h5")))
    let second = try worker("train", temporary("job.json"), "--trace", temporary("u.h5"))
    #expect(second.code == 64)
    #expect(second.errors.contains("u.h5: nothing was traced: a trace begins with a run's first iteration"))
  }

  @Test("prepare, inspect and train tell what is unusual about events; evaluate refuses those that are not finite")
  func oddEvents() throws {
    let dataset = try PreparedDataset(reading: temporary("dataset.h5"))
    let voxels = dataset.voxels
    var showers = dataset.showers
    for voxel in 3 * voxels..<4 * voxels { showers[voxel] = 0 }
    showers[5 * voxels] = -1
    func write(_ name: String) throws -> String {
      try ShowerFileWriter.write(
        incidentEnergies: dataset.incidentEnergies, showers: showers, voxels: voxels, to: temporary(name))
      return temporary(name)
    }
    let source = try write("odd.h5")
    let told = ["1 event is wholly empty", "1 voxel has negative energy"]
    let prepared = try worker(
      "dataset", "prepare", source, "--energies", "65536", "--events", "20", "--output", temporary("prepared.h5"),
      "--format", "json")
    #expect(prepared.code == 0)
    #expect(
      prepared.errors
        == told.map { "qcalo-worker: \(source): of the selected events \($0)\n" }.joined())
    let inspected = try worker("dataset", "inspect", source)
    #expect(inspected.code == 1 && told.allSatisfy { inspected.output.contains("problem: \($0)") }, "\(inspected)")
    var other = self
    let description: DatasetDescription = try CanonicalJSON.value(from: Data(prepared.output.utf8))
    #expect(description.emptyEvents == 1 && description.negativeVoxels == 1 && description.mergedEnergies == nil)
    other.job = JobDescription(
      variant: job.variant, settings: job.settings, seed: 1, dataset: description, budget: job.budget)
    try other.write()
    let trained = try worker("train", temporary("job.json"))
    #expect(trained.code == 0, "\(trained)")
    for sentence in told { #expect(trained.errors.contains("prepared.h5: \(sentence)\n"), "\(trained)") }

    showers[7 * voxels + 3] = .nan
    let broken = try write("broken.h5")
    let refused = try worker("evaluate", "--reference", temporary("dataset.h5"), "--generated", broken)
    #expect(
      refused.code == 64
        && refused.errors.contains(
          "broken.h5: 1 of its 20 events has a voxel that is not a finite number, the first of them event 7")
    )
  }

  @Test("checkpoints and generate work on what was trained")
  func afterwards() throws {
    #expect(try worker("train", temporary("job.json")).code == 0)
    let absent = try worker("checkpoints", "list", "nowhere")
    #expect(absent.code == 64 && absent.errors.contains("there is no such folder"), "\(absent)")
    let list = try worker("checkpoints", "list", temporary.path)
    #expect(list.output.split(separator: "\n").count == 4)
    #expect(list.output.contains("checkpoints/full-000002.h5 checkpoints/generator-000002.h5"))
    #expect(
      try worker("checkpoints", "verify", temporary.path).output == "5 checkpoints are intact, 0 are not\n")
    let dry = try worker("checkpoints", "prune", temporary.path, "--window", "0", "--dry-run")
    #expect(dry.code == 0 && dry.errors.contains("would be removed"))
    #expect(try worker("checkpoints", "prune", temporary.path, "--full", "2", "--dry-run").code == 0)
    let alone = try worker("checkpoints", "prune", temporary.path, "--full", "1", "--dry-run")
    #expect(alone.code == 64 && alone.errors.contains("--full: 1 is not at least 2"), "\(alone)")
    // A path is no name, though the workspace has a folder there.
    try temporary.write("x", to: "work/runs" + temporary.path + "/journal/attempt-0001.jsonl")
    let path = try worker("checkpoints", "list", temporary.path, environment: ["QCALO_WORKSPACE": temporary("work")])
    #expect(path.output == list.output, "\(path)")
    try temporary.write("x", to: "checkpoints/generator-000001.h5")
    #expect(try worker("checkpoints", "verify", temporary.path).code == 1)
    let generated = try worker(
      "generate", "--checkpoint", temporary("checkpoints/generator-000002.h5"), "--events", "20", "--output",
      temporary("g.h5"))
    #expect(generated.code == 0, "\(generated.errors)")
    for events in ["0", "10000001", "1000000000000", "9223372036854775807"] {
      let refused = try worker(
        "generate", "--checkpoint", temporary("checkpoints/generator-000002.h5"), "--events", events, "--output",
        temporary("many.h5"))
      #expect(refused.code == 64 && refused.errors.contains("--events: \(events) is not in 1 … 10000000"), "\(refused)")
    }
    let many = try worker(
      "generate", "--checkpoint", temporary("checkpoints/generator-000002.h5"), "--events", "9000000", "--energies",
      "65536,65536", "--output", temporary("many.h5"))
    #expect(many.code == 64 && many.errors.contains("more than the 10000000 that a file may hold"), "\(many)")
    let compared = try worker("evaluate", "--reference", temporary("dataset.h5"), "--generated", temporary("g.h5"))
    #expect(compared.code == 0 && compared.output.contains("chi2"))
    for format in ["keras", "onnx"] {
      let exported = try worker("export", temporary.path, "--format", format, "--output", temporary(format))
      #expect(exported.code == 0 && exported.output == temporary(format) + "\n")
    }
    for command in [
      "generate --checkpoint checkpoints/generator-000002.h5 --events 20", "export . --format onnx",
      "export . --format keras",
    ] {
      let both = try Execution(
        "/bin/sh",
        [
          "-c",
          "w='\(Program.worker)'; $w \(command) --output a > /dev/null && $w \(command) --output - > b && cmp a b",
        ],
        in: temporary.path)
      #expect(both.status == 0, "\(command): \(both)")
    }
    let pruned = try worker(
      "export", temporary.path, "--checkpoint", "7", "--format", "onnx", "--output", temporary("x"))
    #expect(pruned.code == 64 && pruned.errors.contains("checkpoint 7 is not there; there are 0, 1, 2"))
    let again = try worker(
      "evaluate", "--reference", temporary("dataset.h5"), "--checkpoint", temporary("checkpoints/generator-000002.h5"))
    let journal = try String(contentsOfFile: temporary("journal/attempt-0001.jsonl"), encoding: .utf8)
    let chi2 = try #require(again.output.firstMatch(of: /"chi2" : ([0-9.]+)/)?.1)
    #expect(again.code == 0 && journal.contains("\"chi2\":\(chi2),\"energies\""), "\(again)")
    #expect(
      try worker(
        "evaluate", "--reference", temporary("dataset.h5"), "--checkpoint", "c.h5", "--generated", "g.h5"
      ).errors.contains("Give one of --generated and --checkpoint."))
    let wrong = try worker(
      "generate", "--checkpoint", temporary("dataset.h5"), "--events", "2", "--output", temporary("h.h5"))
    #expect(wrong.code == 64 && !FileManager.default.fileExists(atPath: temporary("h.h5")))
  }

  @Test("a file that libhdf5 crashes over, or does not come back from, is refused", arguments: ["crash", "endless"])
  func damaged(name: String) throws {
    let path = Repository.path("Tests/FuzzTests/Corpus/showers/heap-\(name).h5")
    let found = try worker("dataset", "inspect", path)
    #expect(found.code == 64 && found.errors.hasPrefix("qcalo-worker: \(path): "), "\(found)")
  }

  @Test("evaluate says which energies it takes for the same")
  func mergedEnergies() throws {
    let (reference, generated) = (temporary("reference.h5"), temporary("generated.h5"))
    let totals = (0..<50).map { (event: Int) -> Float in Float(1000 + 20 * (event * 7 % 50)) }
    for (path, energies) in [(reference, [65536]), (generated, [65536, 65537] as [Float])] {
      try ShowerFileWriter.write(
        incidentEnergies: totals.indices.map { energies[$0 % energies.count] }, showers: totals, voxels: 1, to: path)
    }
    let found = try worker("evaluate", "--reference", reference, "--generated", generated)
    #expect(found.code == 0 && found.output.contains("\"chi2\" : 0"), "\(found)")
    #expect(
      found.errors
        == "qcalo-worker: \(generated): 1 incident energy counts as another one, which differs by less than one "
        + "part in ten thousand\n")
  }

  @Test("evaluate's resamples are the seed's, and its held-out events are others than those trained on")
  func evaluate() throws {
    let source = Repository.path("sweeps/data/geant4_pions.hdf5")
    let (reference, generated) = (temporary("reference.h5"), temporary("generated.h5"))
    _ = try DatasetPreparation(source: source, energies: [65536], eventsPerEnergy: 400).write(to: reference)
    _ = try DatasetPreparation(source: source, energies: [65536], eventsPerEnergy: 700).write(to: generated)
    struct Printed: Decodable, Equatable {
      struct Bootstrap: Decodable, Equatable {
        struct Total: Decodable, Equatable { var standardDeviation: Double }
        var total: Total
      }
      struct HeldOut: Decodable, Equatable {
        var chi2: Double
        var ndf: Int
        var events: [Int]?
        var bootstrap: Bootstrap?
      }
      var chi2: Double
      var bootstrap: Bootstrap?
      var heldOut: HeldOut?
    }
    func evaluate(_ options: String...) throws -> Printed {
      let arguments = ["evaluate", "--reference", reference, "--generated", generated] + options
      let found = try Program.run(Program.worker, arguments)
      #expect(found.code == 0, "\(found.errors)")
      return try JSONDecoder().decode(Printed.self, from: Data(found.output.utf8))
    }
    let one = try evaluate("--bootstrap", "20", "--seed", "1")
    #expect(try evaluate("--bootstrap", "20", "--seed", "1") == one)
    let other = try evaluate("--bootstrap", "20", "--seed", "2")
    #expect(other.chi2 == one.chi2 && other.bootstrap != one.bootstrap && one.bootstrap != nil)
    #expect(try evaluate("--bootstrap", "20") == evaluate("--bootstrap", "20", "--seed", "0"))

    let heldOut = try #require(try evaluate("--held-out", source).heldOut)
    // 400 were trained on, 1600 held out, 700 generated: 400 of each are compared.
    let rest = try ShowerSelection(of: source, heldOutFrom: reference).events(at: 0..<400)
    let made = try ShowerSelection(reading: generated).events(at: 0..<400)
    let expected = try EvaluationReference(ShowerTotals(rest)).evaluate(ShowerTotals(made))
    #expect(abs(heldOut.chi2 - expected.chi2) < 1e-9 && heldOut.ndf == expected.ndf)
    #expect(heldOut.events == [400] && abs(heldOut.chi2 - one.chi2) > 1)
  }

  @Test(
    "metrics are a table beside their floors, or JSON; a checkpoint's fresh events are others than its evaluation's")
  func metrics() throws {
    let source = Repository.path("sweeps/data/geant4_pions.hdf5")
    let (reference, generated) = (temporary("reference.h5"), temporary("generated.h5"))
    _ = try DatasetPreparation(source: source, energies: [65536], eventsPerEnergy: 40).write(to: reference)
    _ = try DatasetPreparation(source: source, energies: [65536], eventsPerEnergy: 60, skip: 500).write(to: generated)
    let files = ["evaluate", "--reference", reference, "--generated", generated]
    let table = try Program.run(Program.worker, files + ["--full", "--held-out", source])
    #expect(table.code == 0, "\(table.errors)")
    for part in [
      "against as many of Geant4 that were not trained on: 40 at 65536 MeV.\n",
      "with replacement: 16 … 40 and 40, for the floor 16 … 40 and 40.\n", "\nFPD ×10³ ", "\nmemorisation ",
      "\nwidthPhi        13 ", "\nCorrelation of layer energies at 65536 MeV",
    ] { #expect(table.output.contains(part), "\(part)\n\(table.output)") }
    #expect(!table.output.contains("AUC"))
    struct Printed: Decodable {
      struct Full: Decodable {
        struct Record: Decodable {
          struct Value: Decodable { var value: Double }
          var events: Int
          var values: [String: Value]
        }
        var record: Record
      }
      var schema: Int
      var full: Full
      var chi2: Double
    }
    func json(_ arguments: [String]) throws -> Printed {
      let found = try Program.run(Program.worker, arguments + ["--format", "json"])
      #expect(found.code == 0, "\(found.errors)")
      return try JSONDecoder().decode(Printed.self, from: Data(found.output.utf8))
    }
    let some = try json(files + ["--metrics", "fpd,separation", "--held-out", source])
    #expect(some.schema == 1 && some.full.record.events == 40)
    #expect(some.full.record.values.keys.sorted() == ["fpd", "separation"])

    for wrong in [
      ["--metrics", "fpd,speed"], ["--format", "table"], ["--fresh"], ["--events", "10"],
    ] { #expect(try Program.run(Program.worker, files + wrong).code == 64, "\(wrong)") }

    #expect(try worker("train", temporary("job.json")).code == 0)
    let checkpoint = [
      "evaluate", "--reference", temporary("dataset.h5"), "--checkpoint", temporary("checkpoints/generator-000002.h5"),
      "--metrics", "separation", "--geometry", temporary("geometry.xml"),
    ]
    let voxels = job.dataset.voxels
    let edges = (0...voxels).map { "\($0)" }.joined(separator: ",")
    try temporary.write(
      "<Bins><Bin name=\"x\"><Layer id=\"0\" r_edges=\"\(edges)\" n_bin_alpha=\"1\"/></Bin></Bins>", to: "geometry.xml")
    let own = try json(checkpoint)
    #expect(try json(checkpoint).chi2 == own.chi2)
    let fresh = try json(checkpoint + ["--fresh", "--seed", "1", "--events", "15"])
    #expect(fresh.full.record.events == 15 * job.dataset.energies.count)
    #expect(try json(checkpoint + ["--fresh", "--seed", "1", "--events", "15"]).chi2 == fresh.chi2)
    #expect(try json(checkpoint + ["--fresh", "--seed", "2", "--events", "15"]).chi2 != fresh.chi2)
  }
}
