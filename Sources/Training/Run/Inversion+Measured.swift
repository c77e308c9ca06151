import Glibc
import Metrics
import Records

extension Inversion {
  /// A singular value below this part of the greatest is zero.
  private static let zero = 1e-6

  /// That of some events.
  /// - Parameters:
  ///   - events: What went there.
  ///   - returned: What came back, as many numbers.
  ///   - numbers: Of an event.
  ///   - jacobianSquares: Jᵀ J, or J Jᵀ, at each of some events, row-major.
  init(of events: [Float], returned: [Float], numbers: Int, jacobianSquares: [[Double]]) {
    var (missed, all) = (0.0, 0.0)
    for (there, back) in zip(events, returned) {
      missed += Double(back - there) * Double(back - there)
      all += Double(there) * Double(there)
    }
    let singular = jacobianSquares.filter { $0.allSatisfy(\.isFinite) }.map { square in
      let size = Int(Double(square.count).squareRoot().rounded())
      let values = SymmetricEigen(SquareMatrix(size: size, values: square), withVectors: false).values
      let greatest = values.max() ?? 0
      return values.filter { $0 > Self.zero * Self.zero * greatest }.map { $0.squareRoot() }
    }
    func mean(_ value: ([Double]) -> Double?) -> Double {
      exp(singular.reduce(0) { $0 + log(value($1) ?? 0) } / Double(singular.count))
    }
    self.init(
      reconstruction: all > 0 ? (missed / all).squareRoot() : 0, numbers: numbers,
      rank: singular.map(\.count).min() ?? 0, least: mean { $0.min() }, greatest: mean { $0.max() })
  }
}
