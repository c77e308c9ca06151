import Ansatz
import Experiment

extension SweepKey {
  private static let distances = ValueType.set(
    of: .whole(1...Circuit.qubitLimit - 1, isNot: "a distance; distances are"), "a list of distances",
    atMost: Circuit.qubitLimit - 1, spelled: \.description)

  /// The keys of a circuit.
  static func circuit(
    _ group: String, _ owner: String, _ circuit: any WritableKeyPath<Draft, Circuit?> & Sendable,
    _ qubits: any WritableKeyPath<Draft, Int?> & Sendable, _ qubitsStandard: String
  ) -> [SweepKey] {
    /// Setting any key of a circuit makes one.
    func key<Value>(
      _ name: String, _ type: ValueType<Value>, _ standard: String, _ meaning: String,
      set: @escaping @Sendable (inout Circuit, Value) -> Void
    ) -> SweepKey {
      SweepKey(group + name, type, standard, meaning) { draft, value in
        var changed = draft[keyPath: circuit] ?? Circuit()
        set(&changed, value)
        draft[keyPath: circuit] = changed
      }
    }
    return [
      key("cnot", distances, "[1]", "The CNOT distances +k of \(owner).") {
        $0.cnot = $1
      },
      key("rz", .flag, "true", "Whether RZ follows RY in \(owner).") { $0.rz = $1 },
      key(
        "rotations", .list(of: .choice(), "a list of x, y and z", atMost: Circuit.rotationLimit), "[y, z]",
        "In the place of rz: what turns every qubit in each repetition, in order, each with angles of its own."
      ) { $0.rotations = $1 },
      key("encoding", .choice(), "x", "Whether inputs are encoded by RX or RY.") { $0.encoding = $1 },
      key(
        "input_shift", .whole(0...Circuit.qubitLimit - 1), "0",
        "Qubit i encodes input i + input_shift, modulo the number of qubits."
      ) { $0.inputShift = $1 },
      key(
        "repetitions", .whole(1...64), "1", "How often \(owner) repeats rotations and CNOTs, each with its own angles."
      ) {
        $0.repetitions = $1
      },
      key("order", .choice(), "interleaved", "CNOTs by control qubit (interleaved) or by distance (blocked).") {
        $0.order = $1
      },
      key("ring", .flag, "false", "Whether CNOTs wrap around at the last qubit.") { $0.ring = $1 },
      key("reupload", .flag, "false", "Whether the inputs are encoded again before every repetition.") {
        $0.reupload = $1
      },
      SweepKey(group + "qubits", .whole(1...Circuit.qubitLimit), qubitsStandard, "The qubits of \(owner).") {
        draft, value in
        if draft[keyPath: circuit] == nil { draft[keyPath: circuit] = Circuit() }
        draft[keyPath: qubits] = value
      },
    ]
  }

  /// A key of the generator's QINN stage; setting any makes one.
  static func stage<Value>(
    _ name: String, _ type: ValueType<Value>, _ standard: String, _ meaning: String,
    set: @escaping @Sendable (inout QINNSettings, Value) -> Void
  ) -> SweepKey {
    SweepKey("qinn." + name, type, standard, meaning) { draft, value in
      var changed = draft.generator.qinn ?? QINNSettings()
      set(&changed, value)
      draft.generator.qinn = changed
    }
  }

  /// A key of how the generator's circuit is carried out.
  static func measured<Value>(
    _ name: String, _ type: ValueType<Value>, _ standard: String, _ meaning: String,
    set: @escaping @Sendable (inout Draft.Measurement, Value) -> Void
  ) -> SweepKey {
    SweepKey("circuit." + name, type, standard, meaning) { draft, value in
      if draft.generator.circuit == nil { draft.generator.circuit = Circuit() }
      set(&draft.measurement, value)
    }
  }
}
