/// What plots of generated showers beside Geant4's are drawn from: the worker makes it, the books draw it.
public struct ComparisonHistograms: Codable, Hashable, Sendable {
  /// E_tot (GeV) at each incident energy, in the bins of the study's χ².
  public var totals: [Totals]
  /// The average shower at each incident energy.
  public var averageShowers: [AverageShower]
  /// Where the voxels are; empty when no geometry fits.
  public var layers: [Layer]

  public init(totals: [Totals], averageShowers: [AverageShower], layers: [Layer]) {
    self.totals = totals
    self.averageShowers = averageShowers
    self.layers = layers
  }

  public struct Totals: Codable, Hashable, Sendable {
    /// MeV.
    public var incidentEnergy: Double
    public var histogram: HistogramPair

    public init(incidentEnergy: Double, histogram: HistogramPair) {
      self.incidentEnergy = incidentEnergy
      self.histogram = histogram
    }
  }

  public struct AverageShower: Codable, Hashable, Sendable {
    /// MeV.
    public var incidentEnergy: Double
    /// The mean energy in each voxel (MeV).
    public var reference: [Double]
    public var generated: [Double]

    public init(incidentEnergy: Double, reference: [Double], generated: [Double]) {
      self.incidentEnergy = incidentEnergy
      self.reference = reference
      self.generated = generated
    }
  }

  /// A layer's voxels are `offset + alpha * (radialEdges.count - 1) + r`, α from -π to π.
  public struct Layer: Codable, Hashable, Sendable {
    public var id: Int
    public var offset: Int
    public var alphaBins: Int
    /// mm.
    public var radialEdges: [Double]

    public init(id: Int, offset: Int, alphaBins: Int, radialEdges: [Double]) {
      self.id = id
      self.offset = offset
      self.alphaBins = alphaBins
      self.radialEdges = radialEdges
    }
  }
}

/// The counts of Geant4 and of the generator in the same bins.
public struct HistogramPair: Codable, Hashable, Sendable {
  /// One more than there are bins.
  public var edges: [Double]
  public var reference: [Int]
  public var generated: [Int]

  public init(edges: [Double], reference: [Int], generated: [Int]) {
    self.edges = edges
    self.reference = reference
    self.generated = generated
  }
}
