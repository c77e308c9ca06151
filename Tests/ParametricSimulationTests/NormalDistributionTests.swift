import Glibc
import Testing

@testable import ParametricSimulation

@Suite struct NormalDistributionTests {
  /// ½ plus the density's integral from 0 by Simpson's rule.
  private static func slowProbability(upTo x: Double) -> Double {
    func density(_ x: Double) -> Double { exp(-x * x / 2) / (2 * Double.pi).squareRoot() }
    let steps = 2000
    let width = x / Double(steps)
    let inner = (1..<steps).reduce(0.0) { $0 + density(Double($1) * width) * ($1 % 2 == 1 ? 4 : 2) }
    return 0.5 + (density(0) + inner + density(x)) * width / 3
  }

  @Test(arguments: [-4, -1.5, -0.1, 0, 0.3, 2, 3.7]) func `the probability is the density's integral`(x: Double) {
    #expect(abs(NormalDistribution.probability(upTo: x) - Self.slowProbability(upTo: x)) < 1e-12)
  }

  @Test func `the quantile is the probability's inverse, far out too`() {
    for exponent in stride(from: -300.0, through: -1, by: 0.7) {
      let probability = pow(10, exponent)
      let back = NormalDistribution.probability(upTo: NormalDistribution.quantile(probability))
      #expect(abs(back / probability - 1) < 1e-10, "\(probability)")
    }
    for probability in stride(from: 0.01, through: 0.99, by: 0.01) {
      let x = NormalDistribution.quantile(probability)
      #expect(abs(NormalDistribution.probability(upTo: x) - probability) < 1e-15)
      #expect(abs(x + NormalDistribution.quantile(1 - probability)) < 1e-12)
    }
  }
}
