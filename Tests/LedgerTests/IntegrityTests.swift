import Experiment
import Foundation
import GRDB
import Records
import Storage
import TestSupport
import Testing

@testable import Ledger

@Suite struct IntegrityTests {
  let sample: SampleWorkspace
  var path: String { sample.workspace.ledger }

  init() throws {
    sample = try SampleWorkspace()
    let ledger = try Ledger(sample.workspace)
    try ledger.record(sample.plan, source: "a.yaml", datasets: sample.prepared)
    let run = try sample.describe(0, seed: 1)
    try sample.append(SampleWorkspace.attempt(run, checkpoints: 0...600) { 9 + Double($0) }, to: run)
    try ledger.ingest(run: run)
  }

  private func zero(page: Int) throws {
    let file = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
    try file.seek(toOffset: UInt64(page) * 16384)
    try file.write(contentsOf: Data(count: 16384))
    try file.close()
  }

  @Test("A zeroed page is noticed by readers and writers, whichever it is, and a rebuild mends it")
  func zeroed() throws {
    let whole = try Data(contentsOf: URL(fileURLWithPath: path))
    let pages = whole.count / 16384
    #expect(pages > 10)
    for page in 1..<pages {
      try whole.write(to: URL(fileURLWithPath: path))
      try zero(page: page)
      for open in [{ _ = try Ledger(reading: sample.workspace) }, { _ = try Ledger(sample.workspace) }] {
        let error = #expect(throws: LedgerError.self, "page \(page)") { try open() }
        #expect(error?.programEnd == .storageFailure)
        #expect(error?.description.contains("`qcalo collect --rebuild`") ?? false, "\(String(describing: error))")
      }
    }
    try Ledger.rebuild(sample.workspace)
    #expect(try Ledger(reading: sample.workspace).count("checkpoints") == 601)
  }

  @Test("A large ledger is looked at once for each content")
  func large() throws {
    let integrity = Integrity(path: path, limit: 0)
    func check() throws { try DatabaseQueue(path: path).read { try integrity.check($0) } }
    try check()
    #expect(FileManager.default.fileExists(atPath: integrity.note))
    try zero(page: 5)
    #expect(throws: LedgerError.self) { try check() }
    // A note of this content is believed.
    try #require(integrity.largeContent).write(to: URL(fileURLWithPath: integrity.note))
    try check()
    try Ledger.rebuild(sample.workspace)
    #expect(!FileManager.default.fileExists(atPath: integrity.note))
  }

