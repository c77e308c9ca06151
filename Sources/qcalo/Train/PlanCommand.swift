import ArgumentParser
import Experiment
import Foundation
import Reports
import Storage
import Study
import Sweeps

struct PlanCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan",
    abstract: "What a sweep would train: its variants with their identities and sizes. Writes nothing.",
    discussion: """
      qcalo plan sweeps/table2.yaml
      qcalo plan sweeps/full-template.yaml --format csv
      qcalo plan sweeps/study.yaml --estimate --walltime 24h
      qcalo plan sweeps/study.yaml --estimate --rates lxbatch --reach 125
      qcalo plan sweeps/full-template.yaml --coverage
      qcalo plan sweeps/study.yaml --families
      qcalo plan --keys
      """)

  @Argument(help: "The sweep file (YAML).", completion: .file(extensions: ["yaml", "yml"]))
  var sweep: String?

  @Flag(help: "List every key that a sweep file can have.")
  var keys = false

  @Option(help: ArgumentHelp("More variants than this are an error.", valueName: "count"))
  var limit = SweepFile.variantLimit

  @Flag(help: "Leave out variants that provably compute the same family of functions as an earlier one.")
  var skipEquivalent = false

  @Flag(help: "What it would cost: seconds per checkpoint, checkpoints within the walltime, core-hours, disk, files.")
  var estimate = false

  @Option(
    help: ArgumentHelp(
      "With --estimate: here (times this machine; if not given), ledger (what the recorded runs took), or a site that ran some.",
      valueName: "here|ledger|site"))
  var rates: String?

  @Option(help: ArgumentHelp("With --estimate: of one start, such as 24h or 90m; 24h if not given.", valueName: "time"))
  var walltime: String?

  @Option(
    help: ArgumentHelp(
      "With --estimate: warns of variants that do not get to this checkpoint within the walltime; by default to that "
        + "of their budget.", valueName: "checkpoint"))
  var reach: Int?

  @Option(help: ArgumentHelp("With --estimate: of each run, each on a core.", valueName: "count"))
  var threads: Int?

  @Flag(help: "Show which variants were run in any sweep, are equivalent to one that was, or are open.")
  var coverage = false

  @Flag(help: "Show what each circuit of the sweep can compute: inert angles, equal families, closed forms.")
  var families = false

  @OptionGroup var workspace: WorkspaceOptions
  @OptionGroup var format: FormatOption

  func validate() throws {
    if (sweep != nil) == keys { throw ValidationError("Name a sweep file, or give --keys.") }
    if let walltime, let flaw = timeFlaw(walltime) { throw ValidationError("--walltime: '\(walltime)' \(flaw)") }
    if let flaw = Bounds.flaw("--threads", threads ?? 1, Bounds.threads) { throw ValidationError(flaw) }
    let asked = [
      ("rates", rates != nil), ("walltime", walltime != nil), ("reach", reach != nil), ("threads", threads != nil),
    ]
    if !estimate, let option = asked.first(where: \.1) { throw ValidationError("--\(option.0) belongs to --estimate.") }
    if let reach, reach < 0 { throw ValidationError("--reach: \(reach) is not 0 or more") }
    if [coverage, families, estimate].count(where: { $0 }) > 1 {
      throw ValidationError("--coverage, --families and --estimate: give one of them.")
    }
    if let flaw = Bounds.flaw("--limit", limit, Bounds.variants) { throw ValidationError(flaw) }
  }

  func run() async throws {
    guard let sweep else { return try format.print(TextTable.sweepKeys) }
    let expanded = try SweepFile.expand(sweep, variantLimit: limit)
    if let search = expanded.search {
      if coverage || families || estimate {
        throw InputError("--coverage, --families and --estimate: a search chooses its variants as it goes on")
      }
      return try format.print(TextTable(search, of: expanded.plan.name))
    }
    if coverage { return try format.print(PlanCoverage(expanded, in: workspace.value).table) }
    if families { return try format.print(PlanFamilies(expanded.plan).table) }
    let sources = await PlanSources(of: expanded.plan, in: try workspace.value)
    if !sources.flaws.isEmpty { throw InputError(sources.flaws.joined(separator: "; ")) }
    let listing = try PlanListing(
      expanded, sources: sources, skipEquivalent: skipEquivalent, in: workspace.value)
    for source in sources.missing {
      Terminal.say("dataset.source: there is no file \(source) yet; training needs it")
    }
    for remark in listing.remarks { Terminal.say(remark) }
    if let displaced = expanded.plan.displaced(by: sweep, in: try workspace.value) { Terminal.say(displaced) }
    if estimate {
      StopSignals.install()
      let estimator = PlanEstimator(
        listing: listing, workspace: try workspace.value, walltime: lengthOfTime(walltime ?? "24h") ?? 0,
        target: reach,
        threads: threads ?? 1)
      return try format.print(await estimator.estimate(rates: rates ?? "here").table)
    }
    if format.format == .json {
      try listing.writeJSON { try Output.write(bytes: $0.bytes) }
    } else {
      try format.print(listing.table)
    }
  }
}
