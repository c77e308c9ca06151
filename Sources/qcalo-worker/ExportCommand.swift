import ArgumentParser
import Experiment
import Records
import Storage
package import Training

struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "The classical layers of a trained generator, for Keras or as ONNX.",
    discussion: """
      The file's attributes (metadata in ONNX) say what goes in and what comes out. Into the layers behind a circuit go \
      its ⟨Z_i⟩, which `qcalo circuit export --checkpoint` computes elsewhere; else the latents, and the energy label if \
      it is an input. Out come the voxels as fractions of the kinetic energy. A QINN stage has layers before its circuits \
      too: --part before.

      Examples:
        qcalo export ry-rz-cnot1-x2-50-200-s1-9066914dde85 --format keras --output generator.h5
        qcalo export runs/x/checkpoints/generator-000126.h5 --format onnx --output generator.onnx
      """)

  @Argument(help: "A checkpoint, or a run's folder.", completion: .file())
  var source: String

  @Option(help: "keras (HDF5 for load_model) or onnx.")
  var format: GeneratorLayers.Format

  @Option(help: "Of a QINN stage: the layers behind its circuits, or before them.")
  var part = GeneratorLayers.Part.behind

  @Option(help: ArgumentHelp("Of a run: best, last or a checkpoint's number.", valueName: "which"))
  var checkpoint: CheckpointChoice?

  @Option(name: .shortAndLong, help: "The file to write; - for the standard output.", completion: .file())
  var output: String

  func run() throws {
    let path: String
    if source.hasSuffix(".h5") {
      if checkpoint != nil { throw InputError("--checkpoint chooses one of a run's; \(source) is one already") }
      path = source
    } else {
      path = try (checkpoint ?? .best).path(in: RunFolder(source))
    }
    let layers = try GeneratorLayers(checkpoint: Checkpoint(file: path), part: part)
    let file = OutputFile(output)
    try file.write { try layers.write(to: $0, as: format) }
    if !file.isStandardOutput { try Output.line(output) }
  }
}

extension GeneratorLayers.Format: ExpressibleByArgument {}
extension GeneratorLayers.Part: ExpressibleByArgument {}

/// One of a run's checkpoints.
enum CheckpointChoice: ExpressibleByArgument {
  case best, last
  case number(Int)

  init?(argument: String) {
    switch argument {
    case "best": self = .best
    case "last": self = .last
    default:
      guard let number = Int(argument) else { return nil }
      self = .number(number)
    }
  }

  /// The file that holds its generator.
  /// - Throws: `InputError` if there is none.
  func path(in folder: RunFolder) throws -> String {
    let catalogue = try CheckpointCatalogue(folder: folder)
    let present = catalogue.checkpoints.filter { $0.generator != nil || $0.full != nil }
    let number: Int? =
      switch self {
      case .best: catalogue.best
      case .last: present.last?.checkpoint
      case .number(let number): number
      }
    guard let number else { throw InputError("\(folder.path): the run has no checkpoint yet") }
    // Later entries of a number are between two checkpoints.
    guard let entry = present.first(where: { $0.checkpoint == number }), let file = entry.generator ?? entry.full else {
      let numbers = present.map { "\($0.checkpoint)" }
      throw InputError(
        "\(folder.path): checkpoint \(number) is not there; there are "
          + (numbers.isEmpty ? "none" : numbers.joined(separator: ", ")) + "; choose one by --checkpoint")
    }
    return folder.path + "/" + file
  }
}
