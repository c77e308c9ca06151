import Experiment
import FoundationEssentials

/// How a calorimeter's showers are binned: layers, in each α around the shower's axis, and the distance r from it.
///
/// Voxels are numbered by layer, then α, then r fastest: `offset + alpha * radialBins + r`. CaloChallenge,
/// arXiv:2410.21611.
package struct VoxelGeometry: Hashable, Sendable {
  /// A layer that has voxels.
  package struct Layer: Hashable, Sendable {
    /// The detector's number of the layer.
    package let id: Int
    /// The number of equal bins in α, at least 1.
    package let alphaBins: Int
    /// The edges of the bins in r (mm), ascending, one more than there are bins.
    package let radialEdges: [Double]
    /// The number of its first voxel.
    package let offset: Int

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
  init(layers: [(id: Int, alphaBins: Int, radialEdges: [Double])]) {
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
}

extension VoxelGeometry {
  /// Reads a CaloChallenge binning file.
  ///
  /// - Parameters:
  ///   - path: The file's path.
  ///   - particle: The `name` of the bin to take; may be left out (nil) where the file has one.
  /// - Throws: `InputError` with the line.
  package init(xml path: String, particle: String? = nil) throws {
    let text: [UInt8]
    do {
      text = Array(try Data(contentsOf: URL(filePath: path)))
    } catch {
      throw InputError("\(path): reading the voxel geometry: the file cannot be read")
    }
    try self.init(text: text, file: path, particle: particle)
  }

  init(text: [UInt8], file: String, particle: String?) throws {
    var bins: [(name: String, layers: [(id: Int, alphaBins: Int, radialEdges: [Double])])] = []
    var line = 1
    func fail(_ reason: String) -> InputError { InputError("\(file):\(line): voxel geometry: \(reason)") }
    for element in try XMLElements(text, file: file) {
      line = element.line
      switch element.name {
      case "Bin": bins.append((element.attributes["name"] ?? "", []))
      case "Layer":
        guard !bins.isEmpty else { throw fail("a Layer outside of a Bin") }
        guard let id = element.attributes["id"].flatMap({ Int($0) }) else {
          throw fail("a Layer without a number 'id'")
        }
        guard let alpha = element.attributes["n_bin_alpha"].flatMap({ Int($0) }), (0...1_000_000).contains(alpha) else {
          throw fail("layer \(id) has no number of bins 'n_bin_alpha'")
        }
        let texts = (element.attributes["r_edges"] ?? "").split(separator: ",").map { $0.filter { $0 != " " } }
        let edges = texts.compactMap { Double($0) }
        guard edges.count == texts.count, edges.allSatisfy(\.isFinite), zip(edges, edges.dropFirst()).allSatisfy(<)
        else { throw fail("layer \(id): 'r_edges' must be ascending numbers separated by commas") }
        bins[bins.count - 1].layers.append((id, alpha, edges))
      default: break
      }
    }
    let names = bins.map(\.name)
    guard let bin = particle.map({ name in bins.first { $0.name == name } }) ?? (bins.count == 1 ? bins[0] : nil) else {
      throw InputError(
        "\(file): voxel geometry: "
          + (bins.isEmpty
            ? "no Bin element; this is not a CaloChallenge binning file"
            : "name the particle to take, one of \(names.joined(separator: ", "))"))
    }
    self.init(layers: bin.layers)
    if layers.isEmpty { throw InputError("\(file): voxel geometry: no layer has voxels") }
  }
}
