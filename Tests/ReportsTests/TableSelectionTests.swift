import Experiment
import Foundation
import Storage
import Testing

@testable import Reports

@Suite struct TableSelectionTests {
  private let table = TextTable(
    columns: [
      Column("model", key: "label", importance: 9), Column("χ²/NDF", key: "best_reduced", importance: 8),
      Column("state", isSaidOnce: true), Column(detail: "run"), Column("long", importance: 0),
    ],
    rows: [
      ["2x", .spread(mean: 3, deviation: 1), "finished", "b-1", "some text that is long"],
      ["Classical", .number(4), "finished", "a-2", "another"], ["3x", .missing, "finished", "c-3", ""],
    ])

  private func labels(_ selection: TableSelection) throws -> [String] {
    try selection.applied(to: table).rows.map { $0[0].text }
  }

  @Test(arguments: [
    ("best_reduced<3.5", ["2x"]), ("χ²/NDF >= 3", ["2x", "Classical"]), ("label=Classical", ["Classical"]),
    ("label!=Classical", ["2x", "3x"]), ("label~X", ["2x", "3x"]), ("run>b", ["2x", "3x"]),
    ("best_reduced=4.0", ["Classical"]),
    ("long<z", ["2x", "Classical"]),
  ])
  func `rows are chosen by numbers or texts`(condition: String, expected: [String]) throws {
    let parsed = try #require(TableSelection.Condition(condition))
    #expect(try labels(TableSelection(conditions: [parsed])) == expected)
  }

  @Test(arguments: ["best", "<3", ""]) func `a condition has a column and a relation`(text: String) {
    #expect(TableSelection.Condition(text) == nil)
  }

  @Test func `rows are sorted, what is not there last`() throws {
    #expect(try labels(TableSelection(order: "best_reduced")) == ["2x", "Classical", "3x"])
    #expect(try labels(TableSelection(order: "run")) == ["Classical", "2x", "3x"])
    #expect(try labels(TableSelection(order: "run", isReversed: true)) == ["3x", "2x", "Classical"])
    #expect(try labels(TableSelection(order: "best_reduced", isReversed: true)) == ["Classical", "2x", "3x"])
    #expect(try labels(TableSelection(isReversed: true)) == ["3x", "Classical", "2x"])
  }

  @Test(arguments: [false, true]) func `what is no number or does not apply is the last, reversed too`(
    isReversed: Bool
  ) throws {
    let cells: [Cell] = [.missing, .number(.nan), .number(1), .inapplicable, .number(2), .number(.nan), .number(0)]
    let table = TextTable(columns: ["x"], rows: cells.map { [$0] })
    let sorted = try TableSelection(order: "x", isReversed: isReversed).applied(to: table)
    #expect(
      sorted.rows.prefix(3).map { $0[0].text } == (isReversed ? ["2.00", "1.00", "0.00"] : ["0.00", "1.00", "2.00"]))
  }

  @Test func `columns are chosen by key or heading, in the order given`() throws {
    let chosen = try TableSelection(columns: ["run", "Model", "state"]).applied(to: table)
    #expect(chosen.render(.table).hasPrefix("run  model      state\n"))
    #expect(try TableSelection(columns: ["all"]).applied(to: table).forPeople.columns.count == 5)
  }

  @Test func `a column that is not there is said with the nearest`() {
    let error = #expect(throws: InputError.self) { try TableSelection(order: "best_reducd").applied(to: table) }
    #expect(error?.description == "--sort: there is no column 'best_reducd'; did you mean best_reduced?")
    for wrong in [["zzz"], [], ["run", "state", "run"]] {
      #expect(throws: InputError.self) { try TableSelection(columns: wrong).applied(to: table) }
    }
  }

  @Test func `what is the same in every row is said once, and programs are told it in every row`() {
    #expect(
      table.render(.table)
        == """
        model      χ²/NDF  long
        ─────────  ───────────  ──────────────────────
        2x         3.00 ± 1.00  some text that is long
        Classical         4.00  another
        3x
        In every row: state finished.

        """.replacing("χ²/NDF  long", with: "     χ²/NDF  long"))
    #expect(table.render(.csv).contains("2x,3.0,1.0,finished,b-1,"))
  }

  @Test func `a terminal's table keeps the important columns, and says what it leaves out`() {
    let text = table.pieces(.table, width: 30).map(\.string).joined()
    #expect(text.hasPrefix("model           χ²/NDF\n"))
    #expect(text.hasSuffix("For want of room without: long.\n"))
    #expect(text.components(separatedBy: "\n").dropLast(2).allSatisfy { $0.count <= 30 })
    // The first column stays, however narrow.
    #expect(table.pieces(.table, width: 1).map(\.string).joined().hasPrefix("model\n"))
    #expect(!table.pieces(.csv, width: 1).map(\.string).joined().hasPrefix("label\n"))
  }
}
