import ArgumentParser
import Experiment
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
      qcalo compare 2x Classical --by fpd
      """)

  @Argument(help: "A row's label, table/label, name or identity.")
  var first: String

  @Argument(help: "The row that it is compared with.")
  var second: String

  @Option(
    help: ArgumentHelp(
      "What is compared: best, window, iterations=N or seconds=T (of training).", valueName: "point"))
  var at = "best"

  @Option(
    help: ArgumentHelp(
      "In place of χ²/NDF a metric of the best checkpoints, as `evaluate` has found it: held_out_chi2, fpd, kpd, auc_low …",
      valueName: "metric"))
  var by: String?

  @Option(help: ArgumentHelp("Look in this sweep only.", valueName: "sweep"))
  var sweep: String?

  @OptionGroup var workspace: WorkspaceOptions
  @OptionGroup var format: FormatOption

  func validate() throws {
    if first == second { throw ValidationError("'\(first)' is compared with itself: name two rows.") }
    if let by {
      if Metric(rawValue: by) == nil {
        throw ValidationError(
          "--by: '\(by)' is not one of \(Metric.allCases.map(\.rawValue).joined(separator: ", "))")
      }
      if at != "best" { throw ValidationError("--by compares the best checkpoints; leave --at out") }
    }
    if ComparisonPoint(at) == nil {
      throw ValidationError("--at: '\(at)' is not best, window, iterations=N or seconds=T.")
    }
  }

  func run() throws {
    guard let point = by.flatMap({ Metric(rawValue: $0) }).map({ .metric($0) }) ?? ComparisonPoint(at) else { return }
    let ledger = try Ledger(reading: workspace.value)
    let sweep = try sweep.map { try SweepFile.sweep(meantBy: $0) }
    try format.print(Comparison(first, second, at: point, sweep: sweep, in: ledger).table)
  }
}
