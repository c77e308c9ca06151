/// What showers are of, in which detector, and how their incident energies are told apart: all that a dataset says beyond
/// its events.
package struct ShowerKind: Hashable, Sendable {
  /// The particle that made them.
  package var particle: Particle
  /// How the voxels lie; nil for CaloChallenge's detector with as many.
  package var geometry: VoxelGeometry?
  /// The bins of incident energy; nil for discrete energies.
  package var bins: EnergyBins?

  /// Pions of discrete energies in CaloChallenge's detector, unless other is said.
  package init(particle: Particle = .pion, geometry: VoxelGeometry? = nil, bins: EnergyBins? = nil) {
    (self.particle, self.geometry, self.bins) = (particle, geometry, bins)
  }

  /// How voxels lie of which there are so many; nil where nothing is said and CaloChallenge has no such detector.
  package func geometry(voxels: Int) -> VoxelGeometry? { geometry ?? .usual(voxels: voxels) }

  /// What differs from pions of discrete energies, for identities and hashes: `, particle photon, energy bins [1.0, 2.0]`.
  ///
  /// A built-in geometry follows from the number of voxels, so it is left out.
  package var departures: String {
    var text = particle == .pion ? "" : ", particle \(particle.rawValue)"
    if let bins { text += ", energy bins \(bins.edges)" }
    if let geometry, geometry.builtIn == nil {
      text += ", layers \(geometry.layers.map { "\($0.id) \($0.alphaBins) \($0.radialEdges)" })"
    }
    return text
  }
}

extension DatasetDescription {
  /// What the showers are of, where, and at which energies.
  package var kind: ShowerKind {
    get { ShowerKind(particle: particle ?? .pion, geometry: geometry, bins: energyBins) }
    set {
      particle = newValue.particle == .pion ? nil : newValue.particle
      // A built-in one follows from the number of voxels.
      geometry = newValue.geometry?.builtIn == nil ? newValue.geometry : nil
      energyBins = newValue.bins
    }
  }

  /// A sentence where the voxels are those of another particle's showers; nil where nothing is odd.
  package var remark: String? {
    guard let known = CaloChallenge(voxels: voxels), geometry == nil, known.particle != kind.particle,
      !(known == .pionsOfDatasetOne && kind.particle == .proton)
    else { return nil }
    return
      "\(voxels) voxels are those of \(known.rawValue), which has showers of \(known.particle.rawValue)s, but these are "
      + "taken for a \(kind.particle.rawValue)'s; dataset.particle says whose they are"
  }
}

extension DatasetRequest {
  /// What the showers are of, where, and at which energies.
  package var kind: ShowerKind {
    get { ShowerKind(particle: particle ?? .pion, geometry: geometry, bins: energyBins) }
    set {
      particle = newValue.particle == .pion ? nil : newValue.particle
      (geometry, energyBins) = (newValue.geometry, newValue.bins)
    }
  }
}
