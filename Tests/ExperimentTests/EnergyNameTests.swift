import Experiment
import Testing

@Suite struct EnergyNameTests {
  @Test(
    arguments: [
      (65536, "65536"), (0.5, "0.5"), (4096.25, "4096.25"), (999_999_999_999_999, "999999999999999"),
      (1e15, "1000000000000000"), (1e16, "1e+16"),
      (1e20, "1e+20"), (1e300, "1e+300"), (.infinity, "inf"), (.nan, "nan"),
    ] as [(Double, String)])
  func `energies are named without needless digits`(energy: Double, name: String) {
    #expect(energyName(energy) == name)
  }

  @Test func `a list of energies reads as a list`() {
    #expect(energyNames([4096, 0.5]) == "4096, 0.5")
    #expect(energyNames([4096, 65536], separator: ",") == "4096,65536")
  }
}
