import Calorimetry
import Glibc
import Testing

@testable import Metrics

@Suite struct DistanceTests {
  private func close(_ a: Double, _ b: Double, _ tolerance: Double = 1e-6) -> Bool {
    abs(a - b) <= tolerance * max(abs(a), abs(b))
  }

  @Test func `the high-level features are CaloChallenge's, in its order`() throws {
    let pair = try SampleShowers.pair("floor")
    let table = FeatureTable(highLevel: pair.geant4, plane: pair.plane)
    #expect(table.rows == 1000 && table.columns == 46)
    for (event, expected) in Reference.shared.features.enumerated() {
      for (column, value) in expected.enumerated() {
        let found = table.values[event * 46 + column]
        #expect(abs(found - value) < 1e-9 + 1e-9 * abs(value), "event \(event), feature \(column)")
      }
    }
  }

  /// A symmetric matrix of any rank, with zeros in its last rows and columns.
  private func matrix(_ size: Int, rank: Int, zeros: Int = 0) -> SquareMatrix {
    var matrix = SquareMatrix(size: size)
    for k in 0..<rank {
      let vector = (0..<size).map { $0 < size - zeros ? sin(Double($0 * (k + 3) + k)) * pow(10, -Double(k % 7)) : 0 }
      for i in 0..<size { for j in 0..<size { matrix.values[i * size + j] += vector[i] * vector[j] } }
    }
    return matrix
  }

  @Test(arguments: [(1, 2, 0), (2, 2, 0), (5, 2, 1), (46, 46, 0), (46, 20, 3), (90, 90, 0)])
  func `a symmetric matrix is made of its eigenvectors`(_ size: Int, _ rank: Int, _ zeros: Int) throws {
    let matrix = matrix(size, rank: rank, zeros: zeros)
    let eigen = SymmetricEigen(matrix, withVectors: true)
    let vectors = try #require(eigen.vectors)
    var scaled = vectors
    for row in 0..<size { for column in 0..<size { scaled.values[row * size + column] *= eigen.values[row] } }
    let again = vectors.transposed * scaled
    let unit = vectors * vectors.transposed
    for index in matrix.values.indices {
      #expect(abs(again.values[index] - matrix.values[index]) <= 1e-12 * matrix.trace)
      #expect(abs(unit.values[index] - (index % (size + 1) == 0 ? 1 : 0)) < 1e-12)
    }
    let alone = SymmetricEigen(matrix, withVectors: false).values.sorted()
    #expect(zip(alone, eigen.values.sorted()).allSatisfy { abs($0 - $1) <= 1e-12 * matrix.trace })
  }

  @Test func `nothing has eigenvalues of nothing`() {
    #expect(SymmetricEigen(SquareMatrix(size: 4), withVectors: true).values == [0, 0, 0, 0])
    let diagonal = SquareMatrix(size: 3, values: [3, 0, 0, 0, 0, 0, 0, 0, 2])
    #expect(SymmetricEigen(diagonal, withVectors: true).values == [3, 0, 2])
  }

  @Test func `Fréchet's distance of Gaussians in one dimension is that of means and deviations`() {
    let one = GaussianMoments(mean: [1], covariance: SquareMatrix(size: 1, values: [4]))
    let other = GaussianMoments(mean: [4], covariance: SquareMatrix(size: 1, values: [25]))
    #expect(close(one.distance(to: other), 9 + 9, 1e-12))
    #expect(abs(one.distance(to: one)) < 1e-12)
  }

  @Test(arguments: ["floor", "worse", "energies"])
  func `the Fréchet distance and the discrepancy of whole samples are scipy's and jetnet's`(_ name: String) throws {
    let pair = try SampleShowers.pair(name)
    let expected = try #require(Reference.shared.cases[name])
    let one = FeatureTable(highLevel: pair.geant4, plane: pair.plane)
    let (a, b) = (
      one.divided(by: one.magnitudes),
      FeatureTable(highLevel: pair.other, plane: pair.plane).divided(by: one.magnitudes)
    )
    let moments = [a, b].map { GaussianMoments($0, rows: Array(0..<$0.rows)) }
    #expect(close(moments[0].distance(to: moments[1]), expected.frechet))
    // The sums of kernels are of the order of 1, and cancel.
    #expect(abs(SampleDistances.discrepancy(a, b) - expected.mmd) < 1e-10)
  }

  /// jetnet draws other samples: they agree within the errors that both state.
  @Test(arguments: ["floor", "worse", "energies"])
  func `FPD and KPD are jetnet's within its own error`(_ name: String) throws {
    let pair = try SampleShowers.pair(name)
    let expected = try #require(Reference.shared.cases[name])
    let distances = try pair.distances(seed: 1)
    let sizes = DistanceSizes(events: pair.events)
    let (fpd, kpd) = (distances.frechet(sizes), distances.kernel(sizes))
    func agree(_ found: (value: Double, error: Double), _ value: Double, _ error: Double) -> Bool {
      abs(found.value - value) < 2 * (error * error + found.error * found.error).squareRoot()
    }
    #expect(agree(fpd, expected.fpd, expected.fpdError), "\(fpd)")
    #expect(agree(kpd, expected.kpd, expected.kpdError), "\(kpd)")
    #expect(try pair.distances(seed: 1).kernel(sizes) == kpd && pair.distances(seed: 2).kernel(sizes) != kpd)
  }

  @Test func `the line is scipy's bounded fit`() {
    let sizes = [1000, 900, 800, 700, 600, 500, 450, 420, 410, 400]
    let points = sizes.enumerated().map { number, size in
      (x: 1 / Double(size), y: 0.02 + 5 / Double(size) + 1e-4 * sin(Double(number)))
    }
    let lines = [points, points.map { ($0.x, $0.y - 0.02) }, points.map { ($0.x, 0.03 - $0.y / 10) }]
    for (line, expected) in zip(lines, Reference.shared.fits) {
      let fit = BoundedLine(line)
      // scipy stays off the bounds by a little; the slope it then has is 0.5 % off.
      #expect(abs(fit.intercept - expected[0]) < 1e-4 && abs(fit.slope - expected[1]) < 0.03, "\(fit)")
      #expect(close(fit.interceptError, expected[2], 0.1), "\(fit)")
      #expect(fit.intercept >= 0 && fit.slope >= 0)
    }
    let free = BoundedLine(lines[0])
    #expect(close(free.intercept, Reference.shared.fits[0][0]) && close(free.slope, Reference.shared.fits[0][1]))
    #expect(close(free.interceptError, Reference.shared.fits[0][2], 1e-4))
    #expect(BoundedLine(points.map { ($0.x, -1) }).intercept == 0)
  }

  @Test func `samples are jetnet's sizes where there are enough events, and in proportion where not`() {
    let all = DistanceSizes(events: 121_000)
    // numpy's (1 / linspace(1 / 20000, 1 / 50000, 10)).astype(int).
    #expect(all.frechet == [20000, 21428, 23076, 24999, 27272, 30000, 33333, 37499, 42857, 49999])
    #expect(all.kernel == 5000)
    let few = DistanceSizes(events: 1000)
    #expect(few.frechet == [400, 428, 461, 500, 545, 600, 666, 749, 857, 1000] && few.kernel == 1000)
    #expect(DistanceSizes(events: DistanceSizes.leastEvents).frechet.allSatisfy { $0 > 1 })
  }
}
