package import Ansatz
import Storage

/// One point of the study: a generator and a discriminator, or another kind of simulator beside them.
///
/// What is not the variant is in `TrainingSettings`.
package struct Variant: Codable, Hashable, Sendable {
  /// What makes showers of latent values and the energy label.
  package var generator: GeneratorArchitecture
  /// What tells showers of the generator from Geant4's.
  package var discriminator: DiscriminatorArchitecture
  /// What is fitted in place of networks; nil for a GAN.
  ///
  /// Both networks are then without layers and inputs.
  package private(set) var parametric: ParametricSettings?
  /// What is trained by likelihood in place of a GAN; nil for any other kind.
  package private(set) var coupling: CouplingSettings?
  /// What is trained to bring showers back from latents in place of a GAN; nil for any other kind.
  package private(set) var inn: INNSettings?

  package init(generator: GeneratorArchitecture = .init(), discriminator: DiscriminatorArchitecture = .init()) {
    self.generator = generator
    self.discriminator = discriminator
  }

  /// A parametric simulator.
  package init(parametric: ParametricSettings) {
    self.init(generator: .init(latent: 0, hidden: []), discriminator: .init(hidden: []))
    self.parametric = parametric
  }

  /// A coupling model.
  package init(coupling: CouplingSettings) {
    self.init(generator: .init(latent: 0, hidden: []), discriminator: .init(hidden: []))
    self.coupling = coupling
  }

  /// A QINN by itself.
  package init(inn: INNSettings) {
    self.init(generator: .init(latent: 0, hidden: []), discriminator: .init(hidden: []))
    self.inn = inn
  }

  /// Why this cannot be trained, as a clause naming the key; nil when it can.
  package var flaw: String? {
    if let parametric {
      if self != Variant(parametric: parametric) { return "parametric: a parametric simulator has no networks" }
      return parametric.flaw.map { "parametric: " + $0 }
    }
    if let coupling {
      if self != Variant(coupling: coupling) { return "coupling: a coupling model has no other networks" }
      return coupling.flaw.map { "coupling: " + $0 }
    }
    if let inn {
      if self != Variant(inn: inn) { return "inn: a QINN by itself has no other networks" }
      return inn.flaw.map { "inn: " + $0 }
    }
    return generator.flaw.map { "generator: " + $0 } ?? discriminator.flaw.map { "discriminator: " + $0 }
  }

  /// What it is.
  package var kind: SimulatorKind {
    parametric != nil ? .parametric : coupling != nil ? .coupling : inn != nil ? .qinn : .gan
  }
  /// The circuit of what generates; nil where it has none.
  package var circuit: Circuit? { coupling?.circuit ?? inn?.circuit(0, inverse: false) ?? generator.circuit }
  /// The trained angles of what generates.
  package var angleCount: Int { coupling?.angleCount ?? inn?.angleCount ?? generator.angleCount }

  /// The trained or fitted numbers of what generates, but for a circuit's angles.
  /// - Parameters:
  ///   - voxels: Of a shower.
  ///   - energies: How many incident energies there are.
  ///   - geometry: How the voxels lie, where it is known.
  /// - Returns: Their number.
  package func generatorParameters(voxels: Int, energies: Int, geometry: VoxelGeometry?) -> Int {
    let layers = geometry?.layers.count ?? 1
    if let parametric { return parametric.parameterCount(voxels: voxels, layers: layers, energies: energies) }
    return coupling?.parameterCount(layers: layers, energies: energies) ?? inn?.parameterCount(voxels: voxels)
      ?? generator.parameterCount(voxels: voxels)
  }

  /// The trained numbers of the discriminator; 0 where there is none.
  package func discriminatorParameters(voxels: Int) -> Int {
    kind == .gan ? discriminator.parameterCount(voxels: voxels) : 0
  }

  /// The description that the identity is a hash of.
  ///
  /// Options at their default are left out, so that an option added later changes no identity.
  package var canonical: String {
    if let other = parametric?.canonical ?? coupling?.canonical ?? inn?.canonical { return other }
    let generator = "generator: \(generator.canonical)"
    return discriminator == DiscriminatorArchitecture()
      ? generator : "\(generator)\ndiscriminator: \(discriminator.canonical)"
  }

  /// The identity: twelve hexadecimal digits of the SHA-256 of `canonical`.
  package var id: String { SHA256.hexDigest(of: canonical, digits: 12) }

  /// The readable name, spelled from the same description: `ry-rz-cnot12-x2-50-200`, `classical-50-200`.
  package var name: String {
    if let other = parametric?.name ?? coupling?.name ?? inn?.name { return other }
    return discriminator == DiscriminatorArchitecture() ? generator.name : "\(generator.name)-d-\(discriminator.name)"
  }

  /// The name as runs have had it since before it told all circuits apart, which their hash does: `cnot12` for a
  /// distance of 12, and no `q10` for ten qubits of which one has the label.
  var runName: String {
    let name = name.replacing("_-x", with: "-x")
    return generator.conditioned && generator.circuit?.qubits == 10 ? name.replacing("-q10", with: "") : name
  }
}

