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
    return zip(reference, generated).reduce(0.0) { (sum: Double, bin) in
      let (a, b) = (Double(bin.0) / all, Double(bin.1) / made)
      let difference: Double = (a - b) * (a - b)
      return a + b == 0 ? sum : sum + difference / (a + b) / 2
    }
  }
}
