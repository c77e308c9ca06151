import Ansatz
import Calorimetry
import Experiment
import Records
import Storage

/// The classical layers of a checkpoint's generator, for other software: all that follows the circuit, or the latents.
///
/// They are [Dense → affine → ReLU]… → Dense → ReLU, with `[events, inputs]` in and `[events, voxels]` out, float32.
package struct GeneratorLayers: Sendable {
  /// Whose layout a file has.
  package enum Format: String, CaseIterable, Sendable {
    /// HDF5 as Keras' `load_model` reads it.
    case keras
    case onnx
  }

  /// A Dense layer with what follows it; a ReLU always does, last.
  struct Layer: Sendable {
    /// `[inputs, outputs]`.
    var kernel: NamedArray
    var bias: NamedArray
    /// γ and β of y = γ·x/√1.001 + β; nil where there is none.
    var affine: (gamma: NamedArray, beta: NamedArray)?

    var inputs: Int { kernel.shape[0] }
    var outputs: Int { kernel.shape[1] }
  }

  let layers: [Layer]
  /// What they are and where they come from, as names and texts: run, checkpoint, inputs, outputs and so on.
  let origin: [(name: String, text: String)]

  /// - Throws: `InputError` if the checkpoint lacks an array.
  package init(checkpoint: Checkpoint) throws {
    let (job, architecture) = (checkpoint.header.job, checkpoint.header.job.variant.generator)
    if job.variant.kind != .gan {
      throw InputError(
        "\(job.run) is \(job.variant.kind.noun), which has no layers to export; `qcalo generate` makes its showers")
    }
    let arrays = Dictionary(uniqueKeysWithValues: checkpoint.arrays.map { ($0.name, $0) })
    func array(_ name: String) throws -> NamedArray {
      guard let array = arrays["generator/\(name)"] else {
        throw InputError("checkpoint \(checkpoint.header.checkpoint) of \(job.run) has no array generator/\(name)")
      }
      return array
    }
    layers = try (0...architecture.hidden.count).map { number in
      let hasAffine = job.settings.affine && number < architecture.hidden.count
      return Layer(
        kernel: try array("dense_\(number)/kernel"), bias: try array("dense_\(number)/bias"),
        affine: hasAffine ? (try array("affine_\(number)/gamma"), try array("affine_\(number)/beta")) : nil)
    }
    var origin = [
      ("run", job.run), ("checkpoint", "\(checkpoint.header.checkpoint)"),
      ("iteration", "\(checkpoint.header.iteration)"), ("checkpoint_sha256", checkpoint.sha256),
      ("variant", job.variant.canonical), ("inputs", Self.inputs(of: architecture)),
      (
        "outputs",
        "the energy in each voxel as a fraction of the kinetic energy √(E² + m²) - m, "
          + "m = \(energyName(job.dataset.kind.particle.mass)) MeV"
      ),
    ]
    // The file's names of what is not as usual.
    origin += try job.dataset.kind.attributes.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    if let angles = arrays["generator/circuit/angles"] {
      origin.append(("angles", "\(angles.shape): \(angles.values)"))
    }
    self.origin = origin
  }

  /// What the first layer is fed with.
  private static func inputs(of architecture: GeneratorArchitecture) -> String {
    let label = architecture.conditioned ? ", the last of them the energy label" : ""
    if let circuit = architecture.circuit {
      return "⟨Z_0⟩ … ⟨Z_\(circuit.qubits - 1)⟩ of \(circuit.name) with the latents as inputs\(label)"
    }
    if architecture.features == .cosine {
      return "cos(x_i)·cos(angle_i) of the \(architecture.inputs) inputs x, latents\(label)"
    }
    return "\(architecture.latent) latents" + (architecture.conditioned ? ", then the energy label" : "")
  }

  /// Writes them as a file, durably; the same checkpoint gives the same bytes.
  /// - Throws: `StorageError`.
  package func write(to path: String, as format: Format) throws {
    try DurableFile.write(format == .keras ? try kerasFile(name: path) : onnx.bytes, to: path)
  }
}
