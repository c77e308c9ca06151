/// What a circuit can compute, proven without simulating it.
///
/// The read-outs are followed backwards as Pauli strings (Heisenberg picture): CNOTs map strings to strings, rotations
/// branch. Every angle occurs once, so each way through the branches ends in a monomial of cosines and sines of its own:
/// none cancel, and since the first RY and RX can turn any string into one that |0…0⟩ sees, all arrive. So an angle is
/// inert exactly when no string branches at it, which linear algebra over GF(2) decides (`PauliSpan`).
///
/// With re-uploading an input occurs several times, and with rotations other than the study's a string may arrive as one
/// that |0…0⟩ does not see. What is called inert is so then too, and light cones hold all that is read; that nothing else
/// is inert is no longer proven, but sampled in the tests.
package struct CircuitAnalysis: Sendable {
  /// The circuit analysed.
  package let circuit: Circuit
  /// The qubits whose ⟨Z⟩ is read.
  package let readout: [Int]
  /// The angles whose gradient is zero for all inputs and angles.
  package let inert: [InertAngle]
  /// The flat numbers of angles that matter, but do nothing that later ones could not do as well.
  package let redundant: Set<Int>
  /// The inputs that each read-out depends on, ascending.
  package let lightCones: [[Int]]
  /// The qubits j of ∏ cos x_j cos θ_j of each read-out, ascending; nil with more than one repetition, and for rotations
  /// other than the study's.
  package let closedForms: [[Int]]?
  /// The functions that the circuit computes: the same family, the same functions.
  ///
  /// Different ones may still be equal.
  package let family: CircuitFamily

  /// An angle that nothing depends on, and why.
  package struct InertAngle: Codable, Hashable, Sendable {
    /// The flat number.
    package var angle: Int
    /// The qubit that it rotates.
    package var qubit: Int
    /// The repetition that it belongs to, from 0.
    package var repetition: Int
    /// θ or φ, or the symbol of a further rotation.
    package var symbol: String
    /// Why nothing depends on it.
    package var reason: InertReason
  }

  /// - Parameters:
  ///   - circuit: The circuit to analyse.
  ///   - readout: The qubits whose ⟨Z⟩ is read; all if nil.
  /// - Precondition: The circuit has no flaw, and the read-out's qubits exist.
  /// - Complexity: O(read-outs · gates · qubits).
  package init(_ circuit: Circuit, readout: [Int]? = nil) {
    precondition(circuit.flaw == nil, circuit.flaw ?? "")
    let readout = readout ?? Array(0..<circuit.qubits)
    precondition(readout.allSatisfy { (0..<circuit.qubits).contains($0) }, "no qubits \(readout)")
    self.circuit = circuit
    self.readout = readout
    let all = Propagation(circuit, readout: readout)
    inert = all.inert.compactMap { inert in InertAngle(inert, circuit) }.sorted { $0.angle < $1.angle }
    redundant = all.redundant
    family = CircuitFamily(steps: all.steps)
    lightCones = readout.map { Propagation(circuit, readout: [$0]).inputs.sorted() }
    let rows = circuit.parityMap.rows
    closedForms =
      !circuit.hasClosedForm
      ? nil : readout.map { qubit in (0..<circuit.qubits).filter { rows[qubit] >> UInt32($0) & 1 == 1 } }
  }

  /// The flat numbers of the inert angles.
  package var inertAngles: Set<Int> { Set(inert.map(\.angle)) }

  /// The number of angles that are neither inert nor redundant.
  package var effectiveAngleCount: Int { circuit.angleCount - inert.count - redundant.count }

  /// The inputs that no read-out depends on, ascending.
  package var unreadInputs: [Int] { Set(0..<circuit.qubits).subtracting(lightCones.joined()).sorted() }

  /// A closed form as text: "cos x0 cos θ0 · cos x1 cos θ1".
  package static func text(closedForm qubits: [Int]) -> String {
    qubits.map { "cos x\($0) cos θ\($0)" }.joined(separator: " · ")
  }
}

extension CircuitAnalysis.InertAngle {
  fileprivate init?(_ inert: Propagation.Inert, _ circuit: Circuit) {
    guard let angle = inert.gate.angle else { return nil }
    let (repetition, place) = angle.quotientAndRemainder(dividingBy: circuit.anglesPerRepetition)
    self.init(
      angle: angle, qubit: place % circuit.qubits, repetition: repetition,
      symbol: Circuit.symbols[place / circuit.qubits], reason: inert.reason)
  }
}

extension Circuit {
  /// What the angles of a repetition's rotations are called, in order.
  static let symbols = ["θ", "φ", "ω", "α", "β", "γ"]

  /// The number of CNOTs, over all repetitions.
  package var cnotCount: Int { repetitions * cnots.count }

  /// The number of time steps when every gate takes one and gates on different qubits go together.
  package var depth: Int { depth { _ in 1 } }

  /// The depth in CNOTs alone.
  package var cnotDepth: Int {
    depth {
      if case .cnot = $0 { 1 } else { 0 }
    }
  }

  private func depth(_ duration: (Gate) -> Int) -> Int {
    var busy = [Int](repeating: 0, count: qubits)
    for gate in gates {
      switch gate {
      case .turn(_, let qubit, _): busy[qubit] += duration(gate)
      case .cnot(let control, let target):
        let end = max(busy[control], busy[target]) + duration(gate)
        (busy[control], busy[target]) = (end, end)
      }
    }
    return busy.max() ?? 0
  }
}
