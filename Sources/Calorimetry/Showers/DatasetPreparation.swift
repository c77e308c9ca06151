package import Experiment
import Glibc
import HDF5
import Storage

/// A selection from a source file: the first events of some incident energies, in file order.
package struct DatasetPreparation: Sendable {
  /// A file in the CaloChallenge layout.
  package var source: String
  /// The incident energies to take (MeV); of bins their middles.
  package var energies: [Double]
  /// The events to take of each energy, once `skip` are passed over.
  package var eventsPerEnergy: Int
  /// So many events of each energy are passed over first: for events that were not trained on.
  package var skip: Int
  /// What the showers are of, where, and at which energies.
  package var kind: ShowerKind
  /// About so many voxels are in memory at once.
  var blockSize = 1 << 21

  /// - Parameters:
  ///   - source: A file in the CaloChallenge layout.
  ///   - energies: The incident energies to take (MeV); not looked at where the kind has bins: all of these are taken.
  ///   - eventsPerEnergy: The events to take of each.
  ///   - skip: The events of each to pass over first.
  ///   - kind: What the showers are of, where, and at which energies; pions of discrete energies if not given.
  package init(
    source: String, energies: [Double], eventsPerEnergy: Int, skip: Int = 0, kind: ShowerKind = .init()
  ) {
    self.source = source
    self.energies = kind.bins?.middles ?? energies
    self.eventsPerEnergy = eventsPerEnergy
    self.skip = skip
    self.kind = kind
  }

  /// The voxels of a shower of the source, once it is known to have the events asked for; no shower is read.
  /// - Throws: `HDF5Error`; `InputError` when the source has not the events asked for.
  package func check() throws -> Int {
    let file = try ShowerFile(reading: source)
    if let geometry = kind.geometry { try geometry.require(voxels: file.voxels, of: source) }
    _ = try choose(from: EnergyGroups(try file.incidentEnergies(), in: kind.bins))
    return file.voxels
  }

  /// Writes the selected events to a file in the same layout, with where they come from as attributes.
  ///
  /// The source is read block by block, and only those blocks that hold selected events; of its events only the
  /// incident energies are held in memory. The file appears when it is complete. The same selection gives the same
  /// bytes.
  ///
  /// - Throws: `HDF5Error`; `StorageError`; `InputError` when the source has not the events asked for.
  package func write(to output: String) throws -> DatasetDescription {
    let file = try ShowerFile(reading: source)
    guard !Self.same(source, output) else {
      throw InputError("\(output): this is the source itself; choose another file for the prepared events")
    }
    if let geometry = kind.geometry { try geometry.require(voxels: file.voxels, of: source) }
    let incident = try file.incidentEnergies()
    let groups = EnergyGroups(incident, in: kind.bins)
    let chosen = try choose(from: groups)
    let selected = try select(chosen, from: groups)
    let incidentEnergies = selected.map { incident[$0] }
    // As whoever reads the output will find them: a group's least value need not be among its selected events.
    let kept = EnergyGroups(incidentEnergies, in: kind.bins)
    let energies = kept.energies
    guard energies.count == chosen.count else {
      throw InputError(
        "\(source): \(energyNames(chosen.map { groups.energies[$0] })) MeV: the selected events do not tell these energies "
          + "apart; leave one out")
    }
    var content = ContentHash(
      energies: energies, eventsPerEnergy: eventsPerEnergy, skipped: skip, voxels: file.voxels, kind: kind)
    content.update(incidentEnergies)
    var oddities = EventOddities()
    oddities.mergedEnergies = kept.merged(in: energies.indices)
    try DurableFile.write(to: output, shared: true) { aside in
      var writer = try ShowerFileWriter(creating: aside, events: selected.count, voxels: file.voxels)
      var next = 0
      for block in file.blocks(of: blockSize) {
        let taken = selected[next...].prefix { block.contains($0) }
        guard !taken.isEmpty else { continue }
        let showers = try file.showers(block)
        var rows: [Float] = []
        rows.reserveCapacity(taken.count * file.voxels)
        for event in taken {
          let row = showers[(event - block.lowerBound) * file.voxels..<(event - block.lowerBound + 1) * file.voxels]
          guard row.allSatisfy(\.isFinite) else {
            throw InputError("\(source): event \(event) has a voxel that is not a finite number; repair the source")
          }
          rows += row
        }
        content.update(rows)
        oddities.add(rows, voxels: file.voxels)
        try writer.append(incidentEnergies: taken.map { incident[$0] }, showers: rows)
        next = taken.endIndex
      }
      try writer.setAttribute("source", Self.name(of: source))
      try writer.setAttribute("source_sha256", try InputFile.digest(of: source))
      try writer.setAttribute("selection", selection(energies))
      if skip > 0 { try writer.setAttribute("skipped", String(skip)) }
      try writer.setAttributes(of: kind)
      if !oddities.sentences.isEmpty {
        try writer.setAttribute("oddities", oddities.sentences.joined(separator: "; "))
      }
      try writer.setAttribute("sha256", content.hexDigest())
      try writer.close()
    }
    var description = DatasetDescription(
      path: output, sha256: content.hexDigest(), energies: energies, eventsPerEnergy: eventsPerEnergy,
      voxels: file.voxels, kind: kind)
    description.oddities = oddities
    return description
  }

  /// The groups of the energies asked for, ascending.
  private func choose(from groups: EnergyGroups) throws -> [Int] {
    guard !energies.isEmpty else { throw InputError("energies: name at least one incident energy") }
    guard eventsPerEnergy > 0 else { throw InputError("events: \(eventsPerEnergy) is not a number of events") }
    guard skip >= 0 else { throw InputError("skip: \(skip) is not a number of events") }
    var chosen: Set<Int> = []
    for energy in energies {
      guard let group = groups.group(of: energy) else {
        throw InputError(
          "\(source): there are no events \(name(of: energy)); the file has \(groups.summary)\(Self.unit(energy, groups))"
        )
      }
      guard chosen.insert(group).inserted else {
        throw InputError("energies: \(energyName(energy)) MeV is named twice")
      }
      guard groups.counts[group] - skip >= eventsPerEnergy else {
        throw InputError(
          "\(source): there are \(groups.counts[group]) events \(name(of: energy)), too few for "
            + "\(eventsPerEnergy)" + (skip > 0 ? " after the first \(skip)" : ""))
      }
    }
    return chosen.sorted()
  }

  /// "; energies are in MeV: did you mean 65536?" of 65.536 and of 65.536e9.
  private static func unit(_ energy: Double, _ groups: EnergyGroups) -> String {
    let meant = [1e3, 1e-3, 1e-6].lazy.compactMap { groups.group(of: energy * $0) }.first
    return meant.map { "; energies are in MeV: did you mean \(energyName(groups.energies[$0]))?" } ?? ""
  }

  /// "of 65536 MeV", "of 1000 to 10000 MeV".
  private func name(of energy: Double) -> String {
    guard let bins = kind.bins, let bin = bins.bin(of: energy) else { return "of \(energyName(energy)) MeV" }
    return "of \(energyNames(Array(bins.edges[bin...bin + 1]), separator: " to ")) MeV"
  }

  /// The numbers of the selected events, in file order.
  private func select(_ chosen: [Int], from groups: EnergyGroups) throws -> [Int] {
    var seen = [Int](repeating: 0, count: groups.energies.count)
    let wanted = Set(chosen)
    return groups.index.indices.filter { event in
      let group = groups.index[event]
      guard wanted.contains(group) else { return false }
      seen[group] += 1
      return skip < seen[group] && seen[group] <= skip + eventsPerEnergy
    }
  }

  private func selection(_ energies: [Double]) -> String {
    let list = kind.bins.map { "the bins between \(energyNames($0.edges))" } ?? energyNames(energies)
    let which = skip == 0 ? "the first \(eventsPerEnergy) events" : "\(eventsPerEnergy) events after the first \(skip)"
    return "\(which) of each of \(list) MeV, in file order"
  }

  private static func name(of path: String) -> String { String(path.split(separator: "/").last ?? "") }

  private static func same(_ a: String, _ b: String) -> Bool {
    var (one, other) = (stat(), stat())
    return stat(a, &one) == 0 && stat(b, &other) == 0 && one.st_dev == other.st_dev && one.st_ino == other.st_ino
  }
}
