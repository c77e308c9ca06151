import ArgumentParser
import Experiment
import Ledger
import Reports
import Storage
import Study

struct ResultsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "results",
    abstract: "The comparison of a sweep's models, or the curve of a run.",
    discussion: """
      qcalo results table2
      qcalo results table2 --per run --format csv
      qcalo results study --paper --beside-slides
      qcalo results table2 --sort fpd
      qcalo results table2 --where 'best_reduced<3' --columns label,best_reduced,trained
      qcalo results --curve classical-50-200-s1
      """)

  @Argument(help: "A sweep's name or file.", completion: .sweeps)
  var sweep: String?

  @Flag(help: "Every sweep of the workspace.")
  var all = false

  @Option(
    help: "One row for each run or variant (by default); a variant's are mean ± standard deviation over seeds.")
  var per: Grouping?

  @Option(
    help: ArgumentHelp(
      "Sort by χ²/NDF (chi2) or a metric, the best first (held_out_chi2, fpd, kpd, auc_low, precision …), or by a column.",
      valueName: "metric or column"))
  var sort: String?

  @Flag(help: "The slides' columns and order, one table for each of theirs.")
  var paper = false

  @Flag(help: "With --paper: the published numbers next to them.")
  var besideSlides = false

  @Option(help: ArgumentHelp("χ²/NDF of this run against the checkpoint.", valueName: "run"))
  var curve: String?

  @OptionGroup var selection: SelectionOfTable
  @OptionGroup var workspace: WorkspaceOptions
  @OptionGroup var format: FormatOption

  func validate() throws {
    let asked = (sweep != nil ? 1 : 0) + (all ? 1 : 0) + (curve != nil ? 1 : 0)
    if asked != 1 { throw ValidationError("Name a sweep, or give --all or --curve RUN.") }
    if sort != nil && (paper || curve != nil) { throw ValidationError("--sort is not for --paper and --curve.") }
    if per != nil && (paper || curve != nil) { throw ValidationError("--per is not for --paper and --curve.") }
    if besideSlides && !paper { throw ValidationError("--beside-slides belongs to --paper.") }
  }

  func run() throws {
    let ledger = try Ledger(reading: workspace.value)
    if let curve {
      let report = try CurveReport(of: curve, in: ledger)
      if format.format == .table { try Output.line(report.plot) }
      return try format.print(selection.value(sortedBy: nil).applied(to: report.table))
    }
    let sweeps = try sweep.map { [try workspace.sweep(meantBy: $0)] } ?? ledger.sweeps()
    if sweeps.isEmpty {
      Terminal.say("no sweep of \(try workspace.value.path) has been started; `qcalo run SWEEP` starts one")
      // Programs are given a table all the same.
      if [.json, .csv].contains(format.format) { try format.print(TextTable.noResults(per: per ?? .variant)) }
      return
    }
    let results = try sweeps.map { try SweepResults($0, in: ledger) }
    let order = sort.flatMap { ResultOrder($0) }
    var chosen = selection.value(sortedBy: order == nil ? sort : nil)
    // Rows without a metric are the last either way, and are known there.
    if order != nil { chosen.isReversed = false }
    // Programs are given one kind of rows.
    let searches =
      [.table, .markdown].contains(format.format) ? try sweeps.compactMap { try SearchProgress($0, in: ledger) } : []
    try format.print(
      results.flatMap {
        paper
          ? $0.paperTables(besideSlides: besideSlides)
          : [$0.table(per: per ?? .variant, sortedBy: order, isReversed: selection.reverse)]
      }.map(chosen.applied) + searches.map(\.ranking))
  }
}

extension ResultOrder: ExpressibleByArgument {
  /// The order that an argument says.
  public init?(argument: String) { self.init(argument) }
  /// The orders as help has them.
  public static var allValueStrings: [String] { ["chi2"] + Metric.allCases.map(\.rawValue) }
}
