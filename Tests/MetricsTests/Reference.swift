import Calorimetry
import Experiment
import Foundation
import TestSupport

@testable import Metrics

/// What jetnet 0.2.5, CaloChallenge's HighLevelFeatures, scipy and scikit-learn make of the sample data's events, and of
/// inputs by formula.
struct Reference: Decodable {
  struct Case: Decodable {
    var fpd, fpdError, kpd, kpdError, frechet, mmd: Double
    var precision, recall, density, coverage: Double?
  }

  /// The high-level features of the first three events.
  var features: [[Double]]
  var cases: [String: Case]
  /// Intercept, slope and the intercept's error of three fits with bounds.
  var fits: [[Double]]
  var auc, aucCalibrated: Double
  var isotonic: [Double]
  /// By observable and layer: "sparsity 12".
  var separation: [String: Double]
  var correlation: Double

  static let shared: Reference = {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    let file = Repository.path("Tests/MetricsTests/jetnet_reference.json")
    return try! decoder.decode(Reference.self, from: Data(contentsOf: URL(filePath: file)))
  }()
}

/// Events of the sample data.
enum SampleShowers {
  static let all = try! ShowerSelection(reading: Repository.path("sweeps/data/geant4_pions.hdf5"))

  /// Some events of an energy (MeV), by their number among those of it.
  static func events(_ energy: Double, _ numbers: Range<Int>) -> ShowerSelection {
    let group = all.byEnergy.first { $0.incidentEnergy == energy }!
    return all.events(at: group.positions[numbers])
  }

  /// Some events of each of the three energies.
  static func mixture(_ numbers: Range<Int>) -> ShowerSelection {
    all.events(at: all.byEnergy.flatMap { $0.positions[numbers] }.sorted())
  }

  /// A copy that a poor generator might have made: less energy, a layer with more, and no faint voxels.
  static func worse(_ showers: ShowerSelection) throws -> ShowerSelection {
    var voxels = try showers.showers()
    for index in voxels.indices {
      voxels[index] *= 0.9
      if (213..<363).contains(index % 533) { voxels[index] *= 1.2 }
      if voxels[index] < 20 { voxels[index] = 0 }
    }
    return ShowerSelection(incidentEnergies: showers.incidentEnergies, showers: voxels, voxels: 533)
  }

  /// The pairs of the reference, by its names.
  static func pair(_ name: String) throws -> SamplePair {
    let (one, other): (ShowerSelection, ShowerSelection) =
      switch name {
      case "floor": (events(65536, 0..<1000), events(65536, 1000..<2000))
      case "worse": (events(65536, 0..<1000), try worse(events(65536, 1000..<2000)))
      default: (mixture(0..<258), mixture(258..<516))
      }
    let plane = VoxelPlane(.datasetOnePions)
    return SamplePair(
      geant4: try ShowerShapes(one, plane: plane, threshold: 1),
      other: try ShowerShapes(other, plane: plane, threshold: 1), plane: plane)
  }
}
