package import Ansatz

/// The signs that a sample's Pauli frame gives to its inputs, angles and read-outs: one bit a qubit, set for the other sign.
///
/// A Pauli product before a rotation is the same product after the rotation by the other angle where they anticommute, and
/// before a CNOT another product after it; at the end it turns read-outs round. So a circuit with Pauli errors is the
/// ideal circuit with signs, at the same cost.
package struct SampleSigns: Sendable {
  /// The read-outs' signs, first, then per repetition those of the encoding and of each rotation.
  package private(set) var masks: [UInt32]
  private let circuit: Circuit

  /// No other sign anywhere.
  package init(_ circuit: Circuit) {
    self.circuit = circuit
    masks = Array(repeating: 0, count: Self.width(circuit))
  }

  /// How many masks a circuit has.
  package static func width(_ circuit: Circuit) -> Int { 1 + circuit.repetitions * (1 + circuit.rotations.count) }

  /// The place of a rotation's mask, or of the encoding's if nil.
  static func place(_ circuit: Circuit, _ repetition: Int, rotation: Int?) -> Int {
    1 + repetition * (1 + circuit.rotations.count) + (rotation.map { 1 + $0 } ?? 0)
  }

  /// Gives the masks away to be written.
  mutating func withMasks(_ body: (UnsafeMutablePointer<UInt32>) -> Void) {
    masks.withUnsafeMutableBufferPointer { body($0.baseAddress!) }
  }

  /// The read-outs' signs.
  package var readout: UInt32 {
    get { masks[0] }
    set { masks[0] = newValue }
  }
  /// The signs of a repetition's rotation, or of the inputs that its encoding takes if nil.
  package subscript(rotation rotation: Int?, repetition repetition: Int) -> UInt32 {
    get { masks[Self.place(circuit, repetition, rotation: rotation)] }
    set { masks[Self.place(circuit, repetition, rotation: rotation)] = newValue }
  }

  /// −1 for a qubit whose bit is set, else 1.
  static func sign(_ mask: UInt32, _ qubit: Int) -> Float { mask >> UInt32(qubit) & 1 == 0 ? 1 : -1 }
}
