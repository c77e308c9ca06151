package import Experiment

/// What a shower file holds, and what is wrong with it.
package struct Inspection: Codable, Hashable, Sendable {
  /// The version of this format.
  package private(set) var schema = 1
  /// The file's path, as it was given.
  package var file: String
  /// The events of all energies, broken ones included.
  package var events: Int
  /// The voxels of a shower.
  package var voxels: Int
  /// The layers by the geometry; empty when none fits.
  package var layers: [Layer] = []
  /// The events energy by energy, ascending; the first hundred energies.
  package var energies: [Energy] = []
  /// The number of incident energies in all.
  package var energyCount = 0
  /// The events with incident energies beyond the bins, which `energies` leave out; 0 where there are no bins.
  package var eventsBeyondBins = 0
  /// The attributes that `dataset prepare` writes, by name; empty for other files.
  package var provenance: [String: String] = [:]
  /// A sentence each; empty when nothing is wrong.
  package var problems: [String] = []

  /// A layer that has voxels.
  package struct Layer: Codable, Hashable, Sendable {
    /// The detector's number of the layer.
    package var id: Int
    /// The voxels of a shower that lie in it.
    package var voxels: Int
  }

  /// The events of one incident energy.
  package struct Energy: Codable, Hashable, Sendable {
    /// The incident energy (MeV).
    package var incidentEnergy: Double
    /// The events whose voxels are all finite numbers: the others are left out.
    package var events: Int
    /// The mean of E_tot over the incident energy.
    package var meanResponse: Double
    /// The standard deviation of E_tot over the incident energy.
    package var responseSpread: Double
    /// The share of voxels without energy.
    package var emptyVoxels: Double
    /// The share of all the energy in each of the layers.
    package var layerShares: [Double]
  }

  /// Reads a file in the CaloChallenge layout, block by block.
  ///
  /// - Parameters:
  ///   - path: The file's path.
  ///   - geometry: How the voxels lie; nil for what the file says, or the built-in detector with as many.
  ///   - bins: The bins of incident energy; nil for what the file says, or discrete energies.
  /// - Throws: `HDF5Error`; `InputError` when it has not that layout at all.
  package init(of path: String, geometry: VoxelGeometry? = nil, bins: EnergyBins? = nil) throws {
    let file = try ShowerFile(reading: path)
    self.file = path
    events = file.events
    voxels = file.voxels
    let kind = try file.kind()
    let geometry = fitting(geometry ?? kind.geometry)
    layers = geometry.layers.map { Layer(id: $0.id, voxels: $0.voxels) }
    let names = [
      "source", "source_sha256", "selection", "skipped", "oddities", "sha256", "particle", "geometry", "energy_bins",
    ]
    for name in names {
      provenance[name] = try file.attribute(name)
    }

    let incident = try file.incidentEnergies()
    let groups = EnergyGroups(incident, in: bins ?? kind.bins)
    var tallies = [Tally](repeating: Tally(layers: layers.count), count: groups.energies.count)
    var content = ContentHash(
      energies: groups.energies, eventsPerEnergy: groups.counts.first ?? 0,
      skipped: provenance["skipped"].flatMap { Int($0) } ?? 0, voxels: voxels, kind: kind)
    content.update(incident)
    var (broken, oddities) = (0, EventOddities())
    oddities.mergedEnergies = groups.merged(in: groups.energies.indices)
    for block in file.blocks() {
      let showers = try file.showers(block)
      if provenance["sha256"] != nil { content.update(showers) }
      for event in block {
        let start = (event - block.lowerBound) * voxels
        let shower = showers[start..<start + voxels]
        if !shower.allSatisfy(\.isFinite) {
          broken += 1
          continue
        }
        oddities.add(shower, voxels: voxels)
        let group = groups.index[event]
        if group >= 0 { tallies[group].add(shower, incidentEnergy: Double(incident[event]), geometry: geometry) }
      }
    }

    func count(_ events: Int) -> String { events == 1 ? "1 event has" : "\(events) events have" }
    if events == 0 { problems.append("there are no events in it") }
    let invalid = incident.count { !($0 > 0 && $0.isFinite) }
    eventsBeyondBins = groups.index.count { $0 < 0 } - invalid
    if invalid > 0 { problems.append("\(count(invalid)) an incident energy that is not a positive number") }
    if broken > 0 {
      problems.append("\(count(broken)) a voxel that is not a finite number; left out here")
    }
    problems += oddities.sentences
    let energies = zip(groups.energies, tallies).map { $1.summary(incidentEnergy: $0, voxels: voxels) }
    (energyCount, self.energies) = (energies.count, Array(energies.prefix(100)))
    // The response of real calorimeters is about 1: a thousandth of it means GeV.
    for energy in energies.filter({ $0.events > 0 && !(0.01...10).contains($0.meanResponse) }).prefix(3) {
      problems.append(
        "at \(energyName(energy.incidentEnergy)) MeV the mean of E_tot/E is \(energy.meanResponse.decimals(5)); are both in MeV?"
      )
    }
    if let recorded = provenance["sha256"], recorded != content.hexDigest() {
      problems.append(
        "the content does not have the SHA-256 that was recorded when it was prepared: it is damaged or was changed")
    }
  }

  /// The geometry to use; notes when it does not fit the file.
  private mutating func fitting(_ given: VoxelGeometry?) -> VoxelGeometry {
    if let geometry = given ?? .usual(voxels: voxels), geometry.voxels == voxels { return geometry }
    problems.append(
      given.map { "the geometry has \($0.voxels) voxels, the showers \(voxels)" }
        ?? "\(voxels) voxels are not those of a built-in detector; name the binning file that it was made with "
        + "(--geometry)")
    return VoxelGeometry(layers: [])
  }
}

