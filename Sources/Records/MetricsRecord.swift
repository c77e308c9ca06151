package import Experiment

/// What generated showers came out as beside Geant4's, in numbers that a ledger keeps.
package struct MetricsRecord: Codable, Hashable, Sendable {
  /// The seed of the latents and of all draws.
  package var seed: UInt64
  /// The generated events that were compared, and as many of Geant4's; of all energies together.
  package var events: Int
  /// Events of each energy that were asked for, of which there may have been fewer; nil where nobody said.
  package var ordered: Int?
  /// Whether Geant4's events are ones that were not trained on.
  package var heldOut: Bool
  /// The metrics that were computed.
  package var values: [Metric: MetricValue]

  package init(seed: UInt64, events: Int, ordered: Int? = nil, heldOut: Bool, values: [Metric: MetricValue]) {
    self.seed = seed
    self.events = events
    self.ordered = ordered
    self.heldOut = heldOut
    self.values = values
  }
}

/// One metric, with what Geant4's own events have.
package struct MetricValue: Codable, Hashable, Sendable {
  /// The metric of the generated showers.
  package var value: Double
  /// Its uncertainty; nil where none is known.
  package var error: Double?
  /// The same of Geant4's events beside other events of Geant4: what a perfect generator would have; nil where none
  /// were compared.
  package var floor: Double?
  /// The uncertainty of `floor`.
  package var floorError: Double?

  package init(value: Double, error: Double? = nil, floor: Double? = nil, floorError: Double? = nil) {
    self.value = value
    self.error = error
    self.floor = floor
    self.floorError = floorError
  }
}
