import Experiment
package import Records
import Storage

/// How far χ²/NDF would scatter if both samples were drawn again: its uncertainty from their finite sizes.
///
/// Both are resampled with replacement, the histogram's range chosen anew each time. A resample scatters about samples
/// that themselves scatter, which counts the noise twice: about a true difference λ, χ² has the variance 2(NDF + 2λ),
/// its resamples 2(NDF + 2χ²), and χ² is about NDF + λ. The resamples' variance is scaled by the ratio of the two.
/// In toys the intervals cover 0.68 to 0.74 and 0.92 to 0.97 of the time with 1000 events, down to 0.60 and 0.90 with 150.
package struct Bootstrap: Codable, Hashable, Sendable {
  /// How often both samples were drawn again, at least 2.
  package var resamples: Int
  /// The seed of the draws: the same one gives the same numbers.
  package var seed: UInt64
  /// The uncertainty of χ²/NDF over all energies.
  package var total: Uncertainty
  /// The uncertainty of χ²/NDF at each energy, ascending.
  package var energies: [Uncertainty]

  /// The scatter of one χ²/NDF.
  package struct Uncertainty: Codable, Hashable, Sendable {
    /// MeV; nil for all energies together.
    package var incidentEnergy: Double?
    /// χ²/NDF of the samples themselves.
    package var reduced: Double
    /// The standard deviation of the resamples' χ²/NDF, scaled as above: not counting the noise twice.
    package var standardDeviation: Double
    /// `[low, high]`: one standard deviation to either side; the low end is at least 0.
    package var interval68: [Double]
    /// `[low, high]`: 1.96 standard deviations to either side; the low end is at least 0.
    package var interval95: [Double]

    init(_ evaluation: (chi2: Double, ndf: Int), energy: Double?, resampled: [(chi2: Double, ndf: Int)]) {
      incidentEnergy = energy
      let ndf = Double(max(evaluation.ndf, 1))
      let reduced = evaluation.chi2 / ndf
      self.reduced = reduced
      let spread = Moments(resampled.map { $0.chi2 / Double(max($0.ndf, 1)) }).standardDeviation
      let noise = (ndf + 2 * max(evaluation.chi2 - ndf, 0)) / (ndf + 2 * evaluation.chi2)
      let deviation = spread * noise.squareRoot()
      standardDeviation = deviation
      func interval(_ width: Double) -> [Double] {
        [max(reduced - width * deviation, 0), reduced + width * deviation]
      }
      interval68 = interval(1)
      interval95 = interval(1.96)
    }
  }

  /// - Parameters:
  ///   - reference: Geant4's side of the comparison.
  ///   - generated: E_tot (GeV) for each of the reference's energies, at least one.
  ///   - resamples: At least 2; some hundred give the deviation to a few per cent.
  ///   - seed: The same seed gives the same numbers.
  /// - Complexity: O(resamples · events).
  package init(reference: EvaluationReference, generated: [[Double]], resamples: Int, seed: UInt64) {
    precondition(resamples >= 2, "\(resamples) resamples have no spread")
    precondition(generated.count == reference.energies.count, "\(generated.count) energies")
    self.resamples = resamples
    self.seed = seed
    var random = SplitMix64(state: seed)
    let samples = zip(reference.energies, generated).map { (reference: $0, totals: $0.totals.sorted(), generated: $1) }
    let drawn = (0..<resamples).map { _ in
      samples.map { sample in
        sample.reference.resampled(
          random.resample(sample.totals), against: random.resample(sample.generated))
      }
    }
    func sum(_ parts: [(chi2: Double, ndf: Int)]) -> (chi2: Double, ndf: Int) {
      parts.reduce((0, 0)) { ($0.chi2 + $1.chi2, $0.ndf + $1.ndf) }
    }
    let observed = samples.map { sample in
      let evaluation = sample.reference.evaluate(sample.generated)
      return (chi2: evaluation.chi2, ndf: evaluation.ndf)
    }
    total = Uncertainty(sum(observed), energy: nil, resampled: drawn.map(sum))
    energies = samples.indices.map { number in
      Uncertainty(
        observed[number], energy: samples[number].reference.incidentEnergy, resampled: drawn.map { $0[number] })
    }
  }
}

extension EvaluationReference {
  /// The uncertainty of the comparison with a file's events.
  /// - Throws: `InputError` when it does not have the same incident energies.
  package func bootstrap(_ generated: ShowerTotals, resamples: Int, seed: UInt64) throws -> Bootstrap {
    Bootstrap(reference: self, generated: try paired(generated), resamples: resamples, seed: seed)
  }
}

extension Evaluation {
  /// This evaluation with the standard deviations of χ²/NDF as its uncertainties.
  package func with(_ bootstrap: Bootstrap) -> Evaluation {
    precondition(energies.count == bootstrap.energies.count, "\(bootstrap.energies.count) energies")
    var evaluation = self
    evaluation.uncertainty = bootstrap.total.standardDeviation
    for energy in energies.indices {
      evaluation.energies[energy].uncertainty = bootstrap.energies[energy].standardDeviation
    }
    return evaluation
  }
}

extension EnergyReference {
  /// χ² and NDF of resamples.
  ///
  /// Where a small one has no histogram of its own, this sample's is taken.
  fileprivate func resampled(_ totals: [Double], against generated: [Double]) -> (chi2: Double, ndf: Int) {
    let own = Self.edges(of: totals)
    let edges = zip(own, own.dropFirst()).allSatisfy(<) ? own : self.edges
    return ReducedChiSquare.compare(
      Self.histogram(totals, edges: edges), Self.histogram(generated, edges: edges))
  }
}

extension SplitMix64 {
  /// A sample as large as `values`, drawn from them with replacement, in their order: a sorted sample stays sorted.
  mutating func resample(_ values: [Double]) -> [Double] {
    var draws = [Int](repeating: 0, count: values.count)
    for _ in values.indices { draws[Int(next().multipliedFullWidth(by: UInt64(values.count)).high)] += 1 }
    var sample: [Double] = []
    sample.reserveCapacity(values.count)
    for (value, times) in zip(values, draws) { for _ in 0..<times { sample.append(value) } }
    return sample
  }
}
