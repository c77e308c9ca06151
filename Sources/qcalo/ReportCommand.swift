import ArgumentParser
import Foundation
import Ledger
import Reports

struct ReportCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "A sweep on one self-contained page: tables, plots, comparisons, runs, cost, provenance.",
    discussion: """
      qcalo report table2 --output table2.html
      """)

  @Argument(help: "A sweep's name or file.")
  var sweep: String

  @Option(name: .shortAndLong, help: ArgumentHelp("The HTML file to write.", valueName: "file"))
  var output: String

  @OptionGroup var showers: ShowerOptions
  @OptionGroup var workspace: WorkspaceOptions

  func run() async throws {
    let page = ReportSource(
      workspace: workspace.value, sweep: try WorkspaceOptions.sweepName(sweep), drawsShowers: showers.showers)
    try OutputFiles.write(try await page.page(), to: output)
  }
}

/// Makes the report of a sweep from the ledger.
struct ReportSource: Sendable {
  let workspace: Workspace
  let sweep: String
  private let showers: ShowerPlots?

  init(workspace: Workspace, sweep: String, drawsShowers: Bool) {
    self.workspace = workspace
    self.sweep = sweep
    showers = drawsShowers ? ShowerPlots(workspace) : nil
  }

  /// - Parameter refresh: The seconds after which a browser asks for it again; nil for never.
  /// - Throws: `LedgerError`; `PlotError` when gnuplot refuses.
  func page(refresh: Int? = nil) async throws -> String {
    let ledger = try Ledger(reading: workspace)
    let results = try SweepResults(sweep, in: ledger)
    var images: [PlotImage] = []
    do {
      let plots = try await results.plots + (showers?.plots(results, ledger) ?? [])
      images = try Plot.images(plots)
    } catch PlotError.noGnuplot {
      Terminal.say("\(PlotError.noGnuplot); the page is without plots")
    }
    return results.page(try ledger.statuses(sweep: sweep), images: images, date: Date(), refresh: refresh)
  }
}
