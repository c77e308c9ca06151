import Ledger
import Testing

@testable import Reports

@Suite struct ExportTests {
  @Test("The paper's tables in LaTeX, with every special character spelled out")
  func latex() throws {
    let results = try SweepResults("study", in: ResultsTests.Study(seeds: [1]).ledger)
    #expect(try Golden.difference("latex", results.latex()) == nil)
    #expect(
      LaTeX.text("a_b & 50 % of $x^2$ #1 {~} \\ <|>\" ⟨χ²⟩c′ 3 ± 1†")
        == "a\\_b \\& 50 \\% of \\textdollar{}x\\textasciicircum{}2\\textdollar{} \\#1 \\{\\textasciitilde{}\\} \\textbackslash{} \\textless{}\\textbar{}\\textgreater{}\\textquotedblright{} "
        + "$\\langle\\chi^2\\rangle$c$'$ 3 $\\pm$ 1$^\\dagger$")
  }

  @Test("A row that begins with what LaTeX takes for an argument of the line before is kept from it")
  func arguments() throws {
    var results = try SweepResults("study", in: ResultsTests.Study(seeds: [1]).ledger)
    for (row, label) in [(0, "[50, 200]"), (2, "* 2"), (3, " [x]")] { results.rows[row].row.label = label }
    let rows = results.latex().split(separator: "\n").filter { $0.hasSuffix("\\\\") }
    for start in ["    {}[50, 200] & ", "    {}* 2 & ", "    {} [x] & "] {
      #expect(rows.count { $0.hasPrefix(start) } == 1, "\(start) \(rows)")
    }
  }

  @Test("A HEPData submission names its tables' files, and gives the seeds' scatter as the uncertainty")
  func hepData() throws {
    let files = try SweepResults("study", in: ResultsTests.Study(seeds: [1, 3]).ledger).hepData()
    #expect(files.keys.sorted() == ["submission.yaml", "table1.yaml", "table2.yaml"])
    #expect(try Golden.difference("hepdata-submission", files["submission.yaml"] ?? "") == nil)
    #expect(try Golden.difference("hepdata-table", files["table1.yaml"] ?? "") == nil)
  }

  @Test("The CSV bundle holds the rows, the runs, every checkpoint and where it was trained")
  func bundle() throws {
    let study = try ResultsTests.Study(seeds: [1])
    let reader = try Ledger(reading: study.ledger.workspace)
    let files = try SweepResults("study", in: reader).csvBundle(reader)
    func lines(_ name: String) -> Int { (files[name] ?? "").split(separator: "\n").count - 1 }
    #expect(files.count == 5)
    #expect(lines("variants.csv") == 5 && lines("runs.csv") == 5 && lines("attempts.csv") == 3)
    #expect(lines("curves.csv") == 81 + 41 + 41 && lines("energies.csv") == 81 + 41 + 41)
  }
}
