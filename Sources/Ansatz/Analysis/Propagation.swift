/// A circuit's read-out seen from further and further back, down to the first gate.
struct Propagation {
  /// One gate that no string feels, and why.
  struct Inert {
    var gate: Gate
    var reason: InertReason
  }

  /// What happens on the way back, without what does nothing: equal steps, equal functions of inputs and angles.
  enum Step: Hashable, Sendable {
    /// What the last CNOTs make of each ⟨Z_i⟩ that is read, in order.
    case readout([PauliString])
    /// What CNOTs make of the strings that arrive, given by their span's basis.
    case map([PauliString])
    /// Qubits that are rotated, as a mask.
    case rotate(Axis, UInt32)
    /// Qubits that encode their inputs, as a mask, and how far these are rotated.
    case encode(Axis, UInt32, shift: Int)
  }

  private(set) var inert: [Inert] = []
  private(set) var redundant: Set<Int> = []
  private(set) var inputs: Set<Int> = []
  private(set) var steps: [Step] = []

  /// - Parameters:
  ///   - circuit: The circuit that is read.
  ///   - readout: The qubits whose ⟨Z⟩ is read.
  ///   - withoutRZ: Take the angle of every RZ for zero.
  ///   - zeroAfter: Take the angles of this stage and later ones for zero; they have no encoding then either. None if nil.
  init(_ circuit: Circuit, readout: [Int], withoutRZ: Bool = false, zeroAfter: Int? = nil) {
    let stages = circuit.stages
    let active = zeroAfter ?? stages.count
    var images = readout.map(PauliString.z)
    for stage in stages[(active - 1)...].reversed() { images = images.map { $0.before(stage.cnots) } }
    steps.append(.readout(images))
    var span = PauliSpan(images)
    let touched = Set(circuit.cnots.flatMap { [$0.control, $0.target] })
    /// The axes of the rotations that matter on each qubit, from the last one back.
    var chains = [[Axis]](repeating: [], count: circuit.qubits)
    for (number, stage) in stages[..<active].enumerated().reversed() {
      if number < active - 1 {
        let moved = span.basis.map { $0.before(stage.cnots) }
        if moved != span.basis { steps.append(.map(moved)) }
        span = PauliSpan(moved)
      }
      var isLast = number == stages.count - 1
      for rotation in stage.rotations.reversed() {
        if rotation.axis != .z { isLast = false }
        if withoutRZ && rotation.axis == .z { continue }
        var mask: UInt32 = 0
        for qubit in 0..<circuit.qubits {
          let gate = circuit.gate(rotation, on: qubit)
          let reason = InertReason(arriving: span.arrives(at: qubit), diagonal: isLast)
          guard span.pass(rotation.axis, on: qubit) else {
            inert.append(Inert(gate: gate, reason: reason))
            continue
          }
          if rotation.source == .inputs { inputs.insert(circuit.input(of: qubit)) }
          if let angle = gate.angle, !touched.contains(qubit), !circuit.reupload {
            // Turns about three axes, each other than the one before, are every turn; two about one are one.
            if chains[qubit].count == 3 || chains[qubit].last == rotation.axis {
              redundant.insert(angle)
              continue
            }
            chains[qubit].append(rotation.axis)
          }
          mask |= 1 << UInt32(qubit)
        }
        if mask == 0 { continue }
        steps.append(
          rotation.source == .inputs
            ? .encode(rotation.axis, mask, shift: circuit.inputShift) : .rotate(rotation.axis, mask))
      }
    }
  }
}

/// Why a rotation changes nothing that is read.
package enum InertReason: String, Codable, Hashable, Sendable {
  /// It is an RZ, and only CNOTs and ⟨Z⟩ follow: it changes phases, not probabilities.
  case diagonalBeforeReadout
  /// No read-out depends on the qubit at this place.
  case outsideLightCone
  /// All that the read-outs become at this place commutes with it.
  case commutes

  /// A clause for people.
  package var text: String {
    switch self {
    case .diagonalBeforeReadout: "diagonal, and only CNOTs and the read-out of Z follow"
    case .outsideLightCone: "outside the light cone of every read-out"
    case .commutes: "commutes with all that the read-outs become there"
    }
  }

  fileprivate init(arriving: (x: Bool, z: Bool), diagonal: Bool) {
    self = diagonal ? .diagonalBeforeReadout : arriving.x || arriving.z ? .commutes : .outsideLightCone
  }
}