/// Sums over the events of one incident energy.
private struct Tally {
  var responses: [Double] = []
  var empty = 0
  var layers: [Double]

  init(layers: Int) { self.layers = [Double](repeating: 0, count: layers) }

  mutating func add(_ shower: ArraySlice<Float>, incidentEnergy: Double, geometry: VoxelGeometry) {
    responses.append(shower.reduce(0.0) { $0 + Double($1) } / incidentEnergy)
    empty += shower.count { $0 == 0 }
    for (number, layer) in geometry.layers.enumerated() {
      let range = shower.startIndex + layer.offset..<shower.startIndex + layer.range.upperBound
      layers[number] += shower[range].reduce(0.0) { $0 + Double($1) }
    }
  }

  /// Zeros where there are no events, which happens only when all of them are broken: JSON has no NaN.
  func summary(incidentEnergy: Double, voxels: Int) -> Inspection.Energy {
    let count = responses.count
    let moments = count == 0 ? Moments([0]) : Moments(responses)
    let sum = layers.reduce(0, +)
    return Inspection.Energy(
      incidentEnergy: incidentEnergy, events: count, meanResponse: moments.mean,
      responseSpread: moments.standardDeviation, emptyVoxels: count == 0 ? 0 : Double(empty) / Double(count * voxels),
      layerShares: layers.map { sum == 0 ? 0 : $0 / sum })
  }
}

extension Inspection {
  /// The report for people: a paragraph and a table of at most 40 energies.
  package var text: String {
    var lines = ["\(file): \(events) events of \(voxels) voxels"]
    if !layers.isEmpty {
      lines.append("layers " + layers.map { "\($0.id) (\($0.voxels) voxels)" }.joined(separator: ", "))
    }
    for (name, value) in provenance.sorted(by: { $0.key < $1.key }) { lines.append("\(name): \(value)") }
    lines.append("")
    let shares =
      layers.isEmpty ? [] : ["share of the energy in layers \(layers.map { "\($0.id)" }.joined(separator: ", "))"]
    var rows = [["E (MeV)", "events", "mean E_tot/E", "spread", "empty voxels"] + shares]
    for energy in energies.prefix(40) {
      rows.append(
        [energyName(energy.incidentEnergy), "\(energy.events)"]
          + [energy.meanResponse, energy.responseSpread, energy.emptyVoxels].map { $0.decimals(3) }
          + (layers.isEmpty ? [] : [energy.layerShares.map { $0.decimals(3) }.joined(separator: ", ")]))
    }
    lines += aligned(rows)
    if energyCount > 40 {
      lines.append("… \(energyCount) energies in all; --energy-bins 1000,10000 shows them in bins")
    }
    if eventsBeyondBins > 0 { lines.append("beyond these bins: \(eventsBeyondBins) of \(events) events") }
    lines.append("")
    lines += problems.isEmpty ? ["nothing is wrong with it"] : problems.map { "problem: \($0)" }
    return lines.joined(separator: "\n")
  }

  /// Columns under each other, numbers to the right.
  private func aligned(_ rows: [[String]]) -> [String] {
    let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    return rows.map { row in
      zip(row, widths).map { String(repeating: " ", count: $1 - $0.count) + $0 }.joined(separator: "  ")
    }
  }
}

extension Double {
  /// The number with so many digits behind the point.
  func decimals(_ digits: Int) -> String {
    guard isFinite, abs(self) < 1e9 else { return "\(self)" }
    var scale = 1
    for _ in 0..<digits { scale *= 10 }
    let whole = Int((magnitude * Double(scale)).rounded())
    let fraction = String(whole % scale)
    let sign = self < 0 && whole > 0 ? "-" : ""
    return sign + "\(whole / scale)"
      + (digits == 0 ? "" : "." + String(repeating: "0", count: digits - fraction.count) + fraction)
  }
}
