import ArgumentParser
import Ledger
import Reports
import Storage

struct ShowCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Everything of one run: settings, attempts, files; or in what two differ.",
    discussion: """
      qcalo show 2x
      qcalo show 2x --against Classical
      qcalo show 2x/s2 --format json
      """)

  @Argument(
    help: ArgumentHelp("A run: its name, the beginning of one, or its row's label.", valueName: "run"),
    completion: .runs)
  var name: String

  @Option(help: ArgumentHelp("Show only what another run was given otherwise.", valueName: "run"), completion: .runs)
  var against: String?

  @OptionGroup var workspace: WorkspaceOptions
  @OptionGroup var format: FormatOption

  func run() throws {
    let workspace = try workspace.value
    let ledger = try Ledger(reading: workspace)
    let report = try RunReport(of: name, against: against, in: ledger)
    guard against == nil, [.table, .markdown].contains(format.format) else {
      return try format.print(report.settingsTable)
    }
    try format.print([report.attemptsTable, report.settingsTable])
    let folder = workspace.runFolder(try ledger.run(named: name))
    try Output.line("\nIts files are in \(folder): job.json, journal/, checkpoints/, worker.log")
  }
}
