/// What a block of CNOTs does to basis states: an invertible linear map over GF(2), |b⟩ → |Mb⟩.
///
/// Bit i of an index is qubit i.
package struct ParityMap: Hashable, Sendable {
  /// Row i: the mask of the bits of b whose parity is bit i of Mb.
  package private(set) var rows: [UInt32]

  /// The map that leaves every basis state as it is.
  package init(identity qubits: Int) { rows = (0..<qubits).map { 1 << UInt32($0) } }

  /// The map of CNOTs, applied in order.
  package init(qubits: Int, cnots: [(control: Int, target: Int)]) {
    self.init(identity: qubits)
    for (control, target) in cnots { rows[target] ^= rows[control] }
  }

  /// The map that undoes the one of these CNOTs.
  package init(undoing cnots: [(control: Int, target: Int)], qubits: Int) {
    self.init(qubits: qubits, cnots: cnots.reversed())
  }

  /// Mb.
  package func callAsFunction(_ basisState: UInt32) -> UInt32 {
    var image: UInt32 = 0
    for (bit, row) in rows.enumerated() where (row & basisState).nonzeroBitCount & 1 == 1 { image |= 1 << UInt32(bit) }
    return image
  }
}

extension Circuit {
  /// What one repetition's CNOTs do to basis states; of an inverse circuit before they are undone.
  package var parityMap: ParityMap { ParityMap(qubits: qubits, cnots: cnots) }
}
