import ArgumentParser
import Ledger
import Reports
import Sweeps

struct CompareCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "Two rows against each other, over the seeds that both have, and whether that decides it.",
    discussion: """
      qcalo compare 2x Classical
      qcalo compare 3/2x 2/reference --at window --sweep study-seeds
      qcalo compare 2x Classical --at iterations=50000
      qcalo compare 2x Classical --at seconds=3600 --format json
      """)

  @Argument(help: "A row's label, table/label, name or identity.")
  var first: String

  @Argument(help: "The row that it is compared with.")
  var second: String

  @Option(
    help: ArgumentHelp(
      "What is compared: best, window, iterations=N or seconds=T (of training).", valueName: "point"))
  var at = "best"

  @Option(help: ArgumentHelp("Look in this sweep only.", valueName: "sweep"))
  var sweep: String?

  @OptionGroup var workspace: WorkspaceOptions
  @OptionGroup var format: FormatOption

  func validate() throws {
    if first == second { throw ValidationError("'\(first)' is compared with itself: name two rows.") }
    if ComparisonPoint(at) == nil {
      throw ValidationError("--at: '\(at)' is not best, window, iterations=N or seconds=T.")
    }
  }

  func run() throws {
    guard let point = ComparisonPoint(at) else { return }
    let ledger = try Ledger(reading: workspace.value)
    let sweep = try sweep.map { try SweepFile.sweep(meantBy: $0) }
    try format.print(Comparison(first, second, at: point, sweep: sweep, in: ledger).table)
  }
}
