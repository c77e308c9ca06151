import ArgumentParser
import Commands
import Experiment
import Foundation
import Ledger
import Reports
import Storage
import Study

struct CompareCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "Rows against each other, over the seeds that both have, and whether that decides it.",
    discussion: """
      Several pairs, or several metrics, are judged together: the more is compared, the more often chance alone looks like
      a finding (Holm's correction).

      qcalo compare 2x Classical
      qcalo compare 3/2x 2/reference --at window --sweep study-seeds
      qcalo compare 2x Classical --at iterations=50000
      qcalo compare 2x Classical --at seconds=3600 --format json
      qcalo compare 2x Classical --by fpd
      qcalo compare 2x Classical 3x Classical --by held_out_chi2,fpd --forest plots
      qcalo compare 2x Classical 3x Classical --by fpd --table docs/study/metrics.csv --sweep answer
      """)

  @Argument(
    help: ArgumentHelp(
      "Rows in pairs, the second of each the one that the first is compared with: a row's label, table/label, name or "
        + "identity.", valueName: "row"))
  var rows: [String]

  @Option(
    help: ArgumentHelp(
      "What is compared: best, window, iterations=N or seconds=T (of training).", valueName: "point"))
  var at = "best"

  @Option(
    help: ArgumentHelp(
      "In place of χ²/NDF metrics of the best checkpoints, as `evaluate` has found them, separated by commas: "
        + "held_out_chi2, fpd, kpd, auc_low …", valueName: "metrics"))
  var by: MetricList?

  @Option(
    help: ArgumentHelp(
      "With --by: take the metrics from this table (CSV) in place of the ledger: with the columns sweep, label, run_seed "
        + "and the metrics', as docs/study/metrics.csv.", valueName: "file"), completion: .file(extensions: ["csv"]))
  var table: String?

  @Option(help: ArgumentHelp("Look in this sweep only.", valueName: "sweep"))
  var sweep: String?

  @Option(
    help: ArgumentHelp(
      "Draw the differences with their intervals into this folder: forest.svg, .png and .csv.", valueName: "folder"))
  var forest: String?

  @OptionGroup var workspace: WorkspaceOptions
  @OptionGroup var format: FormatOption

  private var pairs: [(first: String, second: String)] {
    stride(from: 0, to: rows.count - 1, by: 2).map { (rows[$0], rows[$0 + 1]) }
  }

  func validate() throws {
    guard rows.count >= 2, rows.count.isMultiple(of: 2) else {
      throw ValidationError("Rows are compared in pairs, and '\(rows.last ?? "")' has none to be compared with.")
    }
    if let pair = pairs.first(where: { $0 == $1 }) {
      throw ValidationError("'\(pair.first)' is compared with itself: name two rows.")
    }
    if by != nil, at != "best" { throw ValidationError("--by compares the best checkpoints; leave --at out") }
    if table != nil, by == nil { throw ValidationError("--table has metrics: name those to compare --by.") }
    if ComparisonPoint(at) == nil {
      throw ValidationError("--at: '\(at)' is not best, window, iterations=N or seconds=T.")
    }
    if forest == "-" {
      throw ValidationError("--forest: pictures are several files; name the folder to write them into.")
    }
  }

  func run() throws {
    let progress = ProgressLine("comparing")
    defer { progress.end() }
    if let table {
      let rows = try CSVRows(reading: table)
      let tables = try (by?.values ?? []).map { try MetricsTable(rows, of: $0) }
      return try printFamily(try ComparisonFamily(pairs, by: tables, sweep: sweep), progress)
    }
    let points = by?.values.map(ComparisonPoint.metric) ?? ComparisonPoint(at).map { [$0] } ?? []
    let ledger = try Ledger(reading: workspace.value)
    let sweep = try sweep.map { try workspace.sweep(meantBy: $0) }
    if pairs.count == 1, points.count == 1, forest == nil {
      let table = try Comparison(rows[0], rows[1], at: points[0], sweep: sweep, in: ledger).table
      progress.end()
      try format.print(table)
      return
    }
    try printFamily(try ComparisonFamily(pairs, by: points, sweep: sweep, in: ledger), progress)
  }

  private func printFamily(_ family: ComparisonFamily, _ progress: ProgressLine) throws {
    progress.end()
    try format.print(family.table)
    if let forest { try PlotsCommand.draw([family.forest], into: forest, tell: Terminal.say) }
  }
}
