import Ansatz
import Foundation

/// A circuit under noise by complex density matrices and Kraus operators: slow, obvious, and independent of transfer matrices.
struct DensityReference {
  struct Complex: Equatable {
    var re = 0.0
    var im = 0.0
    static func + (a: Complex, b: Complex) -> Complex { Complex(re: a.re + b.re, im: a.im + b.im) }
    static func * (a: Complex, b: Complex) -> Complex {
      Complex(re: a.re * b.re - a.im * b.im, im: a.re * b.im + a.im * b.re)
    }
    static func * (a: Double, b: Complex) -> Complex { Complex(re: a * b.re, im: a * b.im) }
    var conjugate: Complex { Complex(re: re, im: -im) }
  }
  /// Row-major, 2 by 2 or 4 by 4.
  typealias Matrix = [[Complex]]

  let circuit: Circuit
  let noise: NoiseModel
  private var density: Matrix

  /// The state after the circuit of these inputs and angles.
  init(_ circuit: Circuit, noise: NoiseModel, inputs: [Double], angles: [Double]) {
    self.circuit = circuit
    self.noise = noise
    let count = 1 << circuit.qubits
    density = Array(repeating: Array(repeating: Complex(), count: count), count: count)
    density[0][0].re = 1
    for gate in circuit.gates {
      switch gate {
      case .turn(.x, let q, let amount):
        turn(q, amount.value(inputs: inputs, angles: angles)) { c, s in [[c, -1 * s.times_i], [-1 * s.times_i, c]] }
      case .turn(.y, let q, let amount):
        turn(q, amount.value(inputs: inputs, angles: angles)) { c, s in [[c, -1 * s], [s, c]] }
      case .turn(.z, let q, let amount):
        let half = amount.value(inputs: inputs, angles: angles) / 2
        apply(
          [
            [[Complex(re: cos(half), im: -sin(half)), Complex()], [Complex(), Complex(re: cos(half), im: sin(half))]]
          ], [q])
      case .cnot(let control, let target):
        let own = noise.pair(control, target)
        // 1 − Π + e^{−iπ(1+ε)} Π on (control, target), Π = |1⟩⟨1| ⊗ |−⟩⟨−|.
        let angle = -Double.pi * (1 + own.overRotation)
        let e = Complex(re: cos(angle), im: sin(angle))
        let (sum, difference) = (0.5 * (Complex(re: 1) + e), 0.5 * (Complex(re: 1) + -1 * e))
        var u: Matrix = Array(repeating: Array(repeating: Complex(), count: 4), count: 4)
        u[0][0].re = 1
        u[2][2].re = 1  // index 2 t + c
        u[1][1] = sum
        u[3][3] = sum
        u[1][3] = difference
        u[3][1] = difference
        apply([u], [control, target])
        depolarize([control, target], own.depolarizing)
        relax(control, own.duration)
        relax(target, own.duration)
      }
    }
  }

  var expectations: [Double] {
    (0..<circuit.qubits).map { q in
      density.indices.reduce(0) { $0 + (($1 >> q & 1 == 0) ? 1 : -1) * density[$1][$1].re }
    }
  }
  var probabilities: [Double] {
    // The read-out by every bit string's confusion, one by one.
    density.indices.map { measured in
      var sum = 0.0
      for prepared in density.indices {
        var p = density[prepared][prepared].re
        for q in 0..<circuit.qubits {
          let readout = noise.qubit(q).readout
          switch (prepared >> q & 1, measured >> q & 1) {
          case (0, 0): p *= 1 - readout.oneGivenZero
          case (0, _): p *= readout.oneGivenZero
          case (_, 0): p *= readout.zeroGivenOne
          default: p *= 1 - readout.zeroGivenOne
          }
        }
        sum += p
      }
      return sum
    }
  }

  private mutating func turn(_ q: Int, _ angle: Double, _ matrix: (Complex, Complex) -> Matrix) {
    let own = noise.qubit(q)
    let half = (1 + own.gate.overRotation) * angle / 2
    apply([matrix(Complex(re: cos(half)), Complex(re: sin(half)))], [q])
    depolarize([q], own.gate.depolarizing)
    relax(q, own.gate.duration)
  }

  /// ρ → Σ K ρ K†, the first of `qubits` being the lowest bit of a Kraus operator's index.
  private mutating func apply(_ kraus: [Matrix], _ qubits: [Int]) {
    let count = density.count
    func local(_ index: Int) -> Int { qubits.enumerated().reduce(0) { $0 | (index >> $1.element & 1) << $1.offset } }
    func with(_ index: Int, _ local: Int) -> Int {
      qubits.enumerated().reduce(index) { ($0 & ~(1 << $1.element)) | (local >> $1.offset & 1) << $1.element }
    }
    var result: Matrix = Array(repeating: Array(repeating: Complex(), count: count), count: count)
    let size = 1 << qubits.count
    for k in kraus {
      for i in 0..<count {
        for j in 0..<count {
          for a in 0..<size {
            for b in 0..<size {
              result[i][j] = result[i][j] + k[local(i)][a] * density[with(i, a)][with(j, b)] * k[local(j)][b].conjugate
            }
          }
        }
      }
    }
    density = result
  }

  private mutating func depolarize(_ qubits: [Int], _ p: Double) {
    // (1 − p) ρ + p/4ⁿ Σ P ρ P
    let one = Complex(re: 1)
    let i = Complex(im: 1)
    let paulis: [Matrix] = [
      [[one, Complex()], [Complex(), one]], [[Complex(), one], [one, Complex()]],
      [[Complex(), -1 * i], [i, Complex()]], [[one, Complex()], [Complex(), -1 * one]],
    ]
    var all: [Matrix] = paulis
    if qubits.count == 2 {
      all = []
      for high in paulis {
        for low in paulis {
          var product: Matrix = Array(repeating: Array(repeating: Complex(), count: 4), count: 4)
          for r in 0..<4 {
            for c in 0..<4 { product[r][c] = high[r >> 1][c >> 1] * low[r & 1][c & 1] }
          }
          all.append(product)
        }
      }
    }
    let size = Double(all.count)
    apply(
      all.enumerated().map { index, pauli in
        let weight = (index == 0 ? 1 - p + p / size : p / size).squareRoot()
        return pauli.map { $0.map { weight * $0 } }
      }, qubits)
  }

  private mutating func relax(_ q: Int, _ time: Double) {
    guard let relaxation = noise.qubit(q).relaxation else { return }
    // Amplitude damping, then the dephasing that is left.
    let excited = exp(-time / (1000 * relaxation.t1))
    let dephasing = exp(-time / (1000 * relaxation.t2)) / excited.squareRoot()
    apply(
      [
        [[Complex(re: 1), Complex()], [Complex(), Complex(re: excited.squareRoot())]],
        [[Complex(), Complex(re: (1 - excited).squareRoot())], [Complex(), Complex()]],
      ], [q])
    let (keep, flip) = (((1 + dephasing) / 2).squareRoot(), ((1 - dephasing) / 2).squareRoot())
    apply(
      [
        [[Complex(re: keep), Complex()], [Complex(), Complex(re: keep)]],
        [[Complex(re: flip), Complex()], [Complex(), Complex(re: -flip)]],
      ], [q])
  }
}

extension DensityReference.Complex {
  fileprivate var times_i: Self { Self(re: -im, im: re) }
}
