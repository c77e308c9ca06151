import Calorimetry
import Glibc

extension FeatureTable {
  /// The space in which CaloChallenge looks for nearest neighbours: log10 of each voxel (MeV), 0.1 in place of none.
  init(logarithmsOf showers: [Float], voxels: Int) {
    self.init(columns: voxels, values: showers.map { log10(Double($0 == 0 ? 0.1 : $0)) })
  }

  /// A classifier's low-level inputs: log10 E_inc, and 100 · voxel / E_inc.
  init(lowLevel showers: [Float], incidentEnergies: [Float], voxels: Int) {
    var values: [Double] = []
    values.reserveCapacity(showers.count + incidentEnergies.count)
    for (event, energy) in incidentEnergies.enumerated() {
      values.append(log10(Double(energy)))
      let scale = 100 / Double(energy)
      values += showers[event * voxels..<(event + 1) * voxels].map { scale * Double($0) }
    }
    self.init(columns: voxels + 1, values: values)
  }
}
