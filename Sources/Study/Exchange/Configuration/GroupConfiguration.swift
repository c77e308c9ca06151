import Experiment
import Foundation

/// One of the group's configuration files as a variant of a sweep file, with what is not supported said.
///
/// What a file leaves out is what their program then takes for pions.
/// - Source: QC4HEP-BO/FastCaloQ, training/train.py, model.py and qinn_module.py.
struct GroupConfiguration {
  /// What the row is called: the file's name without `config_`, or the run's.
  let label: String
  /// The variant's keys with their values, as a sweep file has them.
  private(set) var keys: [(key: String, value: String)] = []
  /// Sentences: what was left out, what is not supported, what has no meaning here.
  private(set) var remarks: [String] = []
  /// Why the variant cannot be what theirs is; nil when it can.
  private(set) var skip: String?

  private let path: String
  private var rest: [String: ConfigurationValue]

  /// - Parameters:
  ///   - path: A JSON file; one that they write beside checkpoints, with `hp_config`, too.
  ///   - run: The run's name, which may say more; nil where the path is to say it.
  /// - Throws: `InputError` when it is no such file.
  init(_ path: String, run: String?) throws {
    let data = try InputFile.data(of: path)
    if let key = CanonicalJSON.repeatedKey(in: data) { throw InputError("\(path): the key '\(key)' stands twice") }
    let value: ConfigurationValue
    do {
      value = try CanonicalJSON.value(from: data)
    } catch let error as DecodingError {
      throw InputError("\(path): \(error.explanation)")
    }
    guard let keys = value.group else { throw InputError("\(path): a configuration is a JSON object") }
    self.path = path
    rest = keys["hp_config"]?.group ?? keys
    let stem = URL(fileURLWithPath: path).deletingPathExtension().lastPathComponent
    let name = run.map { RunName($0) } ?? Self.run(in: path)
    if let run, name == nil {
      throw InputError("'\(run)' is not the name of a run; they are like BNReLU_hpo27-M1-Plog10.1-Sge12")
    }
    label = run ?? (stem.hasPrefix("config_") ? String(stem.dropFirst(7)) : stem)
    remarks += name?.remarks ?? []
    if let exponents = name?.exponents {
      add("dataset.energies", "[\(exponents.map { "\(1 << $0)" }.joined(separator: ", "))]")
    }
    let kind = model(named: name?.model, file: stem)
    generator(kind)
    discriminator()
    training()
    for key in ["nvoxels", "datasize", "label_scheme", "preprocess"] where rest.removeValue(forKey: key) != nil {
      remarks.append("\(key): follows from the data here")
    }
    for key in rest.keys.sorted() { remarks.append("\(key): not supported") }
    remarks = remarks.map { "\(path): \($0)" }
  }

  /// The run that a folder or the file itself is named after.
  private static func run(in path: String) -> RunName? {
    let parts = URL(fileURLWithPath: path).deletingPathExtension().pathComponents
    return parts.reversed().lazy.compactMap { part in part.contains("-M") || part.contains("-S") ? RunName(part) : nil }
      .first
  }

  // MARK: Keys

  private mutating func add(_ key: String, _ value: String) { keys.append((key, value)) }

  private mutating func refuse(_ sentence: String) {
    remarks.append(sentence)
    skip = skip ?? sentence
  }

  /// Takes a key's value; what their program takes where there is none, and says so.
  private mutating func take<Value>(
    _ key: String, else usual: Value, _ value: (ConfigurationValue) -> Value?, spelled: (Value) -> String,
    says: Bool = true
  ) throws(Unreadable) -> Value {
    guard let given = rest.removeValue(forKey: key) else {
      if says {
        remarks.append(
          "\(key) is left out; their program then takes \(spelled(usual)) for pions, and so does the sweep")
      }
      return usual
    }
    guard let known = value(given) else { throw Unreadable(key: key, value: given.spelled) }
    return known
  }

  /// The neurons of a layer, or the latents: a width times the configuration's factor.
  private static func scaled(_ width: Int, by size: Double, _ key: String) throws(Unreadable) -> Int {
    guard let count = Int(exactly: (Double(width) * size).rounded(.towardZero)) else {
      throw Unreadable(key: key, value: "\(size)")
    }
    return count
  }

