import ArgumentParser
import Experiment
import Glibc
import Training

/// Computes: everything that needs the simulator, the networks or the events. Keeps no books.
@main
struct Worker: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "qcalo-worker",
    abstract: "Computes for qcalo: datasets, circuits, training, evaluation.",
    version: BuildInfo.version + (BuildInfo.commit.isEmpty ? "" : " (\(BuildInfo.commit))"),
    subcommands: [
      DatasetCommand.self, CircuitCommand.self, TrainCommand.self, EvaluateCommand.self, GenerateCommand.self,
      CheckpointsCommand.self, BenchCommand.self, ExportCommand.self, CalibrateCommand.self,
    ])

  static func main() {
    do {
      var command = try parseAsRoot()
      try command.run()
    } catch let error as ArgumentParser.ExitCode {
      Glibc.exit(error.rawValue)
    } catch  where Self.exitCode(for: error) == .success {
      // Help and version.
      exit(withError: error)
    } catch  where error is CleanExit || Self.isOfParser(error) {
      exit(withError: error)
    } catch {
      Terminal.say("\(error)")
      Glibc.exit(Experiment.ExitCode(of: error).rawValue)
    }
  }

  /// Whether the argument parser made an error: it knows how to print those, and they end with 64.
  private static func isOfParser(_ error: any Error) -> Bool {
    error is ValidationError || String(reflecting: type(of: error)).hasPrefix("ArgumentParser.")
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
