package import Experiment
import HDF5
import Storage

/// A prepared dataset in memory: the Geant4 events that a run trains on and is compared with.
package struct PreparedDataset: Sendable {
  /// All of it but the showers.
  package let catalogue: EventCatalogue
  /// `[events, voxels]`, MeV.
  package let showers: [Float]

  /// What jobs record of it: energies, counts and the SHA-256 of its content.
  package var description: DatasetDescription { catalogue.description }
  /// The incident energy of each event (MeV).
  package var incidentEnergies: [Float] { catalogue.incidentEnergies }
  /// The number of the energy of each event, an index of `description.energies`.
  package var energyIndex: [Int] { catalogue.energyIndex }
  /// The kinetic energy of each event (MeV): what a generated fraction is multiplied with.
  package var kineticEnergies: [Double] { catalogue.kineticEnergies }
  /// The number of events, of all energies together.
  package var events: Int { incidentEnergies.count }
  /// The voxels of a shower.
  package var voxels: Int { description.voxels }

  /// Reads a file that `prepare` made, and checks its content.
  ///
  /// - Parameter path: Where the file is; it becomes the description's path.
  /// - Throws: `HDF5Error`, or `InputError` when it is not a prepared dataset or was changed since.
  package init(reading path: String) throws {
    let file = try ShowerFile(reading: path)
    guard let recorded = try file.attribute("sha256") else {
      throw InputError("\(path): this is not a prepared dataset; make one from it with 'qcalo dataset prepare'")
    }
    let incidentEnergies = try file.incidentEnergies()
    let kind = try file.kind()
    let groups = EnergyGroups(incidentEnergies, in: kind.bins)
    let perEnergy = groups.counts.first ?? 0
    guard perEnergy > 0, groups.counts.allSatisfy({ $0 == perEnergy }), !groups.index.contains(-1) else {
      throw InputError(
        "\(path): this is not a prepared dataset: its energies have unequal numbers of events: \(groups.summary)")
    }
    showers = try file.showers(0..<file.events)
    var content = ContentHash(
      energies: groups.energies, eventsPerEnergy: perEnergy, skipped: Int(try file.attribute("skipped") ?? "0") ?? 0,
      voxels: file.voxels, kind: kind)
    content.update(incidentEnergies)
    content.update(showers)
    var description = DatasetDescription(
      path: path, sha256: content.hexDigest(), energies: groups.energies, eventsPerEnergy: perEnergy,
      voxels: file.voxels, kind: kind)
    var oddities = EventOddities()
    oddities.add(showers, voxels: file.voxels)
    oddities.mergedEnergies = groups.merged(in: groups.energies.indices)
    description.oddities = oddities
    catalogue = EventCatalogue(
      description: description, incidentEnergies: incidentEnergies, energyIndex: groups.index)
    guard description.sha256 == recorded else {
      throw InputError(
        "\(path): the content does not have the SHA-256 that was recorded when it was prepared (\(recorded) then, "
          + "\(description.sha256) now): it is damaged or was changed; prepare it again")
    }
  }

  /// The showers as fractions of the kinetic energy, `[events, voxels]`: what is trained on.
  package var fractions: [Float] {
    let kinetic = kineticEnergies
    var fractions = showers
    for event in 0..<events {
      for voxel in event * voxels..<(event + 1) * voxels {
        fractions[voxel] = Float(Double(showers[voxel]) / kinetic[event])
      }
    }
    return fractions
  }

  /// The energy label of each event.
  package var labels: [Float] { catalogue.labels }

  /// E_tot of each event (GeV), at the energy that stands for its bin where there are bins.
  package var totals: [Double] { catalogue.totals(of: showers) }
}

/// SHA-256 of a prepared dataset's content: its selection and kind as a line of text, then the incident energies and the
/// showers as little-endian float32.
struct ContentHash {
  private var hash = SHA256()

  init(energies: [Double], eventsPerEnergy: Int, skipped: Int, voxels: Int, kind: ShowerKind) {
    let selection = skipped == 0 ? "\(eventsPerEnergy)" : "\(eventsPerEnergy) after \(skipped)"
    hash.update(
      "qcalo dataset: energies \(energies), events \(selection), voxels \(voxels)\(kind.departures)\n".utf8)
  }

  mutating func update(_ values: [Float]) {
    let stored = UInt32(1).littleEndian == 1 ? values : values.map { Float(bitPattern: $0.bitPattern.littleEndian) }
    stored.withUnsafeBytes { hash.update($0) }
  }

  func hexDigest() -> String { hash.hexDigest() }
}
