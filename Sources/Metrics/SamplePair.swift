import Calorimetry
import Experiment

/// Geant4's showers and others, as many, with their shapes.
struct SamplePair {
  let geant4: ShowerShapes
  let other: ShowerShapes
  let plane: VoxelPlane

  var events: Int { min(geant4.count, other.count) }

  func distances(seed: UInt64) throws -> SampleDistances {
    SampleDistances(reference: try features(geant4), generated: try features(other), seed: seed)
  }

  func observables() throws -> ObservableComparison {
    try ObservableComparison(geant4, other, geometry: plane.geometry)
  }

  func classifier(_ input: ClassifierTest.Input, seed: UInt64) throws -> ClassifierTest {
    func table(_ shapes: ShowerShapes) throws -> FeatureTable {
      switch input {
      case .high: try features(shapes)
      case .low:
        FeatureTable(
          lowLevel: try shapes.selection.showers().cut(below: shapes.threshold),
          incidentEnergies: shapes.incidentEnergies, voxels: shapes.selection.voxels)
      }
    }
    return ClassifierTest(input, reference: try table(geant4), generated: try table(other), seed: seed)
  }

  private func features(_ shapes: ShowerShapes) throws -> FeatureTable {
    let table = FeatureTable(highLevel: shapes, plane: plane)
    guard table.values.allSatisfy(\.isFinite) else {
      throw InputError(
        "\(shapes.selection.name): a layer has negative energy, of which there is no logarithm; use a voxel threshold")
    }
    return table
  }
}

extension ShowerShapes {
  /// The logarithms of the voxels of the first events, no more than neighbours are sought among.
  func logarithms() throws -> FeatureTable {
    FeatureTable(
      logarithmsOf: try selection.first(NearestNeighbours.mostEvents).showers().cut(below: threshold).map {
        max($0, 0)
      },
      voxels: selection.voxels)
  }
}
