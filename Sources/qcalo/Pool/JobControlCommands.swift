import ArgumentParser
import Commands
import Condor
import Experiment
import Ledger
import Storage
import Study

/// The verbs that act on jobs at HTCondor.
struct HoldCommand: AsyncParsableCommand {
  static let configuration = JobControlOptions.configuration(
    "hold", "Hold jobs at HTCondor, with their checkpoints saved.")
  @OptionGroup var options: JobControlOptions
  func run() async throws { try await options.apply(.hold) }
}

struct ReleaseCommand: AsyncParsableCommand {
  static let configuration = JobControlOptions.configuration("release", "Release held jobs at HTCondor.")
  @OptionGroup var options: JobControlOptions
  func run() async throws { try await options.apply(.release) }
}

struct CancelCommand: AsyncParsableCommand {
  static let configuration = JobControlOptions.configuration(
    "cancel", "Remove jobs from HTCondor. What they have not brought back yet is lost.")
  @OptionGroup var options: JobControlOptions
  func run() async throws { try await options.apply(.cancel) }
}

struct PriorityCommand: AsyncParsableCommand {
  static let configuration = JobControlOptions.configuration(
    "priority", "Have jobs at HTCondor start before your others, or after them.", example: " --value 10")
  @OptionGroup var options: JobControlOptions

  @Option(help: "Jobs of a higher value start first; 0 is usual.")
  var value: Int

  func validate() throws {
    if let flaw = Bounds.flaw("--value", value, -1_000_000...1_000_000) { throw ValidationError(flaw) }
  }

  func run() async throws { try await options.prioritize(value) }
}

struct JobControlOptions: ParsableArguments {
  @Argument(help: "A sweep, a submission, a variant or a run.")
  var name: String

  @OptionGroup var workspace: WorkspaceOptions

  static func configuration(_ verb: String, _ abstract: String, example: String = "") -> CommandConfiguration {
    CommandConfiguration(
      commandName: verb, abstract: abstract,
      discussion: """
        HTCondor is told, whatever was last known of the jobs. Ends with \(ProgramEnd.checkFailed.rawValue) when nothing \
        was there to do it to.

        qcalo \(verb) table2\(example)
        """)
  }

  private var control: PoolControl { get throws { PoolControl(try workspace.value, say: Terminal.say) } }

  func apply(_ verb: JobControl.Verb) async throws {
    try tell(try await control.apply(verb, to: try workspace.sweep(meantBy: name)), verb.rawValue)
  }

  func prioritize(_ value: Int) async throws {
    try tell(try await control.prioritize(value, try workspace.sweep(meantBy: name)), "priority \(value)")
  }

  private func tell(_ outcome: (runs: [String], report: JobControl.Report), _ verb: String) throws {
    let report = outcome.report
    for failure in report.failures { Terminal.say(failure) }
    for (reason, runs) in report.notDone.sorted(by: { $0.key < $1.key }) {
      Terminal.say("\(runs.count == 1 ? "1 run" : "\(runs.count) runs") \(reason): \(runs.firstFive(separator: ", "))")
    }
    try Output.line("\(verb): \(report.done.count) of \(outcome.runs.count) runs")
    for run in report.done { try Output.line("  \(run)") }
    if !report.isSuccess { throw ProgramEnd.checkFailed.exit }
  }
}
