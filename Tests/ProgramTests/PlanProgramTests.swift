import Foundation
import TestSupport
import Testing

/// What `plan` says beyond its rows, and what the ledger makes of it.
@Suite struct PlanProgramTests {
  private static let frame = """
    dataset:
      source: \(Repository.path("sweeps/data/geant4_pions.hdf5"))
      energies: [65536]
      events: 50
    training:
      checkpoint_interval: 2
    budget:
      checkpoints: 1
    hidden: [5]
    discriminator.hidden: [8]

    """

  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func qcalo(_ arguments: String...) throws -> Programs.Outcome {
    try Programs.run(arguments, in: folder.path, environment: ["QCALO_WORKSPACE": folder("work")])
  }

  /// Columns of a listing, row by row; what is not known is "-".
  private func columns(_ names: [String], of arguments: String...) throws -> [[String]] {
    let outcome = try Programs.run(
      arguments + ["--format", "json"], in: folder.path, environment: ["QCALO_WORKSPACE": folder("work")])
    #expect(outcome.status == 0, "\(outcome.errors)")
    let json = try #require(try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
    let rows = try #require(json.values.compactMap { $0 as? [[String: Any]] }.first)
    return rows.map { row in names.map { name in row[name].flatMap { $0 is NSNull ? nil : "\($0)" } ?? "-" } }
  }

  @Test(arguments: [
    ("0.5h", "0.5 h"), ("30s", "0.01 h"), ("24h", "24 h"), ("1h30m", "1.5 h"), ("10h1s", "10.01 h"),
    ("87600h", "87600 h"),
  ])
  func `the whole training is told to a hundredth of an hour`(time: String, text: String) throws {
    try folder.write(
      Self.frame.replacing("checkpoints: 1", with: "training_time: \(time)") + "variants: [{}]\n", to: "a.yaml")
    let outcome = try qcalo("plan", "a.yaml")
    #expect(outcome.status == 0 && outcome.output.contains("1 run, at most \(text) of training."), "\(outcome.output)")
  }

  @Test(arguments: ["blocked", "interleaved"])
  func `a circuit of the JSON has its own order of CNOTs`(order: String) throws {
    try folder.write(Self.frame + "variants: [{circuit: {cnot: [1, 2], order: \(order)}}]\n", to: "a.yaml")
    let circuits = try columns(["circuit"], of: "plan", "a.yaml")
    #expect(circuits.count == 1 && circuits[0][0].contains(order), "\(circuits)")
  }

  @Test(arguments: [
    ("energies: [65536]", "energies: [65.536]", "did you mean 65536?"),
    ("energies: [65536]", "energies: [65000]", "no events of 65000 MeV; the file has 4096 (600 events), 65536 ("),
    ("events: 50", "events: 5000000", "events of 65536 MeV, too few for 5000000"),
  ])
  func `what the file of showers has not is told before anything is trained`(
    before: String, after: String, words: String
  ) throws {
    try folder.write(Self.frame.replacing(before, with: after) + "variants: [{}]\n", to: "a.yaml")
    let outcome = try qcalo("plan", "a.yaml")
    #expect(outcome.status == 64 && outcome.errors.contains(words) && outcome.output.isEmpty, "\(outcome)")
    #expect(!FileManager.default.fileExists(atPath: folder("work")))
  }

  @Test(arguments: [
    (
      "checkpoints: 1", "checkpoints: 99999999999999999",
      "budget.checkpoints: 99999999999999999 is not in 1 … 100000000"
    ),
    ("energies: [65536]", "energies: [1e19]", "dataset.energies: 1e19 is not in 0.001 … 1000000000 MeV"),
    (
      "checkpoints: 1", "training_time: 99999999999999999999h",
      "budget.training_time: 99999999999999999999h is not in 0.001s … 87600h"
    ),
  ])
  func `a number out of range is refused by every verb that reads it`(old: String, new: String, sentence: String) throws
  {
    try folder.write(Self.frame.replacing(old, with: new) + "variants: [{}]\n", to: "a.yaml")
    let verbs = [
      ["plan", "a.yaml"], ["plan", "a.yaml", "--estimate"], ["lint", "a.yaml", "--site", "generic"],
      ["submit", "a.yaml", "--site", "generic", "--dry-run"], ["run", "a.yaml"],
    ]
    for verb in verbs {
      let outcome = try Programs.run(verb, in: folder.path, environment: ["QCALO_WORKSPACE": folder("work")])
      #expect(outcome.status == 64 && outcome.errors.contains(sentence), "\(verb): \(outcome.errors)")
    }
  }

