/// A small generator of random numbers with 64 bits of state, for estimates and moments; training has one of its own.
/// - Source: Steele, Lea and Flood, Fast splittable pseudorandom number generators, OOPSLA 2014.
package struct SplitMix64: RandomNumberGenerator, Sendable {
  /// The whole state; equal states give equal numbers from there on.
  package var state: UInt64

  @inlinable package init(state: UInt64) { self.state = state }

  /// The next 64 bits.
  @inlinable package mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }

  /// A number uniform in [0, 1), of 53 bits.
  @inlinable package mutating func unit() -> Double { Double(next() >> 11) * 0x1p-53 }
}
