import Glibc

/// CaloChallenge's high-level observables of one shower.
///
/// In a layer with voxels at (η, φ) = r · (cos α, sin α), taken in the middle of their bins (mm): the energy E; the
/// centres Ση·E_i/E and Σφ·E_i/E; the widths √(Ση²E_i/E - centre²), likewise in φ; the share of voxels with energy,
/// called sparsity. The centres and widths are of the layers that are divided in α.
/// - Source: CaloChallenge, arXiv:2410.21611; its public code, HighLevelFeatures and XMLHandler.
struct ShowerShape: Sendable {
  struct LayerShape: Sendable {
    var energy = 0.0
    /// The share of its voxels that have energy.
    var filled = 0.0
    var centreEta = 0.0
    var centrePhi = 0.0
    var widthEta = 0.0
    var widthPhi = 0.0
  }

  var total = 0.0
  var layers: [LayerShape]

  /// - Parameters:
  ///   - shower: The voxels (MeV).
  ///   - plane: Where they lie.
  init(_ shower: ArraySlice<Float>, plane: VoxelPlane) {
    layers = plane.geometry.layers.map { layer in
      var shape = LayerShape()
      var (eta, phi, eta2, phi2) = (0.0, 0.0, 0.0, 0.0)
      for voxel in layer.range {
        let energy = Double(shower[shower.startIndex + voxel])
        guard energy != 0 else { continue }
        let (x, y) = (plane.eta[voxel], plane.phi[voxel])
        shape.energy += energy
        if energy > 0 { shape.filled += 1 }
        eta += x * energy
        phi += y * energy
        eta2 += x * x * energy
        phi2 += y * y * energy
      }
      shape.filled /= Double(layer.voxels)
      // As CaloChallenge has it: an empty layer has its centre on the axis.
      let energy = shape.energy + 1e-16
      (shape.centreEta, shape.centrePhi) = (eta / energy, phi / energy)
      shape.widthEta = max(eta2 / energy - shape.centreEta * shape.centreEta, 0).squareRoot()
      shape.widthPhi = max(phi2 / energy - shape.centrePhi * shape.centrePhi, 0).squareRoot()
      return shape
    }
    total = shower.reduce(0) { $0 + Double($1) }
  }
}

/// The middle of each voxel in the plane across the shower's axis (mm); α runs from -π to π.
struct VoxelPlane: Sendable {
  let geometry: VoxelGeometry
  let eta: [Double]
  let phi: [Double]

  init(_ geometry: VoxelGeometry) {
    self.geometry = geometry
    let places = (0..<geometry.voxels).map { voxel in
      let (number, alpha, bin) = geometry.position(of: voxel)
      let layer = geometry.layers[number]
      let r = (layer.radialEdges[bin] + layer.radialEdges[bin + 1]) / 2
      let angle = Double.pi * ((2 * Double(alpha) + 1) / Double(layer.alphaBins) - 1)
      return (eta: r * cos(angle), phi: r * sin(angle))
    }
    eta = places.map(\.eta)
    phi = places.map(\.phi)
  }
}

/// The shapes of a file's showers.
struct ShowerShapes: Sendable {
  let path: String
  let threshold: Float
  let voxels: Int
  var incidentEnergies: [Float] = []
  var shapes: [ShowerShape] = []
  /// The energy of the voxel with most (MeV).
  var greatestVoxel: Float = 0

  /// - Parameters:
  ///   - path: The file's path.
  ///   - plane: Where the voxels lie.
  ///   - threshold: Voxels with less energy (MeV) count as empty.
  /// - Throws: `HDF5Error`; `InputError` when the voxels are not the plane's, or the shapes do not fit.
  init(reading path: String, plane: VoxelPlane, threshold: Float) throws {
    let file = try ShowerFile(reading: path)
    self.path = path
    self.threshold = threshold
    voxels = file.voxels
    try plane.geometry.require(voxels: voxels, of: path)
    incidentEnergies = try file.incidentEnergies()
    for block in file.blocks() {
      let showers = Self.cut(try file.showers(block), threshold)
      greatestVoxel = max(greatestVoxel, showers.max() ?? 0)
      for start in stride(from: 0, to: showers.count, by: voxels) {
        shapes.append(ShowerShape(showers[start..<start + voxels], plane: plane))
      }
    }
  }

  /// Counts all voxels by energy; the file is read once more.
  func voxelCounts(_ binning: Binning) throws -> [Int] {
    let file = try ShowerFile(reading: path)
    var counts = [Int](repeating: 0, count: binning.edges.count - 1)
    for block in file.blocks() {
      let showers = Self.cut(try file.showers(block), threshold)
      for (bin, count) in binning.counts(showers.lazy.map { Double($0) }).enumerated() { counts[bin] += count }
    }
    return counts
  }

  private static func cut(_ showers: [Float], _ threshold: Float) -> [Float] {
    threshold <= 0 ? showers : showers.map { $0 < threshold ? 0 : $0 }
  }
}
