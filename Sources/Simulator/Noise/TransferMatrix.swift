import Ansatz
import Foundation

/// What a gate or channel does to a qubit, as the real matrix on (⟨𝟙⟩, ⟨X⟩, ⟨Y⟩, ⟨Z⟩).
struct TransferMatrix: Sendable {
  private(set) var rows: (SIMD4<Double>, SIMD4<Double>, SIMD4<Double>, SIMD4<Double>)

  init(_ i: SIMD4<Double>, _ x: SIMD4<Double>, _ y: SIMD4<Double>, _ z: SIMD4<Double>) { rows = (i, x, y, z) }

  static let identity = TransferMatrix(.init(1, 0, 0, 0), .init(0, 1, 0, 0), .init(0, 0, 1, 0), .init(0, 0, 0, 1))

  /// The rotation exp(−i t X / 2).
  static func rx(_ t: Double) -> TransferMatrix {
    TransferMatrix(.init(1, 0, 0, 0), .init(0, 1, 0, 0), .init(0, 0, cos(t), -sin(t)), .init(0, 0, sin(t), cos(t)))
  }

  /// The rotation exp(−i t Y / 2).
  static func ry(_ t: Double) -> TransferMatrix {
    TransferMatrix(.init(1, 0, 0, 0), .init(0, cos(t), 0, sin(t)), .init(0, 0, 1, 0), .init(0, -sin(t), 0, cos(t)))
  }

  /// The rotation exp(−i t Z / 2).
  static func rz(_ t: Double) -> TransferMatrix {
    TransferMatrix(.init(1, 0, 0, 0), .init(0, cos(t), -sin(t), 0), .init(0, sin(t), cos(t), 0), .init(0, 0, 0, 1))
  }

  /// The depolarising channel (1 − p) ρ + p 𝟙/2.
  static func depolarizing(_ p: Double) -> TransferMatrix {
    TransferMatrix(.init(1, 0, 0, 0), .init(0, 1 - p, 0, 0), .init(0, 0, 1 - p, 0), .init(0, 0, 0, 1 - p))
  }

  /// The relaxation towards |0⟩ during a time in ns.
  static func relaxation(_ relaxation: NoiseModel.Relaxation, during time: Double) -> TransferMatrix {
    let coherent = exp(-time / (1000 * relaxation.t2))
    let excited = exp(-time / (1000 * relaxation.t1))
    return TransferMatrix(
      .init(1, 0, 0, 0), .init(0, coherent, 0, 0), .init(0, 0, coherent, 0), .init(1 - excited, 0, 0, excited))
  }

  /// This after another.
  func after(_ first: TransferMatrix) -> TransferMatrix {
    func row(_ row: SIMD4<Double>) -> SIMD4<Double> {
      row.x * first.rows.0 + row.y * first.rows.1 + row.z * first.rows.2 + row.w * first.rows.3
    }
    return TransferMatrix(row(rows.0), row(rows.1), row(rows.2), row(rows.3))
  }

  /// The transformed expectations.
  func callAsFunction(_ vector: SIMD4<Double>) -> SIMD4<Double> {
    SIMD4((rows.0 * vector).sum(), (rows.1 * vector).sum(), (rows.2 * vector).sum(), (rows.3 * vector).sum())
  }

  /// The entry of a row and a column.
  subscript(row: Int, column: Int) -> Double {
    switch row {
    case 0: rows.0[column]
    case 1: rows.1[column]
    case 2: rows.2[column]
    default: rows.3[column]
    }
  }
}