  @Test(arguments: ["0", "10000001", "9000000000000000000"])
  func `a limit of variants beyond its bound is refused`(limit: String) throws {
    let axis = "[\((1...64).map { "\($0)" }.joined(separator: ", "))]"
    try folder.write(
      Self.frame + "grid: {circuit.repetitions: \(axis), training.batch_size: \(axis), latent: \(axis)}\n", to: "a.yaml"
    )
    for verb in ["plan", "run"] {
      let outcome = try qcalo(verb, "a.yaml", "--limit", limit)
      #expect(outcome.status == 64 && outcome.errors.contains("--limit: \(limit) is not in 1 … 10000000"))
    }
  }

  @Test func `a walltime beyond its bound is refused`() throws {
    try folder.write(Self.frame + "variants: [{}]\n", to: "a.yaml")
    let outcome = try qcalo("plan", "a.yaml", "--estimate", "--walltime", "99999999999999999999h")
    #expect(outcome.status == 64)
    #expect(outcome.errors.contains("--walltime: '99999999999999999999h' is not in 0.001s … 87600h"))
  }

  @Test func `coverage tells what was run in any sweep, what is equivalent to it, and what is open`() throws {
    try folder.write(Self.frame + "variants: [{label: 1x, circuit: {cnot: [1, 2]}}]\n", to: "small.yaml")
    try folder.write(
      Self.frame + """
        grid: {circuit.cnot: [[1, 2], [1]], circuit.rz: [false, true]}
        skip: [{where: {circuit.cnot: [1], circuit.rz: true}, reason: not today}]

        """, to: "points.yaml")
    let names = ["state", "runs", "last_checkpoint", "sweeps", "reason"]
    let blank = try columns(names, of: "plan", "points.yaml", "--coverage")
    #expect(blank.map { $0[0] } == ["open", "open", "open", "skipped"])
    #expect(
      blank[1][4]
        == "computes the same family as +1 +2, no RZ: RZ is inert; neither was run")
    #expect(try qcalo("run", "small.yaml").status == 0)
    let same = "computes the same family as small/1x: RZ is inert"
    #expect(
      try columns(names, of: "plan", "points.yaml", "--coverage") == [
        ["equivalent", "-", "-", "", same], ["run", "1", "1", "small", "-"], ["open", "-", "-", "", "-"],
        ["skipped", "-", "-", "", "not today"],
      ])
    #expect(
      try qcalo("plan", "points.yaml", "--coverage").output.contains(
        "4 different points: 1 run, 1 equivalent to one that was, 1 open (1 different families), 1 skipped."))
  }

  @Test func `families of the slides' generators: what is inert, what is the same, closed forms`() throws {
    let names = ["models", "effective_angles", "inert", "same_as", "part_of", "inputs"]
    let rows = try columns(names, of: "plan", Repository.path("sweeps/study.yaml"), "--families")
    #expect(rows.map { $0[0] }.prefix(4) == ["1/1", "1/2", "1/3, 2/1", "1/4, 2/2"])
    #expect(rows[2].dropFirst() == ["10", "φ0 … φ9", "1/1: RZ is inert", "", rows[0][5]])
    #expect(rows[3][5] == "0; 0,1; 1,2; 0,2,3; 0,1,3,4; 1,2,4,5; 0,2,3,5,6; 0,1,3,4,6,7; 1,2,4,5,7,8; 0,2,3,5,6,8,9")
    let twice = try #require(rows.first { $0[0] == "3/2x" })
    #expect(twice[1] == "30" && twice[2] == "φ0 … φ9 of repetition 2" && twice[3] == "-")
    #expect(try qcalo("plan", Repository.path("sweeps/full-template.yaml")).output.contains("123 different families"))
  }

  @Test func `what is left out as equivalent stands in the ledger and the results with the reason`() throws {
    try folder.write(
      Self.frame + "variants: [{label: a, circuit: {rz: false}}, {label: b, circuit: {}}]\n", to: "small.yaml")
    #expect(try qcalo("run", "small.yaml", "--skip-equivalent").status == 0)
    let rows = try columns(["label", "id", "same_family_as", "state"], of: "results", "small.yaml")
    #expect(rows[1][2] == rows[0][1])
    #expect(rows[1][3].contains("computes the same family as a: RZ is inert"), "\(rows[1])")
    #expect(try qcalo("run", "small.yaml").status == 0)
    #expect(try qcalo("results", "small.yaml").output.contains("a and b compute the same family of functions"))
  }

  @Test func `the sceptic's controls train`() throws {
    try folder.write(
      """
      extends: \(Repository.path("sweeps/controls.yaml"))
      name: controls
      seeds: 1
      dataset.events: 50
      training.checkpoint_interval: 1
      budget.checkpoints: 1

      """, to: "controls.yaml")
    let trained = try qcalo("run", "controls.yaml")
    #expect(trained.status == 0, "\(trained.errors)")
    let rows = try columns(["label", "last_checkpoint", "best_reduced"], of: "results", "controls.yaml")
    #expect(rows.count == 11 && rows.allSatisfy { $0[1] == "1" && Double($0[2]) != nil }, "\(rows)")
  }
}
