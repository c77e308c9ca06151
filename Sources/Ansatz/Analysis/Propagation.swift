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
    case rotate(Rotation, UInt32)
  }

  private(set) var inert: [Inert] = []
  private(set) var redundant: Set<Int> = []
  private(set) var inputs: Set<Int> = []
  private(set) var steps: [Step] = []

  /// - Parameters:
  ///   - circuit: The circuit that is read.
  ///   - readout: The qubits whose ⟨Z⟩ is read.
  ///   - withoutRZ: Take every φ for zero.
  ///   - zeroAfter: Take the angles of this repetition and later ones for zero; they have no encoding then either. None
  ///     if nil.
  init(_ circuit: Circuit, readout: [Int], withoutRZ: Bool = false, zeroAfter: Int? = nil) {
    let cnots = circuit.cnots
    let active = zeroAfter ?? circuit.repetitions
    var images = readout.map(PauliString.z)
    for _ in (active - 1)..<circuit.repetitions { images = images.map { $0.before(cnots) } }
    steps.append(.readout(images))
    var span = PauliSpan(images)
    let touched = Set(cnots.flatMap { [$0.control, $0.target] })
    for repetition in (0..<active).reversed() {
      if repetition < active - 1 {
        let moved = span.basis.map { $0.before(cnots) }
        if moved != span.basis { steps.append(.map(moved)) }
        span = PauliSpan(moved)
      }
      for layer in circuit.rotations(repetition) {
        if withoutRZ && layer.rotation == .z { continue }
        var mask: UInt32 = 0
        for qubit in 0..<circuit.qubits {
          let gate = layer.gate(qubit)
          let last = repetition == circuit.repetitions - 1
          let reason = InertReason(gate, arriving: span.arrives(at: qubit), last: last)
          guard span.pass(layer.rotation, on: qubit) else {
            inert.append(Inert(gate: gate, reason: reason))
            continue
          }
          if case .rx(_, let input) = gate { inputs.insert(input) }
          if let angle = gate.angle, !touched.contains(qubit),
            circuit.isSuperfluous(layer.rotation, repetition: repetition, of: active, withoutRZ: withoutRZ)
          {
            redundant.insert(angle)
          } else {
            mask |= 1 << UInt32(qubit)
          }
        }
        if mask != 0 { steps.append(.rotate(layer.rotation, mask)) }
      }
    }
  }
}

extension Circuit {
  /// One kind of rotation on every qubit.
  fileprivate struct RotationLayer {
    var rotation: Rotation
    var gate: (Int) -> Gate
  }

  /// The rotations of a repetition, last first.
  fileprivate func rotations(_ repetition: Int) -> [RotationLayer] {
    var layers: [RotationLayer] = []
    if rz { layers.append(RotationLayer(rotation: .z) { .rz(qubit: $0, angle: phi($0, repetition: repetition)) }) }
    layers.append(RotationLayer(rotation: .y) { .ry(qubit: $0, angle: theta($0, repetition: repetition)) })
    if repetition == 0 || reupload { layers.append(RotationLayer(rotation: .x) { .rx(qubit: $0, input: $0) }) }
    return layers
  }

  /// Whether, on a qubit without CNOTs, later rotations can do all that this one does: RY RY is an RY, and RY RZ RY
  /// already gives every a cos x + b sin x with a² + b² ≤ 1.
  fileprivate func isSuperfluous(
    _ rotation: Rotation, repetition: Int, of repetitions: Int, withoutRZ: Bool
  ) -> Bool {
    if reupload { return false }
    if !rz || withoutRZ { return repetition < repetitions - 1 }
    return repetition < repetitions - 2
  }
}

extension Gate {
  /// The flat number of the trainable angle; nil for an encoding or a CNOT.
  var angle: Int? {
    switch self {
    case .ry(_, let angle), .rz(_, let angle): angle
    case .rx, .cnot: nil
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

  fileprivate init(_ gate: Gate, arriving: (x: Bool, z: Bool), last: Bool) {
    switch gate {
    case .rz where last: self = .diagonalBeforeReadout
    default: self = arriving.x || arriving.z ? .commutes : .outsideLightCone
    }
  }
}
