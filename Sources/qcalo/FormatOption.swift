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
    for text in table.pieces(format, width: Self.width) { try Output.write(bytes: text.bytes) }
  }

  /// What is read at a terminal fits it; what goes elsewhere is whole.
  private static var width: Int? { Terminal.isOutput ? Terminal.width : nil }

  /// One after the other for people; programs are given one table.
  /// - Throws: `StorageError`.
  func print(_ tables: [TextTable]) throws {
    switch format {
    case .table, .markdown:
      let texts = tables.map { TextBuilder.joined($0.pieces(format, width: Self.width)) }
      try Output.write(texts.joined(separator: "\n"))
    case .json, .csv: if let table = TextTable(joining: tables) { try print(table) }
    }
  }
}

/// Which part of a listing is printed, and in which order.
struct SelectionOfTable: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Only these columns, by the key that JSON and CSV have or the heading, separated by commas; all for every one.",
      valueName: "columns"))
  var columns: String?

  @Option(
    name: .customLong("where"),
    help: ArgumentHelp(
      "Only the rows of which this holds: state=finished, best_reduced<3, label~2x (= != < > <= >= ~); can be given more "
        + "than once.", valueName: "condition"))
  var conditions: [TableSelection.Condition] = []

  @Flag(help: "The last rows first.")
  var reverse = false

  /// The selection, in the order of a column.
  func value(sortedBy order: String?) -> TableSelection {
    TableSelection(
      columns: columns?.split(separator: ",").map(String.init), conditions: conditions, order: order,
      isReversed: reverse)
  }
}

extension TableSelection.Condition: ExpressibleByArgument {
  /// The condition that an argument says.
  public init?(argument: String) { self.init(argument) }
}
