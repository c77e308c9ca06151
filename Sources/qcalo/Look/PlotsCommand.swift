import ArgumentParser
import Commands
import Experiment
import Ledger
import Reports
import Storage
import Study

struct PlotsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plots",
    abstract: "A sweep in pictures, as SVG and PNG with the numbers behind each as CSV; most need gnuplot.",
    discussion: """
      qcalo plots table2 --output plots
      qcalo plots table2 --output plots --no-showers
      """)

  @Argument(help: "A sweep's name or file.", completion: .sweeps)
  var sweep: String

  @Option(name: .shortAndLong, help: ArgumentHelp("The folder to write into.", valueName: "folder"))
  var output: String

  @OptionGroup var showers: ShowerOptions
  @OptionGroup var workspace: WorkspaceOptions

  func validate() throws {
    if output == "-" { throw ValidationError("--output: plots are many files; name the folder to write them into.") }
  }

  func run() async throws {
    let ledger = try Ledger(reading: workspace.value)
    let name = try workspace.sweep(meantBy: sweep)
    let results = try SweepResults(name, in: ledger)
    var plots = try (SearchProgress(name, in: ledger)?.plots(in: ledger) ?? []) + results.plots(in: ledger)
    let progress = ProgressLine("drawing")
    defer { progress.end() }
    if showers.showers {
      plots += try await ShowerPlots(workspace.value, say: Terminal.say).plots(results, ledger, progress)
    }
    progress.begin("drawing \(plots.count) pictures")
    try Self.draw(plots, into: output) {
      progress.end()
      try Output.line($0)
    }
  }

  /// Draws plots into a folder and tells each one's file, and why one was not drawn.
  /// - Throws: `ProgramEnd.unsuitable` where one was not, `StorageError`.
  static func draw(_ plots: [Plot], into folder: String, tell: (String) throws -> Void) throws {
    let refused = try Plot.draw(plots, into: folder)
    for plot in plots {
      let error = refused[plot.name]
      let isDrawn = error == nil || error == .noGnuplot && plot.isDrawnWithoutGnuplot
      try tell(
        "\(folder)/\(plot.name).\(isDrawn ? "svg" : "csv")  \(plot.title.printable)\(isDrawn ? "" : ": not drawn")")
      if let error, error != .noGnuplot { Terminal.say("\(plot.name): \(error)") }
    }
    if refused.values.contains(.noGnuplot) { Terminal.say("\(PlotError.noGnuplot)") }
    if !refused.isEmpty { throw ProgramEnd.unsuitable.exit }
  }
}
