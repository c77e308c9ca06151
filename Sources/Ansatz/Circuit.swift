/// One instance of the study's circuit template, as data.
///
/// On |0…0⟩: RX(x_i) on every qubit encodes the input; then, `repetitions` times, RY(θ_i) on every qubit, RZ(φ_i) on
/// every qubit if `rz`, and the CNOTs. The read-out is ⟨Z_i⟩ of every qubit. Angles follow exp(-i t P / 2).
package struct Circuit: Codable, Hashable, Sendable {
  /// How the CNOTs of several distances follow each other.
  package enum Order: String, Codable, CaseIterable, Sendable {
    /// All distances of one control qubit, then of the next: the order of the study's code.
    case interleaved
    /// All control qubits at one distance, then at the next.
    case blocked

    /// Decodes one; what is optional may be missing.
    package init(from decoder: any Decoder) throws {
      let text = try decoder.singleValueContainer().decode(String.self)
      guard let order = Order(rawValue: text) else {
        throw DecodingError.dataCorrupted(
          .init(codingPath: decoder.codingPath, debugDescription: "'\(text)' is neither interleaved nor blocked"))
      }
      self = order
    }
  }

  /// The number of qubits, 1 … 24.
  package var qubits: Int
  /// The CNOT distances, ascending and distinct, each 1 … qubits - 1; empty for a circuit without CNOTs.
  package var cnot: [Int]
  /// Whether RZ follows RY.
  package var rz: Bool
  /// How often the block of rotations and CNOTs is repeated, each time with angles of its own.
  package var repetitions: Int
  /// How the CNOTs follow each other.
  package var order: Order
  /// Whether CNOT +k wraps around at the last qubit.
  package var ring: Bool
  /// Whether RX(x_i) is applied again before every later repetition (data re-uploading).
  package var reupload: Bool

  /// The most qubits: a state of 2²⁴ amplitudes, 128 MiB, and what the kernels take.
  package static let qubitLimit = 24

  /// The circuit of these choices; distances are sorted, and each counts once.
  package init(
    qubits: Int = 10, cnot: [Int] = [1], rz: Bool = true, repetitions: Int = 1, order: Order = .interleaved,
    ring: Bool = false, reupload: Bool = false
  ) {
    self.qubits = qubits
    self.cnot = Set(cnot).sorted()
    self.rz = rz
    self.repetitions = repetitions
    self.order = order
    self.ring = ring
    self.reupload = reupload
  }

  /// Decodes one; what is optional may be missing.
  package init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      qubits: try values.decode(Int.self, forKey: .qubits),
      cnot: try values.decode([Int].self, forKey: .cnot),
      rz: try values.decode(Bool.self, forKey: .rz),
      repetitions: try values.decode(Int.self, forKey: .repetitions),
      order: try values.decodeIfPresent(Order.self, forKey: .order) ?? .interleaved,
      ring: try values.decodeIfPresent(Bool.self, forKey: .ring) ?? false,
      reupload: try values.decodeIfPresent(Bool.self, forKey: .reupload) ?? false)
  }

  /// Why this is not a circuit, as a clause such as "qubits: 25 is not in 1 … 24"; nil when it is one.
  package var flaw: String? {
    if !(1...Self.qubitLimit).contains(qubits) { return "qubits: \(qubits) is not in 1 … \(Self.qubitLimit)" }
    if let distance = cnot.first(where: { !(1..<max(qubits, 1)).contains($0) }) {
      return qubits == 1
        ? "cnot: \(distance) is not a distance; one qubit has no CNOT"
        : "cnot: \(distance) is not a distance; distances are 1 … \(qubits - 1)"
    }
    if !(1...64).contains(repetitions) { return "repetitions: \(repetitions) is not in 1 … 64" }
    return nil
  }

  /// The number of angles of one repetition: n, or 2n with RZ.
  package var anglesPerRepetition: Int { rz ? 2 * qubits : qubits }
  /// The number of trainable angles.
  package var angleCount: Int { repetitions * anglesPerRepetition }

  /// The index of θ_qubit of a repetition in the flat list of angles: per repetition all θ, then all φ.
  package func theta(_ qubit: Int, repetition: Int) -> Int { repetition * anglesPerRepetition + qubit }
  /// The index of φ_qubit of a repetition in the flat list of angles.
  /// - Precondition: `rz`.
  package func phi(_ qubit: Int, repetition: Int) -> Int {
    precondition(rz, "a circuit without RZ has no φ")
    return repetition * anglesPerRepetition + qubits + qubit
  }

  /// The CNOTs of one repetition, in order.
  package var cnots: [(control: Int, target: Int)] {
    func pair(_ control: Int, _ distance: Int) -> (control: Int, target: Int)? {
      let target = control + distance
      if target < qubits { return (control, target) }
      return ring ? (control, target - qubits) : nil
    }
    switch order {
    case .interleaved: return (0..<qubits).flatMap { control in cnot.compactMap { pair(control, $0) } }
    case .blocked: return cnot.flatMap { distance in (0..<qubits).compactMap { pair($0, distance) } }
    }
  }

  /// Every gate of the circuit, in order.
  package var gates: [Gate] {
    let all = 0..<qubits
    var gates: [Gate] = []
    for repetition in 0..<repetitions {
      if repetition == 0 || reupload { gates += all.map { .rx(qubit: $0, input: $0) } }
      gates += all.map { .ry(qubit: $0, angle: theta($0, repetition: repetition)) }
      if rz { gates += all.map { .rz(qubit: $0, angle: phi($0, repetition: repetition)) } }
      gates += cnots.map { .cnot(control: $0.control, target: $0.target) }
    }
    return gates
  }

  /// The readable name of the template's point: `ry-rz-cnot12-x2`, with what departs from the study's defaults
  /// spelled out (`q4`, `blocked`, `ring`, `reupload`).
  package var name: String {
    var name = rz ? "ry-rz" : "ry"
    name += cnot.isEmpty ? "-nocnot" : "-cnot"
    // Distances are one digit each in the study; from 10 on they need separating.
    let separator = cnot.contains { $0 > 9 } ? "_" : ""
    for (index, distance) in cnot.enumerated() {
      if index > 0 { name += separator }
      name += distance.description
    }
    name += "-x"
    name += repetitions.description
    if qubits != 10 { name += "-q\(qubits)" }
    if order != .interleaved { name += "-" + order.rawValue }
    if ring { name += "-ring" }
    if reupload { name += "-reupload" }
    return name
  }
}

/// One gate of a circuit.
///
/// Rotations are exp(-i t P / 2); `input` and `angle` index the inputs and the flat angles.
package enum Gate: Hashable, Sendable {
  case rx(qubit: Int, input: Int)
  case ry(qubit: Int, angle: Int)
  case rz(qubit: Int, angle: Int)
  case cnot(control: Int, target: Int)
}
