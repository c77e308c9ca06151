package import Experiment

/// Events of a file, or of the memory, that something is computed of: all of them or some, in their order.
package struct ShowerSelection: Sendable {
  private enum Origin: Sendable {
    case file(String)
    /// `[events, voxels]`, MeV.
    case memory([Float])
  }

  private let origin: Origin
  /// The voxels of a shower.
  package let voxels: Int
  /// The incident energy of each event (MeV).
  package private(set) var incidentEnergies: [Float]
  /// What the showers are of; its bins are those by which events are told apart, and beyond them there is none.
  package private(set) var kind: ShowerKind
  /// The number of each event in the file or in the memory, ascending.
  private(set) var events: [Int]

  /// How many events there are.
  package var count: Int { events.count }

  /// All events of a file in the CaloChallenge layout.
  /// - Throws: `HDF5Error`; `InputError` when the shapes do not fit, there are no events, or an incident energy is not
  ///   positive.
  package init(reading path: String) throws {
    let file = try ShowerFile(reading: path)
    guard file.events > 0 else { throw InputError("\(path): there are no events in it") }
    origin = .file(path)
    voxels = file.voxels
    kind = try file.kind()
    incidentEnergies = try file.incidentEnergies()
    events = Array(0..<file.events)
    if let event = incidentEnergies.firstIndex(where: { !($0 > 0 && $0.isFinite) }) {
      throw InputError("\(path): the incident energy of event \(event) is not a positive number")
    }
    try bin(by: kind.bins)
  }

  /// The same told apart by other bins of incident energy, without the events beyond them; nil for discrete energies.
  /// - Throws: `InputError` when all events are beyond them.
  package func binned(_ bins: EnergyBins?) throws -> ShowerSelection {
    var binned = self
    try binned.bin(by: bins)
    return binned
  }

  private mutating func bin(by bins: EnergyBins?) throws {
    kind.bins = bins
    guard let bins else { return }
    let energies = incidentEnergies
    keep { bins.bin(of: Double(energies[$0])) != nil }
    guard count > 0 else {
      throw InputError(
        "\(name): none of its events has an incident energy in the bins between \(energyNames(bins.edges)) MeV")
    }
  }

  /// The incident energies that are taken for the same as another one; none in bins, where that is meant.
  package var oddities: EventOddities {
    var oddities = EventOddities()
    let groups = groups
    if kind.bins == nil { oddities.mergedEnergies = groups.merged(in: groups.energies.indices) }
    return oddities
  }

  /// The events by incident energy or bin.
  var groups: EnergyGroups { EnergyGroups(incidentEnergies, in: kind.bins) }

  /// Those events of a source that are of a prepared dataset's energies but not in it: that were not trained on.
  /// - Throws: As `init(reading:)`; `InputError` when the dataset was not prepared from this source, or holds all
  ///   events of an energy.
  package init(of source: String, heldOutFrom dataset: String) throws {
    let prepared = try ShowerFile(reading: dataset)
    let kind = try prepared.kind()
    let selected = EnergyGroups(try prepared.incidentEnergies(), in: kind.bins)
    guard let recorded = try prepared.attribute("source_sha256"), try recorded == InputFile.digest(of: source)
    else {
      throw InputError("\(source): this is not the source that \(dataset) was prepared from")
    }
    let said = try prepared.attribute("skipped") ?? "0"
    guard let skipped = Int(said), (0...ShowerFile.eventLimit).contains(skipped) else {
      throw InputError("\(dataset): its attribute 'skipped' is no number of events: '\(said)'; prepare it again")
    }
    self = try ShowerSelection(reading: source).binned(kind.bins)
    self.kind = kind
    let groups = groups
    var seen = [Int](repeating: 0, count: groups.energies.count)
    var taken = seen
    keep { position in
      let number = groups.index[position]
      defer { seen[number] += 1 }
      guard let group = selected.group(of: groups.energies[number]),
        !(skipped..<skipped + selected.counts[group]).contains(seen[number])
      else { return false }
      taken[number] += 1
      return true
    }
    guard !selected.energies.isEmpty else {
      throw InputError("\(dataset): it has no events of a positive incident energy; prepare it again")
    }
    guard taken.count(where: { $0 > 0 }) == selected.energies.count else {
      throw InputError("\(source): \(dataset) holds all of its events of an energy; none are left to compare with")
    }
  }

  /// Events that are in the memory.
  /// - Parameters:
  ///   - incidentEnergies: MeV, one for each event.
  ///   - showers: MeV, `[events, voxels]`.
  ///   - voxels: The voxels of a shower.
  ///   - kind: What they are of; pions of discrete energies if not given.
  package init(incidentEnergies: [Float], showers: [Float], voxels: Int, kind: ShowerKind = .init()) {
    precondition(
      showers.count == incidentEnergies.count * voxels, "\(showers.count) values are not [events, \(voxels)]")
    origin = .memory(showers)
    self.voxels = voxels
    self.incidentEnergies = incidentEnergies
    self.kind = kind
    events = Array(incidentEnergies.indices)
  }

  private mutating func keep(_ isKept: (_ position: Int) -> Bool) {
    let kept = events.indices.filter(isKept)
    (events, incidentEnergies) = (kept.map { events[$0] }, kept.map { incidentEnergies[$0] })
  }

  /// The events at some positions, ascending.
  package func events(at positions: some Sequence<Int>) -> ShowerSelection {
    var part = self
    part.events = positions.map { events[$0] }
    part.incidentEnergies = positions.map { incidentEnergies[$0] }
    precondition(zip(part.events, part.events.dropFirst()).allSatisfy(<), "the positions do not ascend")
    return part
  }

  /// The first events of each incident energy, as many as `most` has of it, or all if it has more.
  package func first(asManyAs most: ShowerSelection) -> ShowerSelection {
    let (groups, others) = (groups, EnergyGroups(most.incidentEnergies, in: kind.bins))
    let limits = groups.energies.map { energy in others.group(of: energy).map { others.counts[$0] } ?? 0 }
    var seen = [Int](repeating: 0, count: limits.count)
    return events(
      at: events.indices.filter { position in
        seen[groups.index[position]] += 1
        return seen[groups.index[position]] <= limits[groups.index[position]]
      })
  }

  /// The first events, at most so many, as many of each incident energy as of any other that has so many.
  package func first(_ most: Int) -> ShowerSelection {
    let groups = positionsByEnergy
    return events(at: groups.flatMap { $0.prefix(max(1, most / groups.count)) }.prefix(most).sorted())
  }

  /// The most energies that something is listed for one by one.
  static let mostEnergies = 20

  /// The positions of the events of each incident energy or bin, the least first.
  package var positionsByEnergy: [[Int]] { positions(groups) }

  private func positions(_ groups: EnergyGroups) -> [[Int]] {
    var positions = [[Int]](repeating: [], count: groups.energies.count)
    for (position, group) in groups.index.enumerated() where group >= 0 { positions[group].append(position) }
    return positions
  }

  /// The events by their incident energy (MeV), ascending: the positions of each; one entry without an energy where
  /// there are more than twenty.
  package var byEnergy: [(incidentEnergy: Double?, positions: [Int])] {
    let groups = groups
    guard groups.energies.count <= Self.mostEnergies else { return [(nil, Array(events.indices))] }
    return zip(groups.energies, positions(groups)).map { ($0, $1) }
  }

  /// Gives the showers in portions that fit into memory with ease, in order.
  /// - Parameter take: Gets the positions of the portion and its showers, `[positions, voxels]` (MeV).
  /// - Throws: `HDF5Error`; what `take` throws.
  package func each(_ take: (Range<Int>, [Float]) throws -> Void) throws {
    switch origin {
    case .memory(let showers): try take(0..<count, rows(events[...], of: showers, from: 0))
    case .file(let path):
      let file = try ShowerFile(reading: path)
      var next = 0
      for block in file.blocks() {
        let part = events[next...].prefix { $0 < block.upperBound }
        guard !part.isEmpty else { continue }
        try take(part.indices, rows(part, of: try file.showers(block), from: block.lowerBound))
        next = part.endIndex
      }
    }
  }

  private func rows(_ part: ArraySlice<Int>, of showers: [Float], from first: Int) -> [Float] {
    if part.count * voxels == showers.count { return showers }
    return part.flatMap { showers[($0 - first) * voxels..<($0 - first + 1) * voxels] }
  }

  /// All showers, `[events, voxels]` (MeV).
  /// - Throws: `HDF5Error`.
  package func showers() throws -> [Float] {
    var all: [Float] = []
    all.reserveCapacity(count * voxels)
    try each { all += $1 }
    return all
  }

  /// What errors call it.
  package var name: String {
    switch origin {
    case .file(let path): path
    case .memory: "the generated showers"
    }
  }
}
