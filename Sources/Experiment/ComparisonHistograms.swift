/// What plots of generated showers beside Geant4's are drawn from: the worker makes it, the books draw it.
package struct ComparisonHistograms: Codable, Hashable, Sendable {
  /// E_tot (GeV) at each incident energy, in the bins of the study's χ².
  package var totals: [Totals]
  /// The average shower at each incident energy.
  package var averageShowers: [AverageShower]
  /// Where the voxels are; empty when no geometry fits.
  package var layers: [Layer]

  package init(totals: [Totals], averageShowers: [AverageShower], layers: [Layer]) {
    self.totals = totals
    self.averageShowers = averageShowers
    self.layers = layers
  }

  package struct Totals: Codable, Hashable, Sendable {
    /// MeV.
    package var incidentEnergy: Double
    package var histogram: HistogramPair

    package init(incidentEnergy: Double, histogram: HistogramPair) {
      self.incidentEnergy = incidentEnergy
      self.histogram = histogram
    }
  }

  package struct AverageShower: Codable, Hashable, Sendable {
    /// MeV.
    package var incidentEnergy: Double
    /// The mean energy in each voxel (MeV).
    package var reference: [Double]
    package var generated: [Double]

    package init(incidentEnergy: Double, reference: [Double], generated: [Double]) {
      self.incidentEnergy = incidentEnergy
      self.reference = reference
      self.generated = generated
    }
  }

  /// A layer's voxels are `offset + alpha * (radialEdges.count - 1) + r`, α from -π to π.
  package struct Layer: Codable, Hashable, Sendable {
    package var id: Int
    package var offset: Int
    package var alphaBins: Int
    /// mm.
    package var radialEdges: [Double]

    package init(id: Int, offset: Int, alphaBins: Int, radialEdges: [Double]) {
      self.id = id
      self.offset = offset
      self.alphaBins = alphaBins
      self.radialEdges = radialEdges
    }
  }
}

/// The counts of Geant4 and of the generator in the same bins.
package struct HistogramPair: Codable, Hashable, Sendable {
  /// One more than there are bins.
  package var edges: [Double]
  package var reference: [Int]
  package var generated: [Int]

  package init(edges: [Double], reference: [Int], generated: [Int]) {
    self.edges = edges
    self.reference = reference
    self.generated = generated
  }
}
