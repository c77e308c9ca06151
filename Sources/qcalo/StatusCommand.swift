import ArgumentParser
import Ledger
import Reports

struct StatusCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status",
    abstract: "Where each run stands, why its attempts ended, and what can be done.",
    discussion: """
      qcalo status
      qcalo status table2
      qcalo status sweeps/table2.yaml --format json
      """)

  @Argument(help: "A sweep's name or file; without it, every run of the workspace.")
  var sweep: String?

  @OptionGroup var workspace: WorkspaceOptions
  @OptionGroup var format: FormatOption

  func run() throws {
    let ledger = try Ledger(reading: workspace.value)
    let name = sweep.map(WorkspaceOptions.sweepName)
    format.print(TextTable(try ledger.statuses(sweep: name), title: name.map { "Status of \($0)" } ?? "Status"))
  }
}
