/// One instance of the circuit template, as data.
///
/// On |0…0⟩: RX(x_i), or RY(x_i), on every qubit encodes the input; then, `repetitions` times, the rotations on every qubit
/// (the study's: RY(θ_i), and RZ(φ_i) if `rz`), and the CNOTs. The read-out is ⟨Z_i⟩ of every qubit. Angles follow
/// exp(-i t P / 2).
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
  /// What turns every qubit in a repetition, in order: the axes, each with angles of its own.
  package var rotations: [Axis]
  /// How often the block of rotations and CNOTs is repeated, each time with angles of its own.
  package var repetitions: Int
  /// How the CNOTs follow each other.
  package var order: Order
  /// Whether CNOT +k wraps around at the last qubit.
  package var ring: Bool
  /// Whether the inputs are encoded again before every later repetition (data re-uploading).
  package var reupload: Bool
  /// What the inputs are encoded by.
  package var encoding: Encoding
  /// How far the inputs are rotated: qubit i encodes input i + this, modulo the number of qubits.
  package var inputShift: Int
  /// Whether what follows the encoding is undone in place of being done: its gates backwards, with the other sign.
  package var inverse: Bool

  /// The most qubits: a state of 2²⁴ amplitudes, 128 MiB, and what the kernels take.
  package static let qubitLimit = 24

  /// The most rotations of a repetition.
  package static let rotationLimit = 6

  /// The circuit of these choices; distances are sorted, and each counts once.
  ///
  /// Rotations are the study's if not given: RY, and RZ if `rz`.
  package init(
    qubits: Int = 10, cnot: [Int] = [1], rz: Bool = true, repetitions: Int = 1, order: Order = .interleaved,
    ring: Bool = false, reupload: Bool = false, rotations: [Axis]? = nil, encoding: Encoding = .x, inputShift: Int = 0,
    inverse: Bool = false
  ) {
    self.qubits = qubits
    self.cnot = Set(cnot).sorted()
    self.rotations = rotations ?? (rz ? [.y, .z] : [.y])
    self.repetitions = repetitions
    self.order = order
    self.ring = ring
    self.reupload = reupload
    self.encoding = encoding
    self.inputShift = inputShift
    self.inverse = inverse
  }

  /// Whether RZ is among the rotations; when set, they become the study's with or without it.
  package var rz: Bool {
    get { rotations.contains(.z) }
    set { rotations = newValue ? [.y, .z] : [.y] }
  }

  /// Whether the rotations are the study's: RY, with angles θ, and RZ, if any, with angles φ.
  package var hasStudyRotations: Bool { rotations == [.y] || rotations == [.y, .z] }

  /// Whether one repetition's closed form is known: ⟨Z_i⟩ is a product of cos x_j cos θ_j.
  package var hasClosedForm: Bool {
    repetitions == 1 && hasStudyRotations && encoding == .x && inputShift == 0 && !inverse
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
    if rotations.isEmpty || rotations.count > Self.rotationLimit {
      return "rotations: \(rotations.count) of them; a repetition has 1 … \(Self.rotationLimit)"
    }
    if let twice = zip(rotations, rotations.dropFirst()).first(where: { $0 == $1 })?.0 {
      return "rotations: \(twice.rawValue) twice in a row is one rotation; name it once"
    }
    if !(0..<qubits).contains(inputShift) { return "input_shift: \(inputShift) is not in 0 … \(qubits - 1)" }
    if inverse && reupload { return "reupload: an inverse circuit encodes its inputs once" }
    return nil
  }

  /// The number of angles of one repetition: n for each rotation.
  package var anglesPerRepetition: Int { rotations.count * qubits }
  /// The number of trainable angles.
  package var angleCount: Int { repetitions * anglesPerRepetition }

  /// The index of the angle of a repetition's rotation on a qubit, in the flat list of angles: per repetition all of the first
  /// rotation, then all of the next.
  package func angle(_ qubit: Int, rotation: Int, repetition: Int) -> Int {
    repetition * anglesPerRepetition + rotation * qubits + qubit
  }
  /// The index of θ_qubit of a repetition: of its first rotation.
  package func theta(_ qubit: Int, repetition: Int) -> Int { angle(qubit, rotation: 0, repetition: repetition) }
  /// The index of φ_qubit of a repetition: of its second rotation.
  /// - Precondition: There is a second one.
  package func phi(_ qubit: Int, repetition: Int) -> Int {
    precondition(rotations.count > 1, "a circuit without RZ has no φ")
    return angle(qubit, rotation: 1, repetition: repetition)
  }
  /// The shape of its angles as an array: repetitions, rotations, qubits.
  package var angleShape: [Int] { [repetitions, rotations.count, qubits] }

  /// The input that a qubit encodes.
  package func input(of qubit: Int) -> Int { (qubit + inputShift) % qubits }

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
}
