import Ansatz
import Experiment
import Foundation
import Search
import Simulator
import Storage
import Study
import TestSupport

@testable import Condor
@testable import Experiment
@testable import Sweeps

/// Sweep files: what is planned, a worker takes.
struct SweepKind: FuzzKind {
  static let name = "sweep"
  let mutator: Mutator
  private let path: String

  init(in folder: String) throws {
    path = folder + "/sweep.yaml"
    let sweeps = try files("sweeps", ".yaml")
    for file in sweeps { try write(FileContent.bytes(of: file), to: folder + "/" + Folder.name(of: file)) }
    try Folder.make(folder + "/data")
    for file in try files("sweeps/data", "_sherbrooke.json") {
      try write(FileContent.bytes(of: file), to: folder + "/data/" + Folder.name(of: file))
    }
    mutator = Mutator(seeds: try sweeps.map { try FileContent.bytes(of: $0) }, isText: true)
  }

  func read(_ bytes: [UInt8]) throws {
    try write(bytes, to: path)
    let sweep = try SweepFile.expand(path, variantLimit: 200)
    let plan = sweep.plan
    try require(plan.variants.count <= 200, "\(plan.variants.count) variants")
    try require(
      sweep.ids == plan.variants.map(\.id) && sweep.names == plan.variants.map(\.name), "the names are others")
    try requireRoundTrip(plan, "the plan")
    for row in plan.variants.lazy.filter({ $0.skip == nil }).prefix(2) {
      let request = row.dataset
      let dataset = DatasetDescription(
        path: "d.h5", sha256: "5a", energies: request.energies, eventsPerEnergy: request.eventsPerEnergy,
        voxels: request.expectedVoxels, kind: request.kind)
      let job = JobDescription(
        variant: row.variant, settings: row.settings, seed: plan.seeds[0], dataset: dataset, budget: row.budget,
        keep: row.keep)
      do {
        let read = try JobDescription(json: CanonicalJSON.data(job), from: "job.json")
        try require(read == job, "the job is another one when it is read back")
        _ = Resources(of: job, packageMB: 20)
      } catch let error as InputError {
        throw Finding("what is planned is refused by the worker: \(error)")
      }
    }
  }
}

/// Site files: what is read stands in a submit description.
struct SiteKind: FuzzKind {
  static let name = "site"
  let mutator: Mutator
  private let texts: [String: String]

  init(in folder: String) throws {
    let sites = try files("condor/sites", ".yaml")
    let full = """
      extends: lxbatch
      description: a pool
      transfer: shared-folder
      at_walltime: leave
      spool: false
      walltime_seconds: 7200
      checkpoint_seconds: 600
      vacate_seconds: 60
      starts: 5
      pack: 10
      cpus: 2
      memory_mb: 2000
      require_gpus: 'Capability >= 8.0'
      rank: Mips
      priority: -5
      notification: Error
      worker_path: /opt/qcalo/bin/qcalo-worker
      attributes: {ProjectName: "a b", Flag: true, Number: 5, Real: 1.5e-3}
      commands:
        nice_user: true
      retry: {memory_holds: 1, memory_factor: 2}
      rules:
        refused_paths: [/afs, /eos]
        held_hours: 24

      """
    mutator = Mutator(seeds: try sites.map { try FileContent.bytes(of: $0) } + [Array(full.utf8)], isText: true)
    texts = Dictionary(
      uniqueKeysWithValues: try sites.map { (SiteProfile.name(of: $0), try FileContent.text(of: $0)) })
  }

  func read(_ bytes: [UInt8]) throws {
    let path = "/home/me/sites/fuzz.yaml"
    let site = try SiteProfile(file: path, text: String(decoding: bytes, as: UTF8.self)) { name in
      guard let text = texts[name] else { throw InputError("\(path): extends: there is no site '\(name)'") }
      return (name + ".yaml", text)
    }
    try requireRoundTrip(site, "the profile")
    let resources = Resources(memoryMB: 1000, diskMB: 2000, stateMB: 10)
    for (jobs, isPacked) in [(1, false), (5000, true)] {
      let text = try SubmitDescription(
        site: site, batchName: "fuzz-1", resources: resources, jobs: jobs, isPacked: isPacked
      ).text()
      try require(
        !text.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" }, "control characters in the submit description")
      try require(text.hasSuffix("\n"), "the submit description has no end")
    }
  }
}

/// What a search has decided: every trial that is read has a point of its space.
struct SearchKind: FuzzKind {
  static let name = "search"
  let mutator: Mutator

