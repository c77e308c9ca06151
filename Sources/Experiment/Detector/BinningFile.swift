extension VoxelGeometry {
  /// Reads a CaloChallenge binning file.
  ///
  /// - Parameters:
  ///   - path: The file's path.
  ///   - particle: The `name` of the bin to take; may be left out (nil) where the file has one.
  /// - Throws: `InputError` with the line.
  package init(xml path: String, particle: String? = nil) throws {
    try self.init(text: InputFile.bytes(of: path, "the voxel geometry"), file: path, particle: particle)
  }

  init(text: [UInt8], file: String, particle: String?) throws {
    var bins: [(name: String, layers: [(id: Int, alphaBins: Int, radialEdges: [Double])])] = []
    var line = 1
    func fail(_ reason: String) -> InputError { InputError("\(file):\(line): voxel geometry: \(reason)") }
    for element in try BinningElements(text, file: file) {
      line = element.line
      switch element.name {
      case "Bin": bins.append((element.attributes["name"] ?? "", []))
      case "Layer":
        guard !bins.isEmpty else { throw fail("a Layer outside of a Bin") }
        guard let id = element.attributes["id"].flatMap({ Int($0) }) else {
          throw fail("a Layer without a number 'id'")
        }
        guard let alpha = element.attributes["n_bin_alpha"].flatMap({ Int($0) }), Self.alphaBins.contains(alpha) else {
          throw fail("layer \(id) has no number of bins 'n_bin_alpha'")
        }
        let texts = (element.attributes["r_edges"] ?? "").split(separator: ",").map { $0.filter { $0 != " " } }
        let edges = texts.compactMap { Double($0) }
        guard edges.count == texts.count, Self.areAscending(edges) else {
          throw fail("layer \(id): 'r_edges' must be ascending numbers separated by commas")
        }
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
    if let flaw { throw InputError("\(file): voxel geometry: \(flaw)") }
  }
}
