import ArgumentParser
import Calorimetry
import Experiment
import Records
import Storage
import Training

/// What `--time` prints.
private struct Timing: Encodable {
  var showers: Int
  var seconds: Double
}

struct GenerateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "generate",
    abstract: "Generates showers with a checkpoint's generator or parametric simulator.",
    discussion: """
      Writes a file in the CaloChallenge layout: 'incident_energies' [events, 1] and 'showers' [events, voxels], in MeV, \
      energy by energy. The same checkpoint, seed and energies give the same file.

      A bundle of `qcalo select` has a simulator for each energy, and takes for an energy between them the nearest that \
      reaches so far; showers of the same simulator stand together.

      Examples:
        qcalo generate --checkpoint runs/x/checkpoints/generator-000126.h5 --events 10000 --output b.h5
        qcalo generate --checkpoint c.h5 --events 500 --energies 4096,20000,65536 --output b.h5
        qcalo generate --bundle best --events 500 --energies 4096,20000,65536 --output b.h5
        qcalo generate --checkpoint c.h5 --latents l.h5 --counts counts.json --events 500 --output b.h5
      """)

  @Option(help: "A full or a generator's checkpoint.", completion: .file(extensions: ["h5"]))
  var checkpoint: String?

  @Option(help: "In its place a bundle that `qcalo select` made.", completion: .directory)
  var bundle: String?

  @Option(help: "Of a bundle for several particles: what the showers are of.")
  var particle: Particle?

  @Option(help: "Events at each energy.")
  var events: Int

  @Option(help: "Incident energies (MeV), separated by commas; by default those that were trained on, or chosen for.")
  var energies: EnergyList?

  @Option(
    help: "An HDF5 file whose dataset 'latents' [events, latent] feeds the generator, energy by energy.",
    completion: .file())
  var latents: String?

  @Option(
    help: ArgumentHelp(
      "What was counted of the circuits that `circuit export` made of --latents, in the place of simulating them: Qiskit's "
        + "JSON (a list of counts), or a table of event, bit string, count (CSV).", valueName: "file"),
    completion: .file(extensions: ["json", "csv"]))
  var counts: String?

  @Option(
    help: ArgumentHelp(
      "Where qubit 0 stands in a bit string: last, as Qiskit has it, or first. Checked by what the circuits ought to give.",
      valueName: "end"))
  var bitOrder: MeasuredCounts.Order?

  @Option(help: "The seed of the latents; by default that of the run.")
  var seed: UInt64?

  @Option(help: "The file to write; - for the standard output.", completion: .file())
  var output: String?

  @Flag(help: "Write no file, and print as JSON how many seconds making so many showers took.")
  var time = false

  func validate() throws {
    if (checkpoint == nil) == (bundle == nil) { throw ValidationError("Give one of --checkpoint and --bundle.") }
    if (output == nil) != time { throw ValidationError("Give one of --output and --time.") }
    if particle != nil && bundle == nil { throw ValidationError("--particle belongs to --bundle.") }
    if let flaw = Bounds.flaw("--events", events, Bounds.fileEvents) { throw ValidationError(flaw) }
    if counts != nil && (latents == nil || checkpoint == nil || time) {
      throw ValidationError(
        "--counts takes the --checkpoint and the --latents that the circuits were made of, and --output.")
    }
    if bitOrder != nil && counts == nil { throw ValidationError("--bit-order is that of --counts.") }
    if latents != nil && seed != nil { throw ValidationError("--latents and --seed: give one of them") }
    if latents != nil && bundle != nil { throw ValidationError("--latents feed one generator; give its --checkpoint") }
  }

  func run() throws {
    var attributes = ["generator": "qcalo-worker \(BuildInfo.version)", "commit": BuildInfo.commit]
    let parts = try checkpoint.map { try [generation(of: Checkpoint(file: $0), &attributes)] } ?? ofBundle(&attributes)
    guard let output else {
      let showers = parts.reduce(0) { $0 + $1.count }
      return try Output.line(json(Timing(showers: showers, seconds: parts.reduce(0) { $0 + $1.timed() })))
    }
    try OutputFile(output).write { try ShowerGeneration.write(parts, to: $0, attributes: attributes) }
  }

  /// The showers of one checkpoint, and what is said of them.
  private func generation(
    of state: Checkpoint, _ attributes: inout [String: String]
  ) throws -> ShowerGeneration {
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
      latents: try fed(state, chosen) ?? .seed(seed ?? job.seed))
    attributes.merge([
      "run": job.run, "checkpoint": "\(state.header.checkpoint)", "iteration": "\(state.header.iteration)",
      "checkpoint_sha256": state.sha256, "variant": job.variant.canonical, "dataset_sha256": job.dataset.sha256,
      "latents": latents ?? "seed \(seed ?? job.seed)",
    ]) { $1 }
    if let counts { attributes["counts"] = counts }
    attributes.merge(try kind(of: job).attributes) { $1 }
    return generation
  }

  /// What feeds the generator: the latents of a file, or what was counted of the circuits that they make.
  private func fed(_ state: Checkpoint, _ energies: [Double]) throws -> ShowerGeneration.Latents? {
    guard let latents else { return nil }
    let values = try CircuitFeed.latents(in: latents).values
    guard let counts else { return .given(values) }
    let feed = try CircuitFeed(of: state, energies: energies, events: events, latents: .given(values))
    let measured = try MeasuredCounts(reading: counts, order: bitOrder, of: feed)
    Terminal.say(measured.sentence)
    return .expectations(measured.expectations.flatMap { $0.map(Float.init) })
  }

  /// The showers of a bundle, simulator by simulator, and what is said of them.
  private func ofBundle(_ attributes: inout [String: String]) throws -> [ShowerGeneration] {
    let folder = bundle ?? ""
    let bundle = try SimulatorBundle(reading: folder)
    let chosen = energies?.values ?? bundle.choices.filter { $0.particle == particle ?? $0.particle }.map(\.energy)
    var parts: [(choice: SimulatorBundle.Choice, energies: [Double])] = []
    for energy in chosen {
      let choice = try bundle.choice(for: particle, at: energy)
      if let index = parts.firstIndex(where: { $0.choice.files == choice.files }) {
        parts[index].energies.append(energy)
      } else {
        parts.append((choice, [energy]))
      }
    }
    var origins: [String] = []
    return try parts.map { choice, energies in
      let path = folder + "/" + choice.files.checkpoint
      guard try InputFile.digest(of: path, "the bundle's checkpoint") == choice.files.sha256 else {
        throw InputError("\(path): it is not the file that the bundle was made with; make the bundle again")
      }
      let state = try Checkpoint(file: path)
      let job = state.header.job
      let seed = seed ?? job.seed
      origins.append("\(energyNames(energies)): \(job.run), checkpoint \(state.header.checkpoint), seed \(seed)")
      attributes["simulators"] = origins.joined(separator: "; ")
      attributes.merge(try kind(of: job).attributes) { $1 }
      return try ShowerGeneration(checkpoint: state, energies: energies, events: events, latents: .seed(seed))
    }
  }

  /// What the events are of: at discrete energies, whatever it was trained at.
  private func kind(of job: JobDescription) -> ShowerKind {
    var kind = job.dataset.kind
    kind.bins = nil
    return kind
  }
}

extension MeasuredCounts.Order: ExpressibleByArgument {}
