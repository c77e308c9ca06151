/// Something that trains, to be held against a slow and obvious computation of the same before it is timed.
package protocol Kernel: AnyObject {
  /// What it is, and for which sizes.
  var name: String { get }
  /// The floating-point operations of a run: additions and multiplications of the products; nil where they are not
  /// what takes the time.
  var operations: Double? { get }
  /// How far a number may be from the reference, over the largest number of the reference.
  var tolerance: Double { get }
  /// Computes once.
  func run()
  /// What the last run computed.
  func found() -> [Float]
  /// What the first run should compute, in double precision.
  func expected() -> [Double]
}

/// A kernel beside its reference.
package struct KernelCheck: Codable, Hashable, Sendable {
  /// The kernel's name.
  package var kernel: String
  /// The largest deviation over the largest number of the reference; infinite when something is no number.
  package var deviation: Double
  /// The deviation that passes.
  package var tolerance: Double

  /// Whether the kernel computes what it should.
  package var passed: Bool { deviation <= tolerance }

  /// Runs a fresh kernel once and compares.
  package init(_ kernel: some Kernel) {
    self.kernel = kernel.name
    tolerance = kernel.tolerance
    let expected = kernel.expected()
    kernel.run()
    let found = kernel.found()
    precondition(found.count == expected.count, "\(kernel.name): \(found.count) numbers for \(expected.count)")
    let scale = expected.reduce(0) { max($0, abs($1)) }
    let worst = zip(found, expected).reduce(0.0) {
      let difference = abs(Double($1.0) - $1.1)
      return difference.isFinite ? max($0, difference) : .infinity
    }
    deviation = worst == 0 ? 0 : worst / scale
  }
}

/// Kernels that do not compute what they should: nothing is timed then.
package struct WrongKernels: Error, CustomStringConvertible {
  /// Those that did not pass.
  package var checks: [KernelCheck]

  package var description: String {
    checks.map {
      "\($0.kernel): it departs from its reference by \($0.deviation) of the largest number, where \($0.tolerance) is "
        + "allowed; nothing is timed"
    }.joined(separator: "\n")
  }
}

/// Numbers in [low, high) that depend on nothing but the seed.
struct Draw {
  private var state: UInt64

  init(seed: Int) { state = UInt64(truncatingIfNeeded: seed) &* 0x9E37_79B9_7F4A_7C15 | 1 }

  mutating func callAsFunction(_ low: Float = -1, _ high: Float = 1) -> Float {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return low + (high - low) * Float(state >> 40) * 0x1p-24
  }

  mutating func callAsFunction(count: Int, _ low: Float = -1, _ high: Float = 1) -> [Float] {
    (0..<count).map { _ in self(low, high) }
  }
}