  init(in folder: String) throws {
    mutator = Mutator(
      seeds: [try FileContent.bytes(of: Repository.path("Tests/Golden/Search/decisions.jsonl"))], isText: true)
  }

  func read(_ bytes: [UInt8]) throws {
    let record = try SearchRecord(Data(bytes), path: "searches/fuzz.jsonl")
    let trials = SearchEvidence(record.decisions).trials
    try require(trials.count == record.decisions.count { $0.point != nil }, "a trial has no place")
    guard let specification = record.specification else { return }
    for trial in trials {
      try require(specification.rungs.indices.contains(trial.rung), "there is no rung \(trial.rung)")
      try require(!specification.space.text(trial.point).isEmpty, "a trial tries nothing")
    }
  }
}

/// Event logs of HTCondor: read in two parts they tell the same.
struct EventsKind: FuzzKind {
  static let name = "events"
  let mutator: Mutator
  private let path: String

  init(in folder: String) throws {
    path = folder + "/events.log"
    // Whole logs take long.
    let events = try files("Tests/CondorTests/Samples", ".log").flatMap { file -> [[UInt8]] in
      let events = try FileContent.text(of: file).split(separator: "...\n").map { Array("\($0)...\n".utf8) }
      return stride(from: 0, to: events.count, by: 5).map { Array(events[$0..<min($0 + 5, events.count)].joined()) }
    }
    mutator = Mutator(seeds: events, isText: true)
  }

  func read(_ bytes: [UInt8]) throws {
    let clock = LogClock(utcOffset: 3600, now: 1.8e9)
    let cut = bytes.count / 2
    try write(Array(bytes[..<cut]), to: path)
    var parts = EventLogReader()
    try parts.advance(path, by: clock)
    try require(parts.offset <= cut, "more was read than there is")
    parts = try CanonicalJSON.value(from: CanonicalJSON.data(parts))
    try write(bytes, to: path)
    try parts.advance(path, by: clock)
    var whole = EventLogReader()
    try whole.advance(path, by: clock)
    try require(whole.offset <= bytes.count, "more was read than there is")
    try require(try !whole.advance(path, by: clock), "the same is new again")
    try requireRoundTrip(whole, "the state")
    let (one, other) = (whole, parts)
    try require(one.offset == other.offset, "in parts it is read to \(other.offset), at once to \(one.offset)")
    try require(
      one.jobs == other.jobs && one.cluster == other.cluster && one.isComplete == other.isComplete,
      "in parts it tells another thing than at once")
    for job in whole.jobs.values {
      if let flaw = Finding.flaw(ofSentence: CondorState.sentence(job, heldHours: 24)) { throw Finding(flaw) }
    }
  }
}

/// Circuits in JSON: what is taken has finite expectations.
struct CircuitKind: FuzzKind {
  static let name = "circuit"
  let mutator: Mutator

  init(in folder: String) throws {
    let seeds = [
      #"{"qubits": 2, "cnot": [1], "rz": false, "repetitions": 1, "x": [[0.1, 0.2]], "theta": [[0.3, 0.4]]}"#,
      #"{"qubits": 3, "cnot": [1, 2], "rz": true, "repetitions": 2, "order": "blocked", "ring": true, "reupload": true, "x": [[0.1, 0.2, 0.3], [1, 2, 3]], "theta": [[0.3, 0.4, 0.5], [1, 1, 1]], "phi": [[0, 0, 0], [-1, -2, 3.14159]], "w": [1, 0.5, -1]}"#,
      #"{"qubits": 3, "cnot": [2], "rotations": ["z", "y", "x"], "encoding": "y", "input_shift": 2, "inverse": true, "repetitions": 1, "x": [[0.1, 0.2, 0.3]], "angles": [[[0.3, 0.4, 0.5], [1, 1, 1], [0, -1, 2]]], "w": [1, 1, 1]}"#,
      "{\n \"qubits\": 1, \"cnot\": [], \"rz\": true, \"repetitions\": 1,\n \"x\": [[1e-3]], \"theta\": [[2]], \"phi\": [[1]], \"w\": [1]\n}\n",
    ]
    mutator = Mutator(seeds: seeds.map { Array($0.utf8) }, isText: true)
  }