  private struct Unreadable: Error {
    var key: String
    var value: String
  }

  private mutating func reading(_ body: (inout GroupConfiguration) throws(Unreadable) -> Void) {
    do throws(Unreadable) {
      try body(&self)
    } catch {
      refuse("\(error.key): \(error.value) is not what it takes")
    }
  }

  private static func list(_ values: [Int]) -> String { "[\(values.map { "\($0)" }.joined(separator: ", "))]" }

  // MARK: Networks

  private enum Kind { case classical, circuit, qinn }

  private mutating func model(named name: String?, file stem: String) -> Kind {
    let given = rest.removeValue(forKey: "model")?.text
    if let given, let name, given != name { remarks.append("model: \(given) goes before the run's \(name)") }
    let isQuantum =
      ["Rz", "2CNOT", "3CNOT", "4CNOT"].contains { rest[$0] != nil }
      || (stem.contains("Quantum") && !stem.contains("NotQuantum"))
    guard let model = given ?? name else {
      remarks.append(
        "model is left out; taken as \(isQuantum ? "BNReLUQuantum" : "BNReLU"), the study's (their program's default is noBN)"
      )
      return isQuantum ? .circuit : .classical
    }
    switch model {
    case "BNReLU": return .classical
    case "BNReLUQuantum": return .circuit
    case "BNReLUqINN": return .qinn
    case "noBN":
      add("training.affine", "false")
      return .classical
    default:
      refuse("model: \(model) is not supported; BNReLU, BNReLUQuantum, BNReLUqINN and noBN are")
      return isQuantum ? .circuit : .classical
    }
  }

  private mutating func generator(_ kind: Kind) {
    reading { me throws(Unreadable) in
      let size = try me.take("G_size", else: 1, \.number, spelled: { "\($0)" }, says: false)
      let layers = try me.take("generatorLayers", else: [50, 100, 200], \.wholes, spelled: Self.list)
      var hidden: [Int] = []
      for layer in layers where layer > 0 { hidden.append(try Self.scaled(layer, by: size, "G_size")) }
      me.add("hidden", Self.list(hidden))
      let latent = try me.take("latent_dim", else: 50, \.whole, spelled: { "\($0)" })
      me.add("latent", "\(try Self.scaled(latent, by: size, "G_size"))")
      let labels = try me.take("conditional_dim", else: 1, \.whole, spelled: { "\($0)" })
      if labels > 1 { me.refuse("conditional_dim: \(labels) labels are not supported; there is one, or none") }
      me.add("conditioned", "\(labels > 0)")
    }
    switch kind {
    case .classical: break
    case .circuit: circuit()
    case .qinn: qinn()
    }
  }

  private mutating func circuit() {
    reading { me throws(Unreadable) in
      let rz = try me.take("Rz", else: false, \.flag, spelled: { "\($0)" }, says: false)
      var distances = [1]
      for distance in 2...4 {
        if try me.take("\(distance)CNOT", else: false, \.flag, spelled: { "\($0)" }, says: false) {
          distances.append(distance)
        }
      }
      me.add("circuit.rz", "\(rz)")
      me.add("circuit.cnot", Self.list(distances))
      let repetitions = me.label.firstMatch(of: /([23])x/).flatMap { Int($0.1) } ?? 1
      if repetitions > 1 {
        me.remarks.append(
          "no key says how often the circuit is repeated; \(repetitions) times by the name's \(repetitions)x")
      }
      me.add("circuit.repetitions", "\(repetitions)")
    }
  }

