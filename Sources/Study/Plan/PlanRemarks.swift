package import Experiment

extension SweepPlan {
  /// What is no error and yet hardly meant, a sentence each.
  package var remarks: [String] {
    let blind = variants.filter {
      $0.skip == nil && $0.dataset.energies.count > 1 && !$0.variant.generator.conditioned
        && $0.variant.kind == .gan
    }
    guard !blind.isEmpty else { return [] }
    let (labels, one) = (blind.map(\.label).firstFive(separator: ", "), blind.count == 1)
    return [
      "\(labels): several incident energies without `conditioned: true`, so the \(one ? "generator is" : "generators are") "
        + "not told which, and \(one ? "makes" : "make") the same showers, as fractions, at each"
    ]
  }
}
