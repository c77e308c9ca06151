/// How a calorimeter's showers are binned: layers, in each α around the shower's axis, and the distance r from it.
///
/// Voxels are numbered by layer, then α, then r fastest: `offset + alpha * radialBins + r`. CaloChallenge,
/// arXiv:2410.21611.
package struct VoxelGeometry: Hashable, Sendable {
  /// A layer that has voxels.
  package struct Layer: Codable, Hashable, Sendable {
    /// The detector's number of the layer.
    package let id: Int
    /// The number of equal bins in α, at least 1.
    package let alphaBins: Int
    /// The edges of the bins in r (mm), ascending, one more than there are bins.
    package let radialEdges: [Double]
    /// The number of its first voxel.
    package let offset: Int

    /// - Parameters:
    ///   - id: The detector's number of the layer.
    ///   - alphaBins: The number of equal bins in α.
    ///   - radialEdges: The edges of the bins in r (mm), ascending.
    ///   - offset: The number of its first voxel.
    package init(id: Int, alphaBins: Int, radialEdges: [Double], offset: Int) {
      (self.id, self.alphaBins, self.radialEdges, self.offset) = (id, alphaBins, radialEdges, offset)
    }

    /// The number of bins in r, at least 1.
    package var radialBins: Int { radialEdges.count - 1 }
    /// The voxels of a shower that lie in it.
    package var voxels: Int { alphaBins * radialBins }
    /// The numbers of its voxels.
    package var range: Range<Int> { offset..<offset + voxels }
  }

  /// The layers that have voxels, in the order of their voxels.
  package let layers: [Layer]

  /// All voxels of a shower.
  package var voxels: Int { layers.last?.range.upperBound ?? 0 }

  /// Lays out layers one after the other; those with fewer than two edges have no voxels and are left out.
  package init(layers: [(id: Int, alphaBins: Int, radialEdges: [Double])]) {
    var offset = 0
    self.layers = layers.filter { $0.radialEdges.count > 1 && $0.alphaBins > 0 }.map { id, alphaBins, radialEdges in
      let layer = Layer(id: id, alphaBins: alphaBins, radialEdges: radialEdges, offset: offset)
      offset += layer.voxels
      return layer
    }
  }

  /// The number of a voxel.
  /// - Precondition: There is such a layer (counted from 0 among `layers`), bin in α and bin in r.
  package func voxel(layer: Int, alpha: Int, r: Int) -> Int {
    let layer = layers[layer]
    precondition(
      (0..<layer.alphaBins).contains(alpha) && (0..<layer.radialBins).contains(r),
      "layer \(layer.id): no bin (\(alpha), \(r)) of \(layer.alphaBins) × \(layer.radialBins)")
    return layer.offset + alpha * layer.radialBins + r
  }

  /// Where a voxel is: its layer (counted from 0 among `layers`) and its bins in α and r.
  /// - Precondition: `voxel` is in `0..<voxels`.
  package func position(of voxel: Int) -> (layer: Int, alpha: Int, r: Int) {
    precondition((0..<voxels).contains(voxel), "voxel \(voxel) of \(voxels)")
    let index = layers.lastIndex { $0.offset <= voxel }!
    let (alpha, r) = (voxel - layers[index].offset).quotientAndRemainder(dividingBy: layers[index].radialBins)
    return (index, alpha, r)
  }
}
