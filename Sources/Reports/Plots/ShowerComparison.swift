package import Experiment
package import Records

/// What the worker's `evaluate --full --histograms` says of a generator's showers beside Geant4's.
package struct ShowerComparison: Codable, Hashable, Sendable {
  /// χ²/NDF over all energies.
  package var reduced: Double
  /// The comparison of E_tot for each incident energy.
  package var energies: [EnergyEvaluation]
  /// The observables beyond E_tot.
  package var full: Observables
  /// The counts and means that pictures are made of.
  package var histograms: ComparisonHistograms

  /// The part of the worker's full comparison that pictures are made of.
  package struct Observables: Codable, Hashable, Sendable {
    /// The observables, one for each quantity and layer.
    package var observables: [Observable]
  }

  /// One quantity of showers, the generator's beside Geant4's.
  package struct Observable: Codable, Hashable, Sendable {
    /// What it is of; only `layerEnergy` (MeV) is drawn.
    package var observable: String
    /// The layer's number in the detector; nil for a quantity of the whole shower.
    package var layer: Int?
    /// The separation power of the two histograms: 0 for equal ones, 1 for disjoint ones.
    package var separationPower: Double
    /// The two histograms; nil where the worker gave none.
    package var histogram: HistogramPair?
  }
}
