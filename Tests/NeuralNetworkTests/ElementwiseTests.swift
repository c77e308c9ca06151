import CKernels
import Testing

/// What is computed number by number, to the bit as Swift computes it, with every instruction set.
@Suite struct ElementwiseTests {
  /// Numbers of every size, of both signs, zeros, and what is none.
  private let numbers: [Float] =
    (0..<77).map { Float(($0 * 37) % 75 - 31) * 0x1.2345p-3 }
    + [0, -0.0, .nan, .infinity, -.infinity, .leastNonzeroMagnitude, 3e38, -3e38]

  @Test(arguments: ["avx512", "avx2", "neon", "generic"])
  func `an affine rounds every operation, and what is not above zero is zero`(_ kernels: String) {
    guard instruction_set_force(kernels) != 0 else { return }
    defer { _ = instruction_set_force(nil) }
    let (scale, count) = (1 / Float(1.001).squareRoot(), numbers.count)
    let (gamma, beta) = ((0..<count).map { 1 + Float($0 % 11) * 0.1 }, (0..<count).map { Float($0 % 7) * 0.3 - 1 })
    var found = [Float](repeating: .nan, count: count)
    dense_affine(count, scale, gamma, beta, numbers, &found)
    for i in 0..<count {
      let sum = numbers[i] * scale * gamma[i] + beta[i]
      #expect(found[i].bitPattern == (sum >= 0 ? sum : 0).bitPattern, "\(numbers[i])")
    }
  }

  @Test(arguments: ["avx512", "avx2", "neon", "generic"])
  func `a factor is multiplied in double precision, wherever the numbers begin`(_ kernels: String) {
    guard instruction_set_force(kernels) != 0 else { return }
    defer { _ = instruction_set_force(nil) }
    for (factor, first) in [(65396.43, 0), (1, 3), (0.1, 1)] {
      let count = numbers.count - first
      var found = [Float](repeating: 7, count: numbers.count + 1)
      numbers.withUnsafeBufferPointer { from in
        found.withUnsafeMutableBufferPointer {
          dense_scale(count, factor, from.baseAddress! + first, $0.baseAddress! + first)
        }
      }
      for i in first..<numbers.count {
        let known = Float(Double(numbers[i]) * factor)
        #expect(found[i].bitPattern == known.bitPattern || found[i].isNaN && known.isNaN, "\(numbers[i])")
      }
      #expect(found.last == 7 && found.prefix(first).allSatisfy { $0 == 7 })
    }
  }
}
