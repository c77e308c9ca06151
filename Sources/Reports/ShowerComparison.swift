public import Experiment

/// What the worker's `evaluate --full --histograms` says of a generator's showers beside Geant4's.
public struct ShowerComparison: Codable, Hashable, Sendable {
  /// χ²/NDF over all energies.
  public var reduced: Double
  public var energies: [EnergyEvaluation]
  public var full: Observables
  public var histograms: Histograms

  public struct Observables: Codable, Hashable, Sendable {
    public var observables: [Observable]
  }

  public struct Observable: Codable, Hashable, Sendable {
    /// What it is of; only `layerEnergy` (MeV) is drawn.
    public var observable: String
    public var layer: Int?
    public var separationPower: Double
    public var histogram: Histogram?
  }

  public struct Histograms: Codable, Hashable, Sendable {
    /// E_tot (GeV) at each incident energy.
    public var totals: [Totals]
    public var averageShowers: [AverageShower]
    /// Empty when no geometry fits the voxels.
    public var layers: [Layer]
  }

  public struct Totals: Codable, Hashable, Sendable {
    /// MeV.
    public var incidentEnergy: Double
    public var histogram: Histogram
  }

  /// Counts in the same bins.
  public struct Histogram: Codable, Hashable, Sendable {
    /// One more than there are bins.
    public var edges: [Double]
    public var reference: [Int]
    public var generated: [Int]
  }

  /// The mean energy in each voxel (MeV).
  public struct AverageShower: Codable, Hashable, Sendable {
    /// MeV.
    public var incidentEnergy: Double
    public var reference: [Double]
    public var generated: [Double]
  }

  /// A layer's voxels are `offset + alpha * (radialEdges.count - 1) + r`, α from -π to π.
  public struct Layer: Codable, Hashable, Sendable {
    public var id: Int
    public var offset: Int
    public var alphaBins: Int
    /// mm.
    public var radialEdges: [Double]
  }
}
