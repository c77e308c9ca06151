import ArgumentParser
import Ledger
import Reports

struct QueryCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "query",
    abstract: "Asks the ledger in SQL; nothing is written.",
    discussion: """
      qcalo query "SELECT label, seed, best_reduced, best_checkpoint FROM results WHERE sweep = 'table2'"
      qcalo query "SELECT checkpoint, reduced FROM curve WHERE run LIKE 'classical-%'" --format csv
      qcalo query --tables
      """)

  @Argument(help: "One SELECT statement of SQLite's SQL.")
  var sql: String?

  @Flag(help: "List the tables, views and columns instead.")
  var tables = false

  @OptionGroup var workspace: WorkspaceOptions
  @OptionGroup var format: FormatOption

  func validate() throws {
    if (sql == nil) != tables { throw ValidationError("Give a SELECT statement, or --tables to see what there is.") }
  }

  func run() throws {
    guard let sql else { return try format.print(TextTable.ledgerReference) }
    try format.print(TextTable(try Ledger(reading: workspace.value).query(sql)))
  }
}
