import Experiment
package import Records

/// The E_tot of a file's showers, by incident energy: all that the study's χ² looks at.
package struct ShowerTotals: Sendable {
  /// The distinct incident energies (MeV), ascending.
  package internal(set) var energies: [Double]
  /// The E_tot (GeV) of the events of each energy, in file order.
  package internal(set) var totals: [[Double]]

  /// Reads any file in the CaloChallenge layout, block by block.
  /// - Throws: `HDF5Error`; `InputError` when the shapes do not fit, an incident energy is not positive, or a voxel is
  ///   not finite.
  package init(reading path: String) throws {
    try self.init(reading: path) { _, _ in true }
  }

  /// Reads the events of a source that are of a prepared dataset's energies but not in it: those that were not trained
  /// on.
  /// - Throws: As `init(reading:)`; `InputError` when the dataset was not prepared from this source, or holds all.
  package init(of source: String, heldOutFrom dataset: String) throws {
    let prepared = try ShowerFile(reading: dataset)
    let selected = EnergyGroups(try prepared.incidentEnergies())
    guard let recorded = try prepared.attribute("source_sha256"), try recorded == DatasetPreparation.hash(of: source)
    else {
      throw InputError("\(source): this is not the source that \(dataset) was prepared from")
    }
    let skipped = Int(try prepared.attribute("skipped") ?? "0") ?? 0
    try self.init(reading: source) { energy, number in
      guard let group = selected.group(of: energy) else { return false }
      return !(skipped..<skipped + selected.counts[group]).contains(number)
    }
    guard energies.count == selected.energies.count else {
      throw InputError("\(source): \(dataset) holds all of its events of an energy; none are left to compare with")
    }
  }

  /// - Parameters:
  ///   - path: The file's path.
  ///   - isWanted: Whether to take an event of this energy (MeV) that has so many of it before.
  /// - Throws: As `init(reading:)`.
  private init(reading path: String, where isWanted: (_ energy: Double, _ number: Int) -> Bool) throws {
    let file = try ShowerFile(reading: path)
    let groups = EnergyGroups(try file.incidentEnergies())
    guard file.events > 0 else { throw InputError("\(path): there are no events in it") }
    if let event = groups.index.firstIndex(of: -1) {
      throw InputError("\(path): the incident energy of event \(event) is not a positive number")
    }
    var totals = [[Double]](repeating: [], count: groups.energies.count)
    var seen = [Int](repeating: 0, count: groups.energies.count)
    var broken: [Int] = []
    for block in file.blocks() {
      let showers = try file.showers(block)
      for (event, total) in zip(block, Self.totals(of: showers, voxels: file.voxels)) {
        let group = groups.index[event]
        if isWanted(groups.energies[group], seen[group]) {
          totals[group].append(total)
          if !total.isFinite { broken.append(event) }
        }
        seen[group] += 1
      }
    }
    if let first = broken.first {
      throw InputError(
        "\(path): \(broken.count) of its \(file.events) events \(broken.count == 1 ? "has" : "have") a voxel that is not a "
          + "finite number, the first of them event \(first); χ² is not defined with them")
    }
    let taken = totals.indices.filter { !totals[$0].isEmpty }
    self.energies = taken.map { groups.energies[$0] }
    self.totals = taken.map { totals[$0] }
  }

  /// The plain sum of the voxels of each shower.
  /// - Parameters:
  ///   - showers: `[events, voxels]`, MeV.
  ///   - voxels: The voxels of a shower.
  /// - Returns: E_tot of each event (GeV).
  package static func totals(of showers: [Float], voxels: Int) -> [Double] {
    precondition(showers.count.isMultiple(of: voxels), "\(showers.count) values are not [events, \(voxels)]")
    return stride(from: 0, to: showers.count, by: voxels).map { start in
      showers[start..<start + voxels].reduce(0.0) { $0 + Double($1) } / 1000
    }
  }
}

/// Geant4's side of the study's comparison, at all energies of a dataset.
package struct EvaluationReference: Sendable {
  /// The histograms and events of Geant4, by ascending incident energy.
  package let energies: [EnergyReference]

  init(energies: [EnergyReference]) { self.energies = energies }

  /// - Throws: As `EnergyReference`.
  package init(_ totals: ShowerTotals) throws {
    energies = try zip(totals.energies, totals.totals).map { try EnergyReference(incidentEnergy: $0, totals: $1) }
  }

  /// The comparison with the events that are trained on, as the study has it.
  package init(_ dataset: PreparedDataset) throws {
    let totals = dataset.totals
    energies = try dataset.description.energies.enumerated().map { number, energy in
      try EnergyReference(
        incidentEnergy: energy, totals: zip(totals, dataset.energyIndex).filter { $1 == number }.map(\.0))
    }
  }

  /// Compares generated events with the Geant4 ones.
  ///
  /// - Parameters:
  ///   - totals: E_tot of each generated event (GeV).
  ///   - energyIndex: For each event the number of its energy in `energies`; every energy needs events.
  /// - Returns: χ² of each energy and of all, without an uncertainty.
  package func evaluate(totals: [Double], energyIndex: [Int]) -> Evaluation {
    Evaluation(energies: zip(energies, grouped(totals, energyIndex)).map { $0.evaluate($1) })
  }

  /// The same, with its uncertainty from as many resamples.
  package func evaluate(totals: [Double], energyIndex: [Int], resamples: Int, seed: UInt64) -> Evaluation {
    let groups = grouped(totals, energyIndex)
    return Evaluation(energies: zip(energies, groups).map { $0.evaluate($1) })
      .with(Bootstrap(reference: self, generated: groups, resamples: resamples, seed: seed))
  }

  private func grouped(_ totals: [Double], _ energyIndex: [Int]) -> [[Double]] {
    precondition(totals.count == energyIndex.count, "\(totals.count) E_tot for \(energyIndex.count) events")
    var groups = [[Double]](repeating: [], count: energies.count)
    for (total, energy) in zip(totals, energyIndex) { groups[energy].append(total) }
    return groups
  }

  /// Compares the events of a file.
  /// - Throws: `InputError` when it does not have the same incident energies.
  package func evaluate(_ generated: ShowerTotals) throws -> Evaluation {
    Evaluation(energies: try zip(energies, paired(generated)).map { $0.evaluate($1) })
  }

  /// The totals of a file in the order of `energies`.
  func paired(_ generated: ShowerTotals) throws -> [[Double]] {
    let expected = energies.map(\.incidentEnergy)
    guard expected.count == generated.energies.count, zip(expected, generated.energies).allSatisfy(IncidentEnergy.same)
    else {
      func list(_ energies: [Double]) -> String {
        energies.prefix(20).map(energyName).joined(separator: ", ") + (energies.count > 20 ? ", …" : "")
      }
      throw InputError(
        "the incident energies differ: \(list(expected)) MeV in the reference, \(list(generated.energies)) MeV in the "
          + "generated events; χ² compares the same energies")
    }
    return generated.totals
  }
}
