package import Experiment

extension ComparisonHistograms {
  /// Compares showers in the CaloChallenge layout that have the same incident energies.
  /// - Parameters:
  ///   - reference: Geant4's showers.
  ///   - generated: The showers to compare with them.
  ///   - geometry: How the voxels lie; nil where it is not known.
  /// - Throws: `HDF5Error`; `InputError`.
  package init(reference: ShowerSelection, generated: ShowerSelection, geometry: VoxelGeometry?) throws {
    let (one, other) = (try ShowerTotals(reference), try ShowerTotals(generated))
    let geant4 = try EvaluationReference(one)
    let totals = try zip(geant4.energies, geant4.paired(other)).map { energy, values in
      Totals(
        incidentEnergy: energy.incidentEnergy,
        histogram: HistogramPair(
          edges: energy.edges, reference: energy.counts,
          generated: EnergyReference.histogram(values, edges: energy.edges)))
    }
    let (a, b) = (try Self.averages(of: reference), try Self.averages(of: generated))
    let averageShowers = one.energies.indices.map {
      AverageShower(incidentEnergy: one.energies[$0], reference: a[$0], generated: b[$0])
    }
    let fits = geometry?.voxels == a[0].count && geometry?.voxels == b[0].count
    self.init(totals: totals, averageShowers: averageShowers, layers: fits ? geometry?.layers ?? [] : [])
  }

  /// The mean energy in each voxel, by incident energy.
  private static func averages(of sample: ShowerSelection) throws -> [[Double]] {
    let (voxels, groups) = (sample.voxels, sample.groups)
    var sums = [[Double]](repeating: [Double](repeating: 0, count: voxels), count: groups.energies.count)
    try sample.each { positions, showers in
      for position in positions {
        let start = (position - positions.lowerBound) * voxels
        let group = groups.index[position]
        for voxel in 0..<voxels { sums[group][voxel] += Double(showers[start + voxel]) }
      }
    }
    return zip(sums, groups.counts).map { sum, count in sum.map { $0 / Double(count) } }
  }
}
