import Experiment

/// The ends of CaloChallenge's histograms, as its public code has them.
struct CaloChallengeLimits {
  /// Datasets 2 and 3, electrons, have 45 layers and a detector of their own; dataset 1 is of ATLAS.
  let electrons: Bool

  init(_ geometry: VoxelGeometry) { electrons = geometry.layers.count > 24 }

  /// The least energy of the energy histograms (MeV).
  var leastEnergy: Double { electrons ? 0.5e-3 / 0.033 : 10 }

  /// Voxels with less (MeV) are empty: 1 in dataset 1, as the least of a histogram in the others.
  var voxelThreshold: Double { electrons ? leastEnergy : 1 }

  /// How far the histograms of centres and of widths in η and φ reach (mm).
  func lengths(layer: Int) -> (centre: Double, width: Double) {
    if electrons { return (30, 30) }
    return layer == 12 || layer == 13 ? (500, 400) : (100, 100)
  }

  /// How far the histograms of centres and of widths in r reach (mm).
  func radii(layer: Int) -> (centre: Double, width: Double) {
    if electrons { return (42, 20) }
    return (12...14).contains(layer) ? (1500, 1500) : (500, 500)
  }
}
