import Ledger
import Testing

@testable import Reports

@Suite struct RunReportTests {
  private let ledger: Ledger

  init() throws { ledger = try ResultsTests.Study(seeds: [1, 3]).ledger }

  @Test("A run with all that it was given, its attempts and the rows that it trains")
  func report() throws {
    let report = try RunReport(of: "2/s3", in: ledger)
    let settings = report.settingsTable
    let values = Dictionary(uniqueKeysWithValues: settings.rows.map { ($0[0].text, $0[1].text) })
    #expect(
      values["cnot"] == "1,2" && values["seed"] == "3" && values["voxels"] == "533" && values["hidden"] == "50,200")
    #expect(settings.rows.allSatisfy { !$0[2].text.isEmpty })
    let attempts = report.attemptsTable
    #expect(attempts.rows.count == 1 && attempts.rows[0].map(\.text).contains("Budget used."))
    #expect(attempts.notes[0].hasPrefix("It is finished, best χ²/NDF 5.00 at checkpoint 60."))
    #expect(attempts.notes[1] == "It trains study/2/2.")
  }

  @Test("Of two runs only what differs")
  func difference() throws {
    let table = try RunReport(of: "2/s1", against: "Classical/s1", in: ledger).settingsTable
    let names = table.rows.map { $0[0].text }
    #expect(names.contains("cnot") && names.contains("budget_checkpoints") && !names.contains("seed"))
    #expect(table.rows.first { $0[0].text == "cnot" }.map { [$0[1].text, $0[2].text] } == ["1,2", ""])
    let same = try RunReport(of: "2/s1", against: "2/s1", in: ledger).settingsTable
    #expect(same.rows.isEmpty && same.notes == ["They were given the same."])
  }
}
