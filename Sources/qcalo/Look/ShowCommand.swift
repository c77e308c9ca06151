import ArgumentParser
import Experiment
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
      qcalo show 2x --log
      """)

  @Argument(
    help: ArgumentHelp("A run: its name, the beginning of one, or its row's label.", valueName: "run"),
    completion: .runs)
  var name: String

  @Option(help: ArgumentHelp("Show only what another run was given otherwise.", valueName: "run"), completion: .runs)
  var against: String?

  @Flag(help: "Show only the end of its worker's log, forty lines.")
  var log = false

  @OptionGroup var workspace: WorkspaceOptions
  @OptionGroup var format: FormatOption

  func run() throws {
    let workspace = try workspace.value
    let ledger = try Ledger(reading: workspace)
    if log {
      let path = workspace.runFolder(try ledger.run(named: name)) + "/worker.log"
      guard let bytes = try FileContent.bytes(ifThere: path) else {
        throw InputError("\(path): there is no log; what a run said at HTCondor is in its submission's folder")
      }
      let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
      return try Output.line(lines.suffix(41).map { String($0).printable }.joined(separator: "\n"))
    }
    let report = try RunReport(of: name, against: against, in: ledger)
    guard against == nil, [.table, .markdown].contains(format.format) else {
      return try format.print(report.settingsTable)
    }
    try format.print([report.attemptsTable, report.settingsTable])
    let folder = workspace.runFolder(try ledger.run(named: name))
    try Output.line("\nIts files are in \(folder): job.json, journal/, checkpoints/, worker.log")
  }
}
