/// The detectors of CaloChallenge's four data sets.
/// - Source: CaloChallenge, arXiv:2410.21611, and its binning files.
package enum CaloChallenge: String, CaseIterable, Sendable {
  case photonsOfDatasetOne = "dataset_1_photons"
  case pionsOfDatasetOne = "dataset_1_pions"
  case datasetTwo = "dataset_2"
  case datasetThree = "dataset_3"

  /// How its voxels lie.
  package var geometry: VoxelGeometry {
    switch self {
    case .photonsOfDatasetOne: Self.photons
    case .pionsOfDatasetOne: .datasetOnePions
    case .datasetTwo: Self.coarse
    case .datasetThree: Self.fine
    }
  }

  /// The particle whose showers the set has.
  package var particle: Particle {
    switch self {
    case .photonsOfDatasetOne: .photon
    case .pionsOfDatasetOne: .pion
    case .datasetTwo, .datasetThree: .electron
    }
  }

  /// The detector with so many voxels; nil when there is none.
  package init?(voxels: Int) {
    guard let known = Self.allCases.first(where: { $0.geometry.voxels == voxels }) else { return nil }
    self = known
  }

  /// The detector that a particle's showers are expected in where nothing is said of it.
  package init(usualFor particle: Particle) {
    switch particle {
    case .pion, .proton: self = .pionsOfDatasetOne
    case .photon: self = .photonsOfDatasetOne
    case .electron: self = .datasetTwo
    }
  }

  private static let photons = VoxelGeometry(layers: [
    (0, 1, [0, 5, 10, 30, 50, 100, 200, 400, 600]),
    (1, 10, [0, 2, 4, 6, 8, 10, 12, 15, 20, 30, 40, 50, 70, 90, 120, 150, 200]),
    (2, 10, [0, 2, 5, 10, 15, 20, 25, 30, 40, 50, 60, 80, 100, 130, 160, 200, 250, 300, 350, 400]),
    (3, 1, [0, 50, 100, 200, 400, 600]),
    (12, 1, [0, 100, 200, 400, 1000, 2000]),
  ])

  private static let coarse = electrons(alphaBins: 16, [0, 4.65, 9.3, 13.95, 18.6, 23.25, 27.9, 32.55, 37.2, 41.85])

  private static let fine = electrons(
    alphaBins: 50,
    [
      0, 2.325, 4.65, 6.975, 9.3, 11.625, 13.95, 16.275, 18.6, 20.925, 23.25, 25.575, 27.9, 30.225, 32.55, 34.875, 37.2,
      39.525, 41.85,
    ])

  /// 45 layers alike.
  private static func electrons(alphaBins: Int, _ radialEdges: [Double]) -> VoxelGeometry {
    VoxelGeometry(layers: (0..<45).map { ($0, alphaBins, radialEdges) })
  }
}

extension VoxelGeometry {
  /// CaloChallenge dataset 1, pions: 7 layers, 533 voxels.
  package static let datasetOnePions = VoxelGeometry(layers: [
    (0, 1, [0, 5, 10, 30, 50, 100, 200, 400, 600]),
    (1, 10, [0, 1, 4, 7, 10, 15, 30, 50, 90, 150, 200]),
    (2, 10, [0, 5, 10, 20, 30, 50, 80, 130, 200, 300, 400]),
    (3, 1, [0, 50, 100, 200, 400, 600]),
    (12, 10, [0, 10, 20, 30, 50, 80, 100, 130, 160, 200, 250, 300, 350, 400, 1000, 2000]),
    (13, 10, [0, 10, 20, 30, 50, 80, 100, 130, 160, 200, 250, 300, 350, 400, 600, 1000, 2000]),
    (14, 1, [0, 50, 100, 150, 200, 250, 300, 400, 600, 1000, 2000]),
  ])

  /// CaloChallenge's detector with so many voxels: what showers are taken to be made in where nothing is said of it; nil
  /// when there is none.
  package static func usual(voxels: Int) -> VoxelGeometry? { CaloChallenge(voxels: voxels)?.geometry }
}
