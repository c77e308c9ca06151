import NeuralNetwork

/// A square matrix of doubles, row-major.
package struct SquareMatrix: Equatable, Sendable {
  let size: Int
  var values: [Double]

  /// The matrix of these values, `[size, size]`, row-major.
  package init(size: Int, values: [Double]) {
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
