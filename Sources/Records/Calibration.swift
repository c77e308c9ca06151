package import Experiment

/// What a worker measured of the shapes that it was asked about, in their order.
package struct Calibration: Codable, Hashable, Sendable {
  /// The binary and the machine that measured.
  package var provenance: Provenance
  /// The measured rates, one for each shape in the order of the question.
  package var rates: [TrainingRate]

  package init(provenance: Provenance, rates: [TrainingRate]) {
    self.provenance = provenance
    self.rates = rates
  }
}
