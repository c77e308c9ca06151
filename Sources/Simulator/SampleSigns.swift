package import Ansatz

/// The signs that a sample's Pauli frame gives to its inputs, angles and read-outs: one bit a qubit, set for the other sign.
///
/// A Pauli product before a rotation is the same product after the rotation by the other angle where they anticommute, and
/// before a CNOT another product after it; at the end it turns read-outs round. So a circuit with Pauli errors is the
/// ideal circuit with signs, at the same cost.
package struct SampleSigns: Sendable {
  /// The read-outs' signs, first, then per repetition those of the encoding, of θ and of φ.
  package private(set) var masks: [UInt32]

  /// No other sign anywhere.
  package init(_ circuit: Circuit) { masks = Array(repeating: 0, count: 1 + 3 * circuit.repetitions) }

  /// Gives the masks away to be written.
  mutating func withMasks(_ body: (UnsafeMutablePointer<UInt32>) -> Void) {
    masks.withUnsafeMutableBufferPointer { body($0.baseAddress!) }
  }

  /// The read-outs' signs.
  package var readout: UInt32 {
    get { masks[0] }
    set { masks[0] = newValue }
  }
  /// The signs of the inputs that a repetition's encoding takes.
  package subscript(inputs repetition: Int) -> UInt32 {
    get { masks[1 + 3 * repetition] }
    set { masks[1 + 3 * repetition] = newValue }
  }
  /// The signs of a repetition's θ.
  package subscript(thetas repetition: Int) -> UInt32 {
    get { masks[2 + 3 * repetition] }
    set { masks[2 + 3 * repetition] = newValue }
  }
  /// The signs of a repetition's φ.
  package subscript(phis repetition: Int) -> UInt32 {
    get { masks[3 + 3 * repetition] }
    set { masks[3 + 3 * repetition] = newValue }
  }

  /// −1 for a qubit whose bit is set, else 1.
  static func sign(_ mask: UInt32, _ qubit: Int) -> Float { mask >> UInt32(qubit) & 1 == 0 ? 1 : -1 }
}
