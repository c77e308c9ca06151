/// A square matrix of doubles, row-major.
struct SquareMatrix: Equatable, Sendable {
  let size: Int
  var values: [Double]

  init(size: Int, values: [Double]) {
    precondition(values.count == size * size, "\(values.count) values are not \(size) × \(size)")
    (self.size, self.values) = (size, values)
  }

  /// Zeros.
  init(size: Int) { self.init(size: size, values: [Double](repeating: 0, count: size * size)) }

  var trace: Double { (0..<size).reduce(0) { $0 + values[$1 * size + $1] } }

  var transposed: SquareMatrix {
    var result = self
    for row in 0..<size { for column in 0..<size { result.values[column * size + row] = values[row * size + column] } }
    return result
  }

  static func * (left: SquareMatrix, right: SquareMatrix) -> SquareMatrix {
    precondition(left.size == right.size, "\(left.size) and \(right.size) rows")
    let size = left.size
    var product = SquareMatrix(size: size)
    product.values.withUnsafeMutableBufferPointer { product in
      right.values.withUnsafeBufferPointer { right in
        for row in 0..<size {
          for inner in 0..<size {
            addMultiple(
              left.values[row * size + inner], right.baseAddress! + inner * size, to: product.baseAddress! + row * size,
              size)
          }
        }
      }
    }
    return product
  }
}

/// y += a x.
func addMultiple(_ a: Double, _ x: UnsafePointer<Double>, to y: UnsafeMutablePointer<Double>, _ count: Int) {
  for i in 0..<count { y[i] += a * x[i] }
}

/// Σ x y, in eight sums that the processor adds side by side.
func dot(_ x: UnsafePointer<Double>, _ y: UnsafePointer<Double>, _ count: Int) -> Double {
  var sums = SIMD8<Double>(repeating: 0)
  var i = 0
  while i + 8 <= count {
    let (a, b) = (UnsafeRawPointer(x + i), UnsafeRawPointer(y + i))
    sums += a.loadUnaligned(as: SIMD8<Double>.self) * b.loadUnaligned(as: SIMD8<Double>.self)
    i += 8
  }
  var sum = sums.sum()
  while i < count {
    sum += x[i] * y[i]
    i += 1
  }
  return sum
}
