import ArgumentParser
import Commands
import Experiment
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
    do {
      var command = try parsed(ThisProgram.arguments)
      try command.run()
      end(on: nil)
    } catch {
      end(on: error)
    }
  }
}
