import ArgumentParser
import Foundation
import Ledger
import Reports

struct ReportCommand: ParsableCommand {
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

  @OptionGroup var workspace: WorkspaceOptions

  func run() throws {
    let ledger = try Ledger(reading: workspace.value)
    let name = try WorkspaceOptions.sweepName(sweep)
    let results = try SweepResults(name, in: ledger)
    let images: [(plot: Plot, svg: String)]
    do {
      images = try Plot.images(results.plots)
    } catch PlotError.noGnuplot {
      FileHandle.standardError.write(Data("\(PlotError.noGnuplot); the page is written without plots\n".utf8))
      images = []
    }
    try OutputFiles.write(results.page(ledger.statuses(sweep: name), images: images, date: Date()), to: output)
  }
}
