import Experiment
import Foundation
import Records
import TestSupport
import Testing

@testable import Ledger

@Suite struct QueryTests {
  let sample: SampleWorkspace
  let reader: Ledger

  init() throws {
    sample = try SampleWorkspace()
    let ledger = try Ledger(sample.workspace)
    try ledger.record(sample.plan, source: "sweeps/small.yaml", datasets: sample.prepared)
    let run = try sample.describe(0, seed: 1)
    try sample.append(SampleWorkspace.attempt(run, checkpoints: 0...2) { [60, 7.5, 9][$0] }, to: run)
    // The second attempt's checkpoint 2 counts.
    try sample.append(
      SampleWorkspace.attempt(run, attempt: 2, from: 1, checkpoints: 2...3) { 5 + Double($0) }, to: run, attempt: 2)
    try ledger.ingest(run: run)
    reader = try Ledger(reading: sample.workspace)
  }

  @Test("Uncertainties are in the ledger; journals of workers that recorded none are read as before")
  func uncertainties() throws {
    let run = try sample.describe(1, seed: 1)
    var records = SampleWorkspace.attempt(run, checkpoints: 0...1) { _ in 5 }
    guard case .checkpoint(var checkpoint) = records[2].event else { throw InputError("no checkpoint") }
    checkpoint.evaluation.uncertainty = 0.25
    checkpoint.evaluation.energies[1].uncertainty = 0.5
    records[2].event = .checkpoint(checkpoint)
    try sample.append(records, to: run)
    try Ledger(sample.workspace).ingest(run: run)
    #expect(try reader.points(of: run).map(\.uncertainty) == [nil, 0.25])
    #expect(try reader.uncertainties(at: [run: 1]) == [run: 0.25])
    #expect(try reader.uncertainties(at: [run: 0]) == [:])
    let energies = try reader.query(
      "SELECT uncertainty FROM energy_curve WHERE run = '\(run)' AND checkpoint = 1 ORDER BY incident_energy")
    #expect(energies.rows == [[.null], [.real(0.5)]])
    #expect(try reader.generatorFile(of: run, at: 1) == "checkpoints/full-1.h5")
    #expect(try reader.generatorFile(of: run, at: 9) == nil)
  }

  @Test("Tables and views have the columns that the schema describes, in its order")
  func columns() throws {
    let described = Schema.tables.map { ($0.name, $0.columns) } + Schema.views.map { ($0.name, $0.columns) }
    let names = try reader.query(
      "SELECT name FROM sqlite_master WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite_%' ORDER BY name")
    #expect(names.rows == described.map(\.0).sorted().map { [.text($0)] })
    for (name, columns) in described {
      let made = try reader.query("SELECT name, type FROM pragma_table_info('\(name)') ORDER BY cid").rows
      #expect(made.map { $0[0] } == columns.map { .text($0.name) }, "\(name)")
      // What a view computes has no type in SQLite.
      for (row, column) in zip(made, columns) where row[1] != .text("") {
        #expect(row[1] == .text(column.kind.rawValue), "\(name).\(column.name)")
      }
    }
  }

