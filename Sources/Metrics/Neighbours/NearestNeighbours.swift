/// The squared distances of each row of one table to its nearest rows of another.
struct NearestNeighbours {
  /// The most events of a sample: the work grows with their square.
  static let mostEvents = 5000

  /// The `count` smallest squared distances of each row, ascending.
  let squares: [[Double]]

  /// - Parameters:
  ///   - rows: Whose neighbours are sought.
  ///   - others: Where; nil for among the rows themselves, each without itself.
  ///   - count: How many of the nearest are kept, at least 1.
  /// - Precondition: There are so many others.
  init(of rows: FeatureTable, among others: FeatureTable? = nil, count: Int = 1) {
    let table = others ?? rows
    precondition(table.columns == rows.columns, "\(rows.columns) and \(table.columns) numbers")
    precondition(table.rows >= count + (others == nil ? 1 : 0), "\(count) neighbours among \(table.rows)")
    squares = (0..<rows.rows).map { row in
      var nearest = [Double](repeating: .infinity, count: count)
      for other in 0..<table.rows where others != nil || other != row {
        let square = squaredDistance(rows, row, table, other)
        guard square < nearest[count - 1] else { continue }
        var place = count - 1
        while place > 0, nearest[place - 1] > square {
          nearest[place] = nearest[place - 1]
          place -= 1
        }
        nearest[place] = square
      }
      return nearest
    }
  }
}

/// |x - y|² of two rows.
func squaredDistance(_ one: FeatureTable, _ row: Int, _ other: FeatureTable, _ otherRow: Int) -> Double {
  let columns = one.columns
  return one.values.withUnsafeBufferPointer { x in
    other.values.withUnsafeBufferPointer { y in
      let (x, y) = (x.baseAddress! + row * columns, y.baseAddress! + otherRow * columns)
      var sums = SIMD8<Double>(repeating: 0)
      var i = 0
      while i + 8 <= columns {
        let (a, b) = (UnsafeRawPointer(x + i), UnsafeRawPointer(y + i))
        let difference = a.loadUnaligned(as: SIMD8<Double>.self) - b.loadUnaligned(as: SIMD8<Double>.self)
        sums += difference * difference
        i += 8
      }
      var sum = sums.sum()
      while i < columns {
        sum += (x[i] - y[i]) * (x[i] - y[i])
        i += 1
      }
      return sum
    }
  }
}
