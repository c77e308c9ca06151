import Calorimetry
import Experiment

/// CaloChallenge's high-level observables of one shower.
///
/// In a layer with voxels at (η, φ) = r · (cos α, sin α), taken in the middle of their bins (mm): the energy E; the
/// centres Ση·E_i/E, likewise of φ and r; the widths √(Ση²E_i/E - centre²), likewise in φ and r; the share of voxels
/// without energy, called sparsity. In η and φ they are of the layers that are divided in α.
/// - Source: CaloChallenge, arXiv:2410.21611; its public code, HighLevelFeatures and XMLHandler.
struct ShowerShape: Sendable {
  struct LayerShape: Sendable {
    var energy = 0.0
    /// The share of its voxels that have no energy.
    var sparsity = 0.0
    var centreEta = 0.0
    var centrePhi = 0.0
    var centreR = 0.0
    var widthEta = 0.0
    var widthPhi = 0.0
    var widthR = 0.0
  }

  var total = 0.0
  var layers: [LayerShape]

  /// - Parameters:
  ///   - shower: The voxels (MeV).
  ///   - plane: Where they lie.
  init(_ shower: ArraySlice<Float>, plane: VoxelPlane) {
    layers = plane.geometry.layers.map { layer in
      var shape = LayerShape()
      var (eta, phi, r) = (WeightedMoments(), WeightedMoments(), WeightedMoments())
      var filled = 0
      for voxel in layer.range {
        let energy = Double(shower[shower.startIndex + voxel])
        guard energy != 0 else { continue }
        shape.energy += energy
        if energy > 0 { filled += 1 }
        eta.add(plane.eta[voxel], energy)
        phi.add(plane.phi[voxel], energy)
        r.add(plane.r[voxel], energy)
      }
      shape.sparsity = 1 - Double(filled) / Double(layer.voxels)
      // As CaloChallenge has it: an empty layer has its centre on the axis.
      let energy = shape.energy + 1e-16
      (shape.centreEta, shape.widthEta) = eta.centreAndWidth(energy)
      (shape.centrePhi, shape.widthPhi) = phi.centreAndWidth(energy)
      (shape.centreR, shape.widthR) = r.centreAndWidth(energy)
      return shape
    }
    total = shower.reduce(0) { $0 + Double($1) }
  }
}

/// Σ x·E and Σ x²·E over the voxels of a layer.
private struct WeightedMoments {
  private var first = 0.0
  private var second = 0.0

  mutating func add(_ x: Double, _ energy: Double) {
    first += x * energy
    second += x * x * energy
  }

  func centreAndWidth(_ energy: Double) -> (Double, Double) {
    let centre = first / energy
    return (centre, max(second / energy - centre * centre, 0).squareRoot())
  }
}
