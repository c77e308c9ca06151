import Calorimetry
import Glibc
import Testing

@testable import Metrics

@Suite struct NeighbourTests {
  @Test(arguments: ["floor", "worse"])
  func `precision, recall, density and coverage are those of the definitions in numpy`(_ name: String) throws {
    let pair = try SampleShowers.pair(name)
    let expected = try #require(Reference.shared.cases[name])
    let found = Manifolds(reference: try pair.geant4.logarithms(), generated: try pair.other.logarithms())
    #expect(abs(found.precision - expected.precision!) < 1e-9)
    #expect(abs(found.recall - expected.recall!) < 1e-9)
    #expect(abs(found.density - expected.density!) < 1e-9)
    #expect(abs(found.coverage - expected.coverage!) < 1e-9)
  }

  @Test func `on a line the balls can be counted`() {
    // Balls of the first, to the next neighbour: 0 ± 1, 1 ± 1, 3 ± 2; of the others: 0.5 ± 2, 2.5 ± 2, 9 ± 6.5.
    let one = FeatureTable(columns: 1, values: [0, 1, 3])
    let other = FeatureTable(columns: 1, values: [0.5, 2.5, 9])
    let found = Manifolds(reference: one, generated: other, neighbours: 1)
    // 0.5 is in two balls, 2.5 in one, 9 in none; 0, 1 and 3 are in balls of the others; each ball holds one.
    #expect(found.precision == 2.0 / 3 && found.recall == 1 && found.density == 1 && found.coverage == 1)
  }

  @Test func `copies of trained showers are known for it`() throws {
    let heldOut = FeatureTable(columns: 2, values: (0..<40).map { sin(Double($0) * 1.3) })
    let trained = FeatureTable(columns: 2, values: (0..<40).map { cos(Double($0) * 2.1) })
    #expect(Memorisation.share(generated: trained, trained: trained, heldOut: heldOut) == 1)
    #expect(Memorisation.share(generated: heldOut, trained: trained, heldOut: heldOut) == 0)
    #expect(Memorisation.share(generated: trained, trained: heldOut, heldOut: heldOut) == 0.5)
  }
}
