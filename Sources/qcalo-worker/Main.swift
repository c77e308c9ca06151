import ArgumentParser
import Experiment
import Glibc
import HDF5
import Storage
import Training

/// Computes: everything that needs the simulator, the networks or the events.
///
/// Keeps no books.
@main
struct Worker: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "qcalo-worker",
    abstract: "Computes for qcalo: datasets, circuits, training, evaluation.",
    version: BuildInfo.summary(of: "qcalo-worker", library: HDF5File.library),
    subcommands: [
      DatasetCommand.self, CircuitCommand.self, TrainCommand.self, EvaluateCommand.self, GenerateCommand.self,
      CheckpointsCommand.self, BenchCommand.self, ExportCommand.self, CalibrateCommand.self,
    ])

  static func main() {
    Output.begin()
    do {
      let code = try outcome()
      try Output.end()
      Glibc.exit(code)
    } catch {
      Terminal.say("\(error)")
      Glibc.exit(ProgramEnd(of: error).rawValue)
    }
  }

  /// Runs what the arguments name.
  ///
  /// Help and version are results too.
  private static func outcome() throws -> Int32 {
    do {
      var command = try parsed()
      try command.run()
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
  private static func parsed() throws -> any ParsableCommand {
    do { return try parseAsRoot(ThisProgram.arguments) } catch  where exitCode(for: error) != .success {
      exit(withError: error)
    }
  }
}

/// Lines for the person in front of it; results go to the standard output instead.
enum Terminal {
  static func say(_ text: String) { line("qcalo-worker: " + text) }

  static func line(_ text: String) {
    // One write, so that lines of workers that share a terminal stay whole. Nobody has to listen.
    let bytes = Array((text + "\n").utf8)
    _ = bytes.withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count) }
  }
}
