package import Experiment

/// The events of a prepared dataset without their showers: all that generating as many, at the same energies, takes.
package struct EventCatalogue: Sendable {
  /// What jobs record of the dataset.
  package let description: DatasetDescription
  /// The incident energy of each event (MeV).
  package let incidentEnergies: [Float]
  /// The number of the energy of each event, an index of `description.energies`.
  package let energyIndex: [Int]

  /// The kinetic energy of each event (MeV): what a generated fraction is multiplied with.
  package var kineticEnergies: [Double] {
    let particle = description.kind.particle
    return incidentEnergies.map { particle.kineticEnergy(of: Double($0)) }
  }

  /// The energy label of each event.
  package var labels: [Float] {
    let scale = EnergyScale(description)
    if description.energyBins != nil { return incidentEnergies.map { Float(scale.label(of: Double($0))) } }
    let labels = description.energies.map { Float(scale.label(of: $0)) }
    return energyIndex.map { labels[$0] }
  }

  /// E_tot (GeV) of showers `[events, voxels]` (MeV) at these energies, in bins at the energy that stands for the bin.
  package func totals(of showers: [Float]) -> [Double] {
    let totals = ShowerTotals.totals(of: showers, voxels: description.voxels)
    guard description.energyBins != nil else { return totals }
    return totals.indices.map { event in
      ShowerTotals.scaled(totals[event], from: incidentEnergies[event], to: description.energies[energyIndex[event]])
    }
  }
}
