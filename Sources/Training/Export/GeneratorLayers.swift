import Ansatz
import Calorimetry
import Experiment
import Records
import Storage

/// The classical layers of a checkpoint's generator, for other software: all that follows the circuits, or the latents; of a
/// QINN stage with circuits also what stands before them.
///
/// They are [Dense → affine → ReLU]… → Dense → ReLU, with `[events, inputs]` in and `[events, voxels]` out, float32; before
/// them stand the Dense layers of a QINN stage with tanh, and the softplus of its last one.
package struct GeneratorLayers: Sendable {
  /// Whose layout a file has.
  package enum Format: String, CaseIterable, Sendable {
    /// HDF5 as Keras' `load_model` reads it.
    case keras
    case onnx
  }

  /// Which part of a generator with circuits between its layers.
  package enum Part: String, CaseIterable, Sendable {
    /// What follows the last circuit.
    case behind
    /// What stands before the first one of a QINN stage.
    case before
  }

  /// What follows a Dense layer, last.
  enum Activation: Sendable { case relu, tanh, softplus, none }

  /// A Dense layer with what follows it.
  struct Layer: Sendable {
    /// How its name ends in the file.
    var name: String
    /// `[inputs, outputs]`.
    var kernel: NamedArray
    var bias: NamedArray
    /// γ and β of y = γ·x/√1.001 + β; nil where there is none.
    var affine: (gamma: NamedArray, beta: NamedArray)?
    /// What follows, last.
    var activation: Activation

    var inputs: Int { kernel.shape[0] }
    var outputs: Int { kernel.shape[1] }
  }

  let layers: [Layer]
  /// Whether tanh comes before the first layer.
  let beginsWithTanh: Bool
  /// What they are and where they come from, as names and texts: run, checkpoint, inputs, outputs and so on.
  let origin: [(name: String, text: String)]

  /// - Throws: `InputError` if the checkpoint lacks an array, or has no such part.
  package init(checkpoint: Checkpoint, part: Part = .behind) throws {
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
    func dense(_ name: String, _ activation: Activation) throws -> Layer {
      Layer(
        name: name.replacing("/", with: "_"), kernel: try array("\(name)/kernel"), bias: try array("\(name)/bias"),
        affine: nil, activation: activation)
    }
    var layers = try (0...architecture.hidden.count).map { number in
      var layer = try dense("dense_\(number)", .relu)
      layer.name = "\(number)"
      if job.settings.affine && number < architecture.hidden.count {
        layer.affine = (try array("affine_\(number)/gamma"), try array("affine_\(number)/beta"))
      }
      return layer
    }
    if part == .before && architecture.qinn?.blocksOf != .circuit {
      throw InputError("\(job.run): no layers stand before circuits; --part before is of a QINN stage with circuits")
    }
    if let qinn = architecture.qinn {
      let entry = try dense("qinn/entry", .tanh)
      layers.insert(try dense("qinn/exit", qinn.direction == .inverse ? .softplus : .none), at: 0)
      switch (qinn.blocksOf, part) {
      case (.dense, _): layers = try [entry] + (0..<qinn.blocks).map { try dense("qinn/block_\($0)", .tanh) } + layers
      case (.circuit, .before): layers = [entry]
      case (.circuit, .behind): break
      }
    }
    self.layers = layers
    beginsWithTanh = architecture.qinn?.blocksOf == .circuit && part == .behind
    var origin = [
      ("run", job.run), ("checkpoint", "\(checkpoint.header.checkpoint)"),
      ("iteration", "\(checkpoint.header.iteration)"), ("checkpoint_sha256", checkpoint.sha256),
      ("variant", job.variant.canonical), ("inputs", Self.inputs(of: architecture, part)),
      (
        "outputs",
        part == .before
          ? "the inputs of the first circuit, qubit by qubit but for its own rotation of them"
          : "the energy in each voxel as a fraction of the kinetic energy √(E² + m²) - m, "
            + "m = \(energyName(job.dataset.kind.particle.mass)) MeV"
      ),
    ]
    // The file's names of what is not as usual.
    origin += try job.dataset.kind.attributes.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    for (name, array) in arrays.sorted(by: { $0.key < $1.key })
    where name.hasPrefix("generator/") && name.hasSuffix("/angles") {
      let block = name.dropFirst("generator/".count).split(separator: "/").dropLast().last { $0 != "circuit" }
      origin.append((block.map { "angles_\($0)" } ?? "angles", "\(array.shape): \(array.values)"))
    }
    self.origin = origin
  }

  /// What the first layer is fed with.
  private static func inputs(of architecture: GeneratorArchitecture, _ part: Part) -> String {
    let label = architecture.conditioned ? ", the last of them the energy label" : ""
    if part == .behind, let circuit = architecture.qinn?.circuits.last {
      return "⟨Z_0⟩ … ⟨Z_\(circuit.qubits - 1)⟩ of \(circuit.name), the stage's last circuit"
    }
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
