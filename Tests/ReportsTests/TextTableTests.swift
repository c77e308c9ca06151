import Experiment
import Foundation
import Testing

@testable import Reports

@Suite struct TextTableTests {
  let table = TextTable(
    title: "Models",
    columns: ["model", Column("⟨χ²⟩q", key: "window_mean"), Column("best", key: "best_checkpoint"), "rz", "why"],
    rows: [
      ["2x", .number(3.104_567), 124, .flag(true), .missing],
      ["x̂, \"3x\" | pipe", .number(21.06), .missing, .flag(false), "a\nb\u{1B}"],
    ],
    notes: ["One seed each."])

  @Test("A terminal's table lines numbers up at the right, whatever bytes a heading takes")
  func plain() {
    #expect(
      table.render(.table) == """
        Models
        model           ⟨χ²⟩q  best  rz  why
        ──────────────  ─────  ────  ──  ─────────
        2x               3.10   124  ✓
        x̂, "3x" | pipe   21.1        ✗   a b\\u{1b}
        One seed each.

        """)
  }

  @Test("A wide character takes two columns of a terminal, a combining one none")
  func width() {
    #expect(["", "abc", "χ²", "粒子", "x\u{302}", "a\u{200B}b", "🙂"].map(\.displayWidth) == [0, 3, 2, 4, 1, 2, 2])
  }

  @Test("Energies are told in GeV, from a TeV on in TeV")
  func energies() {
    #expect([4096, 65536, 999_000, 1_048_576].map(energyText) == ["4.10 GeV", "65.5 GeV", "999 GeV", "1.05 TeV"])
    #expect(energyText(200_000) == "200 GeV")
  }

  @Test("Markdown escapes what would end a cell")
  func markdown() {
    #expect(
      table.render(.markdown)
        == """
        **Models**

        | model           | ⟨χ²⟩q | best | rz  | why        |
        | --------------- | ----: | ---: | --- | ---------- |
        | 2x              |  3.10 |  124 | ✓   |            |
        | x̂, "3x" \\| pipe |  21.1 |      | ✗   | a b\\\\u{1b} |

        One seed each.

        """)
  }

  @Test("Marks that turn the reading direction, hide or drive a terminal are seen, in titles and notes too")
  func unseen() {
    let label = "a\u{202e}b\u{1b}[31m\u{200b}\u{9b}"
    let shown = "a\\u{202e}b\\u{1b}[31m\\u{200b}\\u{9b}"
    let table = TextTable(title: label, columns: ["x"], rows: [[.text(label)]], notes: [label])
    let lines = table.render(.table).split(separator: "\n")
    #expect([lines[0], lines[3], lines[4]].map(String.init) == [shown, shown, shown])
    #expect(table.render(.csv) == "x\n\(label)\n")
    #expect(table.printable.render(.csv) == "x\n\(shown)\n")
  }

  @Test("A spreadsheet is given no text that it would run, and every number as it is")
  func spreadsheets() {
    let texts = ["=1+1", "+x", "-x", "@x", "\tx", "-5", "1x", ""]
    let table = TextTable(columns: ["=a"], rows: texts.map { [.text($0)] } + [[.number(-2.5)], [.integer(-1)]])
    #expect(
      table.spreadsheetSafe.render(.csv)
        == "'=a\n'=1+1\n'+x\n'-x\n'@x\n'\tx\n-5\n1x\n\n-2.5\n-1\n")
    #expect(table.render(.csv).hasPrefix("=a\n=1+1\n"))
  }

  @Test("CSV: keys as headings, all digits, quotes doubled")
  func csv() {
    #expect(
      table.render(.csv) == "model,window_mean,best_checkpoint,rz,why\n" + "2x,3.104567,124,true,\n"
        + "\"x̂, \"\"3x\"\" | pipe\",21.06,,false,\"a\nb\u{1B}\"\n")
  }

  @Test("JSON keeps numbers as numbers, and is JSON")
  func json() throws {
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(table.render(.json).utf8)) as? [String: Any])
    #expect(object["schema"] as? Int == 1)
    #expect(object["title"] as? String == "Models")
    #expect(object["notes"] as? [String] == ["One seed each."])
    let rows = try #require(object["rows"] as? [[String: Any]])
    #expect(rows[0]["window_mean"] as? Double == 3.104_567)
    #expect(rows[0]["best_checkpoint"] as? Int == 124)
    #expect(rows[0]["rz"] as? Bool == true)
    #expect(rows[0]["why"] is NSNull)
    #expect(rows[1]["why"] as? String == "a\nb\u{1B}")
  }

  @Test("An empty table is its headings, and an empty list")
  func empty() {
    let table = TextTable(columns: ["a", "b"], rows: [])
    #expect(table.render(.table) == "a  b\n─  ─\n")
    #expect(table.render(.csv) == "a,b\n")
    #expect(table.render(.json) == "{\n  \"schema\": 1,\n  \"rows\": []\n}\n")
  }

  @Test(
    "Numbers are shown with three significant digits, as the slides do",
    arguments: [
      (45.86, "45.9"), (2.126, "2.13"), (0.0123, "0.0123"), (0, "0.00"), (9.996, "10.0"), (118_383, "118383"),
      (1e-7, "1.00e-07"), (.infinity, "inf"), (-3.14159, "-3.14"), (0.9996, "1.00"),
    ])
  func digits(value: Double, text: String) { #expect(Cell.number(value).text == text) }

  @Test("A dash says that there cannot be a number, which is null for programs")
  func inapplicable() {
    let table = TextTable(columns: ["a"], rows: [[.inapplicable], [12]])
    #expect(table.render(.table) == "a\n──\n –\n12\n".replacing("a\n──", with: " a\n──"))
    #expect(table.render(.csv) == "a\n\n12\n")
    #expect(table.render(.json).contains("{\"a\": null}"))
  }

  @Test("A seed has all its digits, also where it is more than a whole number holds")
  func seeds() {
    #expect(Cell(seed: 7) == .integer(7))
    #expect(Cell(seed: UInt64(Int64.max)) == .integer(.max))
    #expect(Cell(seed: .max).text == "18446744073709551615")
  }

  @Test("Tables of one kind are joined column by column")
  func joined() throws {
    let one = TextTable(columns: ["a", "b"], rows: [[1, 2]], notes: ["n"])
    let other = TextTable(columns: ["b", "c"], rows: [[3, 4]], notes: ["n"])
    let joined = try #require(TextTable(joining: [one, other]))
    #expect(joined.render(.csv) == "a,b,c\n1,2,\n,3,4\n")
    #expect(joined.notes == ["n"])
    #expect(TextTable(joining: []) == nil)
  }

  @Test("A mean and its standard deviation share their decimals")
  func spread() {
    #expect(Cell.spread(mean: 2.2249, deviation: 0.314).text == "2.22 ± 0.31")
    #expect(Cell.spread(mean: 45.91, deviation: 3.26).text == "45.9 ± 3.3")
    #expect(Cell.spread(mean: -0.0774, deviation: 5.847).text == "-0.08 ± 5.85")
    #expect(Cell.spread(mean: 1e-9, deviation: 2e-10).text == "1.00e-09 ± 2.00e-10")
  }
}
