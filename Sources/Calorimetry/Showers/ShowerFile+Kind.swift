package import Experiment
import FoundationEssentials

// What showers are of, as attributes of a file; a file without them has pions of discrete energies.

extension ShowerFile {
  /// What the showers are of, where, and at which energies, as far as the file says it.
  /// - Throws: `HDF5Error`; `InputError` for attributes that say nothing known.
  package borrowing func kind() throws -> ShowerKind {
    var kind = ShowerKind()
    func value<Value: Decodable>(_ name: String, _ text: String) throws -> Value {
      do {
        return try CanonicalJSON.value(from: Data(text.utf8))
      } catch let error as DecodingError {
        throw InputError("\(path): its attribute '\(name)' is unknown: \(error.explanation)")
      }
    }
    if let name = try attribute("particle") {
      guard let particle = Particle(rawValue: name) else {
        throw InputError("\(path): its attribute 'particle' names no known particle: '\(name)'")
      }
      kind.particle = particle
    }
    kind.geometry = try attribute("geometry").map { try value("geometry", $0) }
    kind.bins = try attribute("energy_bins").map { try value("energy_bins", $0) }
    if let geometry = kind.geometry { try geometry.require(voxels: voxels, of: path) }
    return kind
  }
}

extension ShowerKind {
  /// What `ShowerFile.kind` reads, by name; nothing for what is as usual.
  package var attributes: [String: String] {
    get throws {
      var attributes: [String: String] = [:]
      if particle != .pion { attributes["particle"] = particle.rawValue }
      if let geometry, geometry.builtIn == nil {
        attributes["geometry"] = String(decoding: try CanonicalJSON.data(geometry), as: UTF8.self)
      }
      if let bins { attributes["energy_bins"] = String(decoding: try CanonicalJSON.data(bins), as: UTF8.self) }
      return attributes
    }
  }
}

extension ShowerFileWriter {
  borrowing func setAttributes(of kind: ShowerKind) throws {
    for (name, value) in try kind.attributes.sorted(by: { $0.key < $1.key }) { try setAttribute(name, value) }
  }
}

extension VoxelGeometry {
  /// A check that showers have its voxels.
  /// - Throws: `InputError` when they have others.
  package func require(voxels: Int, of path: String) throws {
    guard voxels == self.voxels else {
      throw InputError(
        "\(path): the showers have \(voxels) voxels, the geometry \(self.voxels); name the detector or the binning file "
          + "that they were made with (--geometry, dataset.geometry)")
    }
  }
}
