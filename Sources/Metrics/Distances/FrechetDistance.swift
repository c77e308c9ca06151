import NeuralNetwork

/// The mean and the covariance of a sample: the Gaussian that stands for it.
struct GaussianMoments {
  let mean: [Double]
  /// The squares and products over n - 1.
  let covariance: SquareMatrix

  /// - Parameters:
  ///   - table: The sample's numbers.
  ///   - rows: Its events, some perhaps several times; at least two.
  init(_ table: FeatureTable, rows: [Int]) {
    precondition(rows.count > 1, "\(rows.count) events have no covariance")
    let columns = table.columns
    var mean = [Double](repeating: 0, count: columns)
    var covariance = SquareMatrix(size: columns)
    table.values.withUnsafeBufferPointer { values in
      let share = 1 / Double(rows.count)
      for row in rows { addMultiple(share, values.baseAddress! + row * columns, to: &mean, columns) }
      covariance.values.withUnsafeMutableBufferPointer { sums in
        withUnsafeTemporaryAllocation(of: Double.self, capacity: columns) { centred in
          for row in rows {
            for i in 0..<columns { centred[i] = values[row * columns + i] - mean[i] }
            for i in 0..<columns {
              addMultiple(centred[i], centred.baseAddress! + i, to: sums.baseAddress! + i * columns + i, columns - i)
            }
          }
        }
        let share = 1 / Double(rows.count - 1)
        for i in 0..<columns {
          for j in i..<columns {
            sums[i * columns + j] *= share
            sums[j * columns + i] = sums[i * columns + j]
          }
        }
      }
    }
    (self.mean, self.covariance) = (mean, covariance)
  }

  init(mean: [Double], covariance: SquareMatrix) {
    precondition(mean.count == covariance.size, "\(mean.count) means for \(covariance.size) numbers")
    (self.mean, self.covariance) = (mean, covariance)
  }

  /// Fréchet's distance, squared: |μ₁ - μ₂|² + tr(Σ₁ + Σ₂ - 2 (Σ₁ Σ₂)^½).
  ///
  /// With Σ₁ = V λ Vᵀ and B = λ^½ Vᵀ, the trace of the root is the sum of the roots of the eigenvalues of B Σ₂ Bᵀ, which is
  /// symmetric: a root of the product itself fails where a covariance is singular.
  /// - Source: Dowson and Landau, J. Multivariate Analysis 12 (1982) 450.
  func distance(to other: GaussianMoments) -> Double {
    let size = covariance.size
    let eigen = SymmetricEigen(covariance, withVectors: true)
    var root = eigen.vectors!
    for row in 0..<size {
      let scale = max(eigen.values[row], 0).squareRoot()
      for column in 0..<size { root.values[row * size + column] *= scale }
    }
    let product = root * other.covariance * root.transposed
    let roots = SymmetricEigen(product, withVectors: false).values.reduce(0) { $0 + max($1, 0).squareRoot() }
    let apart = zip(mean, other.mean).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    return apart + covariance.trace + other.covariance.trace - 2 * roots
  }
}
