import Experiment
import Ledger
import Testing

@testable import Reports

@Suite struct ListingTests {
  @Test("Status: what each run needs, and the sum")
  func status() throws {
    let study = try ResultsTests.Study(seeds: [1])
    let table = TextTable(try study.ledger.statuses(sweep: "study"), title: "Status of study")
    #expect(try Golden.difference("status", table.render(.table)) == nil)
  }

  @Test("Status says of each binary and processor whether it has been rehearsed")
  func rehearsals() throws {
    let study = try ResultsTests.Study(seeds: [1])
    let statuses = try study.ledger.statuses(sweep: "study")
    let platform = try #require(statuses.compactMap(\.platform).first)
    let runs = statuses.count { $0.platform == platform }
    func note(_ rehearsals: [Platform: RehearsalSummary]) -> String? {
      TextTable(statuses, rehearsals: rehearsals).notes.dropFirst().first
    }
    let known = "\(runs) runs trained by binary \(platform.binary.prefix(12)) on \(platform.processor), avx2: "
    #expect(note([:]) == known + "not rehearsed (`qcalo rehearse`).")
    #expect(
      note([platform: .init(kills: 7, failures: 0)]) == known + "rehearsed, 7 kills without a difference.")
    #expect(note([platform: .init(kills: 7, failures: 1)]) == known + "NOT bit-identical in a rehearsal.")
  }

  @Test("A curve as a table, with its best checkpoint below")
  func curve() throws {
    let study = try ResultsTests.Study(seeds: [1])
    let report = try CurveReport(of: "ry-rz-cnot12", in: study.ledger)
    #expect(report.points.count == 81)
    #expect(report.table.notes == ["Best: 3.00 at checkpoint 60."])
    #expect(report.table.rows[60].map(\.text).prefix(5) == ["60", "60000", "3.00", "84.0", "28"])
    #expect(report.plot.contains("χ²/NDF of ry-rz-cnot12-x1-50-200-s1-78f5a63da1f1"))
    #expect(throws: LedgerError.self) { try CurveReport(of: "nobody", in: study.ledger) }
  }

  @Test("A query's columns of the same name are numbered for programs")
  func query() {
    let result = QueryResult(
      columns: ["a", "a", "b"], rows: [[.integer(1), .text("x"), .null], [.real(0.1), .bytes(3), .integer(2)]])
    let table = TextTable(result)
    #expect(table.render(.csv) == "a,a_2,b\n1,x,\n0.1,(3 bytes),2\n")
    #expect(table.render(.table).hasPrefix("  a  a          b\n"))
    // A number that another column's name has already is passed over.
    let numbered = QueryResult(columns: ["a", "a", "a_2", "a"], rows: [])
    #expect(TextTable(numbered).render(.csv) == "a,a_3,a_2,a_4\n")
  }

  @Test(
    "Durations",
    arguments: [(0, "0 s"), (0.25, "0.25 s"), (59.4, "59 s"), (60, "0:01:00"), (90061, "25:01:01")])
  func durations(seconds: Double, text: String) { #expect(duration(seconds) == text) }

  @Test("The reference of the ledger has every table, view and column, each with its meaning")
  func reference() {
    let table = TextTable.ledgerReference
    let counts = Schema.tables.map(\.columns.count) + Schema.views.map(\.columns.count)
    #expect(table.rows.count == counts.reduce(0) { $0 + 1 + $1 })
    #expect(table.rows.allSatisfy { $0[3] != .text("") })
    #expect(Set(Schema.tables.flatMap { $0.columns.map(\.kind.rawValue) }) == ["INTEGER", "FLOAT", "TEXT"])
  }
}