  @Test("The views read well in plain SQL")
  func views() throws {
    let results = try reader.query(
      "SELECT label, seed, hidden, best_reduced, best_checkpoint, last_checkpoint, skip FROM results ORDER BY position")
    #expect(
      results.columns == ["label", "seed", "hidden", "best_reduced", "best_checkpoint", "last_checkpoint", "skip"])
    #expect(
      results.rows == [
        [.text("Classical"), .integer(1), .text("50,200"), .real(7), .integer(2), .integer(3), .null],
        [.text("Classical"), .integer(2), .text("50,200"), .null, .null, .null, .null],
        [.text("2x"), .integer(1), .text("50,200"), .null, .null, .null, .null],
        [.text("2x"), .integer(2), .text("50,200"), .null, .null, .null, .null],
        [.text("3x"), .null, .text("50,200"), .null, .null, .null, .text("not good for [100, #voxels]")],
      ])
    let curve = try reader.query("SELECT checkpoint, reduced, attempt FROM curve ORDER BY checkpoint")
    #expect(
      curve.rows == [
        [.integer(0), .real(60), .integer(1)], [.integer(1), .real(7.5), .integer(1)],
        [.integer(2), .real(7), .integer(2)], [.integer(3), .real(8), .integer(2)],
      ])
    #expect(try reader.query("SELECT count(*) FROM energy_curve").rows == [[.integer(8)]])
  }

  @Test(
    "What would write is refused",
    arguments: [
      "DELETE FROM runs", "INSERT INTO runs (id) VALUES ('x')", "DROP TABLE runs", "CREATE TABLE t (a)",
      "UPDATE runs SET seed = 1", "PRAGMA user_version = 7", "PRAGMA user_version(7)",
      "ATTACH '/nowhere/x.sqlite' AS other", "ATTACH ':memory:' AS other", "DETACH main", "CREATE TEMP TABLE t (a)",
      "CREATE TEMP VIEW v AS SELECT 1", "CREATE TEMP TABLE t AS SELECT * FROM runs", "PRAGMA journal_mode = WAL",
      "VACUUM",
      "VACUUM INTO '/nowhere/x.sqlite'", "BEGIN", "COMMIT", "SAVEPOINT a", "REINDEX", "ANALYZE",
      "PRAGMA query_only = 0",
      "PRAGMA writable_schema = 1", "INSERT INTO runs (id) VALUES ('x') RETURNING id",
    ])
  func writing(sql: String) throws {
    #expect(
      throws: LedgerError.query(reason: "it would write; the ledger is only read here, and filled by run and collect")
    ) {
      try reader.query(sql)
    }
    #expect(try reader.query("SELECT count(*) FROM runs").rows == [[.integer(4)]])
  }

  @Test(
    "A mistake is answered with SQLite's reason",
    arguments: [
      (
        "SELECT nowhere FROM runs",
        "query: no such column: nowhere; `qcalo query --tables` lists what there is"
      ),
      (
        "SELECT c.reducd FROM curve c",
        "query: no such column: c.reducd; did you mean reduced? `qcalo query --tables` lists what there is"
      ),
      (
        "SELECT * FROM curves",
        "query: no such table: curves; did you mean curve? `qcalo query --tables` lists what there is"
      ),
      ("SELEKT 1", "query: near \"SELEKT\": syntax error"),
      (
        "SELECT 1; SELECT 2",
        "query: more than one statement; give one at a time"
      ),
      ("", "query: empty statement"),
    ])
  func mistakes(sql: String, sentence: String) throws {
    let error = #expect(throws: LedgerError.self) { try reader.query(sql) }
    #expect(error?.description == sentence)
  }

  @Test("What never ends is given up with a sentence, and the ledger can be asked again")
  func endless() throws {
    let endless = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT"
    let error = #expect(throws: LedgerError.self) { try reader.query("\(endless) max(i) FROM n", seconds: 0.05) }
    #expect(
      error?.description
        == "query: it has not ended within 0.05 s and was given up; ask for less, or give it more --seconds")
    #expect(error?.programEnd == .badInput)
    let rows = try reader.query("\(endless) i FROM n", limit: 3, seconds: 60)
    #expect(rows.rows == [[.integer(1)], [.integer(2)], [.integer(3)]] && rows.isCut)
    #expect(try !reader.query("SELECT id FROM runs", limit: 4).isCut)
    #expect(try reader.query("PRAGMA table_info(runs)").rows.count == 9)
  }

  @Test("A file attached to a query is not made")
  func attach() throws {
    let path = sample.folder("new.sqlite")
    _ = try? reader.query("ATTACH '\(path)' AS other")
    #expect(!FileManager.default.fileExists(atPath: path))
  }

  @Test("Without a ledger, reading says how to make one")
  func absent() throws {
    let workspace = Workspace(path: sample.folder("none"))
    let error = #expect(throws: LedgerError.self) { try Ledger(reading: workspace) }
    #expect(
      error?.description == "opening \(workspace.ledger): there is no ledger; `qcalo run SWEEP` makes one, "
        + "`qcalo collect` makes it from journals")
  }
}
