import ArgumentParser
import Foundation
import Ledger
import Reports

struct PlotsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plots",
    abstract: "A sweep in pictures, as SVG and PNG with the numbers behind each as CSV; needs gnuplot.",
    discussion: """
      qcalo plots table2 --output plots
      """)

  @Argument(help: "A sweep's name or file.")
  var sweep: String

  @Option(name: .shortAndLong, help: ArgumentHelp("The folder to write into.", valueName: "folder"))
  var output: String

  @OptionGroup var workspace: WorkspaceOptions

  func run() throws {
    let results = try SweepResults(
      WorkspaceOptions.sweepName(sweep), in: Ledger(reading: workspace.value))
    let plots = results.plots
    try Plot.draw(plots, into: URL(fileURLWithPath: output))
    for plot in plots { print("\(output)/\(plot.name).svg  \(plot.title)") }
  }
}
