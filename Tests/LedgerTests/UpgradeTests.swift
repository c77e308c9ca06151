import Experiment
import Foundation
import GRDB
import TestSupport
import Testing

@testable import Ledger

/// `Workspaces/schema-N` is a workspace as qcalo with schema N wrote it, by its own encoders: a run that was interrupted and
/// resumed, and one whose only evaluation has no degrees of freedom; a submission and a rehearsal.
///
/// Schemas 1 to 3 wrote the bytes of 4 where they had such files at all. `schema-13` is what its `run` and `evaluate` left of each
/// kind that is no GAN of the study's template, with sums of lines and metrics. Whoever changes what is written adds a folder.
@Suite struct UpgradeTests {
  let folder: TemporaryFolder
  let workspace: Workspace

  init() throws {
    folder = try TemporaryFolder()
    workspace = Workspace(path: folder("work"))
  }

  /// Takes the files of a version, and a ledger that it has made.
  private func take(schema: Int) throws {
    try FileManager.default.copyItem(
      atPath: Repository.path("Tests/LedgerTests/Workspaces/schema-\(schema)"), toPath: workspace.path)
    try DatabaseQueue(path: workspace.ledger).write {
      try $0.execute(sql: "CREATE TABLE sweeps (name TEXT); PRAGMA user_version = \(schema)")
    }
  }

  private func set(schema: Int) throws {
    try DatabaseQueue(path: workspace.ledger).write { try $0.execute(sql: "PRAGMA user_version = \(schema)") }
  }

  /// Holds what the ledger answers against rows of values with a blank between them.
  private func expect(_ sql: String, gives rows: [String], _ location: SourceLocation = #_sourceLocation) throws {
    let found = try Ledger(reading: workspace).reading { db in
      try Row.fetchAll(db, sql: sql).map { $0.databaseValues.map(\.description).joined(separator: " ") }
    }
    #expect(found == rows, sourceLocation: location)
  }

