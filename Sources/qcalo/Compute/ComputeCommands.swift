import ArgumentParser
import Study

/// A verb of the worker's, so that `qcalo --help` lists it. `Qcalo.main` hands these on before anything is parsed.
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
  static let abstract = "Train one run from its job description."
  @Argument(parsing: .captureForPassthrough) var arguments: [String] = []
}

struct EvaluateVerb: WorkerVerb {
  static let name = "evaluate"
  static let abstract = "Compare generated showers with Geant4's: the study's χ²/NDF."
  @Argument(parsing: .captureForPassthrough) var arguments: [String] = []
}

struct GenerateVerb: WorkerVerb {
  static let name = "generate"
  static let abstract = "Generate showers from a checkpoint."
  @Argument(parsing: .captureForPassthrough) var arguments: [String] = []
}

struct DatasetVerb: WorkerVerb {
  static let name = "dataset"
  static let abstract = "Select the events to train on, or look into a file of showers."
  @Argument(parsing: .captureForPassthrough) var arguments: [String] = []
}

struct CircuitVerb: WorkerVerb {
  static let name = "circuit"
  static let abstract = "Evaluate or draw a circuit."
  @Argument(parsing: .captureForPassthrough) var arguments: [String] = []
}

struct CheckpointsVerb: WorkerVerb {
  static let name = "checkpoints"
  static let abstract = "List, verify or prune a run's checkpoints."
  @Argument(parsing: .captureForPassthrough) var arguments: [String] = []
}

struct BenchVerb: WorkerVerb {
  static let name = "bench"
  static let abstract = "Verify the kernels, then time them and whole iterations."
  @Argument(parsing: .captureForPassthrough) var arguments: [String] = []
}
