import Ansatz
import Experiment
import Glibc
import Simulator

/// The coupling flow in double precision, block by block as it is written down, from named arrays: what `CouplingFlow` is
/// tested against.
struct ReferenceFlow {
  let settings: CouplingSettings
  let numbers: Int
  let conditions: Int
  var arrays: [String: [Double]]

  init(_ settings: CouplingSettings, numbers: Int, conditions: Int, state: [NamedArray]) {
    (self.settings, self.numbers, self.conditions) = (settings, numbers, conditions)
    arrays = Dictionary(uniqueKeysWithValues: state.map { ($0.name, $0.values.map(Double.init)) })
  }

  private func dense(_ name: String, _ x: [Double]) -> [Double] {
    let (kernel, bias) = (arrays["\(name)/kernel"]!, arrays["\(name)/bias"]!)
    return bias.indices.map { column in
      tanh(x.indices.reduce(bias[column]) { $0 + x[$1] * kernel[$1 * bias.count + column] })
    }
  }

  private func outputs(_ block: String, _ inputs: [Double]) -> [Double] {
    guard let circuit = settings.circuit else { return dense("\(block)/dense_1", dense("\(block)/dense_0", inputs)) }
    let (factors, shifts) = (arrays["\(block)/encoding/factors"]!, arrays["\(block)/encoding/shifts"]!)
    let encoded = factors.indices.map { factors[$0] * inputs[$0 % inputs.count] + shifts[$0] }
    return ReferenceSimulator<Double>(circuit).expectations(
      inputs: encoded, angles: arrays["\(block)/circuit/angles"]!)
  }

  /// z of x, and log |det ∂z/∂x|.
  func forward(_ x: [Double], label: Double) -> (z: [Double], logDeterminant: Double) {
    var (x, sum) = (x, 0.0)
    for number in 0..<settings.blocks {
      // Half of the numbers, from `number / 2` on, or the other half.
      let window = (0..<numbers).map { ($0 + number / 2) % numbers }
      let chosen = number % 2 == 0 ? window.prefix(numbers / 2) : window.dropFirst(numbers / 2)
      let active = chosen.sorted()
      let passive = (0..<numbers).filter { !active.contains($0) }
      let name = "coupling/block_\(number)"
      let h = outputs(name, passive.map { x[$0] } + (conditions == 1 ? [label] : []))
      let (factors, offsets) = (arrays["\(name)/affine/factors"]!, arrays["\(name)/affine/offsets"]!)
      for (place, active) in active.enumerated() {
        let s = factors[place] * h[place] + offsets[place]
        let other = factors.count / 2 + place
        sum += s
        x[active] = x[active] * exp(s) + factors[other] * h[other] + offsets[other]
      }
    }
    return (x, sum)
  }

  /// The mean of -log p.
  func loss(_ x: [[Double]], labels: [Double]) -> Double {
    zip(x, labels).reduce(0) { sum, event in
      let (z, logDeterminant) = forward(event.0, label: event.1)
      return sum + z.reduce(0) { $0 + $1 * $1 / 2 } - logDeterminant + Double(numbers) / 2 * log(2 * Double.pi)
    } / Double(x.count)
  }
}

/// The determinant of a square matrix, by Gauss' elimination with pivots.
func determinant(_ matrix: [[Double]]) -> Double {
  var (rows, result) = (matrix, 1.0)
  for column in rows.indices {
    let pivot = (column..<rows.count).max { abs(rows[$0][column]) < abs(rows[$1][column]) }!
    if pivot != column {
      rows.swapAt(pivot, column)
      result = -result
    }
    result *= rows[column][column]
    for row in column + 1..<rows.count {
      let factor = rows[row][column] / rows[column][column]
      for k in column..<rows.count { rows[row][k] -= factor * rows[column][k] }
    }
  }
  return result
}
