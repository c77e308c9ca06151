package import Experiment
package import Records

/// What the worker's `evaluate --full --histograms` says of a generator's showers beside Geant4's.
package struct ShowerComparison: Codable, Hashable, Sendable {
  /// χ²/NDF over all energies.
  package var reduced: Double
  package var energies: [EnergyEvaluation]
  package var full: Observables
  package var histograms: ComparisonHistograms

  package struct Observables: Codable, Hashable, Sendable {
    package var observables: [Observable]
  }

  package struct Observable: Codable, Hashable, Sendable {
    /// What it is of; only `layerEnergy` (MeV) is drawn.
    package var observable: String
    package var layer: Int?
    package var separationPower: Double
    package var histogram: HistogramPair?
  }
}
