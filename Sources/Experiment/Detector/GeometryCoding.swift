extension VoxelGeometry {
  /// The name of the built-in detector that it is; nil for another one.
  package var builtIn: CaloChallenge? { CaloChallenge(voxels: voxels).flatMap { $0.geometry == self ? $0 : nil } }

  /// Bins in α that a layer may have; 0 as for none.
  static let alphaBins = 0...1_000_000

  static func areAscending(_ edges: [Double]) -> Bool {
    edges.allSatisfy(\.isFinite) && zip(edges, edges.dropFirst()).allSatisfy(<)
  }

  /// Why it is too large, as a clause; nil when it is not.
  var flaw: String? { Bounds.flaw("voxels", voxels, Bounds.voxels) }
}

/// The JSON is the name of a built-in detector, or the list of the layers of another one.
extension VoxelGeometry: Codable {
  package init(from decoder: any Decoder) throws {
    let values = try decoder.singleValueContainer()
    func refuse(_ what: String) -> DecodingError {
      DecodingError.dataCorruptedError(in: values, debugDescription: what)
    }
    if let name = try? values.decode(String.self) {
      guard let known = CaloChallenge(rawValue: name) else { throw refuse("there is no geometry '\(name)'") }
      self = known.geometry
      return
    }
    let layers = try values.decode([Layer].self)
    for layer in layers {
      guard Self.alphaBins.contains(layer.alphaBins), Self.areAscending(layer.radialEdges) else {
        throw refuse("layer \(layer.id) has no bins, or radii that do not ascend")
      }
    }
    self.init(layers: layers.map { ($0.id, $0.alphaBins, $0.radialEdges) })
    if let flaw = layers.isEmpty ? "no layer has voxels" : flaw { throw refuse(flaw) }
  }

  package func encode(to encoder: any Encoder) throws {
    var values = encoder.singleValueContainer()
    if let builtIn { try values.encode(builtIn.rawValue) } else { try values.encode(layers) }
  }
}