  func read(_ bytes: [UInt8]) throws {
    let data = Data(bytes)
    if let key = CanonicalJSON.repeatedKey(in: data) { throw InputError("the key '\(key)' stands twice") }
    let problem: CircuitProblem
    do {
      problem = try CanonicalJSON.value(from: data)
    } catch let error as DecodingError {
      throw InputError(error.explanation)
    }
    if let flaw = problem.flaw { throw InputError(flaw) }
    try requireRoundTrip(problem.circuit, "the circuit")
    let circuit = problem.circuit
    try require(Circuit(name: circuit.name) == circuit, "\(circuit.name) is another circuit")
    // The rest is arithmetic, and slow.
    guard circuit.qubits <= 4, circuit.repetitions <= 4, problem.inputs.count <= 8 else { return }
    let evaluation = CircuitEvaluation<Double>(problem)
    for value in evaluation.expectations.joined() {
      try require(abs(value) <= 1 + 1e-9, "an expectation is \(value)")
    }
  }
}

/// Binning files: what is read has voxels, each in its place.
struct BinningKind: FuzzKind {
  static let name = "binning"
  let mutator: Mutator

  init(in folder: String) throws {
    mutator = Mutator(seeds: try files("sweeps/data", ".xml").map { try FileContent.bytes(of: $0) }, isText: true)
  }

  func read(_ bytes: [UInt8]) throws {
    let geometry: VoxelGeometry
    do {
      geometry = try VoxelGeometry(text: bytes, file: "binning.xml", particle: nil)
    } catch {
      geometry = try VoxelGeometry(text: bytes, file: "binning.xml", particle: "electron")
    }
    try requireRoundTrip(geometry, "the geometry")
    try require(
      geometry.voxels == geometry.layers.reduce(0) { $0 + $1.voxels }, "the voxels are not those of the layers")
    for voxel in [0, geometry.voxels / 2, geometry.voxels - 1] {
      let place = geometry.position(of: voxel)
      try require(
        geometry.voxel(layer: place.layer, alpha: place.alpha, r: place.r) == voxel, "voxel \(voxel) is elsewhere")
    }
  }
}

/// Job descriptions: what is taken can be estimated and comes back the same.
struct JobKind: FuzzKind {
  static let name = "job"
  let mutator: Mutator

  init(in folder: String) throws {
    func job(
      _ variant: Variant, settings: TrainingSettings = .init(), kind: ShowerKind = .init(), voxels: Int = 533,
      budget: Budget = Budget(checkpoints: 3)
    ) throws -> [UInt8] {
      // A QINN by itself is told no energy.
      let energies = kind.bins?.middles ?? (variant.kind == .qinn ? [65536] : [4096, 65536])
      let dataset = DatasetDescription(
        path: "../../data/d.h5", sha256: "5a", energies: energies, eventsPerEnergy: 500, voxels: voxels, kind: kind)
      let job = JobDescription(variant: variant, settings: settings, seed: 7, dataset: dataset, budget: budget)
      return Array(try CanonicalJSON.data(job, pretty: true))
    }
    var settings = TrainingSettings()
    settings.generatorLearningRate = 2e-4
    let quantum = Variant(
      generator: .init(circuit: Circuit(cnot: [1, 2], repetitions: 2)),
      discriminator: .init(hidden: [200, 50, 10], circuit: Circuit(repetitions: 2)))
    var measured = quantum
    measured.generator.measurement = CircuitMeasurement(
      shots: 100, noise: NoiseModel(everyPair: .init(depolarizing: 0.01)), trajectories: 3)
    let geometry = VoxelGeometry(layers: [(0, 1, [0, 5, 10]), (3, 4, [0, 1, 2.5])])
    let seeds = [
      try job(Variant()),
      try job(measured),
      try job(
        Variant(generator: .init(qinn: QINNSettings(layers: 3, direction: .forward, training: .frozenStraightThrough)))),
      try job(
        Variant(coupling: CouplingSettings(circuit: Circuit(qubits: 8, ring: true, rotations: [.x, .z], encoding: .y)))),
      try job(Variant(inn: INNSettings(qubits: 5, layers: 3))),
      try job(Variant(parametric: ParametricSettings())),
      try job(quantum, settings: settings, budget: Budget(checkpoints: 10, trainingSeconds: 60)),
      try job(
        Variant(),
        kind: ShowerKind(particle: .electron, geometry: geometry, bins: EnergyBins(edges: [1000, 10000, 1e6])),
        voxels: geometry.voxels),
    ]
    mutator = Mutator(seeds: seeds, isText: true)
  }

