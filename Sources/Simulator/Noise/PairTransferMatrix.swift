import Ansatz
import Foundation

/// What a gate or channel does to two qubits, as the real 16 by 16 matrix on ⟨P ⊗ Q⟩, rows stored without their zeros.
///
/// Index 4 q + p is P on the first qubit and Q on the second, in the order 𝟙, X, Y, Z.
struct PairTransferMatrix: Sendable {
  struct Entry: Sendable {
    var column: Int
    var value: Double
  }
  private(set) var rows: [[Entry]]

  init(_ entry: (_ row: Int, _ column: Int) -> Double) {
    rows = (0..<16).map { row in
      (0..<16).compactMap { column in
        let value = entry(row, column)
        return abs(value) < 1e-15 ? nil : Entry(column: column, value: value)
      }
    }
  }

  /// The CNOT from the first qubit to the second, turned 1 + ε times as far as it should: 1 − Π + e^{−iπ(1 + ε)} Π with
  /// Π = |1⟩⟨1| ⊗ |−⟩⟨−|.
  ///
  /// With Π = (1 − Z)(1 − X)/4 and its reflection R = 1 − 2Π, U = a + bR, where |a|², |b|² and Im(a b*) follow from ε.
  static func cnot(overRotation: Double) -> PairTransferMatrix {
    // R P R is a signed Pauli product; R P − P R needs R's four terms.
    let turn = Double.pi * (1 + overRotation)
    let (a, b) = ((1 + cos(turn), -sin(turn)), (1 - cos(turn), sin(turn)))  // twice a and twice b, of U = a + bR
    let (aa, bb) = ((a.0 * a.0 + a.1 * a.1) / 4, (b.0 * b.0 + b.1 * b.1) / 4)
    let ab = (re: (a.0 * b.0 + a.1 * b.1) / 4, im: (a.1 * b.0 - a.0 * b.1) / 4)  // a b*
    // U P U† = |a|² P + |b|² R P R + (a b*) P R + (a* b) R P.
    let reflection = [0: 0.5, 3: 0.5, 4: 0.5, 7: -0.5]  // R = (1 + Z + X − Z X)/2, X on the second
    func trace(_ left: Int, _ middle: [Int], _ weight: Double) -> (re: Double, im: Double) {
      // tr(left · Π middle)/4 for Pauli products
      var phase = 0
      var product = left
      for factor in middle {
        let (p, t) = PairTransferMatrix.product(product, factor)
        product = p
        phase += t
      }
      guard product == 0 else { return (0, 0) }
      switch phase & 3 {
      case 0: return (weight, 0)
      case 1: return (0, weight)
      case 2: return (-weight, 0)
      default: return (0, -weight)
      }
    }
    return PairTransferMatrix { row, column in
      var value = row == column ? aa : 0
      for (one, weight) in reflection {
        for (other, second) in reflection { value += bb * trace(row, [one, column, other], weight * second).re }
        let (right, left) = (trace(row, [column, one], weight), trace(row, [one, column], weight))
        value += ab.re * right.re - ab.im * right.im + ab.re * left.re + ab.im * left.im
      }
      return value
    }
  }

  /// A device's gate from the first qubit to the second, its part of two qubits turned 1 + ε times as far as it should.
  static func gate(_ gate: PairGate, overRotation: Double) -> PairTransferMatrix {
    let cnot = cnot(overRotation: overRotation)
    switch gate {
    case .cx: return cnot
    case .cz:
      let turn = both(.identity, .ry(.pi / 2).after(.rz(.pi)))
      return turn.after(cnot).after(turn)
    case .ecr:
      // A CNOT but for rotations after it, and X on the first qubit at the end.
      return both(.rx(.pi).after(.rz(.pi / 2)), .rx(.pi / 2)).after(cnot)
    }
  }

  /// The product of two Pauli products, and the power of i before it.
  private static func product(_ a: Int, _ b: Int) -> (Int, Int) {
    var phase = 0
    var result = 0
    for shift in [0, 2] {
      let (p, q) = (a >> shift & 3, b >> shift & 3)
      switch (p, q) {
      case (0, _), (_, 0): result |= (p | q) << shift
      case (p, _) where p == q: break
      default:
        result |= (6 - p - q) << shift
        phase += (q - p + 3) % 3 == 1 ? 1 : 3
      }
    }
    return (result, phase)
  }

  /// The depolarising channel (1 − p) ρ + p 𝟙/4.
  static func depolarizing(_ p: Double) -> PairTransferMatrix {
    PairTransferMatrix { row, column in row != column ? 0 : row == 0 ? 1 : 1 - p }
  }

  /// One matrix on each qubit.
  static func both(_ first: TransferMatrix, _ second: TransferMatrix) -> PairTransferMatrix {
    PairTransferMatrix { row, column in first[row & 3, column & 3] * second[row >> 2, column >> 2] }
  }

  /// This after another.
  func after(_ first: PairTransferMatrix) -> PairTransferMatrix {
    let product = rows.map { row in
      var sums = [Double](repeating: 0, count: 16)
      for entry in row {
        for other in first.rows[entry.column] { sums[other.column] += entry.value * other.value }
      }
      return sums
    }
    return PairTransferMatrix { product[$0][$1] }
  }
}
