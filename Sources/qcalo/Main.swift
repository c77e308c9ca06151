import ArgumentParser
import Commands
import Experiment
import Ledger
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
        subcommands: [PlanCommand.self, RunCommand.self, ResumeCommand.self, RehearseCommand.self, SearchCommand.self]),
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
          StatusCommand.self, WaitCommand.self, WhyCommand.self, ShowCommand.self, ResultsCommand.self,
          CompareCommand.self,
          SelectCommand.self, ExportCommand.self,
          PlotsCommand.self, ReportCommand.self, ServeCommand.self, QueryCommand.self, CollectCommand.self,
          BundleCommand.self, ImportCommand.self,
        ]),
      CommandGroup(
        name: "Keep house",
        subcommands: [
          NoteCommand.self, RenameCommand.self, DoctorCommand.self, RemoveCommand.self, BinCommand.self,
        ]),
      CommandGroup(
        name: "Compute (the worker's verbs)",
        subcommands: [
          DatasetVerb.self, CircuitVerb.self, TrainVerb.self, EvaluateCommand.self, GenerateVerb.self,
          CheckpointsVerb.self, BenchVerb.self,
        ]),
    ])

  static func main() async {
    Output.begin()
    Terminal.begin(as: "qcalo")
    Ledger.tellOfWaiting(Terminal.say)
    do {
      try await run(ThisProgram.arguments)
      end(on: nil)
    } catch let error as SweepError {
      // Each line begins with its place in the file.
      Terminal.line("\(error)")
      end(on: error.programEnd.exit)
    } catch {
      end(on: error)
    }
  }

  private static func run(_ arguments: [String]) async throws {
    var arguments = arguments
    // The worker knows its verbs best.
    if arguments.first == "help", arguments.count > 1, WorkerProgram.verbs.contains(arguments[1]) {
      arguments = arguments.dropFirst() + ["--help"]
    }
    // Of `evaluate`, only what is about files.
    if let verb = arguments.first, WorkerProgram.verbs.contains(verb),
      verb != EvaluateCommand._commandName || EvaluateCommand.isOfFiles(arguments)
    {
      try WorkerProgram.become(NamedCheckpoint.resolving(arguments, in: WorkspaceOptions.usual))
    }
    var command = try parsed(arguments)
    if var command = command as? any AsyncParsableCommand {
      try await command.run()
    } else {
      try command.run()
    }
  }
}
