import ArgumentParser
import Commands
import Experiment
import Glibc
import HDF5
import Storage

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
    Terminal.begin(as: "qcalo-worker")
    DamagedFile.onFatal(Terminal.endOver)
    do {
      var command = try parsed(ThisProgram.arguments)
      try command.run()
      end(on: nil)
    } catch {
      end(on: error)
    }
  }
}

extension Terminal {
  /// Says in a signal handler, by system calls alone, that a file has ended this process.
  fileprivate static let endOver: DamagedFile.End = { path in
    func say(_ text: StaticString) { _ = Glibc.write(STDERR_FILENO, text.utf8Start, text.utf8CodeUnitCount) }
    say("qcalo-worker: ")
    _ = Glibc.write(STDERR_FILENO, path, strlen(path))
    say(": libhdf5 crashes over it or does not come back from it: the file is damaged; copy or make it again\n")
    _exit(ProgramEnd.badInput.rawValue)
  }
}
