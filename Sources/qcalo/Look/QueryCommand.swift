import ArgumentParser
import Ledger
import Reports
import Storage

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

  @Option(help: ArgumentHelp("The rows to print at most; more are said.", valueName: "rows"))
  var limit = 1_000_000

  @Option(help: ArgumentHelp("The time after which the query is given up.", valueName: "seconds"))
  var seconds = 60.0

  @OptionGroup var workspace: WorkspaceOptions
  @OptionGroup var format: FormatOption

  func validate() throws {
    if (sql == nil) != tables { throw ValidationError("Give a SELECT statement, or --tables to see what there is.") }
    if limit < 1 { throw ValidationError("--limit: \(limit) is not 1 or more.") }
    if !(seconds > 0 && seconds <= 1e6) {
      throw ValidationError("--seconds: \(seconds) is not above 0 and at most 1e6.")
    }
  }

  func run() throws {
    guard let sql else { return try format.print(TextTable.ledgerReference) }
    let result = try Ledger(reading: workspace.value).query(sql, limit: limit, seconds: seconds)
    try format.print(TextTable(result))
    if result.isCut { Terminal.say("query: there are more than these \(limit) rows; --limit prints more") }
  }
}
