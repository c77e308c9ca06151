import Calorimetry
import Experiment

/// How the energies of the layers vary together, at one incident energy or, where each event has its own, over all
/// events: Pearson's correlations of the layers' shares of the incident energy.
package struct LayerCorrelations: Codable, Hashable, Sendable {
  /// MeV; nil for all energies together.
  package var incidentEnergy: Double?
  /// The detector's numbers of the layers.
  package var layers: [Int]
  /// Geant4's, `[layers, layers]`; nil where a layer's energy does not vary.
  package var reference: [[Double?]]
  /// The generator's, alike.
  package var generated: [[Double?]]

  /// The matrices of two samples at each energy that both have several events of.
  static func compare(_ one: ShowerShapes, _ other: ShowerShapes, geometry: VoxelGeometry) -> [LayerCorrelations] {
    let others = other.selection.byEnergy
    return one.selection.byEnergy.compactMap { energy, positions in
      guard
        let match = others.first(where: { group in
          switch (group.incidentEnergy, energy) {
          case (let a?, let b?): IncidentEnergy.same(a, b)
          case (nil, nil): true
          default: false
          }
        })
      else { return nil }
      // One event has no correlations.
      guard min(positions.count, match.positions.count) > 1 else { return nil }
      return LayerCorrelations(
        incidentEnergy: energy, layers: geometry.layers.map(\.id), reference: matrix(one, positions),
        generated: matrix(other, match.positions))
    }
  }

  /// The largest difference of a correlation that both have; nil where they have none in common.
  var largestDifference: Double? {
    zip(reference.joined(), generated.joined()).compactMap { a, b in a.flatMap { a in b.map { abs(a - $0) } } }.max()
  }

  private static func matrix(_ sample: ShowerShapes, _ positions: [Int]) -> [[Double?]] {
    guard let layers = sample.shapes.first?.layers.count else { return [] }
    let shares = positions.flatMap { event in
      sample.shapes[event].layers.map { $0.energy / Double(sample.incidentEnergies[event]) }
    }
    let table = FeatureTable(columns: layers, values: shares)
    let covariance = GaussianMoments(table, rows: Array(0..<table.rows)).covariance
    let deviations = (0..<layers).map { covariance.values[$0 * layers + $0].squareRoot() }
    return (0..<layers).map { row in
      (0..<layers).map { column in
        let scale = deviations[row] * deviations[column]
        return scale > 0 ? covariance.values[row * layers + column] / scale : nil
      }
    }
  }
}
