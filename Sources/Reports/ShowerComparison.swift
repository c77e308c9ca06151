public import Experiment
public import Records

/// What the worker's `evaluate --full --histograms` says of a generator's showers beside Geant4's.
public struct ShowerComparison: Codable, Hashable, Sendable {
  /// χ²/NDF over all energies.
  public var reduced: Double
  public var energies: [EnergyEvaluation]
  public var full: Observables
  public var histograms: ComparisonHistograms

  public struct Observables: Codable, Hashable, Sendable {
    public var observables: [Observable]
  }

  public struct Observable: Codable, Hashable, Sendable {
    /// What it is of; only `layerEnergy` (MeV) is drawn.
    public var observable: String
    public var layer: Int?
    public var separationPower: Double
    public var histogram: HistogramPair?
  }
}
