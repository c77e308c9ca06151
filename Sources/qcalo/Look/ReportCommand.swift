import ArgumentParser
import Foundation
import Ledger
import Reports
import Storage
import Study
import Sweeps

struct ReportCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "A sweep on one self-contained page: tables, plots, comparisons, runs, cost, provenance.",
    discussion: """
      qcalo report table2 --output table2.html
      """)

  @Argument(help: "A sweep's name or file.")
  var sweep: String

  @Option(
    name: .shortAndLong, help: ArgumentHelp("The HTML file to write; - for the standard output.", valueName: "file"))
  var output: String

  @OptionGroup var showers: ShowerOptions
  @OptionGroup var workspace: WorkspaceOptions

  func run() async throws {
    let page = try ReportSource(
      workspace: workspace.value, sweep: SweepFile.sweep(meantBy: sweep), drawsShowers: showers.showers,
      say: Terminal.say)
    if let path = try OutputFiles.write(try await page.page(), to: output) { try Output.line(path) }
  }
}