  /// With the identity of what is described.
  func mended(_ bytes: [UInt8]) -> [UInt8] {
    guard let job: JobDescription = try? CanonicalJSON.value(from: Data(bytes)) else { return bytes }
    // Identities of what is out of bounds need not be defined.
    let flaw = job.variant.flaw ?? job.settings.flaw ?? job.dataset.flaw
    guard flaw == nil else { return bytes }
    var mended = job
    mended.run = job.trained.runID(seed: job.seed, dataset: job.dataset)
    return (try? CanonicalJSON.data(mended)).map(Array.init) ?? bytes
  }

  func read(_ bytes: [UInt8]) throws {
    let job = try JobDescription(json: Data(bytes), from: "runs/x/job.json")
    try requireRoundTrip(job, "the job")
    let again = try JobDescription(json: CanonicalJSON.data(job), from: "runs/x/job.json")
    try require(again == job && again.differences(from: job).isEmpty, "the job is another one when it is read back")
    let needs = Resources(of: job, packageMB: 20, cores: 4)
    try require(needs.memoryMB > 0 && needs.diskMB > 0 && needs.stateMB > 0, "\(needs)")
  }
}

/// FastCaloQ's configuration files: what is imported is a sweep file.
struct ConfigurationKind: FuzzKind {
  static let name = "configuration"
  let mutator: Mutator
  private let folder: String

  init(in folder: String) throws {
    self.folder = folder
    let samples = try files("Tests/StudyTests/Configurations", ".json")
    // A file without a batch size has their program's, which takes more events than a sweep has by itself.
    let seeds = try samples.map { try FileContent.text(of: $0) }.map { text in
      text.contains("batchsize") ? text : text.replacing("{", with: #"{"batchsize": 20,"#, maxReplacements: 1)
    }
    mutator = Mutator(seeds: seeds.map { Array($0.utf8) }, isText: true)
  }

  func read(_ bytes: [UInt8]) throws {
    let path = folder + "/config_fuzz.json"
    try write(bytes, to: path)
    let made = try ConfigurationImport([path], name: "fuzz")
    for remark in made.remarks {
      if let flaw = Finding.flaw(ofSentence: remark) { throw Finding(flaw) }
    }
    try write(Array(made.text.utf8), to: folder + "/fuzz.yaml")
    // Values out of bounds are refused by the sweep's reader, which names its keys.
    let plan = try SweepFile.plan(folder + "/fuzz.yaml")
    try require(plan.variants.count == 1, "\(plan.variants.count) variants of one file")
  }
}

/// What `submissions/<name>/state.json` remembers of an event log, read on from there.
struct StateKind: FuzzKind {
  static let name = "state"
  let mutator: Mutator
  private let log: String
  private let clock = LogClock(utcOffset: 3600, now: 1.8e9)

  init(in folder: String) throws {
    log = folder + "/events.log"
    let whole = try FileContent.bytes(of: Repository.path("Tests/CondorTests/Samples/events-25.log"))
    let cuts = [1, 2, 4].map { whole.count * $0 / 4 }
    mutator = Mutator(
      seeds: try cuts.map { [clock] cut in
        try write(Array(whole[..<cut]), to: folder + "/part.log")
        var reader = EventLogReader()
        try reader.advance(folder + "/part.log", by: clock)
        return Array(try CanonicalJSON.data(reader, pretty: true))
      }, isText: true)
    // The last events alone: what is remembered is what is fuzzed.
    try write(whole.suffix(3000), to: log)
  }

  func read(_ bytes: [UInt8]) throws {
    var reader: EventLogReader
    do {
      reader = try CanonicalJSON.value(from: Data(bytes))
    } catch let error as DecodingError {
      throw InputError(error.explanation)
    }
    guard reader.isSound else { throw InputError("the state is damaged") }
    try reader.advance(log, by: clock)
    try require(reader.isSound, "what is read on from is damaged")
    try requireRoundTrip(reader, "the state")
    for job in reader.jobs.values {
      if let flaw = Finding.flaw(ofSentence: CondorState.sentence(job, heldHours: 24)) { throw Finding(flaw) }
    }
  }
}
