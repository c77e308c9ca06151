import Experiment
import TestSupport
import Testing

@testable import Reports

@Suite struct CSVRowsTests {
  private let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  private func rows(_ text: String, _ columns: [String] = ["a", "b"]) throws -> [CSVRows.Row] {
    try CSVRows(reading: folder.write(text, to: "t.csv")).rows(of: columns)
  }

  @Test(arguments: [
    #"say "x""#, "\"", "\"\"", "a,b", "a\nb", "a\r\nb", "\r", "a\u{2028}b\u{85}c\u{B}d\u{C}e",
    "\"\u{301},\u{301}\n\u{301}",
    " ", "\u{FEFF}",
  ]) func `what a table writes is read back`(text: String) throws {
    let table = TextTable(columns: ["a", "b"], rows: [[.text(text), "end"], ["", .text(text)], [.text(text), "x"]])
    #expect(try rows(table.render(.csv)).map(\.values) == [[text, "end"], ["", text], [text, "x"]])
  }

  @Test(arguments: [
    "a,b\n1,2\n\n3,\n", "\u{FEFF}a,b\r\n1,2\r\n\r\n3,", "a,b\r1,2\r\r3,\r", "\"a\",b\n\"1\",2\n\n3,\"\"",
  ])
  func `lines end as they like, empty ones are none, and a byte order mark is not of the first name`(
    text: String
  ) throws {
    #expect(try rows(text) == [.init(line: 2, values: ["1", "2"]), .init(line: 4, values: ["3", ""])])
    #expect(try rows(text, ["b"]).map(\.values) == [["2"], [""]])
  }

  @Test(arguments: [
    ("a,b\n\"1\n2\",3\n4\n", ":4: it has 1 values, not 2"),
    ("a,b\n1,\"2\n3\n", ":2: the quote that begins a value has no end"),
    ("a,b\n\"1\"2,3\n", ":2: behind a value in quotes there is neither a comma nor the line's end"),
    ("\"a,b\n", ":1: the quote that begins a value has no end"), ("", ":1: there is no column 'a'"),
  ]) func `what is no table is told with its line`(text: String, problem: String) {
    let error = #expect(throws: InputError.self) { try rows(text) }
    #expect(error?.description == folder("t.csv") + problem)
  }
}
