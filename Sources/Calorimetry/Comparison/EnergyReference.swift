import Experiment
package import Records

/// Geant4's side of the study's comparison at one incident energy: the E_tot that generated ones are held against.
///
/// The histogram's range is chosen from the Geant4 sample by its median m and quantiles q: it reaches up by
/// min(|max - m|, 2|q95 - m|, 10|q84 - m|) and down by min(|min - m|, 2|q05 - m|, 10|q84 - m|), with q84 on both sides.
/// - Source: The study's public code, FastCaloQ, and its parent FastCaloChallenge.
package struct EnergyReference: Sendable {
  /// MeV.
  package let incidentEnergy: Double
  /// E_tot of the Geant4 events (GeV).
  package let totals: [Double]
  /// The edges of the bins (GeV), one more than there are bins.
  package let edges: [Double]
  /// The Geant4 events in each bin.
  package let counts: [Int]

  /// The number of bins.
  package static let bins = 29

  /// - Throws: `InputError` when the sample has no histogram: no events, not finite, or hardly any spread.
  package init(incidentEnergy: Double, totals: [Double]) throws {
    let sample = "the Geant4 sample at \(energyName(incidentEnergy)) MeV"
    guard !totals.isEmpty else { throw InputError("\(sample) has no events") }
    guard totals.allSatisfy(\.isFinite) else { throw InputError("\(sample) has an E_tot that is not finite") }
    self.incidentEnergy = incidentEnergy
    self.totals = totals
    edges = Self.edges(of: totals)
    guard zip(edges, edges.dropFirst()).allSatisfy(<) else {
      throw InputError(
        "\(sample) has hardly any spread: the edges of its \(Self.bins) bins in E_tot, rounded to 0.001 GeV, fall "
          + "together; χ² is not defined")
    }
    counts = Self.histogram(totals, edges: edges)
  }

  /// Compares generated events with the Geant4 ones.
  ///
  /// - Parameter generated: E_tot of the generated events (GeV), as many as you like but at least one. What lies
  ///   beyond the histogram counts in its end bins, infinite values too. NaN counts as no energy at all, in the first.
  /// - Returns: χ² and NDF, with the mean and the spread of E_tot over the incident energy; these are NaN when an E_tot
  ///   is.
  /// - Complexity: O(events).
  package func evaluate(_ generated: [Double]) -> EnergyEvaluation {
    let (chi2, ndf) = ReducedChiSquare.compare(counts, Self.histogram(generated, edges: edges))
    let response = Moments(generated.map { $0 * 1000 / incidentEnergy })
    return EnergyEvaluation(
      incidentEnergy: incidentEnergy, chi2: chi2, ndf: ndf, meanResponse: response.mean,
      responseSpread: response.standardDeviation)
  }

  /// Thirty equidistant points half a step inside the range, rounded to 0.001 GeV.
  static func edges(of totals: [Double]) -> [Double] {
    let quantile = Quantiles(totals)
    let m = quantile.median
    let core = 10 * abs(quantile(0.84) - m)
    let up = min(abs(quantile.sorted.last! - m), 2 * abs(quantile(0.95) - m), core)
    let down = min(abs(quantile.sorted.first! - m), 2 * abs(quantile(0.05) - m), core)
    let (low, high) = (m - down, m + up)
    let width = (high - low) / Double(bins + 1)
    let (first, last) = (low + width / 2, high - width / 2)
    let step = (last - first) / Double(bins)
    return (0...bins).map { index in
      let point = index == bins ? last : first + Double(index) * step
      // As numpy rounds: ties to even of the thousandfold.
      return (point * 1000).rounded(.toNearestOrEven) / 1000
    }
  }

  /// Counts values in bins that are closed below and open above, but for the last, which is closed; those beyond the
  /// ends in the end bins, and NaN in the first.
  static func histogram(_ values: [Double], edges: [Double]) -> [Int] {
    var counts = [Int](repeating: 0, count: edges.count - 1)
    for value in values {
      var (low, high) = (0, counts.count)
      while high - low > 1 {
        let middle = (low + high) / 2
        if value >= edges[middle] { low = middle } else { high = middle }
      }
      counts[low] += 1
    }
    return counts
  }
}

/// The study's χ² of two histograms.
package enum ReducedChiSquare {
  /// χ² = Σ (A·b - B·a)² / (A²·b + B²·a), with a, b the counts and A, B their sums; NDF is the number of bins less one
  /// and less those that are empty in both.
  ///
  /// Not CaloChallenge's "separation power".
  /// - Precondition: As many bins in both, and events in both.
  package static func compare(_ reference: [Int], _ generated: [Int]) -> (chi2: Double, ndf: Int) {
    precondition(reference.count == generated.count, "\(reference.count) and \(generated.count) bins")
    let (all, made) = (Double(reference.reduce(0, +)), Double(generated.reduce(0, +)))
    precondition(all > 0 && made > 0, "a histogram without events")
    var chi2 = 0.0
    var ndf = reference.count - 1
    for (a, b) in zip(reference, generated) {
      if a == 0 && b == 0 {
        ndf -= 1
        continue
      }
      let (a, b) = (Double(a), Double(b))
      let difference = all * b - made * a
      chi2 += difference * difference / (all * all * b + made * made * a)
    }
    return (chi2, ndf)
  }
}

/// Mean and standard deviation (of the population, as numpy's default).
struct Moments {
  var mean: Double
  var standardDeviation: Double

  /// NaN for an empty sample.
  init(_ values: [Double]) {
    let count = Double(values.count)
    let mean = values.reduce(0, +) / count
    self.mean = mean
    standardDeviation = (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count).squareRoot()
  }
}
