import Experiment
package import Records

/// The E_tot of a file's showers, by incident energy: all that the study's χ² looks at.
///
/// In bins of incident energy E_tot is taken at the energy that stands for the bin: what it is, times that energy over the
/// event's own. Else the spread of the incident energies, which is given, would hide that of the showers.
package struct ShowerTotals: Sendable {
  /// The distinct incident energies (MeV), ascending; of bins their middles.
  package internal(set) var energies: [Double]
  /// The E_tot (GeV) of the events of each energy, in file order.
  package internal(set) var totals: [[Double]]

  /// Reads any file in the CaloChallenge layout, block by block.
  ///
  /// A file that was prepared in bins of incident energy is taken in these.
  /// - Throws: As `ShowerSelection.init(reading:)`; `InputError` when a voxel is not finite.
  package init(reading path: String) throws { try self.init(ShowerSelection(reading: path)) }

  /// The sums of some events.
  /// - Throws: `HDF5Error`; `InputError` when a voxel is not finite.
  package init(_ selection: ShowerSelection) throws {
    let (groups, isBinned) = (selection.groups, selection.kind.bins != nil)
    guard groups.energies.count <= Bounds.energies else {
      throw InputError(
        "\(selection.name): its events have \(groups.energies.count) different incident energies; say the bins to compare "
          + "them in (--energy-bins 1000,10000,100000, in MeV)")
    }
    var totals = [[Double]](repeating: [], count: groups.energies.count)
    var broken: [Int] = []
    try selection.each { positions, showers in
      for (position, total) in zip(positions, Self.totals(of: showers, voxels: selection.voxels)) {
        let energy = groups.energies[groups.index[position]]
        totals[groups.index[position]].append(
          isBinned ? Self.scaled(total, from: selection.incidentEnergies[position], to: energy) : total)
        if !total.isFinite { broken.append(selection.events[position]) }
      }
    }
    if let first = broken.first {
      throw InputError(
        "\(selection.name): \(broken.count) of its \(selection.count) events "
          + "\(broken.count == 1 ? "has" : "have") a voxel that is not a finite number, the first of them event "
          + "\(first); χ² is not defined with them")
    }
    energies = groups.energies
    self.totals = totals
  }

  /// The E_tot that a shower of the incident energy `energy` (MeV) has at another one, if its response is the same.
  static func scaled(_ total: Double, from energy: Float, to other: Double) -> Double { total * other / Double(energy) }

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
