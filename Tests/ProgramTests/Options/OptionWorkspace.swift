import Experiment
import Foundation
import Synchronization
import TestSupport

/// A folder with a workspace in which two sweeps have been trained, and another to which one was submitted.
struct OptionWorkspace: Sendable {
  static let shared = Result { try OptionWorkspace() }

  private let folder: TemporaryFolder
  private let outcomes = Outcomes()
  /// What stands in a row for a path or a name of this workspace.
  private let names: [String: String]

  private static let files = [
    "small": """
    seeds: [1, 2]
    dataset: {source: SOURCE, energies: [4096, 65536], events: 50}
    training: {checkpoint_interval: 2}
    budget: {checkpoints: 3}
    hidden: [5]
    discriminator.hidden: [8, 4]
    keep: {full: 3}
    baseline: Classical
    conditioned: true
    variants: [{label: Classical}, {label: "=1x", circuit: {cnot: [1, 2]}, discriminator.circuit: {}}]

    """,
    "tiny": """
    seeds: [1, 2]
    dataset: {source: SOURCE, energies: [65536], events: 50}
    training: {checkpoint_interval: 1}
    budget: {checkpoints: 1}
    hidden: [3]
    discriminator.hidden: [8]
    variants: [{label: "=t"}]

    """,
    "wanted": """
    dataset: {source: SOURCE, energies: [65536], events: 50}
    search: {space: {latent: {int: [2, 5]}}, trials: 2, rungs: [1]}

    """,
    "same": """
    dataset: {source: SOURCE, energies: [65536], events: 50}
    hidden: [4]
    discriminator.hidden: [8]
    budget: {checkpoints: 1}
    variants: [{label: a, circuit: {rz: false}}, {label: b, circuit: {}}]

    """,
  ]

  private init() throws {
    folder = try TemporaryFolder()
    let source = Repository.path("sweeps/data/geant4_pions.hdf5")
    for (name, text) in Self.files { try folder.write(text.replacing("SOURCE", with: source), to: name + ".yaml") }
    try folder.write(
      Self.files["tiny"]!.replacing("SOURCE", with: source).replacing("checkpoints: 1", with: "checkpoints: 2")
        + "name: tiny\n", to: "more.yaml")
    try folder.write(
      Self.files["small"]!.replacing("SOURCE", with: source).replacing("hidden: [5]", with: "hidden: [6]"),
      to: "other.yaml")
    try folder.write(
      #"{"qubits": 2, "cnot": [1], "rz": false, "repetitions": 1, "x": [[0.1, 0.2]], "theta": [[0.3, 0.4]]}"#,
      to: "circuit.json")
    let angles = [
      "ry": "[0.1, 0.2, 0.3]", "ry2": "[0.5, 0.6]", "3": "[0.1, 0.2, 0.3]", "2": "[0.5, 0.6]",
      "twice": "[0.1, 0.2, 0.3], [0.4, 0.5, 0.6]",
    ]
    for (name, list) in angles {
      let phi = name.hasPrefix("ry") ? "" : ", \"phi\": [\(list)]"
      try folder.write("{\"theta\": [\(list)]\(phi)}", to: name + ".json")
    }
    try folder.write(#"{"batchsize": 10, "generatorLayers": [5, 0, 0]}"#, to: "theirs.json")
    try folder.write(#"{"pair": {"depolarizing": 0.1}}"#, to: "noise.json")
    try folder.write(#"{"angles": [[[0.1, 0.2, 0.3], [0.4, 0.5, 0.6]]]}"#, to: "turned.json")
    try folder.write("pair: {depolarizing: 0.1}", to: "noise.yaml")
    try folder.write(
      "sweep,label,run_seed,fpd\ns,a,1,2\ns,a,2,3\ns,b,1,2.5\ns,b,2,3.5\n", to: "metrics.csv")
    let binning = try Repository.text("sweeps/data/binning_dataset_1_pions.xml")
    try folder.write(binning.replacing(/<Layer id="0".*/, with: ""), to: "other.xml")
    try folder.write(
      "sweep,label,seed,checkpoint,reduced,mean_response\na,1,1,0,9,\na,1,1,1,4,\na,2,1,0,8,\na,2,1,1,5,\n",
      to: "curves.csv")
    try folder.write("one", to: "p.tar.gz")
    try folder.write("another worker", to: "q.tar.gz")
    for words in [
      ["run", "small.yaml"], ["run", "tiny.yaml"], ["run", "other.yaml", "--only", "Classical"],
      ["submit", "same.yaml", "--site", "generic", "--package", "p.tar.gz", "--dry-run", "--workspace", "submitted"],
      ["bundle", "small", "--output", "small.tar"],
    ] {
      let made = try Programs.run(words, in: folder.path, environment: ["QCALO_WORKSPACE": folder("work")])
      guard made.status == 0 else { throw TestFailure("\(words): \(made)") }
    }
    let runs = try FileManager.default.contentsOfDirectory(atPath: folder("work/runs"))
    func run(_ beginning: String) throws -> String {
      guard let name = runs.first(where: { $0.hasPrefix(beginning) }) else {
        throw TestFailure("\(beginning): \(runs)")
      }
      return name
    }
    let (once, classical, tiny) = (
      try run("ry-rz-cnot12-x1-cond-5"), try run("classical-cond-5"), try run("classical-3")
    )
    names = [
      "SOURCE": source, "1X": once, "CLASSICAL": classical, "DATA": try Self.dataset(of: once, in: folder),
      "SINGLE": try Self.dataset(of: tiny, in: folder),
      "DEVICE": Repository.path("Tests/ExperimentTests/Devices/props_guadalupe.json"),
    ]
  }

  /// The path of a run's dataset.
  private static func dataset(of run: String, in folder: TemporaryFolder) throws -> String {
    let job: JobDescription = try CanonicalJSON.value(
      from: try Data(contentsOf: URL(fileURLWithPath: folder("work/runs/\(run)/job.json"))))
    return job.dataset.path.replacing("../../", with: "work/")
  }

  /// What a start prints and ends with, and what a line of the shell prints after it; each start once.
  func outcome(of program: String, _ words: [String], then line: String?, writes: Bool, worker: String?) throws
    -> String
  {
    let key = ([program] + words + [line ?? "", worker ?? ""]).joined(separator: "\0")
    if let known = outcomes.texts.withLock({ $0[key] }) { return known }
    let place = writes ? try copy() : folder
    func filled(_ text: String) -> String { names.reduce(text) { $0.replacing("{\($1.key)}", with: $1.value) } }
    var environment = ["QCALO_WORKSPACE": "work"]
    environment["QCALO_WORKER"] = worker
    let start = try Programs.run(program, words.map(filled), in: place.path, environment: environment)
    var text = "exit \(start.status)\n\(start.output)\(start.errors)"
    if let line {
      let path = Programs.folder.path + ":" + (ProcessInfo.processInfo.environment["PATH"] ?? "")
      let after = try Execution(
        "/bin/sh", ["-c", filled(line)], in: place.path,
        environment: ProcessInfo.processInfo.environment.merging(["QCALO_WORKSPACE": "work", "PATH": path]) { $1 })
      text += after.output + after.errors
    }
    outcomes.texts.withLock { $0[key] = text }
    return text
  }

  private func copy() throws -> TemporaryFolder {
    let place = try TemporaryFolder()
    let copied = try Execution("/bin/cp", ["-a", folder.path + "/.", place.path])
    guard copied.status == 0 else { throw TestFailure("\(copied)") }
    return place
  }

  /// What starts have said, by their words.
  private final class Outcomes: Sendable { let texts = Mutex<[String: String]>([:]) }
}
