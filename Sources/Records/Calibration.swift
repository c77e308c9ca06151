package import Experiment

/// What a worker measured of the shapes that it was asked about, in their order.
package struct Calibration: Codable, Hashable, Sendable {
  package var provenance: Provenance
  package var rates: [TrainingRate]

  package init(provenance: Provenance, rates: [TrainingRate]) {
    self.provenance = provenance
    self.rates = rates
  }
}
