import Testing

@testable import Calorimetry

@Suite struct IncidentEnergyTests {
  @Test func `the kinetic energy takes the file's energy as momentum`() {
    #expect(abs(IncidentEnergy.kineticEnergy(of: 65536) - 65396.54868) < 1e-4)
    #expect(abs(IncidentEnergy.kineticEnergy(of: 139.6) - 139.6 * (2.0.squareRoot() - 1)) < 1e-12)
    #expect(IncidentEnergy.kineticEnergy(of: 0) == 0)
  }

  @Test func `labels go from 0 to 1 with the logarithm of the kinetic energy`() {
    let labels = IncidentEnergy.labels(of: [4096, 65536, 1_048_576])
    #expect(labels[0] == 0 && labels[2] == 1)
    #expect(abs(labels[1] - 0.50268) < 5e-6)
    #expect(IncidentEnergy.labels(of: [1_048_576, 4096]) == [1, 0])
    #expect(IncidentEnergy.labels(of: [65536]) == [0])
    #expect(IncidentEnergy.labels(of: []) == [])
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
