/// A matrix of a few doubles, row-major.
struct SmallMatrix {
  let rows: Int
  let columns: Int
  private(set) var values: [Double]

  /// Zeros.
  init(_ rows: Int, _ columns: Int) {
    (self.rows, self.columns) = (rows, columns)
    values = .init(repeating: 0, count: rows * columns)
  }

  subscript(row: Int, column: Int) -> Double {
    get { values[row * columns + column] }
    set { values[row * columns + column] = newValue }
  }

  var transposed: SmallMatrix {
    var result = SmallMatrix(columns, rows)
    for row in 0..<rows { for column in 0..<columns { result[column, row] = self[row, column] } }
    return result
  }

  static func * (left: SmallMatrix, right: SmallMatrix) -> SmallMatrix {
    var result = SmallMatrix(left.rows, right.columns)
    for row in 0..<left.rows {
      for column in 0..<right.columns {
        for k in 0..<left.columns { result[row, column] += left[row, k] * right[k, column] }
      }
    }
    return result
  }

  /// G with G Gᵀ this matrix, which is symmetric and has no negative eigenvalue; a pivot that rounding makes negative is 0.
  var choleskyFactor: SmallMatrix {
    var factor = SmallMatrix(rows, rows)
    for i in 0..<rows {
      for j in 0...i {
        var sum = self[i, j]
        for k in 0..<j { sum -= factor[i, k] * factor[j, k] }
        if i == j {
          factor[i, i] = max(0, sum).squareRoot()
        } else {
          factor[i, j] = factor[j, j] > 0 ? sum / factor[j, j] : 0
        }
      }
    }
    return factor
  }
}
