import Glibc
import NeuralNetwork

/// The distance of latents from normal ones: the squared maximum mean discrepancy of two samples, unbiased, with the kernel
/// exp(-|a - b|² / 2σ²), σ² half of the median of all positive squared distances in the joint sample.
///
/// The median follows the latents, but no gradient goes through it.
enum LatentDistance {
  /// Adds its gradient by the latents to one.
  /// - Parameters:
  ///   - latents: One sample.
  ///   - normals: The other, as many rows.
  ///   - count: Of the rows of each, at least two.
  ///   - weight: What the gradient is multiplied with.
  ///   - errors: Added to.
  /// - Returns: The distance, without the weight; 0 where all points are one.
  static func add(of latents: Rows, from normals: Rows, count: Int, weight: Float, to errors: Rows) -> Double {
    func row(_ point: Int) -> UnsafePointer<Float> {
      UnsafePointer(point < count ? latents[point] : normals[point - count])
    }
    let (points, stride) = (2 * count, latents.stride)
    var squares = [Float](repeating: 0, count: points * points)
    for i in 0..<points {
      for j in 0..<i { squares[i * points + j] = squareDistance(row(i), row(j), stride) }
    }
    let below = (0..<points).flatMap { squares[$0 * points..<$0 * points + $0] }
    let positive = below.filter { $0 > 0 }.sorted()
    guard !positive.isEmpty else { return 0 }
    // Of two in the middle the lower one, as PyTorch's median. 2σ² is that median.
    let width = positive[(positive.count - 1) / 2]
    let (within, across) = (2 / Double(count * (count - 1)), -2 / Double(count * count))
    var sum = 0.0
    for i in 0..<points {
      for j in 0..<i {
        let factor = (i < count) == (j < count) ? within : across
        let kernel = Double(expf(-squares[i * points + j] / width))
        sum += factor * kernel
        // ∂k/∂a = -2 (a - b) / median · k, for the latents among the two.
        let slope = weight * Float(-2 * factor * kernel / Double(width))
        if i < count { add(slope, row(i), row(j), to: errors[i], stride) }
        if j < count { add(slope, row(j), row(i), to: errors[j], stride) }
      }
    }
    return sum
  }

  private static func squareDistance(_ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, _ count: Int) -> Float {
    var sum = SIMD16<Float>(repeating: 0)
    let (a, b) = (UnsafeRawPointer(a), UnsafeRawPointer(b))
    for start in Swift.stride(from: 0, to: 4 * count, by: 64) {
      let difference =
        a.load(fromByteOffset: start, as: SIMD16<Float>.self) - b.load(fromByteOffset: start, as: SIMD16<Float>.self)
      sum += difference * difference
    }
    return sum.sum()
  }

  /// Adds factor · (a - b).
  private static func add(
    _ factor: Float, _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, to sum: UnsafeMutablePointer<Float>,
    _ count: Int
  ) {
    for i in 0..<count { sum[i] += factor * (a[i] - b[i]) }
  }
}