/// What a variant is, as sweep files say it.
package enum SimulatorKind: String, CaseIterable, Sendable {
  /// A generator that is trained against a discriminator.
  case gan
  /// A simulator that is fitted (`ParametricSettings`).
  case parametric
  /// An invertible model that is trained by likelihood (`CouplingSettings`).
  case coupling
  /// The study group's QINN without a discriminator (`INNSettings`).
  case qinn

  /// It in a sentence: "a coupling model".
  package var noun: String {
    switch self {
    case .gan: "a GAN"
    case .parametric: "a parametric simulator"
    case .coupling: "a coupling model"
    case .qinn: "a QINN by itself"
    }
  }
}

/// Latent (and label) → circuit or QINN stage, if any → hidden Dense blocks → Dense to the voxels → ReLU.
package struct GeneratorArchitecture: Codable, Hashable, Sendable {
  /// nil: a classical generator.
  package var circuit: Circuit?
  /// The latent values per event, 10 in the study.
  ///
  /// A circuit has one qubit for each, and one more for the label.
  package var latent: Int
  /// Whether the energy label is an input, as the last one.
  package var conditioned: Bool
  /// The sizes of the hidden Dense layers, first to last.
  package var hidden: [Int]
  /// What stands between the inputs and the first Dense layer: the study's choice or a control of it.
  package var features: Features
  /// Whether the circuit's angles are trained; if not, they stay at their random start (a control).
  package var trainAngles: Bool
  /// How the circuit is carried out; nil for exactly.
  package var measurement: CircuitMeasurement?
  /// What stands in a circuit's place: Dense layers with circuits between; nil for none.
  package var qinn: QINNSettings?

  /// What the first Dense layer is given.
  package enum Features: String, Codable, CaseIterable, Sendable {
    /// The circuit's ⟨Z_i⟩ or, without a circuit, the latent values themselves.
    case standard
    /// The circuit's ⟨Z_i⟩ by the closed form for one repetition, without a simulator (a control).
    case closedForm = "closed_form"
    /// No circuit: cos of the latent values times a trained amplitude's cosine, cos z_i · cos θ_i (a control).
    case cosine
  }

  package init(
    circuit: Circuit? = nil, latent: Int = 10, conditioned: Bool = false, hidden: [Int] = [50, 200],
    features: Features = .standard, trainAngles: Bool = true, measurement: CircuitMeasurement? = nil,
    qinn: QINNSettings? = nil
  ) {
    self.qinn = qinn
    self.circuit = circuit
    self.latent = latent
    self.conditioned = conditioned
    self.hidden = hidden
    self.features = features
    self.trainAngles = trainAngles
    self.measurement = measurement
  }

  /// The number of inputs: the latent values, and the label when conditioned.
  package var inputs: Int { latent + (conditioned ? 1 : 0) }
  /// The number of values that the first hidden layer is given.
  package var featureCount: Int { qinn?.outputs ?? inputs }
  /// The circuits that an event goes through, one after the other.
  package var circuits: [Circuit] { circuit.map { [$0] } ?? qinn?.circuits ?? [] }
  /// The qubits of the largest of these; 0 without any.
  package var qubits: Int { circuits.map(\.qubits).max() ?? 0 }
  /// The number of trained angles of the circuits or of a circuit's stand-in.
  package var angleCount: Int {
    if let qinn { return qinn.angleCount }
    guard trainAngles else { return 0 }
    return features == .cosine ? inputs : circuit?.angleCount ?? 0
  }

  /// The trained numbers of the classical part: kernels, biases, and γ and β of the hidden layers' affine.
  package func parameterCount(voxels: Int) -> Int {
    var count = qinn?.parameterCount(inputs: inputs) ?? 0
    var size = featureCount
    for width in hidden {
      count += size * width + 3 * width
      size = width
    }
    return count + size * voxels + voxels
  }

  /// Why this is not a generator, as a clause naming the key; nil when it is one.
  package var flaw: String? {
    if let flaw = Bounds.flaw("latent", latent, Bounds.latent) ?? Self.flaw(hidden: hidden) { return flaw }
    if let circuit {
      if let flaw = circuit.flaw { return flaw }
      if circuit.qubits != inputs {
        return "qubits: the circuit has \(circuit.qubits) but the generator \(inputs) inputs"
          + (conditioned ? " (latent and label)" : "")
      }
    }
    if let qinn {
      if circuit != nil { return "a QINN stage (qinn) stands in a circuit's place; leave one of them out" }
      if features != .standard { return "features: \(features.rawValue) stands in for a circuit; qinn has its own" }
      if let flaw = qinn.flaw { return flaw }
    }
    switch features {
    case .standard: break
    case .closedForm:
      if circuit == nil { return "features: closed_form needs a circuit" }
      if let circuit, circuit.repetitions != 1 || circuit.reupload {
        return "features: closed_form exists for one repetition only"
      }
      if let circuit, !circuit.hasClosedForm {
        return "features: closed_form exists for the study's rotations and encoding only"
      }
    case .cosine:
      if circuit != nil { return "features: cosine stands in for a circuit; leave the circuit out" }
    }
    if !trainAngles && circuit == nil && features != .cosine { return "train_angles: there are no angles" }
    if let measurement {
      guard let circuit, features == .standard else { return "shots: there is no circuit that could be measured" }
      return measurement.flaw(for: circuit)
    }
    return nil
  }

  fileprivate static func flaw(hidden: [Int]) -> String? {
    if let size = hidden.first(where: { !Bounds.layer.contains($0) }) {
      return "hidden: \(size) is not the size of a layer; sizes are \(Bounds.text(Bounds.layer))"
    }
    return hidden.count > Bounds.layers ? "hidden: \(hidden.count) layers are more than \(Bounds.layers)" : nil
  }

  /// The part of a variant's `canonical`.
  fileprivate var canonical: String {
    var text = circuit?.canonical ?? qinn?.canonical ?? "classical"
    if latent != 10 { text += ", latent \(latent)" }
    if conditioned { text += ", conditioned" }
    text += ", hidden \(list: hidden)"
    if features != .standard { text += ", features \(features.rawValue)" }
    if !trainAngles { text += ", fixed angles" }
    if let measurement { text += ", \(measurement.canonical)" }
    return text
  }

  /// The part of a variant's `name`.
  fileprivate var name: String {
    // A conditioned circuit has a qubit more by nature: "cond" says it.
    var name =
      circuit?.name(usualQubits: conditioned ? 11 : 10) ?? qinn?.name ?? (features == .cosine ? "cosine" : "classical")
    if conditioned { name += "-cond" }
    if circuit == nil && latent != 10 { name += "-l\(latent)" }
    for size in hidden { name += "-\(size)" }
    if features == .closedForm { name += "-closedform" }
    if !trainAngles { name += "-fixed" }
    if let measurement { name += measurement.name }
    return name
  }
}

