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
