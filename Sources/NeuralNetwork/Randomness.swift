import FoundationEssentials
import Glibc

/// Random numbers as a pure function of (seed, purpose, iteration, index): Philox 4×32 with ten rounds.
///
/// Nothing has to be saved for a resume but the iteration's number, and no draw disturbs another.
/// - Source: Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC11; the constants are Random123's.
package struct Randomness: Sendable {
  /// What a stream of numbers is for.
  ///
  /// Raw values are part of every result: never change one.
  package enum Purpose: UInt32, Sendable {
    case generatorKernels = 1
    case discriminatorKernels = 2
    case generatorAngles = 3
    case discriminatorAngles = 4
    /// The order of the training events.
    case shuffle = 5
    case discriminatorLatents = 6
    case mixing = 7
    case generatorLatents = 8
    case evaluationLatents = 9
    /// `generate`, as a user asks for events.
    case generation = 10
    /// The showers that are held against held-out events: fresh ones, of no other use.
    case metricLatents = 11
    /// The samples that distances between sets of showers are averaged over.
    case metricResamples = 12
    /// The parts in which a classifier of showers is trained, chosen and scored.
    case classifierSplit = 13
    case classifierStart = 14
    /// The order of a classifier's training events.
    case classifierShuffle = 15
    /// The order of equal values where ranks are taken.
    case tieOrder = 16
    /// What a device's shots are drawn by.
    case shots = 17
  }

  private let seed: UInt64

  /// All streams of a seed.
  package init(seed: UInt64) { self.seed = seed }

  /// Four 32-bit numbers: block `index` of a purpose's stream in an iteration.
  /// - Precondition: `iteration` < 2⁴⁰, `index` < 2⁴⁸.
  func block(_ purpose: Purpose, iteration: Int, index: Int) -> SIMD4<UInt32> {
    let position = UInt64(index)
    let when = UInt64(iteration)
    // 128 bits of counter: 48 of index, 40 of iteration, 32 of purpose.
    let counter = SIMD4<UInt32>(
      UInt32(truncatingIfNeeded: position),
      UInt32(truncatingIfNeeded: position >> 32) | UInt32(truncatingIfNeeded: when >> 32) << 16,
      UInt32(truncatingIfNeeded: when),
      purpose.rawValue)
    return Self.philox(counter, key: SIMD2(UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32)))
  }

  /// Philox 4×32-10.
  static func philox(_ counter: SIMD4<UInt32>, key: SIMD2<UInt32>) -> SIMD4<UInt32> {
    var (counter, key) = (counter, key)
    for _ in 0..<10 {
      let a = UInt64(0xD251_1F53) * UInt64(counter[0])
      let b = UInt64(0xCD9E_8D57) * UInt64(counter[2])
      counter = SIMD4(
        UInt32(b >> 32) ^ counter[1] ^ key[0], UInt32(truncatingIfNeeded: b),
        UInt32(a >> 32) ^ counter[3] ^ key[1], UInt32(truncatingIfNeeded: a))
      key &+= SIMD2(0x9E37_79B9, 0xBB67_AE85)
    }
    return counter
  }

  /// A seed of another generator of random numbers.
  package func seed(_ purpose: Purpose, iteration: Int = 0, index: Int) -> UInt64 {
    let bits = block(purpose, iteration: iteration, index: index)
    return UInt64(bits[0]) << 32 | UInt64(bits[1])
  }

  /// U[0, 1): multiples of 2⁻²⁴.
  package func uniform(_ purpose: Purpose, iteration: Int = 0, index: Int) -> Float {
    let bits = block(purpose, iteration: iteration, index: index / 4)[index % 4]
    return Float(bits >> 8) * 0x1p-24
  }

  /// Fills with U[low, high).
  package func fill(
    _ values: inout [Float], uniformIn low: Float, _ high: Float, _ purpose: Purpose, iteration: Int = 0,
    from first: Int = 0
  ) {
    for i in values.indices {
      values[i] = low + (high - low) * uniform(purpose, iteration: iteration, index: first + i)
    }
  }

  /// Fills with normal numbers, by Box and Muller's transform in double precision: those of the stream from `first` on.
  /// - Precondition: `first` is even.
  package func fill(
    _ values: UnsafeMutableBufferPointer<Float>, mean: Float, spread: Float, _ purpose: Purpose, iteration: Int,
    from first: Int = 0
  ) {
    precondition(first % 2 == 0, "normal numbers are drawn in pairs")
    for start in stride(from: 0, to: values.count, by: 2) {
      let bits = block(purpose, iteration: iteration, index: (first + start) / 2)
      // Two numbers of 53 bits, the first in (0, 1].
      let u = (Double((UInt64(bits[0]) << 32 | UInt64(bits[1])) >> 11) + 1) * 0x1p-53
      let angle = 2 * Double.pi * Double((UInt64(bits[2]) << 32 | UInt64(bits[3])) >> 11) * 0x1p-53
      let radius = (-2 * log(u)).squareRoot()
      values[start] = mean + spread * Float(radius * cos(angle))
      if start + 1 < values.count { values[start + 1] = mean + spread * Float(radius * sin(angle)) }
    }
  }

  /// A permutation of 0 ..< count (Fisher and Yates).
  package func permutation(_ count: Int, _ purpose: Purpose, iteration: Int = 0) -> [Int] {
    var order = Array(0..<count)
    for i in stride(from: count - 1, to: 0, by: -1) {
      order.swapAt(i, integer(below: i + 1, purpose, iteration: iteration, index: i))
    }
    return order
  }

  /// Whole numbers in 0 ..< bound, `count` of them, each as likely as any other.
  package func integers(_ count: Int, below bound: Int, _ purpose: Purpose, iteration: Int) -> [Int] {
    (0..<count).map { integer(below: bound, purpose, iteration: iteration, index: $0) }
  }

  /// The high word of a 64-bit draw times the bound: unbiased to 2⁻⁴⁰ for any data set that fits in memory.
  private func integer(below bound: Int, _ purpose: Purpose, iteration: Int, index: Int) -> Int {
    let bits = block(purpose, iteration: iteration, index: index)
    let draw = UInt64(bits[0]) << 32 | UInt64(bits[1])
    return Int(draw.multipliedFullWidth(by: UInt64(bound)).high)
  }
}
