import Storage
import Testing

@Suite struct SplitMix64Tests {
  /// The first numbers of the published algorithm.
  @Test(
    arguments: [
      (0, [16_294_208_416_658_607_535, 7_960_286_522_194_355_700, 487_617_019_471_545_679]),
      (1_234_567, [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423]),
    ] as [(UInt64, [UInt64])])
  func `it draws the published numbers`(seed: UInt64, numbers: [UInt64]) {
    var random = SplitMix64(state: seed)
    #expect((0..<3).map { _ in random.next() } == numbers)
  }

  @Test func `a number of the unit interval is the first 53 bits`() {
    var (random, bits) = (SplitMix64(state: 7), SplitMix64(state: 7))
    for _ in 0..<1000 {
      let number = random.unit()
      #expect(number == Double(bits.next() >> 11) / Double(1 << 53))
      #expect((0..<1).contains(number))
    }
  }
}
