import ArgumentParser
import Condor
import Experiment
import Glibc
import Ledger
import Reports
import Storage
import Study
import Sweeps

/// Keeps the books: plans sweeps, starts their runs, holds the ledger.
///
/// Computes nothing.
@main
struct Qcalo: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "qcalo",
    abstract: "Architecture sweeps of quantum and classical GANs for calorimeter showers.",
    discussion: """
      A sweep from its file to its table:
        qcalo plan sweeps/quickstart.yaml
        qcalo run sweeps/quickstart.yaml
        qcalo results quickstart
      """,
    version: BuildInfo.summary(of: "qcalo", library: Ledger.engine),
    groupedSubcommands: [
      CommandGroup(
        name: "Train a sweep",
        subcommands: [PlanCommand.self, RunCommand.self, ResumeCommand.self, RehearseCommand.self]),
      CommandGroup(
        name: "Train it at HTCondor",
        subcommands: [
          LintCommand.self, SubmitCommand.self, HoldCommand.self, ReleaseCommand.self, CancelCommand.self,
          ForgetCommand.self,
          PriorityCommand.self,
          PackageCommand.self,
        ]),
      CommandGroup(
        name: "Look at it",
        subcommands: [
          StatusCommand.self, WaitCommand.self, WhyCommand.self, ResultsCommand.self, CompareCommand.self,
          ExportCommand.self,
          PlotsCommand.self, ReportCommand.self, ServeCommand.self, QueryCommand.self, CollectCommand.self,
        ]),
      CommandGroup(
        name: "Compute (the worker's verbs)",
        subcommands: [
          DatasetVerb.self, CircuitVerb.self, TrainVerb.self, EvaluateVerb.self, GenerateVerb.self,
          CheckpointsVerb.self, BenchVerb.self,
        ]),
    ])

  static func main() async {
    Output.begin()
    do {
      let code = try await outcome()
      try Output.end()
      Glibc.exit(code)
    } catch let error as SweepError {
      // Each line begins with its place in the file.
      Terminal.write("\(error)\n")
      Glibc.exit(exitCode(of: error).rawValue)
    } catch {
      Terminal.say("\(error)")
      Glibc.exit(exitCode(of: error).rawValue)
    }
  }

  /// Runs what the arguments name.
  ///
  /// Help and version are results too.
  private static func outcome() async throws -> Int32 {
    var arguments = ThisProgram.arguments
    // The worker knows its verbs best.
    if arguments.first == "help", arguments.count > 1, WorkerProgram.verbs.contains(arguments[1]) {
      arguments = arguments.dropFirst() + ["--help"]
    }
    if let verb = arguments.first, WorkerProgram.verbs.contains(verb) { try WorkerProgram.become(arguments) }
    do {
      var command = try parsed(arguments)
      if var command = command as? any AsyncParsableCommand {
        try await command.run()
      } else {
        try command.run()
      }
      return 0
    } catch let error as ExitCode {
      return error.rawValue
    } catch  where Self.exitCode(for: error) == .success {
      try Output.line(fullMessage(for: error))
      return 0
    }
  }

  /// The command that the arguments name.
  ///
  /// The parser prints its errors itself and ends with 64.
  private static func parsed(_ arguments: [String]) throws -> any ParsableCommand {
    do { return try parseAsRoot(arguments) } catch  where exitCode(for: error) != .success { exit(withError: error) }
  }

  private static func exitCode(of error: any Error) -> ProgramEnd {
    switch error {
    case is SweepError, is InputError: .badInput
    case let error as CondorError: error.exitCode
    case is StorageError: .storageFailure
    case let error as LedgerError: error.exitCode
    case is PlotError: .unsuitable
    case let error as WorkerFailure: error.exit
    default: .defect
    }
  }
}
