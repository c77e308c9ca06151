import Testing

@testable import NeuralNetwork
@testable import ParametricSimulation

@Suite struct LeadingComponentsTests {
  /// Rows with mean zero whose columns go together, some more than others.
  private static let columns = 7
  private static let rows: [Double] = {
    let count = 40
    var rows = (0..<count).flatMap { row in
      let common = (0..<2).map { Double(Randomness(seed: 5).uniform(.shuffle, iteration: $0, index: row)) - 0.5 }
      return (0..<columns).map { column in
        let own = Double(Randomness(seed: 5).uniform(.shuffle, iteration: 9 + column, index: row)) - 0.5
        return 5 * common[0] * Double(column) + 7 * common[1] * (column % 2 == 0 ? 1 : -1) + own
      }
    }
    for column in 0..<columns {
      let mean = (0..<count).reduce(0) { $0 + rows[$1 * columns + column] } / Double(count)
      for row in 0..<count { rows[row * columns + column] -= mean }
    }
    return rows
  }()

  /// The covariance of columns without a mean, [columns, columns].
  private static func covariance(_ rows: [Double], columns: Int) -> [[Double]] {
    let count = rows.count / columns
    var matrix = [[Double]](repeating: .init(repeating: 0, count: columns), count: columns)
    for a in 0..<columns {
      for b in 0..<columns {
        for row in 0..<count { matrix[a][b] += rows[row * columns + a] * rows[row * columns + b] / Double(count) }
      }
    }
    return matrix
  }

  /// The eigenvalues and eigenvectors of the covariance by Jacobi's rotations, the largest first.
  private static func slow(_ rows: [Double], columns: Int) -> [(variance: Double, vector: [Double])] {
    var matrix = covariance(rows, columns: columns)
    var vectors = (0..<columns).map { a in (0..<columns).map { a == $0 ? 1.0 : 0 } }
    for _ in 0..<60 {
      for p in 0..<columns {
        for q in p + 1..<columns where abs(matrix[p][q]) > 1e-300 {
          let theta: Double = (matrix[q][q] - matrix[p][p]) / (2 * matrix[p][q])
          let steep: Double = abs(theta) + (theta * theta + 1).squareRoot()
          let t: Double = (theta < 0 ? -1 : 1) / steep
          let c: Double = 1 / (t * t + 1).squareRoot()
          let s = t * c
          for k in 0..<columns {
            (matrix[k][p], matrix[k][q]) = (c * matrix[k][p] - s * matrix[k][q], s * matrix[k][p] + c * matrix[k][q])
          }
          for k in 0..<columns {
            (matrix[p][k], matrix[q][k]) = (c * matrix[p][k] - s * matrix[q][k], s * matrix[p][k] + c * matrix[q][k])
            (vectors[p][k], vectors[q][k]) = (
              c * vectors[p][k] - s * vectors[q][k], s * vectors[p][k] + c * vectors[q][k]
            )
          }
        }
      }
    }
    return (0..<columns).map { (matrix[$0][$0], vectors[$0]) }.sorted { $0.0 > $1.0 }
  }

  @Test func `components are the covariance's leading eigenvectors`() {
    let expected = Self.slow(Self.rows, columns: Self.columns)
    let found = LeadingComponents(2, of: Self.rows, columns: Self.columns)
    #expect(found.vectors.count == 2)
    for (number, (vector, variance)) in zip(found.vectors, found.variances).enumerated() {
      #expect(abs(variance / expected[number].variance - 1) < 1e-6, "component \(number)")
      let overlap = zip(vector, expected[number].vector).reduce(0) { $0 + $1.0 * $1.1 }
      #expect(abs(abs(overlap) - 1) < 1e-6, "component \(number)")
    }
  }

  @Test func `all components together are the covariance`() {
    let found = LeadingComponents(Self.columns, of: Self.rows, columns: Self.columns)
    let expected = Self.covariance(Self.rows, columns: Self.columns)
    for a in 0..<Self.columns {
      for b in 0..<Self.columns {
        let sum = zip(found.vectors, found.variances).reduce(0.0) { $0 + $1.0[a] * $1.0[b] * $1.1 }
        // What is as good as equal is turned among itself, by less than the least of it.
        #expect(abs(sum - expected[a][b]) < 2e-3)
      }
    }
  }

  @Test func `rows without variance have no components`() {
    #expect(LeadingComponents(3, of: [Double](repeating: 0, count: 12), columns: 4).vectors.isEmpty)
    #expect(LeadingComponents(3, of: [], columns: 0).vectors.isEmpty)
    // One direction alone: what is left after it is rounding.
    #expect(LeadingComponents(3, of: [1, 2, -1, -2, 3, 6], columns: 2).vectors.count == 1)
  }
}
