import Glibc

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