  @Test("Looking at the pages takes none of the transaction's locks away")
  func locks() throws {
    let number = try #require(
      FileManager.default.attributesOfItem(atPath: path)[.systemFileNumber] as? Int)
    func held() throws -> [Substring] {
      try #require(ProcFile.text("/proc/locks")).split(separator: "\n")
        .filter { $0.contains(" \(getpid()) ") && $0.contains(":\(number) ") }
        .map { $0.drop { $0 != " " } }.sorted()
    }
    try Ledger(sample.workspace).writing { db in
      let before = try held()
      #expect(before.count == 2)
      try Integrity(path: path).check(db)
      #expect(try held() == before)
    }
    try Ledger(reading: sample.workspace).reading { db in
      _ = try Ledger.version(db)
      let before = try held()
      #expect(before.count == 1)
      try Integrity(path: path).check(db)
      #expect(try held() == before)
    }
    #expect(try held().isEmpty)
  }

  @Test("A reader that may not write is told whom to ask where a writer was killed; one that may undoes what it began")
  func unfinished() throws {
    let other = Workspace(path: sample.folder("killed"))
    try FileManager.default.createDirectory(atPath: other.path, withIntermediateDirectories: true)
    try DatabaseQueue(path: path).inDatabase { db in
      // So little memory makes SQLite write into the file before the transaction ends: the state that a kill leaves.
      try db.execute(sql: "PRAGMA cache_size = 2")
      try db.execute(sql: "BEGIN; UPDATE checkpoints SET reduced = 1")
      for end in ["", "-journal"] { try FileManager.default.copyItem(atPath: path + end, toPath: other.ledger + end) }
      try db.execute(sql: "ROLLBACK")
    }
    let error = #expect(throws: LedgerError.self) { try Ledger(reading: other, mayWrite: false) }
    #expect(error?.programEnd == .storageFailure)
    #expect(
      error?.description.hasSuffix("should run `qcalo collect` in this workspace") ?? false,
      "\(String(describing: error))")
    #expect(try Ledger(reading: other).query("SELECT max(reduced) FROM checkpoints").rows == [[.real(609)]])
  }

  @Test("What others take in while a ledger is made anew is in the new one")
  func meanwhile() throws {
    let run = try sample.describe(1, seed: 1)
    let report = try Ledger.rebuild(sample.workspace) {
      try sample.append(SampleWorkspace.attempt(run, checkpoints: 0...4) { 9 + Double($0) }, to: run)
      try Ledger(sample.workspace).ingest(run: run)
    }
    let ledger = try Ledger(reading: sample.workspace)
    #expect(try ledger.count("checkpoints") == 606 && report.problems.isEmpty)
    #expect(try ledger.statuses(sweep: sample.plan.name).filter { !$0.attempts.isEmpty }.count == 2)
  }

  @Test("What a killed process with this one's number had made of a ledger is not gone on with")
  func sameNumber() throws {
    let ledger = try Ledger(sample.workspace)
    try ledger.record(sample.plan, source: "gone.yaml", datasets: sample.prepared)
    try FileManager.default.copyItem(atPath: path, toPath: Ledger.asidePath(sample.workspace))
    for folder in [sample.workspace.sweeps, sample.workspace.runs] {
      try FileManager.default.removeItem(atPath: folder)
    }
    try Ledger.rebuild(sample.workspace)
    #expect(try Ledger(reading: sample.workspace).sweeps().isEmpty)
  }

  @Test("A damaged ledger that a link leads to is set aside where it lies")
  func link() throws {
    let place = sample.folder("elsewhere.sqlite")
    try Data("no ledger".utf8).write(to: URL(fileURLWithPath: place))
    try FileManager.default.removeItem(atPath: path)
    try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: place)
    try Ledger.rebuild(sample.workspace)
    #expect(try FileManager.default.destinationOfSymbolicLink(atPath: path) == place)
    #expect(try String(contentsOfFile: place + ".damaged", encoding: .utf8) == "no ledger")
    #expect(try Ledger(reading: sample.workspace).count("checkpoints") == 601)
  }

  @Test("A journal that cannot be read is a problem, and the others are taken in")
  func unreadableJournal() throws {
    let runs = try [sample.describe(1, seed: 1), sample.describe(1, seed: 2)].sorted()
    try FileManager.default.createDirectory(
      atPath: sample.workspace.runFolder(runs[0]) + "/journal/attempt-0001.jsonl", withIntermediateDirectories: true)
    try sample.append(SampleWorkspace.attempt(runs[1], checkpoints: 0...4) { 9 + Double($0) }, to: runs[1])
    let ledger = try Ledger(sample.workspace)
    for records in [6, 0] {
      let report = try ledger.collect()
      #expect(report.records == records && report.problems.count == 1, "\(report)")
      #expect(report.problems.first?.contains("attempt-0001.jsonl: Is a directory") ?? false, "\(report)")
    }
    #expect(try ledger.count("checkpoints") == 606)
  }

  @Test("Folders that cannot be listed are no empty ones")
  func unreadable() throws {
    let run = try sample.describe(1, seed: 1)
    try sample.folder.write("no folder", to: "work/runs/\(run)/journal")
    let report = try Ledger(sample.workspace).collect()
    #expect(report.problems.count == 1 && report.problems[0].contains("/journal"), "\(report.problems)")
    try FileManager.default.removeItem(atPath: sample.workspace.runs)
    try sample.folder.write("no folder", to: "work/runs")
    #expect(throws: StorageError.self) { try Ledger.rebuild(sample.workspace) }
    #expect(try Ledger(reading: sample.workspace).count("checkpoints") == 601)
  }

  @Test("What a killed rebuild has left is removed by the next start that writes")
  func leftOvers() throws {
    for name in ["ledger.sqlite.rebuild-4194305", "ledger.sqlite.rebuild-4194305-journal"] {
      try sample.folder.write("left by a killed process", to: "work/" + name)
    }
    _ = try Ledger(sample.workspace)
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: sample.workspace.path).sorted() == [
        "ledger.sqlite", "runs", "sweeps",
      ])
  }
}
