package import Calorimetry
import Experiment
import InvertibleModels
import NeuralNetwork
import ParametricSimulation
import QuantumGAN
import Records
import Storage

/// Showers that a checkpoint's simulator makes: energy by energy, or as its run was evaluated.
package struct ShowerGeneration {
  /// What the generator is fed with.
  package enum Latents: Sendable {
    /// Drawn from the distribution of the training.
    case seed(UInt64)
    /// Drawn likewise, from the stream of the checkpoint's metrics.
    case metrics(UInt64)
    /// `[events, latent]`, row-major, energy by energy.
    case given([Float])
    /// ⟨Z⟩ `[events, qubits]` of the generator's circuit, carried out elsewhere, energy by energy.
    case expectations([Float])
  }

  /// What makes the showers of some of the events: MeV, `[events, voxels]`.
  private let showers: (_ events: Range<Int>) -> [Float]
  private let voxels: Int
  /// The incident energy of each event (MeV).
  private let energies: [Float]

  /// - Parameters:
  ///   - checkpoint: What has the generator.
  ///   - energies: MeV.
  ///   - events: At each energy.
  ///   - latents: What the generator is fed with.
  /// - Throws: `InputError` when the checkpoint cannot generate that.
  package init(checkpoint: Checkpoint, energies: [Double], events: Int, latents: Latents) throws {
    guard events <= ShowerFile.eventLimit / max(energies.count, 1) else {
      throw InputError(
        "\(events) events at each of \(energies.count) energies are more than the \(ShowerFile.eventLimit) that a file may "
          + "hold; make several files")
    }
    try self.init(checkpoint: checkpoint, incident: Self.each(energies, events), latents: latents)
  }

  /// So many events at each of some energies, energy by energy.
  static func each(_ energies: [Double], _ events: Int) -> [Double] {
    energies.flatMap { [Double](repeating: $0, count: events) }
  }

  /// - Parameters:
  ///   - checkpoint: What has the generator.
  ///   - incident: The incident energy of each event (MeV).
  ///   - latents: What the generator is fed with.
  /// - Throws: `InputError` when the checkpoint cannot generate that.
  package init(checkpoint: Checkpoint, incident: [Double], latents: Latents) throws {
    let job = checkpoint.header.job
    voxels = job.dataset.voxels
    energies = incident.map { Float($0) }
    let kinetic = incident.map(job.dataset.kind.particle.kineticEnergy)
    let labels = try Self.labels(of: incident, job)
    guard job.variant.kind == .gan else {
      let (seed, purpose): (UInt64, Randomness.Purpose) =
        switch latents {
        case .seed(let seed): (seed, .generation)
        case .metrics(let seed): (seed, .metricLatents)
        case .given, .expectations:
          throw InputError("\(job.run) is \(job.variant.kind.noun), which takes a seed and no latent values")
        }
      // As the generator's: what a user asks for is of no checkpoint.
      let iteration = purpose == .generation ? 0 : checkpoint.header.iteration
      showers = try Self.simulation(
        checkpoint, incident: incident, kinetic, labels: labels, seed: seed, purpose, iteration: iteration)
      return
    }
    let generator = try Generator(checkpoint)
    if case .expectations(let values) = latents {
      _ = try CircuitFeed.circuit(of: checkpoint)
      let qubits = generator.architecture.inputs
      precondition(
        values.count == incident.count * qubits, "\(values.count) ⟨Z⟩ for \(incident.count) events")
      showers = { events in
        generator.generate(
          expectations: Array(values[events.lowerBound * qubits..<events.upperBound * qubits]),
          energies: kinetic[events])
      }
      return
    }
    let values = try Self.latents(latents, of: generator, checkpoint, events: incident.count)
    let draws =
      switch latents {
      case .seed(let seed): EventDraws(Randomness(seed: seed), .generation, iteration: 0)
      case .metrics(let seed):
        EventDraws(Randomness(seed: seed), .metricLatents, iteration: checkpoint.header.iteration)
      case .given, .expectations: EventDraws.usual
      }
    showers = Self.generation(generator, latents: values, labels: labels, kinetic, draws)
  }

  /// The latent values `[events, latent]`.
  /// - Throws: `InputError` when those that are given are not so many.
  static func latents(
    _ latents: Latents, of generator: Generator, _ checkpoint: Checkpoint, events count: Int
  ) throws -> [Float] {
    let latent = generator.architecture.latent
    let values =
      switch latents {
      case .seed(let seed): generator.latents(events: count, seed: seed)
      case .metrics(let seed):
        generator.metricLatents(events: count, seed: seed, iteration: checkpoint.header.iteration)
      case .given(let values): values
      case .expectations: [Float]()
      }
    guard values.count == count * latent else {
      throw InputError(
        "\(values.count) latent values do not feed \(count) events of all energies with \(latent) each")
    }
    return values
  }

  /// The very events of which the run's journal has χ² at this checkpoint.
  /// - Parameters:
  ///   - checkpoint: What has the generator.
  ///   - dataset: What the run was trained on.
  /// - Throws: `InputError` for another dataset.
  package init(evaluationOf checkpoint: Checkpoint, on dataset: PreparedDataset) throws {
    let job = checkpoint.header.job
    guard job.dataset.sha256 == dataset.description.sha256 else {
      throw InputError(
        "\(dataset.description.path): \(job.run) was not trained on this dataset, so it has no evaluation on it; "
          + "`qcalo generate` makes showers to compare with any file")
    }
    voxels = job.dataset.voxels
    energies = dataset.incidentEnergies
    let iteration = checkpoint.header.iteration
    guard job.variant.kind == .gan else {
      showers = try Self.simulation(
        checkpoint, incident: energies.map(Double.init), dataset.kineticEnergies, labels: dataset.labels,
        seed: job.seed, .evaluationLatents, iteration: iteration)
      return
    }
    let generator = try Generator(checkpoint)
    let latents = generator.evaluationLatents(events: dataset.events, seed: job.seed, iteration: iteration)
    let draws = EventDraws(Randomness(seed: job.seed), .evaluationLatents, iteration: iteration)
    showers = Self.generation(
      generator, latents: latents, labels: dataset.labels, dataset.kineticEnergies, draws)
  }

  /// What a generator makes of latents `[events, latent]`, labels and kinetic energies (MeV).
  private static func generation(
    _ generator: Generator, latents: [Float], labels: [Float], _ kineticEnergies: [Double], _ draws: EventDraws
  ) -> (_ events: Range<Int>) -> [Float] {
    let latent = generator.architecture.latent
    return { events in
      generator.generate(
        latents: Array(latents[events.lowerBound * latent..<events.upperBound * latent]), labels: Array(labels[events]),
        draws: draws, from: events.lowerBound, energies: kineticEnergies[events])
    }
  }

  /// What a simulator that is no GAN makes at incident and kinetic energies (MeV) with their labels.
  private static func simulation(
    _ checkpoint: Checkpoint, incident: [Double], _ kineticEnergies: [Double], labels: [Float], seed: UInt64,
    _ purpose: Randomness.Purpose, iteration: Int
  ) throws -> (_ events: Range<Int>) -> [Float] {
    let fractions = try Self.fractions(
      checkpoint, incident: incident, labels: labels, seed: seed, purpose, iteration: iteration)
    return { events in Self.energies(ofFractions: fractions(events), kineticEnergies: kineticEnergies[events]) }
  }

  /// What a simulator that is no GAN makes, fractions of the kinetic energy.
  private static func fractions(
    _ checkpoint: Checkpoint, incident: [Double], labels: [Float], seed: UInt64, _ purpose: Randomness.Purpose,
    iteration: Int
  ) throws -> (_ events: Range<Int>) -> [Float] {
    let job = checkpoint.header.job
    if let settings = job.variant.inn {
      let model = QuantumINN(settings, voxels: job.dataset.voxels, capacity: settings.batchSize)
      try model.parameters.restore(checkpoint.arrays, moments: false)
      let kinetic = incident.map(job.dataset.kind.particle.kineticEnergy)
      return { events in
        model.showers(
          kineticEnergies: Array(kinetic[events]), from: events.lowerBound, Randomness(seed: seed), purpose,
          iteration: iteration)
      }
    }
    let quantities = try ShowerQuantities(of: job)
    if let settings = job.variant.coupling {
      let model = try CouplingModel(
        state: checkpoint.arrays, energies: job.dataset.energies, quantities: quantities, settings: settings)
      return { events in
        model.showers(
          incident: Array(incident[events]), labels: Array(labels[events]), from: events.lowerBound, seed: seed,
          purpose, iteration: iteration)
      }
    }
    let model = try ParametricModel(
      state: checkpoint.arrays, energies: job.dataset.energies, quantities: quantities,
      settings: job.variant.parametric ?? ParametricSettings())
    return { events in
      model.showers(
        incident: incident[events], from: events.lowerBound, seed: seed, purpose, iteration: iteration)
    }
  }

  /// Writes the showers to a file in the CaloChallenge layout, durably and in portions that fit into memory with ease.
  /// - Parameters:
  ///   - path: The file's place; what is there is replaced.
  ///   - attributes: Texts that say where they come from.
  /// - Throws: `StorageError`.
  package func write(to path: String, attributes: [String: String]) throws {
    try Self.write([self], to: path, attributes: attributes)
  }

  /// Writes the showers of several to one file, one after the other, likewise.
  /// - Parameters:
  ///   - parts: At least one, all with as many voxels.
  ///   - path: The file's place; what is there is replaced.
  ///   - attributes: Texts that say where they come from.
  /// - Throws: `InputError` when they are of different detectors or too many; `StorageError`.
  package static func write(_ parts: [ShowerGeneration], to path: String, attributes: [String: String]) throws {
    let voxels = Set(parts.map(\.voxels)).sorted()
    guard voxels.count == 1 else {
      throw InputError(
        "showers of \(voxels.map(String.init).joined(separator: " and ")) voxels do not go into one file")
    }
    let events = parts.reduce(0) { $0 + $1.energies.count }
    guard events <= ShowerFile.eventLimit else {
      throw InputError(
        "\(events) events are more than the \(ShowerFile.eventLimit) that a file may hold; make several files")
    }
    try DurableFile.write(to: path) { aside in
      // A third of the time of the level that prepared datasets have, for a file that is a few per cent longer.
      var file = try ShowerFileWriter(creating: aside, events: events, voxels: voxels[0], gzip: 1)
      for part in parts {
        for events in part.portions {
          try file.append(incidentEnergies: Array(part.energies[events]), showers: part.showers(events))
        }
      }
      for (name, value) in attributes.sorted(by: { $0.key < $1.key }) { try file.setAttribute(name, value) }
      try file.close()
    }
  }

  /// The seconds that making the showers takes, in the portions in which they are written.
  package func timed() -> Double {
    let start = RunControl.steadyTime()
    for events in portions { _ = showers(events) }
    return RunControl.steadyTime() - start
  }

  /// Some chunks of a file at a time, so that none is compressed twice.
  private var portions: [Range<Int>] {
    let size = 4 * ShowerFileWriter.chunk(voxels: voxels)
    return stride(from: 0, to: energies.count, by: size).map { $0..<min($0 + size, energies.count) }
  }

  /// The number of showers.
  package var count: Int { energies.count }

  /// The showers, in the memory.
  package func selection() -> ShowerSelection {
    ShowerSelection(incidentEnergies: energies, showers: showers(energies.indices), voxels: voxels)
  }

  /// The label of an energy, on the scale of those that were trained on; beyond 0 … 1 for energies beyond them.
  static func label(of energy: Double, trained: DatasetDescription, _ variant: Variant) throws -> Float {
    let (energies, bins) = (trained.energies, trained.energyBins)
    let edges = bins?.edges ?? energies
    let (least, greatest) = (edges[0], edges[edges.count - 1])
    let isKnown = bins.map { $0.bin(of: energy) != nil } ?? energies.contains(energy)
    let isTold = variant.generator.conditioned && (energies.count > 1 || bins != nil)
    let isBetween = variant.kind != .gan && (least...greatest).contains(energy)
    guard isKnown || isTold || isBetween else {
      let range = "\(least) … \(greatest)"
      if variant.kind != .gan, least < greatest {
        throw InputError(
          "an energy of \(energy) MeV: this simulator was fitted from \(range) MeV and knows nothing beyond")
      }
      let list = bins.map { _ in range } ?? energies.map { "\($0)" }.joined(separator: ", ")
      throw InputError(
        "an energy of \(energy) MeV: this generator was trained at \(list) MeV and has no energy as an input, so it can "
          + "generate there only")
    }
    return Float(EnergyScale(trained).label(of: energy))
  }

  /// The labels of events at some energies, which as a rule are few.
  static func labels(of incident: [Double], _ job: JobDescription) throws -> [Float] {
    var known: [Double: Float] = [:]
    return try incident.map { energy in
      if let label = known[energy] { return label }
      let label = try label(of: energy, trained: job.dataset, job.variant)
      known[energy] = label
      return label
    }
  }

  /// Fractions of the kinetic energy as MeV.
  static func energies(ofFractions fractions: consuming [Float], kineticEnergies: ArraySlice<Double>) -> [Float] {
    guard !kineticEnergies.isEmpty else { return fractions }
    let voxels = fractions.count / kineticEnergies.count
    fractions.withUnsafeMutableBufferPointer { fractions in
      for (event, energy) in kineticEnergies.enumerated() {
        for voxel in event * voxels..<(event + 1) * voxels {
          fractions[voxel] = Float(Double(fractions[voxel]) * energy)
        }
      }
    }
    return fractions
  }

  /// The share of voxels without energy in any event.
  static func deadVoxels(_ showers: [Float], voxels: Int) -> Double {
    var fired = [Bool](repeating: false, count: voxels)
    showers.withUnsafeBufferPointer { showers in
      for start in stride(from: 0, to: showers.count, by: voxels) {
        for voxel in 0..<voxels where showers[start + voxel] > 0 { fired[voxel] = true }
      }
    }
    return Double(fired.count { !$0 }) / Double(voxels)
  }
}

extension Generator {
  /// A checkpoint's.
  /// - Throws: `InputError` if an array is missing or has another shape.
  convenience init(_ checkpoint: Checkpoint) throws(InputError) {
    let job = checkpoint.header.job
    try self.init(
      architecture: job.variant.generator, settings: job.settings, voxels: job.dataset.voxels,
      state: checkpoint.arrays)
  }
}
