import Glibc
import Storage

/// Halton's sequence with every digit permuted at random: points that fill the unit cube more evenly than random ones.
/// - Source: Halton, Numer. Math. 2 (1960) 84; the scrambling of Braaten and Weller, J. Comput. Phys. 33 (1979) 249, with
///   random permutations.
struct Halton {
  private let seed: UInt64

  init(seed: UInt64) { self.seed = seed }

  /// The point of a number, from 0: one coordinate in [0, 1) for each dimension.
  func point(_ number: Int, dimensions: Int) -> [Double] {
    Self.primes(dimensions).enumerated().map { coordinate(number, base: $1, dimension: $0) }
  }

  private func coordinate(_ number: Int, base: Int, dimension: Int) -> Double {
    var random = SplitMix64.trial(dimension, seed: seed ^ 0x48616c746f6e)
    var (rest, weight, sum) = (number, 1.0, 0.0)
    // So many digits as a Double tells apart; zeros behind the last are permuted too.
    for _ in 0..<Int((52 / log2(Double(base))).rounded(.up)) {
      weight /= Double(base)
      var permutation = Array(0..<base)
      for index in stride(from: base - 1, to: 0, by: -1) {
        permutation.swapAt(index, Int(random.unit() * Double(index + 1)))
      }
      sum += weight * Double(permutation[rest % base])
      rest /= base
    }
    return min(sum, 1.nextDown)
  }

  /// The first prime numbers.
  static func primes(_ count: Int) -> [Int] {
    var primes: [Int] = []
    var candidate = 2
    while primes.count < count {
      if primes.allSatisfy({ candidate % $0 != 0 }) { primes.append(candidate) }
      candidate += 1
    }
    return primes
  }
}
