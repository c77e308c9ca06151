import Calorimetry
import Experiment

/// The study's χ² of two histograms with fine bins: neighbours are merged, from the lowest on, until each bin has enough
/// events for it, and what lies beyond the ends counts as one bin more.
enum MergedChiSquare {
  /// The events of both histograms that a bin has at least.
  static let least = 10

  /// - Parameters:
  ///   - counts: The histograms.
  ///   - all: The reference's events, those beyond the ends included.
  ///   - made: The generated events, alike.
  /// - Returns: Nil where there is no more than one bin, or one side has no events.
  static func compare(_ counts: HistogramPair, of all: Int, and made: Int) -> (chi2: Double, ndf: Int)? {
    guard all > 0, made > 0 else { return nil }
    let beyond = (all - counts.reference.reduce(0, +), made - counts.generated.reduce(0, +))
    var bins: [(Int, Int)] = []
    for bin in Array(zip(counts.reference, counts.generated)) + [beyond] {
      if let last = bins.last, last.0 + last.1 < least {
        bins[bins.count - 1] = (last.0 + bin.0, last.1 + bin.1)
      } else {
        bins.append(bin)
      }
    }
    if bins.count > 1, let last = bins.last, last.0 + last.1 < least {
      bins.removeLast()
      bins[bins.count - 1] = (bins[bins.count - 1].0 + last.0, bins[bins.count - 1].1 + last.1)
    }
    guard bins.count > 1 else { return nil }
    return ReducedChiSquare.compare(bins.map(\.0), bins.map(\.1))
  }
}
