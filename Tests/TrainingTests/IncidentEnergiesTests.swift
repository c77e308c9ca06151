import Calorimetry
import Experiment
import Testing

@testable import Training

@Suite struct IncidentEnergiesTests {
  private func geant4(_ energies: [Float], _ bins: EnergyBins?) throws -> ShowerSelection {
    try ShowerSelection(
      incidentEnergies: energies, showers: .init(repeating: 1, count: energies.count), voxels: 1
    ).binned(bins)
  }

  @Test func `fresh showers are at the discrete energies, and of bins at those of Geant4's own events`() throws {
    var dataset = DatasetDescription(path: "", sha256: "", energies: [100, 1000], eventsPerEnergy: 3, voxels: 1)
    #expect(
      try dataset.incidentEnergies(events: 2, like: geant4([1000, 100, 100, 1000], nil)) == [100, 100, 1000, 1000])
    let bins = EnergyBins(edges: [10, 100, 1000])
    (dataset.energyBins, dataset.energies) = (bins, bins.middles)
    let binned = try geant4([500, 20, 30, 700, 40, 200], bins)
    #expect(dataset.incidentEnergies(events: 2, like: binned) == [20, 30, 500, 700])
    #expect(dataset.incidentEnergies(events: 4, like: binned) == [20, 30, 40, 20, 500, 700, 200, 500])
  }
}
