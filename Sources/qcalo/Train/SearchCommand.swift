import ArgumentParser
import Commands
import Experiment
import Ledger
import Reports
import Search
import Study
import Sweeps

struct SearchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "search",
    abstract: "Go on with a search at HTCondor, or see what one would have found.",
    subcommands: [SearchStepCommand.self, SearchReplayCommand.self])
}

struct SearchReplayCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "replay",
    abstract: "Search among finished models, in many orders: what rungs would have found, at what cost.",
    discussion: """
      qcalo search replay study
      qcalo search replay --curves docs/study/curves.csv --rungs 5,15,40 --share 0.2
      """)

  @Argument(help: "A sweep's name or file, whose finished runs are the models.")
  var sweep: String?

  @Option(
    help: ArgumentHelp(
      "In place of a sweep: a CSV file with sweep, label, seed, checkpoint, reduced, mean_response.", valueName: "file")
  )
  var curves: String?

  @Option(
    help: ArgumentHelp(
      "The rungs, separated by commas; can be given more than once. If not, those from 1, 2, 4 … to the end.",
      valueName: "checkpoints"))
  var rungs: [RungList] = []

  @Option(help: ArgumentHelp("One model of so many goes on from a rung.", valueName: "count"))
  var factor = 3

  @Option(help: ArgumentHelp("Nothing is stopped before this checkpoint.", valueName: "checkpoint"))
  var grace = 0

  @Option(
    help: ArgumentHelp("This share of a rung goes on beside the best, because curves promise more.", valueName: "share")
  )
  var share = 0.0

  @Option(
    help: ArgumentHelp(
      "Which χ²/NDF counts: best, last, or the mean of so many checkpoints.", valueName: "best|last|count"))
  var objective = ObjectiveArgument(argument: "best")!

  @Option(help: ArgumentHelp("Orders in which the models are drawn.", valueName: "count"))
  var orders = 200

  @Option(help: ArgumentHelp("As good as the best is what is worse by no more than this part.", valueName: "part"))
  var within = 0.1

  @Option(help: "What a model is: a variant with all its seeds, or each run by itself.")
  var per: Grouping = .variant

  @OptionGroup var workspace: WorkspaceOptions
  @OptionGroup var format: FormatOption

  func validate() throws {
    if (sweep != nil) == (curves != nil) { throw ValidationError("Name a sweep, or give --curves.") }
    if !(2...100).contains(factor) { throw ValidationError("--factor: \(factor) is not in 2 … 100") }
    if grace < 0 { throw ValidationError("--grace: \(grace) is not 0 or more") }
    if !(0...1).contains(share) { throw ValidationError("--share: \(share) is not in 0 … 1") }
    if !(1...100_000).contains(orders) { throw ValidationError("--orders: \(orders) is not in 1 … 100000") }
    if !(0...1000).contains(within) { throw ValidationError("--within: \(within) is not in 0 … 1000") }
  }

  func run() throws {
    var recorded =
      if let curves {
        try RecordedCurves(csv: curves)
      } else {
        try RecordedCurves(sweep: workspace.value.sweep(meantBy: sweep ?? ""), in: Ledger(reading: workspace.value))
      }
    if per == .run { recorded = recorded.perRun }
    let guardian = grace > 0 || share > 0 ? SearchSpecification.Guardian(grace: grace, share: share) : nil
    let starts = sequence(first: 1) { $0 * 2 }.prefix { $0 * factor <= recorded.last }
    let wanted =
      rungs.isEmpty
      ? starts.map { SearchSpecification.rungs(from: $0, by: factor, to: recorded.last) } : rungs.map(\.values)
    let ladders = wanted.map { SearchReplay.Ladder(rungs: $0, factor: factor, guardian: guardian) }
    try format.print(
      TextTable(recorded, ladders, objective: objective.value, orders: orders, tolerance: within))
  }
}

/// Rungs as one argument: "5,15,45".
struct RungList: ExpressibleByArgument {
  var values: [Int]

  init?(argument: String) {
    guard let rungs = argument.commaSeparated({ Int($0) }), let last = rungs.last, rungs[0] > 0,
      Bounds.checkpoints.contains(last),
      zip(rungs, rungs.dropFirst()).allSatisfy({ $0 < $1 })
    else { return nil }
    values = rungs
  }
}

/// An objective as an argument: "best", "last" or the checkpoints of a mean.
struct ObjectiveArgument: ExpressibleByArgument {
  var value: Objective

  init?(argument: String) {
    switch argument {
    case "best": value = Objective(.best)
    case "last": value = Objective(.last)
    default:
      guard let count = Int(argument), count > 0 else { return nil }
      value = Objective(.mean(count))
    }
  }

  /// What help says it is if not given.
  var defaultValueDescription: String { "best" }
}