  @Test("Journals and records of every schema are read whole, and their runs are the same runs", arguments: 4...7)
  func everySchema(schema: Int) throws {
    try take(schema: schema)
    #expect(try Ledger.rebuild(workspace).problems == [])
    try expect("SELECT name, variants FROM sweeps", gives: ["\"small\" 3"])
    // A run's name is computed of the plan as it was recorded.
    try expect(
      "SELECT x.position, x.seed FROM sweep_runs x JOIN runs r ON r.id = x.run WHERE r.described",
      gives: ["0 1", "1 2"])
    try expect(
      "SELECT attempt, exit, from_checkpoint, last_checkpoint, threads FROM attempts ORDER BY run, attempt",
      gives: ["1 75 NULL 1 \(schema < 6 ? 1 : 2)", "2 0 1 3 1", "1 NULL NULL 0 1"])
    let uncertainty = schema < 5 ? "NULL" : "0.125"
    try expect(
      "SELECT checkpoint, attempt, reduced, uncertainty, ndf FROM checkpoints ORDER BY run, checkpoint",
      gives: [
        "0 1 60.0 \(uncertainty) 56", "1 1 30.0 \(uncertainty) 56", "2 2 20.0 NULL 56", "3 2 15.0 NULL 56",
        "0 1 NULL NULL 0",
      ])
    try expect(
      "SELECT incident_energy, reduced, mean_response FROM evaluations WHERE checkpoint = 3",
      gives: ["4096.0 15.0 0.7", "65536.0 15.0 0.71"])
    try expect("SELECT text FROM events WHERE kind = 'notice'", gives: [#""A \"notice\".""#])
    try expect("SELECT name, site, cluster FROM submissions", gives: ["\"small-1\" \"lxbatch\" 42"])
    try expect("SELECT passed, kills, killed FROM rehearsals", gives: ["1 2 1"])
  }

  @Test("Other kinds, general circuits, shots and metrics of schema 13 are read whole") func otherKinds() throws {
    try take(schema: 13)
    #expect(try Ledger.rebuild(workspace).problems == [])
    try expect(
      "SELECT r.label, r.kind, r.rotations, r.shots, count(k.checkpoint), max(k.inversion_rank), max(k.inversion_numbers) "
        + "FROM results r JOIN checkpoints k USING (run) GROUP BY r.position ORDER BY r.position",
      gives: [
        #""stage" "gan" "z,y,x" NULL 2 NULL NULL"#, #""general" "gan" "x,z" 100 2 NULL NULL"#,
        #""coupling" "coupling" NULL NULL 2 8 8"#, #""by itself" "qinn" "z,y,x" NULL 2 0 533"#,
        #""parametric" "parametric" NULL NULL 2 NULL NULL"#,
      ])
    try expect(
      "SELECT r.label, m.checkpoint, m.events, m.held_out FROM results r JOIN metrics m USING (run) ORDER BY r.position",
      gives: [
        "\"stage\" 0 100 1", "\"general\" 0 100 1", "\"coupling\" 0 100 1", "\"by itself\" 0 100 1",
        "\"parametric\" 1 100 1",
      ])
    try expect("SELECT exit, count(*) FROM attempts GROUP BY exit", gives: ["0 5"])
  }

  @Test(
    "An earlier ledger is made anew, which is said before and behind; it stays beside the new one",
    arguments: 1..<Schema.version)
  func upgraded(schema: Int) throws {
    try take(schema: 4)
    try set(schema: schema)
    let path = workspace.ledger
    var said: [String] = []
    try Ledger.upgrade(workspace) { said.append($0) }
    #expect(
      said == [
        "\(path) has schema \(schema), of an earlier qcalo: making it anew from the journals",
        "\(path) has schema \(Schema.version) now, from 11 records and 5 descriptions. \(path).schema-\(schema) is the earlier "
          + "one; nothing needs it",
      ])
    try expect("SELECT name FROM sweeps", gives: ["\"small\""])
    let earlier = try DatabaseQueue(path: "\(path).schema-\(schema)").read {
      try Int.fetchOne($0, sql: "PRAGMA user_version")
    }
    #expect(earlier == schema)
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: workspace.path).sorted()
        == ["ledger.sqlite", "ledger.sqlite.schema-\(schema)", "rehearsals", "runs", "submissions", "sweeps"])
    try Ledger.upgrade(workspace) { Issue.record("there is nothing to do: \($0)") }
  }

  @Test("What could not be read on the way is told") func problems() throws {
    try take(schema: 4)
    try folder.write("{", to: "work/sweeps/other.json")
    var said: [String] = []
    try Ledger.upgrade(workspace) { said.append($0) }
    #expect(said.last?.contains("; `qcalo collect` says what could not be read. ") ?? false, "\(said)")
  }

  @Test("A newer ledger is left alone and refused in a sentence, and an earlier one that nobody has made anew")
  func refused() throws {
    try take(schema: 7)
    let path = workspace.ledger
    for (schema, remedy) in [
      (99, "a newer qcalo has made it; use that, or another workspace (--workspace)"),
      (1, "who may write here makes it anew from the journals by `qcalo collect`"),
    ] {
      try set(schema: schema)
      if schema == 99 { try Ledger.upgrade(workspace) { Issue.record("\($0)") } }
      for open in [{ _ = try Ledger(reading: workspace) }, { _ = try Ledger(workspace) }] {
        let error = #expect(throws: LedgerError.version(path: path, found: schema)) { try open() }
        #expect(
          error?.description
            == "opening \(path): it has schema \(schema) and this qcalo, \(BuildInfo.version), has \(Schema.version): "
            + remedy)
      }
    }
  }

  @Test("Nothing is done to a workspace without a ledger, or to what is none") func nothing() throws {
    try Ledger.upgrade(workspace) { Issue.record("\($0)") }
    try folder.write(String(repeating: "no database ", count: 1000), to: "work/ledger.sqlite")
    try Ledger.upgrade(workspace) { Issue.record("\($0)") }
    #expect(try FileManager.default.contentsOfDirectory(atPath: workspace.path) == ["ledger.sqlite"])
  }
}
