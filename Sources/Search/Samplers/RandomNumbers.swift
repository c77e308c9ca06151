import Glibc
import Storage

extension SplitMix64 {
  /// The numbers of one trial of a search: a function of the search's seed, the trial's number, and which try at a
  /// point that no other trial has it is.
  static func trial(_ number: Int, seed: UInt64, attempt: Int = 0) -> SplitMix64 {
    var mix = SplitMix64(state: seed)
    mix.state = mix.next() ^ UInt64(truncatingIfNeeded: number)
    mix.state = mix.next() ^ UInt64(truncatingIfNeeded: attempt)
    return SplitMix64(state: mix.next())
  }

  /// A number of the standard normal distribution.
  mutating func normal() -> Double {
    sqrt(-2 * log(1 - unit())) * cos(2 * .pi * unit())
  }

  /// A number of the χ² distribution with so many degrees of freedom.
  mutating func chiSquared(_ degrees: Int) -> Double {
    (0..<degrees).reduce(0) { sum, _ in
      let value = normal()
      return sum + value * value
    }
  }
}

/// The standard normal distribution's integral up to `x`.
func normalIntegral(_ x: Double) -> Double { 0.5 * erfc(-x * 0.5.squareRoot()) }
