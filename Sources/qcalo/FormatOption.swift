public import ArgumentParser
import Experiment
import Foundation
public import Reports
import Storage

extension TableFormat: ExpressibleByArgument {}
extension Grouping: ExpressibleByArgument {}

/// How a listing is printed.
struct FormatOption: ParsableArguments {
  @Option(name: .long, help: ArgumentHelp("How to print: table, json, csv or markdown.", valueName: "format"))
  var format: TableFormat = .table

  func print(_ table: TextTable) {
    for text in table.pieces(format) { FileHandle.standardOutput.write(Data(text.bytes)) }
  }

  /// One after the other for people; programs are given one table.
  func print(_ tables: [TextTable]) {
    switch format {
    case .table, .markdown: write(tables.map { $0.render(format) }.joined(separator: "\n"))
    case .json, .csv: if let table = TextTable(joining: tables) { write(table.render(format)) }
    }
  }

  private func write(_ text: String) { FileHandle.standardOutput.write(Data(text.utf8)) }
}
