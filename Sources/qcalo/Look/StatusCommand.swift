import ArgumentParser
import Foundation
import Ledger
import Study

struct StatusCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status",
    abstract: "Where each run stands, why its attempts ended, and what can be done.",
    discussion: """
      qcalo status
      qcalo status table2
      qcalo status sweeps/table2.yaml --format json
      qcalo status table2 --watch
      """)

  @Argument(help: "A sweep's name or file; without it, every run of the workspace.")
  var sweep: String?

  @Flag(help: "Look again every so often, until interrupted.")
  var watch = false

  @Option(help: ArgumentHelp("With --watch: the seconds between.", valueName: "seconds"))
  var every = 10

  @OptionGroup var workspace: WorkspaceOptions
  @OptionGroup var format: FormatOption

  func validate() throws {
    if every < 1 { throw ValidationError("--every: \(every) is not 1 or more") }
  }

  func run() async throws {
    repeat {
      try await show()
      if watch { try await Task.sleep(for: .seconds(every)) }
    } while watch
  }

  private func show() async throws {
    let workspace = try workspace.value
    let pool = await PoolStatus(workspace)
    // Jobs bring their journals back while nobody collects.
    if watch || !pool.isEmpty { try Ledger(workspace).collect() }
    let time = watch ? " at \(Date().formatted(.iso8601))" : ""
    try format.print(
      pool.table(
        of: sweep.map(WorkspaceOptions.sweepName), title: time, in: Ledger(reading: workspace)))
  }
}
