import ArgumentParser
import Experiment
package import Reports
import Storage

extension TableFormat: ExpressibleByArgument {}
extension Grouping: ExpressibleByArgument {}

/// How a listing is printed.
struct FormatOption: ParsableArguments {
  @Option(name: .long, help: ArgumentHelp("How to print: table, json, csv or markdown.", valueName: "format"))
  var format: TableFormat = .table

  @Flag(help: "With --format csv: an apostrophe before texts that a spreadsheet would run as formulas (= + - @).")
  var csvSafe = false

  func validate() throws {
    if csvSafe, format != .csv { throw ValidationError("--csv-safe belongs to --format csv.") }
  }

  /// Prints one table.
  ///
  /// CSV keeps every byte of a text, but not at a terminal, which escapes would drive.
  /// - Throws: `StorageError`.
  func print(_ table: TextTable) throws {
    var table = csvSafe ? table.spreadsheetSafe : table
    if format == .csv, Terminal.isOutput { table = table.printable }
    for text in table.pieces(format) { try Output.write(bytes: text.bytes) }
  }

  /// One after the other for people; programs are given one table.
  /// - Throws: `StorageError`.
  func print(_ tables: [TextTable]) throws {
    switch format {
    case .table, .markdown: try Output.write(tables.map { $0.render(format) }.joined(separator: "\n"))
    case .json, .csv: if let table = TextTable(joining: tables) { try print(table) }
    }
  }
}
