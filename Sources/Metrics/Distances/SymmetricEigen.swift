import NeuralNetwork

/// The eigenvalues and eigenvectors of a symmetric matrix: Householder's reflections to tridiagonal form, then the QL
/// method with implicit shifts.
///
/// - Complexity: O(n³).
/// - Source: Golub and Van Loan, Matrix Computations, 8.3.
package struct SymmetricEigen {
  /// The eigenvalues, in no particular order.
  package private(set) var values: [Double]
  /// The eigenvector of each, as a row; nil where none are wanted.
  package private(set) var vectors: SquareMatrix?

  /// - Parameters:
  ///   - matrix: Symmetric and finite; only what is symmetric in it counts to rounding.
  ///   - withVectors: Whether the vectors are wanted too.
  package init(_ matrix: SquareMatrix, withVectors: Bool) {
    let size = matrix.size
    var work = matrix.values
    values = [Double](repeating: 0, count: size)
    var beside = [Double](repeating: 0, count: size)
    var reflections: [[Double]] = []
    work.withUnsafeMutableBufferPointer { work in
      for k in 0..<size {
        values[k] = work[k * size + k]
        guard k + 1 < size else { break }
        let (reflection, length) = Self.reflection(
          of: UnsafeBufferPointer(rebasing: work[k * size + k + 1..<(k + 1) * size]))
        beside[k] = length
        Self.reflect(work, size: size, from: k + 1, by: reflection)
        if withVectors { reflections.append(reflection) }
      }
    }
    if withVectors { vectors = Self.product(of: reflections, size: size) }
    iterate(&beside)
  }

  /// The unit vector v for which (1 - 2 v vᵀ) x is a multiple of the first axis, and that multiple; zeros where x is one
  /// already.
  private static func reflection(of x: UnsafeBufferPointer<Double>) -> (vector: [Double], length: Double) {
    var vector = Array(x)
    let rest = vector.dropFirst().reduce(0) { $0 + $1 * $1 }
    guard rest > 0 else { return ([Double](repeating: 0, count: vector.count), vector[0]) }
    let norm = (vector[0] * vector[0] + rest).squareRoot()
    let length = vector[0] > 0 ? -norm : norm
    vector[0] -= length
    let scale = 1 / (vector[0] * vector[0] + rest).squareRoot()
    for i in vector.indices { vector[i] *= scale }
    return (vector, length)
  }

  /// A ← (1 - 2 v vᵀ) A (1 - 2 v vᵀ) in the rows and columns from `first` on: A - v wᵀ - w vᵀ with p = 2 A v and
  /// w = p - (vᵀp) v.
  private static func reflect(
    _ matrix: UnsafeMutableBufferPointer<Double>, size: Int, from first: Int, by v: [Double]
  ) {
    let count = v.count
    v.withUnsafeBufferPointer { v in
      var w = (0..<count).map { row in
        2 * dot(matrix.baseAddress! + (first + row) * size + first, v.baseAddress!, count)
      }
      let along = dot(w, v.baseAddress!, count)
      addMultiple(-along, v.baseAddress!, to: &w, count)
      for row in 0..<count {
        let values = matrix.baseAddress! + (first + row) * size + first
        addMultiple(-v[row], w, to: values, count)
        addMultiple(-w[row], v.baseAddress!, to: values, count)
      }
    }
  }

  /// Q = H₀ H₁ …, transposed: its rows are to become the eigenvectors.
  private static func product(of reflections: [[Double]], size: Int) -> SquareMatrix {
    var product = SquareMatrix(size: size)
    for i in 0..<size { product.values[i * size + i] = 1 }
    product.values.withUnsafeMutableBufferPointer { values in
      var along = [Double](repeating: 0, count: size)
      for (k, v) in reflections.enumerated().reversed() {
        let first = k + 1
        for i in 0..<size { along[i] = 0 }
        for (row, x) in v.enumerated() {
          addMultiple(2 * x, values.baseAddress! + (first + row) * size, to: &along, size)
        }
        for (row, x) in v.enumerated() {
          addMultiple(-x, along, to: values.baseAddress! + (first + row) * size, size)
        }
      }
    }
    return product.transposed
  }

  /// QL with Wilkinson's shifts on the diagonal `values` and the elements beside it; the last of these is not one.
  private mutating func iterate(_ beside: inout [Double]) {
    let size = values.count
    // Far below rounding: what is beside two zeros is zero too.
    let nothing = 1e-30 * (values + beside).reduce(0) { max($0, abs($1)) }
    for l in 0..<size {
      for turn in 0... {
        // The first element from l on that is as good as zero.
        var m = l
        while m + 1 < size, abs(beside[m]) > .ulpOfOne * (abs(values[m]) + abs(values[m + 1])) + nothing { m += 1 }
        if m == l { break }
        precondition(turn < 100, "an eigenvalue of \(size) has not converged; the matrix is not finite")
        step(from: l, to: m, &beside)
      }
    }
  }

  private mutating func step(from l: Int, to m: Int, _ beside: inout [Double]) {
    var g = (values[l + 1] - values[l]) / (2 * beside[l])
    var r = (g * g + 1).squareRoot()
    g = values[m] - values[l] + beside[l] / (g + (g < 0 ? -r : r))
    var (s, c, p) = (1.0, 1.0, 0.0)
    for i in stride(from: m - 1, through: l, by: -1) {
      let f = s * beside[i]
      let b = c * beside[i]
      r = (f * f + g * g).squareRoot()
      beside[i + 1] = r
      if r == 0 {
        values[i + 1] -= p
        beside[m] = 0
        return
      }
      (s, c) = (f / r, g / r)
      g = values[i + 1] - p
      r = (values[i] - g) * s + 2 * c * b
      p = s * r
      values[i + 1] = g + p
      g = c * r - b
      rotate(i, c, s)
    }
    values[l] -= p
    beside[l] = g
    beside[m] = 0
  }

  /// Turns the vectors i and i + 1.
  private mutating func rotate(_ i: Int, _ c: Double, _ s: Double) {
    guard vectors != nil else { return }
    let size = values.count
    vectors!.values.withUnsafeMutableBufferPointer { values in
      let (one, next) = (values.baseAddress! + i * size, values.baseAddress! + (i + 1) * size)
      for k in 0..<size {
        let (a, b) = (one[k], next[k])
        next[k] = s * a + c * b
        one[k] = c * a - s * b
      }
    }
  }
}
