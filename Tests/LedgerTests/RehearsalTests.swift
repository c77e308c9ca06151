import Experiment
import Foundation
import Records
import TestSupport
import Testing

@testable import Ledger

@Suite struct RehearsalTests {
  let folder: TemporaryFolder
  var workspace: Workspace { Workspace(path: folder.path) }

  init() throws { folder = try TemporaryFolder() }

  @discardableResult
  private func write(
    _ run: String, binary: String = "b", processor: String = "EPYC", kills: Int, passed: Bool = true, time: Double = 1
  ) throws -> RehearsalRecord {
    let provenance = Provenance(
      binary: String(repeating: binary, count: 64), commit: "abc", numericsVersion: 2, host: "h", processor: processor,
      kernels: "avx2", pid: 7)
    let record = RehearsalRecord(
      run: run, time: time, provenance: provenance, checkpoints: 4,
      kills: (0..<kills).map {
        .init(signal: $0 % 2 == 0 ? "KILL" : "TERM", seconds: 0.5, place: $0 == 0 ? .checkpoint : .training)
      },
      passed: passed)
    try folder.write(
      String(decoding: CanonicalJSON.data(record, pretty: true), as: UTF8.self), to: "rehearsals/" + record.fileName)
    return record
  }

  @Test("a rehearsal is taken in once, counts for its binary and processor, and a rebuilt ledger has it too")
  func ingestion() throws {
    let first = try write("a-s1-00", kills: 5)
    try write("b-s1-00", kills: 3)
    try write("a-s1-00", processor: "Xeon", kills: 2, passed: false)
    // What a rehearsal that is going on trains is not its record.
    try folder.write("{}", to: "rehearsals/a-s1-00/undisturbed/job.json")
    let ledger = try Ledger(workspace)
    #expect(try ledger.collect().descriptions == 3)
    #expect(try ledger.collect().descriptions == 0)
    var other = Platform(first.provenance)
    other.processor = "Xeon"
    #expect(
      try ledger.rehearsals() == [
        Platform(first.provenance): .init(kills: 8, failures: 0), other: .init(kills: 2, failures: 1),
      ])
    let found = try Ledger(reading: workspace).query(
      "SELECT run, kills, killed, inside_writes, passed FROM rehearsals WHERE name = '\(first.fileName)'")
    #expect(found.rows == [[.text("a-s1-00"), .integer(5), .integer(3), .integer(1), .integer(1)]])
    let before = try ledger.dump()
    try Ledger.rebuild(workspace)
    #expect(try Ledger(reading: workspace).dump() == before)
  }

  @Test("a later rehearsal of the same run by the same binary takes the place of the one before")
  func again() throws {
    let ledger = try Ledger(workspace)
    let record = try write("a-s1-00", kills: 5, passed: false)
    try ledger.collect()
    try write("a-s1-00", kills: 6, time: 2)
    try ledger.collect()
    #expect(try ledger.rehearsals() == [Platform(record.provenance): .init(kills: 6, failures: 0)])
  }

  @Test("a record that cannot be read is a problem with its file")
  func broken() throws {
    let path = try folder.write("{\"run\": 3}", to: "rehearsals/x.json")
    let report = try Ledger(workspace).collect()
    #expect(report.descriptions == 0)
    #expect(report.problems.count == 1)
    #expect(report.problems[0].hasPrefix("\(path): not the record of a rehearsal: "))
  }
}
