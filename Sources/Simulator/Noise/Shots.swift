import Storage

/// Bit strings drawn from a distribution, as a device gives them, and what they say of each ⟨Z_i⟩.
///
/// A bit string has a bit of every qubit, so that the ⟨Z_i⟩ of a sample go together as they do on hardware. The first
/// shots of a seed are the same however many are drawn.
package struct Shots: Sendable {
  /// How often each bit string was drawn, bit i being qubit i.
  package private(set) var counts: [Int]
  /// The shots so far.
  package private(set) var count = 0
  private let cumulative: [Double]
  private let qubits: Int
  private var random: SplitMix64

  /// - Parameters:
  ///   - probabilities: Of every bit string, `[2^qubits]`; their sum counts as 1.
  ///   - seed: Of all draws.
  package init(of probabilities: [Double], seed: UInt64) {
    precondition(
      probabilities.count & (probabilities.count - 1) == 0, "probabilities of \(probabilities.count) strings")
    qubits = probabilities.count.trailingZeroBitCount
    counts = Array(repeating: 0, count: probabilities.count)
    var sum = 0.0
    // Rounding may leave a probability of −10⁻¹⁷.
    cumulative = probabilities.map {
      sum += max(0, $0)
      return sum
    }
    random = SplitMix64(state: seed)
  }

  /// Draws until there are so many.
  package mutating func draw(upTo shots: Int) {
    while count < shots {
      let place = random.unit() * cumulative[cumulative.count - 1]
      var (low, high) = (0, cumulative.count - 1)
      while low < high {
        let middle = (low + high) / 2
        if cumulative[middle] > place { high = middle } else { low = middle + 1 }
      }
      counts[low] += 1
      count += 1
    }
  }

  /// ⟨Z_i⟩ of every qubit: the mean over the shots.
  package var expectations: [Double] {
    var ones = [Int](repeating: 0, count: qubits)
    for (string, times) in counts.enumerated() where times > 0 {
      for qubit in 0..<qubits where string >> qubit & 1 == 1 { ones[qubit] += times }
    }
    return ones.map { 1 - 2 * Double($0) / Double(count) }
  }

  /// The standard error of each, √((1 − ⟨Z⟩²)/N).
  package var standardErrors: [Double] {
    expectations.map { ((1 - $0 * $0) / Double(count)).squareRoot() }
  }
}
