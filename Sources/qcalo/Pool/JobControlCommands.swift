import ArgumentParser
import Condor
import Experiment
import Ledger
import Storage

/// The three verbs that act on jobs at HTCondor.
struct HoldCommand: AsyncParsableCommand {
  static let configuration = JobControlOptions.configuration(
    .hold, "Hold jobs at HTCondor, with their checkpoints saved.")
  @OptionGroup var options: JobControlOptions
  func run() async throws { try await options.apply(.hold) }
}

struct ReleaseCommand: AsyncParsableCommand {
  static let configuration = JobControlOptions.configuration(.release, "Release held jobs at HTCondor.")
  @OptionGroup var options: JobControlOptions
  func run() async throws { try await options.apply(.release) }
}

struct CancelCommand: AsyncParsableCommand {
  static let configuration = JobControlOptions.configuration(
    .cancel, "Remove jobs from HTCondor. What they have not brought back yet is lost.")
  @OptionGroup var options: JobControlOptions
  func run() async throws { try await options.apply(.cancel) }
}

struct JobControlOptions: ParsableArguments {
  @Argument(help: "A sweep, a submission, a variant or a run.")
  var name: String

  @OptionGroup var workspace: WorkspaceOptions

  static func configuration(_ verb: JobControl.Verb, _ abstract: String) -> CommandConfiguration {
    CommandConfiguration(commandName: verb.rawValue, abstract: abstract, discussion: "qcalo \(verb.rawValue) table2")
  }

  func apply(_ verb: JobControl.Verb) async throws {
    let state = try await CondorState.read(workspace.value.path)
    let control = JobControl(state: state)
    let runs = try control.runs(named: try WorkspaceOptions.sweepName(name))
    let report = await control.apply(verb, to: runs)
    for failure in report.failures { Terminal.say(failure) }
    try Output.line("\(verb.rawValue): \(report.done.count) of \(runs.count) runs")
    for run in report.done { try Output.line("  \(run)") }
    if !report.failures.isEmpty { throw ExitCode(ProgramEnd.checkFailed.rawValue) }
  }
}
