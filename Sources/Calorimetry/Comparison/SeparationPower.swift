import Glibc

/// CaloChallenge's measure of how different two histograms are: ½ Σ (a - b)² / (a + b), with a, b the shares of the
/// events that lie in the histogram.
///
/// 0 for the same shares, 1 for nothing in common.
///
/// Not the study's χ².
/// - Source: Diefenbacher et al., arXiv:2009.03796, eq. 15; CaloChallenge, arXiv:2410.21611.
enum SeparationPower {
  /// Nil when the reference has no event in its histogram; 1 when only the other has none.
  static func compare(_ reference: [Int], _ generated: [Int]) -> Double? {
    precondition(reference.count == generated.count, "\(reference.count) and \(generated.count) bins")
    let (all, made) = (Double(reference.reduce(0, +)), Double(generated.reduce(0, +)))
    guard all > 0 else { return nil }
    guard made > 0 else { return 1 }
    return zip(reference, generated).reduce(0) { sum, bin in
      let (a, b) = (Double(bin.0) / all, Double(bin.1) / made)
      return a + b == 0 ? sum : sum + (a - b) * (a - b) / (a + b) / 2
    }
  }
}

/// The edges of a histogram that leaves out what lies beyond them, as numpy's does.
struct Binning: Sendable {
  let edges: [Double]

  /// Equal widths, `bins` of them.
  static func linear(_ low: Double, _ high: Double, bins: Int) -> Binning {
    Binning(edges: (0...bins).map { $0 == bins ? high : low + Double($0) * ((high - low) / Double(bins)) })
  }

  /// Equal ratios, `bins` of them; nil when there is nothing between the ends.
  static func logarithmic(_ low: Double, _ high: Double, bins: Int) -> Binning? {
    guard low > 0, high > low, high.isFinite else { return nil }
    return Binning(edges: linear(log10(low), log10(high), bins: bins).edges.map { pow(10, $0) })
  }

  /// The bin of a value: closed below and open above, the last one closed; nil beyond the ends and for NaN.
  func bin(of value: Double) -> Int? {
    guard value >= edges[0], value <= edges[edges.count - 1] else { return nil }
    var (low, high) = (0, edges.count - 1)
    while high - low > 1 {
      let middle = (low + high) / 2
      if value >= edges[middle] { low = middle } else { high = middle }
    }
    return low
  }

  func counts(_ values: some Sequence<Double>) -> [Int] {
    var counts = [Int](repeating: 0, count: edges.count - 1)
    for value in values { if let bin = bin(of: value) { counts[bin] += 1 } }
    return counts
  }
}
