import Calorimetry
import Experiment

/// The shapes of some showers.
struct ShowerShapes: Sendable {
  let selection: ShowerSelection
  let threshold: Double
  var shapes: [ShowerShape] = []
  /// The energy of the voxel with most (MeV).
  var greatestVoxel: Float = 0

  var count: Int { shapes.count }
  var incidentEnergies: [Float] { selection.incidentEnergies }

  /// - Parameters:
  ///   - selection: The showers.
  ///   - plane: Where the voxels lie.
  ///   - threshold: Voxels with less energy (MeV) count as empty.
  /// - Throws: `HDF5Error`; `InputError` when the voxels are not the plane's, or one is not finite.
  init(_ selection: ShowerSelection, plane: VoxelPlane, threshold: Double) throws {
    self.selection = selection
    self.threshold = threshold
    try plane.geometry.require(voxels: selection.voxels, of: selection.name)
    let voxels = selection.voxels
    try selection.each { [threshold] _, showers in
      let showers = showers.cut(below: threshold)
      greatestVoxel = max(greatestVoxel, showers.max() ?? 0)
      for start in stride(from: 0, to: showers.count, by: voxels) {
        let shape = ShowerShape(showers[start..<start + voxels], plane: plane)
        guard shape.total.isFinite else {
          throw InputError("\(selection.name): a voxel is not a finite number; metrics are not defined with it")
        }
        shapes.append(shape)
      }
    }
  }

  /// Counts all voxels by energy; a file is read once more.
  func voxelCounts(_ binning: Binning) throws -> [Int] {
    var counts = [Int](repeating: 0, count: binning.edges.count - 1)
    try selection.each { _, showers in
      let showers = showers.cut(below: threshold)
      for (bin, count) in binning.counts(showers.lazy.map { Double($0) }).enumerated() { counts[bin] += count }
    }
    return counts
  }
}

extension [Float] {
  /// The showers, voxels with less energy (MeV) than the threshold emptied.
  func cut(below threshold: Double) -> [Float] {
    let threshold = Float(threshold)
    return threshold <= 0 ? self : map { $0 < threshold ? 0 : $0 }
  }
}
