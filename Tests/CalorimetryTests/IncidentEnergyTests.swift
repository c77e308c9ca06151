import Experiment
import Testing

@testable import Calorimetry

@Suite struct IncidentEnergyTests {
  @Test func `labels go from 0 to 1 with the logarithm of the kinetic energy`() {
    let scale = EnergyScale(of: [4096, 65536, 1_048_576], particle: .pion)
    #expect(scale.label(of: 4096) == 0 && scale.label(of: 1_048_576) == 1)
    #expect(abs(scale.label(of: 65536) - 0.50268) < 5e-6)
    #expect(EnergyScale(of: [1_048_576, 4096], particle: .pion).label(of: 4096) == 0)
    #expect(EnergyScale(of: [65536], particle: .pion).label(of: 65536) == 0)
    #expect(EnergyScale(of: [], particle: .pion).label(of: 1) == 0)
    // Without mass the kinetic energy is the energy.
    #expect(abs(EnergyScale(of: [1000, 100_000], particle: .photon).label(of: 10_000) - 0.5) < 1e-15)
  }

  @Test func `in bins energies are grouped by bin, and those beyond are in no group`() {
    let bins = EnergyBins(edges: [10, 100, 200, 1000])
    let groups = EnergyGroups([10, 99, 1000, 9, .nan, 50, 1001], in: bins)
    #expect(groups.energies == [31.62, 447.2] && groups.counts == [3, 1])
    #expect(groups.index == [0, 0, 1, -1, -1, 0, -1])
    #expect(groups.group(of: 447.2) == 1 && groups.merged(in: [0, 1]) == 0)
    #expect(EnergyGroups([10, 20], in: nil).energies == [10, 20])
  }

  @Test func `energies are grouped though their last digits differ, and what is no energy is in no group`() {
    let groups = EnergyGroups([100, 50, 100.005, .nan, 50.003, 0, -1, .infinity, 100.5])
    #expect(groups.energies == [50, 100, 100.5])
    #expect(groups.counts == [2, 2, 1])
    #expect(groups.index == [1, 0, 1, -1, 0, -1, -1, -1, 2])
    #expect(groups.group(of: 49.999) == 0 && groups.group(of: 51) == nil)
    #expect(groups.summary == "50 (2 events), 100 (2 events), 100.5 (1 event)")
    let many = EnergyGroups((1...30).map { Float($0) })
    #expect(many.summary.hasSuffix("20 (1 event), … 30 energies in all"))
  }
}
