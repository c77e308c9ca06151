import NeuralNetwork

/// The leading principal components of rows of numbers whose columns have mean zero: the eigenvectors of their covariance
/// with the largest eigenvalues, the largest first.
///
/// One after the other by the power method, each taken out of the rows before the next; so the covariance, which of many
/// columns is large, is never made.
struct LeadingComponents {
  /// Unit vectors over the columns.
  private(set) var vectors: [[Double]] = []
  /// The variance of the rows along each.
  private(set) var variances: [Double] = []

  /// - Parameters:
  ///   - count: How many components; there are fewer where rows have no more variance.
  ///   - rows: `[rows, columns]`, row-major, of mean zero in each column.
  ///   - columns: The extent of a row.
  /// - Complexity: O(count · turns · rows · columns), at most 100 turns.
  init(_ count: Int, of rows: [Double], columns: Int) {
    var rest = rows
    let rowCount = columns == 0 ? 0 : rows.count / columns
    guard rowCount > 0 else { return }
    rest.withUnsafeMutableBufferPointer { rest in
      func row(_ number: Int) -> UnsafeMutablePointer<Double> { rest.baseAddress! + number * columns }
      let nothing = 1e-12 * rest.reduce(0) { $0 + $1 * $1 }
      for _ in 0..<min(count, columns, rowCount) {
        // Start where the rows already point: at the longest of them.
        let lengths = (0..<rowCount).map { dot(row($0), row($0), columns) }
        guard let longest = lengths.indices.max(by: { lengths[$0] < lengths[$1] }),
          lengths[longest] * Double(rowCount) > nothing
        else { break }
        var vector = (0..<columns).map { row(longest)[$0] / lengths[longest].squareRoot() }
        for _ in 0..<100 {
          var next = [Double](repeating: 0, count: columns)
          for number in 0..<rowCount {
            addMultiple(dot(vector, row(number), columns), row(number), to: &next, columns)
          }
          let length = dot(next, next, columns).squareRoot()
          for column in 0..<columns { next[column] /= length }
          let change = 1 - dot(vector, next, columns)
          vector = next
          if change < 1e-14 { break }
        }
        var variance = 0.0
        for number in 0..<rowCount {
          let along = dot(vector, row(number), columns)
          variance += along * along / Double(rowCount)
          addMultiple(-along, vector, to: row(number), columns)
        }
        vectors.append(vector)
        variances.append(variance)
      }
    }
  }
}