/// Voxels and label → hidden Dense layers with ReLU → one number: by a Dense layer of size 1, or by a circuit.
package struct DiscriminatorArchitecture: Codable, Hashable, Sendable {
  /// The sizes of the hidden Dense layers, first to last.
  package var hidden: [Int]
  /// nil: a classical discriminator.
  ///
  /// Else its inputs are the last hidden layer, one value a qubit.
  package var circuit: Circuit?
  /// The qubits whose ⟨Z⟩ is read.
  ///
  /// One, and no `finalDense`: ⟨Z⟩ itself is the output. Only with a circuit.
  package var readout: [Int]
  /// Whether a Dense layer of size 1 follows the read-out.
  ///
  /// Only with a circuit.
  package var finalDense: Bool
  /// A fixed factor on the output of a circuit without `finalDense`, which is otherwise bounded to [-1, 1].
  package var outputScale: Float

  package init(
    hidden: [Int] = [800, 400, 200], circuit: Circuit? = nil, readout: [Int] = [0], finalDense: Bool = false,
    outputScale: Float = 1
  ) {
    self.hidden = hidden
    self.circuit = circuit
    self.readout = readout
    self.finalDense = finalDense
    self.outputScale = outputScale
  }

  /// The trained numbers: kernels and biases of the Dense layers, and the circuit's angles.
  package func parameterCount(voxels: Int) -> Int {
    var count = circuit?.angleCount ?? 0
    var size = voxels + 1
    for width in hidden {
      count += size * width + width
      size = width
    }
    if circuit == nil { return count + size + 1 }
    return finalDense ? count + readout.count + 1 : count
  }

  /// Why this is not a discriminator, as a clause naming the key; nil when it is one.
  package var flaw: String? {
    if hidden.isEmpty { return "hidden: a discriminator needs a hidden layer" }
    if let flaw = GeneratorArchitecture.flaw(hidden: hidden) { return flaw }
    guard let circuit else {
      return readout == [0] && !finalDense && outputScale == 1
        ? nil : "readout, final_dense and output_scale belong to a discriminator with a circuit"
    }
    if let flaw = circuit.flaw { return flaw }
    if hidden.last != circuit.qubits {
      return "hidden: the last layer has \(hidden.last ?? 0) values, the circuit \(circuit.qubits) qubits"
    }
    if let qubit = readout.first(where: { !(0..<circuit.qubits).contains($0) }) {
      return "readout: there is no qubit \(qubit); qubits are 0 … \(circuit.qubits - 1)"
    }
    if readout.isEmpty || Set(readout).count != readout.count { return "readout: name each qubit to be read once" }
    if readout.count > 1 && !finalDense { return "readout: more than one qubit needs final_dense" }
    if outputScale == 0 { return "output_scale: 0 is not a factor" }
    return Bounds.flaw("output_scale", outputScale, Bounds.outputScale)
  }

  /// The part of a variant's `canonical`.
  fileprivate var canonical: String {
    guard let circuit else { return "hidden \(list: hidden)" }
    var text = "hidden \(list: hidden), \(circuit.canonical), hidden [], readout \(list: readout)"
    if finalDense { text += ", final dense" }
    if outputScale != 1 { text += ", output scale \(outputScale)" }
    return text
  }

  /// The part of a variant's `name`.
  fileprivate var name: String {
    var parts = hidden.map { "\($0)" }
    guard let circuit else { return parts.joined(separator: "-") }
    parts.append(circuit.name)
    if readout != [0] { parts.append("z" + readout.map { "\($0)" }.joined(separator: "_")) }
    if finalDense { parts.append("dense") }
    if outputScale != 1 { parts.append("scaled") }
    return parts.joined(separator: "-")
  }
}

extension Circuit {
  /// The part of an architecture's `canonical`.
  var canonical: String {
    var text = "circuit(qubits \(qubits), cnot \(list: cnot), "
    text += hasStudyRotations ? "rz \(rz)" : "rotations \(rotations.map(\.rawValue).joined())"
    text += ", repetitions \(repetitions)"
    if order != .interleaved { text += ", order \(order.rawValue)" }
    if ring { text += ", ring" }
    if reupload { text += ", reupload" }
    if encoding != .x { text += ", encoding \(encoding.rawValue)" }
    if inputShift != 0 { text += ", input shift \(inputShift)" }
    if inverse { text += ", inverse" }
    return text + ")"
  }
}

extension String.StringInterpolation {
  /// `[50, 200]`, as an array describes itself, but in a tenth of the time: sweeps have a hundred thousand of them.
  fileprivate mutating func appendInterpolation(list values: [Int]) {
    appendLiteral("[")
    for (index, value) in values.enumerated() {
      if index > 0 { appendLiteral(", ") }
      appendLiteral(value.description)
    }
    appendLiteral("]")
  }
}
