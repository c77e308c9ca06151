import ArgumentParser
import Study

/// A verb of the worker's, so that `qcalo --help` lists it.
///
/// `Qcalo.main` hands these on before anything is parsed.
protocol WorkerVerb: ParsableCommand {
  static var name: String { get }
  static var abstract: String { get }
  var arguments: [String] { get }
}

extension WorkerVerb {
  static var configuration: CommandConfiguration {
    CommandConfiguration(commandName: name, abstract: abstract, helpNames: [])
  }

  func run() throws { try WorkerProgram.become([Self.name] + arguments) }
}

struct TrainVerb: WorkerVerb {
  static let name = "train"
  static let abstract = "Trains one run, from its last checkpoint or from nothing."
  @Argument(parsing: .captureForPassthrough) var arguments: [String] = []
}

struct GenerateVerb: WorkerVerb {
  static let name = "generate"
  static let abstract = "Generates showers with a checkpoint's generator or parametric simulator."
  @Argument(parsing: .captureForPassthrough) var arguments: [String] = []
}

struct DatasetVerb: WorkerVerb {
  static let name = "dataset"
  static let abstract = "Selects the events to train on from a file of showers, or looks into one."
  @Argument(parsing: .captureForPassthrough) var arguments: [String] = []
}

struct CircuitVerb: WorkerVerb {
  static let name = "circuit"
  static let abstract = "Evaluates, draws, explains or exports one instance of the circuit template."
  @Argument(parsing: .captureForPassthrough) var arguments: [String] = []
}

struct CheckpointsVerb: WorkerVerb {
  static let name = "checkpoints"
  static let abstract = "Lists, verifies, prunes or digests a run's checkpoints."
  @Argument(parsing: .captureForPassthrough) var arguments: [String] = []
}

struct BenchVerb: WorkerVerb {
  static let name = "bench"
  static let abstract = "Verifies the kernels, then times them and whole iterations."
  @Argument(parsing: .captureForPassthrough) var arguments: [String] = []
}
