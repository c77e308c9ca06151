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

  /// E_tot of all showers of one incident energy.
  package struct Totals: Codable, Hashable, Sendable {
    /// MeV.
    package var incidentEnergy: Double
    /// The showers by E_tot, the edges in GeV.
    package var histogram: HistogramPair

    package init(incidentEnergy: Double, histogram: HistogramPair) {
      self.incidentEnergy = incidentEnergy
      self.histogram = histogram
    }
  }

  /// The mean shower of one incident energy, voxel by voxel.
  package struct AverageShower: Codable, Hashable, Sendable {
    /// MeV.
    package var incidentEnergy: Double
    /// Geant4's mean energy in each voxel (MeV).
    package var reference: [Double]
    /// The generator's mean energy in each voxel (MeV).
    package var generated: [Double]

    package init(incidentEnergy: Double, reference: [Double], generated: [Double]) {
      self.incidentEnergy = incidentEnergy
      self.reference = reference
      self.generated = generated
    }
  }

  /// A layer that has voxels; α runs from -π to π.
  package typealias Layer = VoxelGeometry.Layer
}

/// The counts of Geant4 and of the generator in the same bins.
package struct HistogramPair: Codable, Hashable, Sendable {
  /// One more than there are bins.
  package var edges: [Double]
  /// Geant4's counts, one for each bin.
  package var reference: [Int]
  /// The generator's counts, one for each bin.
  package var generated: [Int]

  package init(edges: [Double], reference: [Int], generated: [Int]) {
    self.edges = edges
    self.reference = reference
    self.generated = generated
  }
}
