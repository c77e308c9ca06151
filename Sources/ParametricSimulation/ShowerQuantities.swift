/// What is simulated of a shower, in this order: the total, each layer's energy, each voxel's; fractions of the kinetic
/// energy.
package struct ShowerQuantities: Hashable, Sendable {
  /// The voxels of each layer, one range after the other from 0 on.
  package let layers: [Range<Int>]

  package init(layers: [Range<Int>]) { self.layers = layers }

  /// The voxels of a shower.
  package var voxels: Int { layers.last?.upperBound ?? 0 }
  /// The number of quantities.
  package var count: Int { 1 + layers.count + voxels }
  /// The place of a layer's first voxel among the quantities, less the voxel's number.
  private var voxelOffset: Int { 1 + layers.count }

  /// Those of a shower; voxels below zero count as empty.
  package func values(of shower: ArraySlice<Float>) -> [Double] {
    let voxels = shower.map { max(0, Double($0)) }
    let sums = layers.map { voxels[$0].reduce(0, +) }
    return [sums.reduce(0, +)] + sums + voxels
  }

  /// The shower that has them: layers share the total as they are, voxels their layer's energy.
  /// - Parameters:
  ///   - value: Of a quantity.
  ///   - nearness: Of a voxel that is empty how near it is to being hit; the nearest takes a layer's energy if no voxel is.
  ///   - shower: As many numbers as voxels; replaced.
  func shower(
    _ value: (Int) -> Double, nearness: (Int) -> Double, into shower: UnsafeMutablePointer<Float>
  ) {
    let energies = layers.indices.map { value(1 + $0) }
    let sum = energies.reduce(0, +)
    let scale = sum > 0 ? value(0) / sum : 0
    for (layer, range) in layers.enumerated() {
      let energy = energies[layer] * scale
      var voxels = range.map { energy > 0 ? value(voxelOffset + $0) : 0 }
      if energy > 0, voxels.allSatisfy({ $0 == 0 }),
        let nearest = range.max(by: { nearness(voxelOffset + $0) < nearness(voxelOffset + $1) })
      {
        voxels[nearest - range.lowerBound] = 1
      }
      let factor = energy > 0 ? energy / voxels.reduce(0, +) : 0
      for (voxel, fraction) in zip(range, voxels) { shower[voxel] = Float(fraction * factor) }
    }
  }
}
