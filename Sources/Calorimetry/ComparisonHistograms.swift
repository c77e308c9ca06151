/// What plots of a comparison are drawn from.
public struct ComparisonHistograms: Codable, Hashable, Sendable {
  /// E_tot (GeV) at each incident energy, in the bins of the study's χ².
  public var totals: [Totals] = []
  /// The average shower at each incident energy.
  public var averageShowers: [AverageShower] = []
  /// Where the voxels are; empty when no geometry fits.
  public var layers: [Layer] = []

  public struct Totals: Codable, Hashable, Sendable {
    /// MeV.
    public var incidentEnergy: Double
    public var histogram: HistogramPair
  }

  public struct AverageShower: Codable, Hashable, Sendable {
    /// MeV.
    public var incidentEnergy: Double
    /// The mean energy in each voxel (MeV).
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

  /// Compares two files in the CaloChallenge layout that have the same incident energies.
  /// - Throws: `HDF5Error`; `InputError`.
  public init(reference: String, generated: String, geometry: VoxelGeometry) throws {
    let (one, other) = (try ShowerTotals(reading: reference), try ShowerTotals(reading: generated))
    let geant4 = try EvaluationReference(one)
    totals = try zip(geant4.energies, geant4.paired(other)).map { energy, values in
      Totals(
        incidentEnergy: energy.incidentEnergy,
        histogram: HistogramPair(
          edges: energy.edges, reference: energy.counts,
          generated: EnergyReference.histogram(values, edges: energy.edges)))
    }
    let (a, b) = (try Self.averages(of: reference), try Self.averages(of: generated))
    averageShowers = one.energies.indices.map {
      AverageShower(incidentEnergy: one.energies[$0], reference: a[$0], generated: b[$0])
    }
    guard geometry.voxels == a[0].count, geometry.voxels == b[0].count else { return }
    layers = geometry.layers.map {
      Layer(id: $0.id, offset: $0.offset, alphaBins: $0.alphaBins, radialEdges: $0.radialEdges)
    }
  }

  /// The mean energy in each voxel, by incident energy.
  private static func averages(of path: String) throws -> [[Double]] {
    let file = try ShowerFile(reading: path)
    let groups = EnergyGroups(try file.incidentEnergies())
    var sums = [[Double]](repeating: [Double](repeating: 0, count: file.voxels), count: groups.energies.count)
    for block in file.blocks() {
      let showers = try file.showers(block)
      for event in block {
        let start = (event - block.lowerBound) * file.voxels
        let group = groups.index[event]
        for voxel in 0..<file.voxels { sums[group][voxel] += Double(showers[start + voxel]) }
      }
    }
    return zip(sums, groups.counts).map { sum, count in sum.map { $0 / Double(count) } }
  }
}

/// The counts of Geant4 and of the generator in the same bins.
public struct HistogramPair: Codable, Hashable, Sendable {
  /// One more than there are bins.
  public var edges: [Double]
  public var reference: [Int]
  public var generated: [Int]
}
