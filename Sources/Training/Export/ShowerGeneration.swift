package import Calorimetry
import Experiment
import QuantumGAN
import Records
import Storage

/// Showers that a checkpoint's generator makes: energy by energy, or as its run was evaluated.
package struct ShowerGeneration {
  /// What the generator is fed with.
  package enum Latents: Sendable {
    /// Drawn from the distribution of the training.
    case seed(UInt64)
    /// Drawn likewise, from the stream of the checkpoint's metrics.
    case metrics(UInt64)
    /// `[events, latent]`, row-major, energy by energy.
    case given([Float])
  }

  private let generator: Generator
  private let voxels: Int
  /// The incident energy of each event (MeV).
  private let energies: [Float]
  private let kineticEnergies: [Double]
  private let labels: [Float]
  private let latents: [Float]

  /// - Parameters:
  ///   - checkpoint: What has the generator.
  ///   - energies: MeV.
  ///   - events: At each energy.
  ///   - latents: What the generator is fed with.
  /// - Throws: `InputError` when the checkpoint cannot generate that.
  package init(checkpoint: Checkpoint, energies: [Double], events: Int, latents: Latents) throws {
    let job = checkpoint.header.job
    let architecture = job.variant.generator
    guard events <= ShowerFile.eventLimit / max(energies.count, 1) else {
      throw InputError(
        "\(events) events at each of \(energies.count) energies are more than the \(ShowerFile.eventLimit) that a file may "
          + "hold; make several files")
    }
    generator = try Generator(
      architecture: architecture, settings: job.settings, voxels: job.dataset.voxels, state: checkpoint.arrays)
    voxels = job.dataset.voxels
    func forEach<Value>(_ value: (Double) throws -> Value) rethrows -> [Value] {
      try energies.flatMap { [Value](repeating: try value($0), count: events) }
    }
    self.energies = forEach { Float($0) }
    kineticEnergies = forEach(job.dataset.kind.particle.kineticEnergy)
    labels = try forEach { try Self.label(of: $0, trained: job.dataset, architecture) }
    let count = energies.count * events
    self.latents =
      switch latents {
      case .seed(let seed): generator.latents(events: count, seed: seed)
      case .metrics(let seed):
        generator.metricLatents(events: count, seed: seed, iteration: checkpoint.header.iteration)
      case .given(let values): values
      }
    guard self.latents.count == count * architecture.latent else {
      throw InputError(
        "\(self.latents.count) latent values do not feed \(count) events (\(events) at each of \(energies.count) energies) "
          + "with \(architecture.latent) each")
    }
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
    generator = try Generator(
      architecture: job.variant.generator, settings: job.settings, voxels: job.dataset.voxels, state: checkpoint.arrays)
    voxels = job.dataset.voxels
    energies = dataset.incidentEnergies
    kineticEnergies = dataset.kineticEnergies
    labels = dataset.labels
    latents = generator.evaluationLatents(
      events: dataset.events, seed: job.seed, iteration: checkpoint.header.iteration)
  }

  /// Writes the showers to a file in the CaloChallenge layout, durably and in portions that fit into memory with ease.
  /// - Parameters:
  ///   - path: The file's place; what is there is replaced.
  ///   - attributes: Texts that say where they come from.
  /// - Throws: `StorageError`.
  package func write(to path: String, attributes: [String: String]) throws {
    try DurableFile.write(to: path) { aside in
      var file = try ShowerFileWriter(creating: aside, events: energies.count, voxels: voxels)
      for first in stride(from: 0, to: energies.count, by: 1000) {
        let events = first..<min(first + 1000, energies.count)
        try file.append(incidentEnergies: Array(energies[events]), showers: showers(events))
      }
      for (name, value) in attributes.sorted(by: { $0.key < $1.key }) { try file.setAttribute(name, value) }
      try file.close()
    }
  }

  /// The showers, in the memory.
  package func selection() -> ShowerSelection {
    ShowerSelection(incidentEnergies: energies, showers: showers(energies.indices), voxels: voxels)
  }

  /// MeV, `[events, voxels]`.
  private func showers(_ events: Range<Int>) -> [Float] {
    let latent = generator.architecture.latent
    let fractions = generator.generate(
      latents: Array(latents[events.lowerBound * latent..<events.upperBound * latent]), labels: Array(labels[events]))
    return Self.energies(ofFractions: fractions, kineticEnergies: Array(kineticEnergies[events]))
  }

  /// The label of an energy, on the scale of those that were trained on; beyond 0 … 1 for energies beyond them.
  private static func label(
    of energy: Double, trained: DatasetDescription, _ architecture: GeneratorArchitecture
  ) throws -> Float {
    let (energies, bins) = (trained.energies, trained.energyBins)
    let isKnown = bins.map { $0.bin(of: energy) != nil } ?? energies.contains(energy)
    guard isKnown || architecture.conditioned && (energies.count > 1 || bins != nil) else {
      let list =
        bins.map { "\($0.edges[0]) … \($0.edges[$0.edges.count - 1])" }
        ?? energies.map { "\($0)" }.joined(separator: ", ")
      throw InputError(
        "an energy of \(energy) MeV: this generator was trained at \(list) MeV and has no energy as an input, so it can "
          + "generate there only")
    }
    return Float(EnergyScale(trained).label(of: energy))
  }

  /// Fractions of the kinetic energy as MeV.
  static func energies(ofFractions fractions: [Float], kineticEnergies: [Double]) -> [Float] {
    guard !kineticEnergies.isEmpty else { return [] }
    let voxels = fractions.count / kineticEnergies.count
    return [Float](unsafeUninitializedCapacity: fractions.count) { energies, count in
      fractions.withUnsafeBufferPointer { fractions in
        for event in kineticEnergies.indices {
          for voxel in event * voxels..<(event + 1) * voxels {
            energies[voxel] = Float(Double(fractions[voxel]) * kineticEnergies[event])
          }
        }
      }
      count = fractions.count
    }
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