  private mutating func qinn() {
    let given = rest.removeValue(forKey: "qinn_module_kwargs")?.group ?? [:]
    let outputs = rest.removeValue(forKey: "qinn_output_dim")
    for key in rest.keys.sorted() where key.hasPrefix("qinn_") {
      rest[key] = nil
      remarks.append("\(key): has no meaning here; there is no bridge to PyTorch")
    }
    let outer = rest
    rest = given
    reading { me throws(Unreadable) in
      if try me.take("use_pennylane", else: true, \.flag, spelled: { "\($0)" }, says: false) == false {
        me.refuse("qinn_module_kwargs.use_pennylane: false is a classical stage with SiLU, which is not supported")
      }
      let inputs = try me.take("in_features", else: 50, \.whole, spelled: { "\($0)" })
      var qubits = 4
      while qubits < min(64, max(4, inputs)) { qubits *= 2 }
      if me.rest["n_qubits"] == .null { me.rest["n_qubits"] = nil }
      qubits = try me.take("n_qubits", else: qubits, \.whole, spelled: { "\($0)" })
      me.add("qinn.qubits", "\(qubits)")
      let depth = try me.take("depth_per_block", else: 2, \.whole, spelled: { "\($0)" }, says: false)
      me.add("qinn.layers", "\(try me.take("n_q_layers", else: depth, \.whole, spelled: { "\($0)" }, says: false))")
      me.add("qinn.blocks", "\(try me.take("n_blocks", else: 2, \.whole, spelled: { "\($0)" }))")
      let width = try me.take("out_features", else: 50, \.whole, spelled: { "\($0)" })
      if let outputs, outputs.whole != width {
        me.refuse("qinn_output_dim: \(outputs.spelled) is not out_features, \(width)")
      }
      me.add("qinn.outputs", "\(width)")
      if let shots = me.rest.removeValue(forKey: "q_shots"), shots != .null {
        me.refuse("qinn_module_kwargs.q_shots: \(shots.spelled) shots are not supported; expectations are exact")
      }
      if try me.take("nonneg_output", else: true, \.flag, spelled: { "\($0)" }, says: false) == false {
        me.refuse("qinn_module_kwargs.nonneg_output: false is not supported; softplus ends the stage")
      }
      me.add("qinn.training", "frozen_straight_through")
      me.remarks.append(
        "qinn: frozen, as their bridge leaves the module's weights untrained; qinn.training: exact trains them")
    }
    for key in rest.keys.sorted() { remarks.append("qinn_module_kwargs.\(key): has no effect on what theirs computes") }
    rest = outer
  }

  private mutating func discriminator() {
    reading { me throws(Unreadable) in
      let size = try me.take("D_size", else: 1, \.number, spelled: { "\($0)" }, says: false)
      let layers = try me.take("discriminatorLayers", else: [800, 400, 200], \.wholes, spelled: Self.list, says: false)
      var hidden: [Int] = []
      for layer in layers { hidden.append(try Self.scaled(layer, by: size, "D_size")) }
      if hidden != [800, 400, 200] { me.add("discriminator.hidden", Self.list(hidden)) }
      let kind = try me.take("dmodel", else: "dense", \.text, spelled: { $0 }, says: false)
      if kind != "dense" { me.refuse("dmodel: \(kind) is not supported; dense is") }
      if try me.take("use_bias", else: true, \.flag, spelled: { "\($0)" }, says: false) == false {
        me.refuse("use_bias: false is not supported; layers have biases")
      }
    }
  }

  // MARK: Training

  private mutating func training() {
    reading { me throws(Unreadable) in
      func spelled(_ number: Double) -> String { ConfigurationValue.number(number).spelled }
      func number(_ key: String, _ usual: Double, says: Bool = false) throws(Unreadable) -> String {
        spelled(try me.take(key, else: usual, \.number, spelled: spelled, says: says))
      }
      me.add("training.penalty_weight", try number("lam", 10, says: true))
      me.add("training.batch_size", try number("batchsize", 1024, says: true))
      me.add("training.discriminator_steps", try number("dgratio", 5))
      me.add("training.generator_learning_rate", try number("G_lr", 1e-4))
      me.add("training.discriminator_learning_rate", try number("D_lr", 1e-4))
      let (generator, discriminator) = (try number("G_beta1", 0.5), try number("D_beta1", 0.5))
      me.add("training.beta1", generator)
      if generator != discriminator {
        me.refuse("D_beta1: \(discriminator) beside G_beta1 \(generator) is not supported; both networks have one β1")
      }
      me.add("training.latent_mean", try number("latent_mean", 0.5))
      me.add("training.latent_std", try number("latent_std", 0.5))
      let optimizer = try me.take("optimizer", else: "adam", \.text, spelled: { $0 }, says: false)
      if optimizer != "adam" { me.refuse("optimizer: \(optimizer) is not supported; adam is") }
    }
  }
}
