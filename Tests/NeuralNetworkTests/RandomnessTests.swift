import Testing

@testable import NeuralNetwork

@Suite struct RandomnessTests {
  /// Random123's known answers for philox4x32 with ten rounds.
  @Test(arguments: [
    (
      SIMD4<UInt32>(repeating: 0), SIMD2<UInt32>(repeating: 0),
      SIMD4<UInt32>(0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8)
    ),
    (
      SIMD4<UInt32>(repeating: .max), SIMD2<UInt32>(repeating: .max),
      SIMD4<UInt32>(0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd)
    ),
    (
      SIMD4<UInt32>(0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344), SIMD2<UInt32>(0xa409_3822, 0x299f_31d0),
      SIMD4<UInt32>(0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1)
    ),
  ])
  func `Philox gives the published answers`(counter: SIMD4<UInt32>, key: SIMD2<UInt32>, answer: SIMD4<UInt32>) {
    #expect(Randomness.philox(counter, key: key) == answer)
  }

  @Test func `streams of other seeds, purposes, iterations and indices differ`() {
    let one = Randomness(seed: 1)
    let draws = [
      one.block(.shuffle, iteration: 0, index: 0), one.block(.shuffle, iteration: 0, index: 1),
      one.block(.shuffle, iteration: 1, index: 0), one.block(.mixing, iteration: 0, index: 0),
      Randomness(seed: 2).block(.shuffle, iteration: 0, index: 0),
      Randomness(seed: 1 << 40).block(.shuffle, iteration: 0, index: 0),
      one.block(.shuffle, iteration: 1 << 33, index: 0), one.block(.shuffle, iteration: 0, index: 1 << 33),
    ]
    #expect(Set(draws.map { [$0[0], $0[1], $0[2], $0[3]] }).count == draws.count)
  }

  @Test func `normal numbers have the mean, spread and tails asked for`() {
    var values = [Float](repeating: 0, count: 100_001)
    values.withUnsafeMutableBufferPointer {
      Randomness(seed: 3).fill($0, mean: 0.5, spread: 0.5, .discriminatorLatents, iteration: 7)
    }
    let n = Double(values.count)
    let mean = values.reduce(0) { $0 + Double($1) } / n
    let variance = values.reduce(0) { $0 + (Double($1) - mean) * (Double($1) - mean) } / n
    // Five standard errors.
    #expect(abs(mean - 0.5) < 5 * 0.5 / n.squareRoot())
    #expect(abs(variance - 0.25) < 5 * 0.25 * (2 / n).squareRoot())
    let beyond = values.count { abs(Double($0) - 0.5) > 1 }
    #expect(abs(Double(beyond) / n - 0.0455) < 0.004, "4.55 % lie beyond two standard deviations")
  }

  @Test func `uniform numbers stay below their limit and fill their range`() {
    var values = [Float](repeating: 0, count: 40_000)
    Randomness(seed: 4).fill(&values, uniformIn: -2, 3, .mixing)
    #expect(values.allSatisfy { $0 >= -2 && $0 < 3 })
    #expect(abs(values.reduce(0) { $0 + Double($1) } / 40_000 - 0.5) < 0.04)
    #expect(values.min()! < -1.99 && values.max()! > 2.99)
  }

  @Test func `a permutation has every number once and is not the identity`() {
    let order = Randomness(seed: 5).permutation(1000, .shuffle)
    #expect(order.sorted() == Array(0..<1000))
    #expect(order != Array(0..<1000))
    #expect(order == Randomness(seed: 5).permutation(1000, .shuffle))
  }
}
