import Calorimetry
import NeuralNetwork

/// The distances between two sets of showers in the space of their features, as jetnet 0.2.5 computes them.
///
/// Each feature is divided by its largest magnitude in the reference. Samples are drawn from both with replacement.
/// - Source: Kansal et al., arXiv:2211.10295; jetnet 0.2.5, evaluation/gen_metrics.py.
struct SampleDistances {
  private let reference: FeatureTable
  private let generated: FeatureTable
  private let randomness: Randomness

  init(reference: FeatureTable, generated: FeatureTable, seed: UInt64) {
    precondition(reference.columns == generated.columns, "\(reference.columns) and \(generated.columns) features")
    let magnitudes = reference.magnitudes
    self.reference = reference.divided(by: magnitudes)
    self.generated = generated.divided(by: magnitudes)
    randomness = Randomness(seed: seed)
  }

  /// The rows of draw number `number` from a table of so many.
  private func draw(_ count: Int, of rows: Int, number: Int) -> [Int] {
    randomness.integers(count, below: rows, .metricResamples, iteration: number)
  }

  /// The Fréchet physics distance: the mean over draws at each of some sizes N, fitted by a + b / N; a is the distance.
  func frechet(_ sizes: DistanceSizes) -> (value: Double, error: Double) {
    var number = 0
    let points = sizes.frechet.map { size in
      var sum = 0.0
      for _ in 0..<DistanceSizes.frechetDraws {
        let one = GaussianMoments(reference, rows: draw(size, of: reference.rows, number: 2 * number))
        let other = GaussianMoments(generated, rows: draw(size, of: generated.rows, number: 2 * number + 1))
        sum += one.distance(to: other)
        number += 1
      }
      return (x: 1 / Double(size), y: sum / Double(DistanceSizes.frechetDraws))
    }
    let line = BoundedLine(points)
    return (line.intercept, line.interceptError)
  }

  /// The kernel physics distance: the median over batches of the unbiased MMD² with the kernel (x·y / d + 1)⁴; the error
  /// is half of the range that holds the middle 67.45 % of the batches.
  func kernel(_ sizes: DistanceSizes) -> (value: Double, error: Double) {
    // Behind the draws of the other distance.
    let first = 2 * sizes.frechet.count * DistanceSizes.frechetDraws
    let batches = Quantiles(
      (0..<DistanceSizes.kernelBatches).map { batch in
        let one = draw(sizes.kernel, of: reference.rows, number: first + 2 * batch)
        let other = draw(sizes.kernel, of: generated.rows, number: first + 2 * batch + 1)
        return Self.discrepancy(reference.rows(one), generated.rows(other))
      })
    return (batches.median, (batches(0.83725) - batches(0.16275)) / 2)
  }

  /// MMD² of two samples, unbiased.
  static func discrepancy(_ one: FeatureTable, _ other: FeatureTable) -> Double {
    let (m, n) = (Double(one.rows), Double(other.rows))
    return kernelSum(one, one, diagonal: false) / (m * (m - 1)) + kernelSum(other, other, diagonal: false)
      / (n * (n - 1))
      - 2 * kernelSum(one, other, diagonal: true) / (m * n)
  }

  /// Σ (x·y / d + 1)⁴ over all pairs, those of equal numbers among them if `diagonal`.
  private static func kernelSum(_ one: FeatureTable, _ other: FeatureTable, diagonal: Bool) -> Double {
    let columns = one.columns
    let scale = 1 / Double(columns)
    var sum = 0.0
    one.values.withUnsafeBufferPointer { x in
      other.values.withUnsafeBufferPointer { y in
        for i in 0..<one.rows {
          var row = 0.0
          for j in 0..<other.rows where diagonal || i != j {
            let value = dot(x.baseAddress! + i * columns, y.baseAddress! + j * columns, columns) * scale + 1
            row += value * value * value * value
          }
          sum += row
        }
      }
    }
    return sum
  }
}

/// How large the samples are that distances are computed of.
package struct DistanceSizes: Codable, Hashable, Sendable {
  /// The events of each draw for FPD, ten sizes with equal steps in 1/N.
  package let frechet: [Int]
  /// The events of each batch for KPD.
  package let kernel: Int

  /// Draws at each size of `frechet`.
  static let frechetDraws = 20
  /// Batches for KPD.
  static let kernelBatches = 10

  /// The fewest events that distances are computed of.
  static let leastEvents = 20

  /// jetnet's sizes, 20 000 to 50 000 and 5000, for as many events as it asks for; of fewer, FPD with 2/5 of them to all
  /// and KPD with all.
  /// - Parameter events: The events of the smaller sample, `leastEvents` or more.
  package init(events: Int) {
    self.init(from: min(20_000, events * 2 / 5), to: min(50_000, events), kernel: min(5000, events))
  }

  /// - Precondition: At least two events in a draw, and more in the largest than in the smallest.
  init(from least: Int, to most: Int, kernel: Int) {
    precondition(least > 1 && most > least && kernel > 1, "samples of \(least) … \(most) and \(kernel)")
    let (first, last) = (1 / Double(least), 1 / Double(most))
    frechet = (0..<10).map { point in
      // As numpy's linspace and astype: 1 / (1 / N) may be rounded to less than N.
      Int(1 / (point == 9 ? last : first + Double(point) * ((last - first) / 9)))
    }
    self.kernel = kernel
  }
}
