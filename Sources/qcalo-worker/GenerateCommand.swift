import ArgumentParser
import Calorimetry
import Experiment
import HDF5
import Storage
import Training

struct GenerateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "generate",
    abstract: "Generates showers with a checkpoint's generator or parametric simulator.",
    discussion: """
      Writes a file in the CaloChallenge layout: 'incident_energies' [events, 1] and 'showers' [events, voxels], in MeV, \
      energy by energy. The same checkpoint, seed and energies give the same file.

      Examples:
        qcalo generate --checkpoint runs/x/checkpoints/generator-000126.h5 --events 10000 --output b.h5
        qcalo generate --checkpoint c.h5 --events 500 --energies 4096,20000,65536 --output b.h5
      """)

  @Option(help: "A full or a generator's checkpoint.", completion: .file(extensions: ["h5"]))
  var checkpoint: String

  @Option(help: "Events at each energy.")
  var events: Int

  @Option(help: "Incident energies (MeV), separated by commas; by default those that were trained on.")
  var energies: EnergyList?

  @Option(
    help: "An HDF5 file whose dataset 'latents' [events, latent] feeds the generator, energy by energy.",
    completion: .file())
  var latents: String?

  @Option(help: "The seed of the latents; by default that of the run.")
  var seed: UInt64?

  @Option(help: "The file to write; - for the standard output.", completion: .file())
  var output: String

  func validate() throws {
    if !(1...ShowerFile.eventLimit).contains(events) {
      throw ValidationError("--events: \(events) is not in 1 … \(ShowerFile.eventLimit)")
    }
    if latents != nil && seed != nil { throw ValidationError("--latents and --seed: give one of them") }
  }

  func run() throws {
    let state = try Checkpoint(file: checkpoint)
    let job = state.header.job
    let chosen = energies?.values ?? job.dataset.energies
    let edges = job.dataset.energyBins?.edges ?? job.dataset.energies
    let trained = (edges.first ?? 0)...(edges.last ?? 0)
    for energy in chosen where !trained.contains(energy) && job.variant.generator.conditioned {
      Terminal.say(
        "\(energy) MeV is outside of \(trained.lowerBound) … \(trained.upperBound) MeV, where this generator was trained"
      )
    }
    let generation = try ShowerGeneration(
      checkpoint: state, energies: chosen, events: events,
      latents: try latents.map { .given(try read(latents: $0)) } ?? .seed(seed ?? job.seed))
    var attributes = [
      "generator": "qcalo-worker \(BuildInfo.version)", "commit": BuildInfo.commit, "run": job.run,
      "checkpoint": "\(state.header.checkpoint)", "iteration": "\(state.header.iteration)",
      "checkpoint_sha256": state.sha256, "variant": job.variant.canonical, "dataset_sha256": job.dataset.sha256,
    ]
    var kind = job.dataset.kind
    // The events are of discrete energies, whatever it was trained at.
    kind.bins = nil
    attributes.merge(try kind.attributes) { $1 }
    attributes["latents"] = latents ?? "seed \(seed ?? job.seed)"
    try OutputFile(output).write { try generation.write(to: $0, attributes: attributes) }
  }

  private func read(latents path: String) throws -> [Float] {
    let file = try HDF5File(reading: path)
    let (shape, values) = try file.read("latents", as: Float.self)
    guard shape.count == 2 else {
      throw InputError("\(path): 'latents' has shape \(shape); it must be [events, latent]")
    }
    guard values.allSatisfy(\.isFinite) else { throw InputError("\(path): 'latents' holds values that are not finite") }
    return values
  }
}
