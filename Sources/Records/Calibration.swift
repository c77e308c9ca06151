public import Experiment

/// What a worker measured of the shapes that it was asked about, in their order.
public struct Calibration: Codable, Hashable, Sendable {
  public var provenance: Provenance
  public var rates: [TrainingRate]

  public init(provenance: Provenance, rates: [TrainingRate]) {
    self.provenance = provenance
    self.rates = rates
  }
}
