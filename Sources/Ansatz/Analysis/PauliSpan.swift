/// A product of Pauli matrices up to its sign: X, Y (both bits) or Z on some qubits.
struct PauliString: Hashable, Sendable {
  var x: UInt32
  var z: UInt32

  static func z(_ qubit: Int) -> PauliString { PauliString(x: 0, z: 1 << UInt32(qubit)) }

  /// The string that CNOTs, applied in order, turn this observable into when seen from before them.
  func before(_ cnots: [(control: Int, target: Int)]) -> PauliString {
    var string = self
    for (control, target) in cnots.reversed() {
      string.x ^= (string.x >> UInt32(control) & 1) << UInt32(target)
      string.z ^= (string.z >> UInt32(target) & 1) << UInt32(control)
    }
    return string
  }

  fileprivate var bits: UInt64 {
    get { UInt64(x) | UInt64(z) << 32 }
    set { (x, z) = (UInt32(truncatingIfNeeded: newValue), UInt32(newValue >> 32)) }
  }
}

extension Axis {
  /// The Pauli matrix of exp(-i t P / 2), on one qubit.
  func string(on qubit: Int) -> PauliString {
    let bit: UInt32 = 1 << UInt32(qubit)
    return switch self {
    case .x: PauliString(x: bit, z: 0)
    case .y: PauliString(x: bit, z: bit)
    case .z: PauliString(x: 0, z: bit)
    }
  }
}

/// The linear span over GF(2) of the Pauli strings that an observable becomes, seen from further and further back.
///
/// A rotation about P leaves a string that commutes with P as it is and turns any other, Q, into Q cos t ± iPQ sin t.
/// So the span grows by P as soon as one string anticommutes with it, and whether one does is a linear question, which
/// the span answers as well as the strings themselves, of which there may be 4^qubits.
struct PauliSpan: Sendable {
  /// Reduced: each has a highest bit that no other has; in falling order.
  private(set) var basis: [PauliString] = []

  init(_ strings: [PauliString]) {
    for string in strings { insert(string) }
  }

  mutating func insert(_ string: PauliString) {
    var new = string
    for vector in basis where new.bits & vector.bits.highestBit != 0 { new.bits ^= vector.bits }
    guard new.bits != 0 else { return }
    let pivot = new.bits.highestBit
    for index in basis.indices where basis[index].bits & pivot != 0 { basis[index].bits ^= new.bits }
    let place = basis.firstIndex { $0.bits < new.bits } ?? basis.count
    basis.insert(new, at: place)
  }

  /// Goes back over a rotation.
  ///
  /// False when every string commutes with it: the rotation does nothing.
  mutating func pass(_ rotation: Axis, on qubit: Int) -> Bool {
    let generator = rotation.string(on: qubit)
    let acts = basis.contains { (($0.x & generator.z) ^ ($0.z & generator.x)).nonzeroBitCount & 1 == 1 }
    if acts { insert(generator) }
    return acts
  }

  /// What arrives at a qubit: whether some string has X or Y there, and whether some has Y or Z.
  func arrives(at qubit: Int) -> (x: Bool, z: Bool) {
    let bit: UInt32 = 1 << UInt32(qubit)
    return (basis.contains { $0.x & bit != 0 }, basis.contains { $0.z & bit != 0 })
  }
}

extension UInt64 {
  fileprivate var highestBit: UInt64 { self == 0 ? 0 : 1 << UInt64(63 - leadingZeroBitCount) }
}
