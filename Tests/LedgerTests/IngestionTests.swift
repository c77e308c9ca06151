import Ansatz
import Experiment
import Foundation
import GRDB
import TestSupport
import Testing

@testable import Ledger

@Suite struct IngestionTests {
  @Test("A recorded sweep has its rows, its runs and the template's axes in typed columns")
  func plan() throws {
    let sample = try SampleWorkspace()
    let ledger = try Ledger(sample.workspace)
    try ledger.record(sample.plan, source: "sweeps/small.yaml", datasets: sample.prepared)
    let rows = try ledger.reading { db in
      try Row.fetchAll(
        db,
        sql: """
          SELECT label, cnot, cnot1, cnot2, cnot3, rz, repetitions, hidden, generator_learning_rate, departures, skip,
            (SELECT count(*) FROM sweep_runs x WHERE x.position = s.position) AS runs
          FROM sweep_variants s JOIN variants v ON v.id = s.variant ORDER BY position
          """)
    }
    #expect(
      rows.map { $0.databaseValues.map { $0.isNull ? "-" : "\($0.storage.value ?? "")" }.joined(separator: "|") } == [
        "Classical|-|-|-|-|-|-|50,200|0.0001||-|2",
        "2x|1,2|1|1|0|1|2|50,200|0.0002|generator_learning_rate 0.0002|-|2",
        "3x|1,2|1|1|0|1|2|50,200|0.0001||not good for [100, #voxels]|0",
      ])
    let parameters = try ledger.reading { try Int.fetchAll($0, sql: "SELECT generator_parameters FROM runs") }
    #expect(parameters == [118_383, 118_383, 118_383, 118_383])
  }

  @Test("A row that computes the same family as an earlier one says so")
  func family() throws {
    var sample = try SampleWorkspace()
    var row = sample.plan.variants[0]
    row.variant.generator.circuit = Circuit(rz: false)
    sample.plan.variants.append(row)
    row.variant.generator.circuit = Circuit(rz: true)
    row.label = "with RZ"
    sample.plan.variants.append(row)
    let ledger = try Ledger(sample.workspace)
    try ledger.record(sample.plan, source: "a.yaml", datasets: sample.prepared)
    let rows = try ledger.rows(of: "small")
    #expect(rows.map(\.sameAs) == [nil, nil, nil, nil, rows[3].id])
    #expect(rows[4].sameBecause == "RZ is inert" && rows[3].sameBecause == nil)
  }

  @Test("A changed plan takes the old one's place: what nobody asks for and never began is gone")
  func changedPlan() throws {
    var sample = try SampleWorkspace()
    let ledger = try Ledger(sample.workspace)
    try ledger.record(sample.plan, source: "a.yaml", datasets: sample.prepared)
    let begun = try sample.describe(1, seed: 1)
    try ledger.ingest(run: begun)
    sample.plan.variants.removeLast(2)
    try ledger.record(sample.plan, source: "a.yaml", datasets: sample.prepared)
    let runs = try ledger.reading { try String.fetchAll($0, sql: "SELECT id FROM runs ORDER BY id") }
    #expect(Set(runs) == [sample.job(0, seed: 1).run, sample.job(0, seed: 2).run, begun])
    #expect(try ledger.reading { try Int.fetchOne($0, sql: "SELECT count(*) FROM variants") } == 2)
    #expect(try ledger.dump() == dumpOfRebuilt(sample.workspace))
  }

  @Test("Taking a journal in twice, or in pieces, gives the same rows as once")
  func idempotent() throws {
    let sample = try SampleWorkspace()
    let ledger = try Ledger(sample.workspace)
    let run = try sample.describe(0, seed: 1)
    let text = try SampleWorkspace.attempt(run, exit: .finished).map(SampleWorkspace.sealed).joined()
    var rest = text[...]
    var records = 0
    while !rest.isEmpty {
      try sample.append(String(rest.prefix(97)), to: run)
      rest = rest.dropFirst(97)
      records += try ledger.ingest(run: run).records
    }
    #expect(records == 6)
    var report = IngestReport()
    (report.records, report.descriptions) = (records, 1)
    #expect(report.summary == "6 records and 1 description taken in; 0 problems.")
    #expect(try ledger.ingest(run: run) == IngestReport())
    #expect(try ledger.count("checkpoints") == 4)
    #expect(try ledger.count("evaluations") == 8)
    #expect(try ledger.count("events") == 2)
    let pieces = try ledger.dump()
    #expect(pieces == (try dumpOfRebuilt(sample.workspace)))
    #expect(try ledger.reading { try String.fetchAll($0, sql: "PRAGMA integrity_check") } == ["ok"])
  }

  @Test("A torn last line stays until it is whole")
  func torn() throws {
    let sample = try SampleWorkspace()
    let ledger = try Ledger(sample.workspace)
    let run = try sample.describe(0, seed: 1)
    let lines = try SampleWorkspace.attempt(run).map(SampleWorkspace.line)
    try sample.append(lines[0] + lines[1].prefix(40), to: run)
    #expect(try ledger.ingest(run: run).records == 1)
    try sample.append(String(lines[1].dropFirst(40)), to: run)
    let report = try ledger.ingest(run: run)
    #expect(report.records == 1 && report.problems.isEmpty)
    #expect(try ledger.count("checkpoints") == 1)
  }

  @Test("A journal that was cut or rewritten is read again, and nothing of the old text stays")
  func rewritten() throws {
    let sample = try SampleWorkspace()
    let ledger = try Ledger(sample.workspace)
    let run = try sample.describe(0, seed: 1)
    try sample.append(SampleWorkspace.attempt(run), to: run)
    try ledger.ingest(run: run)
    for checkpoints in [0...1, 0...2, 0...3] {
      try FileManager.default.removeItem(atPath: sample.journalPath(run))
      try sample.append(SampleWorkspace.attempt(run, checkpoints: checkpoints) { _ in 7.5 }, to: run)
      try ledger.ingest(run: run)
      #expect(try ledger.count("checkpoints") == checkpoints.count)
      #expect(try ledger.reading { try Double.fetchSet($0, sql: "SELECT reduced FROM checkpoints") } == [7.5])
    }
    #expect(try ledger.dump() == dumpOfRebuilt(sample.workspace))
  }

  @Test(
    "A journal in whose place another of the same length came is read again, wherever they differ", arguments: [1, 40])
  func sameLength(difference: Int) throws {
    let sample = try SampleWorkspace()
    let ledger = try Ledger(sample.workspace)
    let run = try sample.describe(0, seed: 1)
    let path = sample.journalPath(run)
    func write(to last: Int = 40, _ values: @escaping (Int) -> Double) throws {
      let records = SampleWorkspace.attempt(run, checkpoints: 0...last, chi2: values)
      try Data(records.map(SampleWorkspace.line).joined().utf8).write(to: URL(fileURLWithPath: path))
    }
    try sample.append("", to: run)
    try write { _ in 1.5 }
    let size = try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int
    try ledger.ingest(run: run)
    try write { $0 == difference ? 0.5 : 1.5 }
    let now = try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int
    #expect(size == now)
    try ledger.ingest(run: run)
    let curve = try #require(try ledger.curves(of: [run])[run])
    #expect(curve.reduced == (0...40).map { $0 == difference ? 0.5 : 1.5 })
    #expect(try ledger.dump() == dumpOfRebuilt(sample.workspace))
    // Of a longer one nothing stays.
    try write(to: 5) { _ in 2.5 }
    try ledger.ingest(run: run)
    #expect(try ledger.dump() == dumpOfRebuilt(sample.workspace))
  }

  @Test("What takes more than one turn has them, and then the next follows")
  func turns() throws {
    let sample = try SampleWorkspace()
    let ledger = try Ledger(sample.workspace)
    var turns: [String] = []
    try ledger.inTransactions(over: ["a", "b"]) { item, _ in
      turns.append(item)
      return turns.count < 3
    }
    #expect(turns == ["a", "a", "a", "b"])
  }

  @Test("What a job description says of a run stays when a sweep asks for it")
  func described() throws {
    let sample = try SampleWorkspace()
    let ledger = try Ledger(sample.workspace)
    try ledger.ingest(run: sample.describe(0, seed: 1))
    try ledger.record(sample.plan, source: "small.yaml", datasets: sample.prepared)
    let rows = try ledger.reading {
      try Row.fetchAll($0, sql: "SELECT described, budget_checkpoints FROM runs WHERE described")
    }
    #expect(rows.map(\.description) == ["[described:1 budget_checkpoints:3]"])
  }

  @Test("A file among the folders of runs is none of them")
  func stray() throws {
    let sample = try SampleWorkspace()
    try sample.describe(0, seed: 1)
    try sample.folder.write("not a run", to: "work/runs/README")
    let report = try Ledger(sample.workspace).collect()
    #expect(report.descriptions == 1 && report.problems.isEmpty)
  }

  @Test("Data that no run has, but a row, are kept")
  func skippedRow() throws {
    var sample = try SampleWorkspace()
    sample.plan.variants = [sample.plan.variants[2]]
    let ledger = try Ledger(sample.workspace)
    try ledger.record(sample.plan, source: "", datasets: sample.prepared)
    let rows = try ledger.reading {
      try Row.fetchAll($0, sql: "SELECT v.skip, d.sha256 FROM sweep_variants v JOIN datasets d ON d.sha256 = v.dataset")
    }
    #expect(rows.count == 1)
  }

  @Test("A job description that changes anywhere, by a byte, is taken in again")
  func changedDescription() throws {
    let sample = try SampleWorkspace()
    let ledger = try Ledger(sample.workspace)
    let run = try sample.describe(0, seed: 1)
    let path = sample.workspace.jobDescription(run)
    #expect(try ledger.ingest(run: run).descriptions == 1)
    let text = try String(contentsOfFile: path, encoding: .utf8)
    try Data(text.replacing("\"checkpoints\" : 3", with: "\"checkpoints\" : 7").utf8).write(
      to: URL(fileURLWithPath: path))
    #expect(try ledger.ingest(run: run).descriptions == 1)
    #expect(try ledger.reading { try Int.fetchOne($0, sql: "SELECT budget_checkpoints FROM runs") } == 7)
    try Data(contentsOf: URL(fileURLWithPath: path)).write(to: URL(fileURLWithPath: path))
    #expect(try ledger.ingest(run: run).descriptions == 0)
  }

  @Test("Lines that are no records of the journal are passed over and named")
  func foreign() throws {
    let sample = try SampleWorkspace()
    let ledger = try Ledger(sample.workspace)
    let run = try sample.describe(0, seed: 1)
    let lines = try SampleWorkspace.attempt(run).map(SampleWorkspace.line)
    let other = try SampleWorkspace.attempt("other-s1-0").map(SampleWorkspace.line)
    try sample.append(lines[0] + "{\"run\": 1\n" + other[1] + lines[1], to: run)
    let report = try ledger.ingest(run: run)
    #expect(report.records == 2)
    let path = sample.journalPath(run)
    #expect(report.problems.count == 2)
    #expect(report.problems[0].hasPrefix("\(path):2: not a record of this journal: "))
    #expect(
      report.problems[1]
        == "\(path):3: not a record of this journal: it belongs to attempt 1 of other-s1-0; the line is passed over")
    #expect(
      try ledger.reading { try Int.fetchOne($0, sql: "SELECT count(*) FROM events WHERE kind = 'unreadable'") } == 2)
    for _ in 0..<2 { #expect(try ledger.collect().problems == report.problems, "until it is mended") }
    try Data((lines[0] + lines[1]).utf8).write(to: URL(fileURLWithPath: path))
    #expect(try ledger.collect().problems == [])
  }

  @Test(
    "A line that contradicts itself or the job is named with its field each time, and left out; nothing traps on it",
    arguments: [
      ("\"reduced\":15}", "\"reduced\":1.5}", "evaluation.reduced: 1.5 is not chi2 / ndf, 15.0"),
      ("\"checkpoint\":3", "\"checkpoint\":9223372036854775807", "checkpoint: 9223372036854775807 is not in "),
      ("\"checkpoint\":3", "\"checkpoint\":2", "iteration: 3000 is not checkpoint × interval, 2 × 1000"),
      ("\"training\":30", "\"training\":\"nan\"", "cost.training: nan is not in "),
      ("\"penalty\"", "\"penalti\"", "event.checkpoint.diagnostics.penalti: a record has no such key"),
    ])
  func contradiction(_ old: String, _ new: String, _ reason: String) throws {
    let sample = try SampleWorkspace()
    let ledger = try Ledger(sample.workspace)
    let run = try sample.describe(0, seed: 1)
    var lines = try SampleWorkspace.attempt(run, exit: .finished).map(SampleWorkspace.line)
    let changed = lines[4].replacing(old, with: new)
    try #require(changed != lines[4], "\(lines[4])")
    lines[4] = changed
    try sample.append(lines.joined(), to: run)
    for _ in 0..<2 {
      let problems = try ledger.collect().problems
      #expect(problems.count == 1)
      let expected = "\(sample.journalPath(run)):5: not a record of this journal: \(reason)"
      #expect(problems.first?.hasPrefix(expected) == true, "\(problems)")
    }
    #expect(try ledger.points(of: run).map(\.checkpoint) == [0, 1, 2])
    #expect(try ledger.status(of: run).curve.last == 2)
  }

  @Test("A line that was changed after it was written, however well it fits, is named each time and left out")
  func changed() throws {
    let sample = try SampleWorkspace()
    let ledger = try Ledger(sample.workspace)
    let run = try sample.describe(0, seed: 1)
    let records = SampleWorkspace.attempt(run, exit: .finished)
    var lines = try records.map(SampleWorkspace.sealed)
    // All of χ², in every place where it stands: nothing contradicts it.
    lines[4] = lines[4].replacing("420", with: "28").replacing("840", with: "56").replacing(":15", with: ":1")
    try sample.append(lines[..<5].joined(), to: run)
    let path = sample.journalPath(run)
    let named = [
      "\(path):5: not a record of this journal: its checksum does not match: it was changed after it was written; the line "
        + "is passed over"
    ]
    for _ in 0..<2 { #expect(try ledger.collect().problems == named) }
    #expect(try ledger.points(of: run).map(\.checkpoint) == [0, 1, 2])
    // Read from where the reading ended, a line without a checksum is noticed as well.
    try sample.append(SampleWorkspace.line(records[5]), to: run)
    let more =
      named + [
        "\(path):6: not a record of this journal: it has no checksum, and the journal's first line has one: it was changed "
          + "after it was written; the line is passed over"
      ]
    #expect(try ledger.collect().problems == more)
    #expect(try ledger.status(of: run).attempts.last?.ended == nil)
    #expect(try Ledger.rebuild(sample.workspace).problems == more)
    // The checksums' lines taken away from all, as an earlier worker would have written it.
    try Data(records.map(SampleWorkspace.line).joined().utf8).write(to: URL(fileURLWithPath: path))
    #expect(try ledger.collect().problems == [])
    #expect(try ledger.status(of: run).lastCheckpoint == 3)
  }

  @Test(
    "A start or an end whose numbers are none is left out, and the status of the run does not trap", arguments: [0, 5])
  func notANumber(line: Int) throws {
    let sample = try SampleWorkspace()
    let ledger = try Ledger(sample.workspace)
    let run = try sample.describe(0, seed: 1)
    var lines = try SampleWorkspace.attempt(run, exit: .finished).map(SampleWorkspace.line)
    lines[line] = lines[line].replacing("\"time\":1700001000", with: "\"time\":\"nan\"")
      .replacing("\"training\":35", with: "\"training\":\"nan\"")
    try sample.append(lines.joined(), to: run)
    let problems = try ledger.collect().problems
    #expect(problems.count == 1 && problems[0].contains(":\(line + 1): ") && problems[0].contains(": nan is not in "))
    #expect(try ledger.points(of: run).count == 4)
    #expect(try ledger.status(of: run).curve.last == 3)
  }

  @Test("A journal that has vanished under the ledger's rows is told each time, until it is back")
  func vanished() throws {
    let sample = try SampleWorkspace()
    let ledger = try Ledger(sample.workspace)
    let run = try sample.describe(0, seed: 1)
    try sample.append(SampleWorkspace.attempt(run), to: run)
    #expect(try ledger.collect().problems == [])
    let path = sample.journalPath(run)
    try FileManager.default.moveItem(atPath: path, toPath: sample.folder("aside"))
    for _ in 0..<2 {
      #expect(
        try ledger.collect().problems == [
          "\(path): the journal is gone, and the ledger has its 5 lines still; put it back, or make the ledger anew "
            + "without them: qcalo collect --rebuild"
        ])
    }
    #expect(try Ledger.rebuild(sample.workspace).problems == [])
    try FileManager.default.moveItem(atPath: sample.folder("aside"), toPath: path)
    #expect(try Ledger(sample.workspace).collect().problems == [])
  }

  @Test("A run's folder with another run's description, a broken one, or none is named and left alone")
  func strange() throws {
    let sample = try SampleWorkspace()
    let ledger = try Ledger(sample.workspace)
    let run = sample.job(0, seed: 1).run
    try sample.folder.write("{}", to: "work/runs/broken/job.json")
    try sample.folder.write(
      String(decoding: try CanonicalJSON.data(sample.job(0, seed: 1)), as: UTF8.self), to: "work/runs/moved/job.json")
    try sample.append(SampleWorkspace.attempt("nobody"), to: "nobody")
    let report = try ledger.collect()
    let runs = sample.workspace.runs
    #expect(report.records == 0)
    #expect(
      report.problems == [
        "\(runs)/broken/job.json: not a job description: 'schema' is missing; plan the run again to write it",
        "\(runs)/moved/job.json: it describes the run \(run); a run's folder has the run's name",
        "\(runs)/nobody: it has journals but no job description; they are left alone",
      ])
    try sample.append(SampleWorkspace.attempt("broken"), to: "broken")
    for _ in 0..<2 { #expect(try ledger.collect().problems == report.problems, "until it is mended") }
    for name in ["broken", "nobody", "moved"] { try FileManager.default.removeItem(atPath: runs + "/" + name) }
    #expect(try ledger.collect().problems == [])
  }

  @Test("A record of a sweep that cannot be read is told each time, until it is mended")
  func brokenSweep() throws {
    let sample = try SampleWorkspace()
    let ledger = try Ledger(sample.workspace)
    try sample.folder.write("{", to: "work/sweeps/demo.json")
    let first = try ledger.collect().problems
    #expect(first.count == 1 && first[0].contains("sweeps/demo.json: not the record of a sweep: "))
    #expect(try ledger.collect().problems == first)
    try FileManager.default.removeItem(atPath: sample.folder("work/sweeps/demo.json"))
    #expect(try ledger.collect().problems == [])
  }

  @Test("A not-a-number is NULL, an infinity stays, other numbers come back to the bit")
  func numbers() throws {
    let sample = try SampleWorkspace()
    let ledger = try Ledger(sample.workspace)
    let run = try sample.describe(0, seed: 1)
    let values: [Double] = [.nan, .infinity, 0.1 + 0.2, 1e-300]
    try sample.append(SampleWorkspace.attempt(run) { values[$0] }, to: run)
    try ledger.ingest(run: run)
    let found = try ledger.reading {
      try Double?.fetchAll($0, sql: "SELECT reduced FROM checkpoints ORDER BY checkpoint")
    }
    #expect(found == [nil, .infinity, 28 * (0.1 + 0.2) * 2 / 56, 1e-300])
  }

  @Test("A ledger of another version, or a file that is none, says how to make it anew, and that works")
  func rebuilt() throws {
    let sample = try SampleWorkspace()
    try Ledger(sample.workspace).record(sample.plan, source: "a.yaml", datasets: sample.prepared)
    let run = try sample.describe(0, seed: 1)
    try sample.append(SampleWorkspace.attempt(run), to: run)
    let path = sample.workspace.ledger
    try DatabaseQueue(path: path).write { try $0.execute(sql: "PRAGMA user_version = 99") }
    #expect(throws: LedgerError.version(path: path, found: 99)) { try Ledger(sample.workspace) }
    #expect(try Ledger.rebuild(sample.workspace).records == 5)
    #expect(try Ledger(sample.workspace).count("checkpoints") == 4)

    for name in ["ledger.sqlite.rebuild-4194305", "ledger.sqlite.rebuild-4194305-journal"] {
      try sample.folder.write("left by a killed process", to: "work/" + name)
    }
    try Data(repeating: 65, count: 9000).write(to: URL(fileURLWithPath: path))
    #expect(throws: LedgerError.damaged(path: path, reason: "file is not a database")) { try Ledger(sample.workspace) }
    try Ledger.rebuild(sample.workspace)
    #expect(try Ledger(reading: sample.workspace).count("checkpoints") == 4)
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: sample.workspace.path).sorted() == [
        "ledger.sqlite", "ledger.sqlite.damaged", "runs", "sweeps",
      ])
  }

  @Test("A reader sees the last whole state while another process is writing")
  func readerBesideWriter() throws {
    let sample = try SampleWorkspace()
    let ledger = try Ledger(sample.workspace)
    let run = try sample.describe(0, seed: 1)
    try sample.append(SampleWorkspace.attempt(run), to: run)
    try ledger.ingest(run: run)
    let reader = try Ledger(reading: sample.workspace)
    try ledger.writing { db in
      try db.execute(sql: "DELETE FROM checkpoints")
      #expect(try reader.count("checkpoints") == 4)
    }
    #expect(try reader.count("checkpoints") == 0)
    #expect(throws: LedgerError.self) { try reader.writing { try $0.execute(sql: "DELETE FROM runs") } }
  }

  private func dumpOfRebuilt(_ workspace: Workspace) throws -> [String: [String]] {
    try Ledger.rebuild(workspace)
    return try Ledger(reading: workspace).dump()
  }
}

extension Ledger {
  func count(_ table: String) throws -> Int {
    try reading { try Int.fetchOne($0, sql: "SELECT count(*) FROM \(table)") ?? 0 }
  }
}
