internal import Calorimetry
internal import Experiment
internal import Glibc
internal import QuantumGAN

/// Showers that a checkpoint's generator makes.
public struct GeneratedShowers: Sendable {
  /// MeV, of each event.
  public let incidentEnergies: [Float]
  /// MeV, `[events, voxels]`.
  public let showers: [Float]

  /// What the generator is fed with.
  public enum Latents: Sendable {
    /// Drawn from the distribution of the training.
    case seed(UInt64)
    /// `[events, latent]`, row-major, energy by energy.
    case given([Float])
  }

  /// Generates events at each of the energies.
  /// - Parameters:
  ///   - energies: MeV.
  ///   - events: At each energy.
  /// - Throws: `InputError` when the checkpoint cannot generate that.
  public init(checkpoint: Checkpoint, energies: [Double], events: Int, latents: Latents) throws {
    let job = checkpoint.header.job
    let architecture = job.variant.generator
    let voxels = job.dataset.voxels
    let generator = try Generator(
      architecture: architecture, settings: job.settings, voxels: voxels, state: checkpoint.arrays)
    let count = energies.count * events
    let values =
      switch latents {
      case .seed(let seed): generator.latents(events: count, seed: seed)
      case .given(let values): values
      }
    guard values.count == count * architecture.latent else {
      throw InputError(
        "\(values.count) latent values are not those of \(count) events (\(energies.count) energies, \(events) events each) "
          + "with \(architecture.latent) each")
    }
    let labels = try energies.map { try Self.label(of: $0, trained: job.dataset.energies, architecture) }
    let fractions = generator.generate(
      latents: values, labels: labels.flatMap { [Float](repeating: $0, count: events) })
    incidentEnergies = energies.flatMap { [Float](repeating: Float($0), count: events) }
    showers = Self.energies(
      ofFractions: fractions,
      kineticEnergies: energies.flatMap { [Double](repeating: IncidentEnergy.kineticEnergy(of: $0), count: events) })
  }

  /// The label of an energy, on the scale of those that were trained on; beyond 0 … 1 for energies beyond them.
  private static func label(
    of energy: Double, trained: [Double], _ architecture: GeneratorArchitecture
  ) throws -> Float {
    if let index = trained.firstIndex(of: energy) { return Float(IncidentEnergy.labels(of: trained)[index]) }
    guard architecture.conditioned, trained.count > 1 else {
      throw InputError(
        "an energy of \(energy) MeV: this generator was trained at \(trained.map { "\($0)" }.joined(separator: ", ")) MeV "
          + "and has no energy as an input, so it can generate there only")
    }
    let kinetic = [energy, trained[0], trained[trained.count - 1]].map(IncidentEnergy.kineticEnergy)
    return Float(log10(kinetic[0] / kinetic[1]) / log10(kinetic[2] / kinetic[1]))
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
