package import Ansatz
import Experiment
import HDF5
import QuantumGAN

/// A trained generator's circuit with what it takes in, event by event: all that a device needs of it.
package struct CircuitFeed: Sendable {
  /// The circuit.
  package let circuit: Circuit
  /// The trained angles, in its numbering.
  package let angles: [Double]
  /// One list per event, energy by energy, of one number per qubit.
  package let inputs: [[Double]]

  package init(circuit: Circuit, angles: [Double], inputs: [[Double]]) {
    (self.circuit, self.angles, self.inputs) = (circuit, angles, inputs)
  }

  /// - Parameters:
  ///   - checkpoint: What has the generator.
  ///   - energies: MeV.
  ///   - events: At each energy.
  ///   - latents: What the generator is fed with.
  /// - Throws: `InputError` when it has no simulated circuit, or cannot be fed with that.
  package init(
    of checkpoint: Checkpoint, energies: [Double], events: Int, latents: ShowerGeneration.Latents
  ) throws {
    try self.init(of: checkpoint, incident: ShowerGeneration.each(energies, events), latents: latents)
  }

  /// - Parameters:
  ///   - checkpoint: What has the generator.
  ///   - incident: The incident energy of each event (MeV).
  ///   - latents: What the generator is fed with.
  /// - Throws: As above.
  init(of checkpoint: Checkpoint, incident: [Double], latents: ShowerGeneration.Latents) throws {
    circuit = try Self.circuit(of: checkpoint)
    let generator = try Generator(checkpoint)
    let job = checkpoint.header.job
    angles = (generator.circuitAngles ?? []).map(Double.init)
    let labels = try ShowerGeneration.labels(of: incident, job)
    let values = try ShowerGeneration.latents(latents, of: generator, checkpoint, events: incident.count)
    inputs = generator.circuitInputs(latents: values, labels: labels).map { $0.map(Double.init) }
  }

  /// The same of a file's latents, whose number says how many events there are.
  /// - Parameters:
  ///   - checkpoint: What has the generator.
  ///   - path: An HDF5 file with the dataset 'latents' [events, latent], energy by energy.
  ///   - energies: MeV; nil for those that were trained on.
  /// - Throws: As above; `HDF5Error`.
  package init(of checkpoint: Checkpoint, latentsIn path: String, energies: [Double]?) throws {
    let (values, rows) = try Self.latents(in: path)
    let energies = energies ?? checkpoint.header.job.dataset.energies
    guard rows > 0, rows.isMultiple(of: energies.count) else {
      throw InputError("\(path): \(rows) events are not as many for each of \(energies.count) energies")
    }
    try self.init(
      of: checkpoint, energies: energies, events: rows / energies.count, latents: .given(values))
  }

  /// The latents of a file.
  /// - Returns: The values, row-major, and how many rows there are.
  /// - Throws: `InputError`, `HDF5Error`.
  package static func latents(in path: String) throws -> (values: [Float], rows: Int) {
    let (shape, values) = try HDF5File(reading: path).read("latents", as: Float.self)
    guard shape.count == 2 else {
      throw InputError("\(path): 'latents' has shape \(shape); it must be [events, latent]")
    }
    guard values.allSatisfy(\.isFinite) else { throw InputError("\(path): 'latents' holds values that are not finite") }
    return (values, shape[0])
  }

  /// The circuit of a checkpoint's generator.
  /// - Throws: `InputError` when it has none that a device could carry out.
  package static func circuit(of checkpoint: Checkpoint) throws -> Circuit {
    let variant = checkpoint.header.job.variant
    if variant.generator.qinn != nil {
      throw InputError(
        "\(checkpoint.header.job.run): its circuits stand between Dense layers (qinn), so that no device can be given the "
          + "latents alone; `qcalo circuit export --block` writes one of them")
    }
    guard variant.kind == .gan, let circuit = variant.generator.circuit, variant.generator.features == .standard
    else {
      throw InputError(
        "\(checkpoint.header.job.run): its generator has no circuit between latents and layers, so a device has nothing to do"
      )
    }
    return circuit
  }
}
