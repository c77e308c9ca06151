import Experiment
import Glibc

/// The middle of each voxel in the plane across the shower's axis (mm); α runs from -π to π.
struct VoxelPlane: Sendable {
  let geometry: VoxelGeometry
  let r: [Double]
  let eta: [Double]
  let phi: [Double]

  init(_ geometry: VoxelGeometry) {
    self.geometry = geometry
    let places = (0..<geometry.voxels).map { voxel in
      let (number, alpha, bin) = geometry.position(of: voxel)
      let layer = geometry.layers[number]
      let r = (layer.radialEdges[bin] + layer.radialEdges[bin + 1]) / 2
      let angle = Double.pi * ((2 * Double(alpha) + 1) / Double(layer.alphaBins) - 1)
      return (r: r, eta: r * cos(angle), phi: r * sin(angle))
    }
    r = places.map(\.r)
    eta = places.map(\.eta)
    phi = places.map(\.phi)
  }
}
