import ArgumentParser
import Condor
import Experiment
import Foundation
import Glibc
import Ledger
import Reports
import Sweeps

/// Keeps the books: plans sweeps, starts their runs, holds the ledger. Computes nothing.
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
    version: BuildInfo.version + (BuildInfo.commit.isEmpty ? "" : " (\(BuildInfo.commit))"),
    groupedSubcommands: [
      CommandGroup(
        name: "Train a sweep",
        subcommands: [PlanCommand.self, RunCommand.self, ResumeCommand.self, RehearseCommand.self]),
      CommandGroup(
        name: "Train it at HTCondor",
        subcommands: [
          LintCommand.self, SubmitCommand.self, HoldCommand.self, ReleaseCommand.self, CancelCommand.self,
          PackageCommand.self,
        ]),
      CommandGroup(
        name: "Look at it",
        subcommands: [
          StatusCommand.self, WhyCommand.self, ResultsCommand.self, CompareCommand.self, ExportCommand.self,
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
    do {
      var arguments = Array(CommandLine.arguments.dropFirst())
      // The worker knows its verbs best.
      if arguments.first == "help", arguments.count > 1, WorkerProgram.verbs.contains(arguments[1]) {
        arguments = arguments.dropFirst() + ["--help"]
      }
      if let verb = arguments.first, WorkerProgram.verbs.contains(verb) { try WorkerProgram.become(arguments) }
      var command = try parseAsRoot()
      if var command = command as? any AsyncParsableCommand {
        try await command.run()
      } else {
        try command.run()
      }
    } catch let error as ArgumentParser.ExitCode {
      Glibc.exit(error.rawValue)
    } catch  where isOfParser(error) {
      exit(withError: error)
    } catch let error as SweepError {
      // Each line begins with its place in the file.
      Terminal.write("\(error)\n")
      Glibc.exit(exitCode(of: error).rawValue)
    } catch {
      Terminal.say("\(error)")
      Glibc.exit(exitCode(of: error).rawValue)
    }
  }

  /// Whether the argument parser made an error: help and version too. It knows how to print those.
  private static func isOfParser(_ error: any Error) -> Bool {
    error is ValidationError || error is CleanExit || String(reflecting: type(of: error)).hasPrefix("ArgumentParser.")
  }

  private static func exitCode(of error: any Error) -> Experiment.ExitCode {
    switch error {
    case is SweepError, is InputError, is CondorError: .badInput
    case is StorageError: .storageFailure
    case let error as LedgerError: error.exitCode
    case is PlotError: .unsuitable
    case let error as WorkerFailure: error.exit
    default: .defect
    }
  }
}

/// Lines for the person in front of it; results go to the standard output instead.
enum Terminal {
  /// Whether lines can be drawn over.
  static let isInteractive = isatty(STDERR_FILENO) == 1 && ProcessInfo.processInfo.environment["TERM"] != "dumb"

  static func say(_ text: String) { write("qcalo: \(text)\n") }

  /// Writes to the standard error at once and whole.
  static func write(_ text: String) {
    let bytes = Array(text.utf8)
    _ = bytes.withUnsafeBytes { Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count) }
  }

  /// The first five names of many.
  static func some(of names: [String], separator: String) -> String {
    names.prefix(5).joined(separator: separator) + (names.count > 5 ? " and \(names.count - 5) more" : "")
  }

  /// Columns and rows of the terminal.
  static var size: (columns: Int, rows: Int) {
    var size = winsize()
    guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return (100, 24) }
    return (Int(size.ws_col), Int(size.ws_row))
  }
}
