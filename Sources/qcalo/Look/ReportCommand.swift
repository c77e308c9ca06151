import ArgumentParser
import Foundation
import Ledger
import Reports
import Storage
import Study

struct ReportCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "A sweep on one self-contained page: tables, plots, comparisons, runs, cost, provenance.",
    discussion: """
      qcalo report table2
      qcalo report table2 --output page.html
      """)

  @Argument(help: "A sweep's name or file.", completion: .sweeps)
  var sweep: String

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "The HTML file to write; - for the standard output. By default the sweep's name with .html.", valueName: "file"))
  var output: String?

  @OptionGroup var showers: ShowerOptions
  @OptionGroup var workspace: WorkspaceOptions

  func run() async throws {
    let name = try workspace.sweep(meantBy: sweep)
    let page = ReportSource(
      workspace: try workspace.value, sweep: name, drawsShowers: showers.showers, say: Terminal.say)
    let progress = ProgressLine("drawing")
    let text = try await page.page(progress: progress)
    progress.end()
    if let path = try OutputFiles.write(text, to: output ?? "\(name).html") { try Output.line(path) }
  }
}
