import Glibc
import Testing

@testable import NeuralNetwork
@testable import ParametricSimulation

@Suite struct MarginalTests {
  @Test func `a table has the share of zeros and numpy's quantiles of the rest`() {
    let marginal = Marginal(of: [0, 3, -1, 1, 2, 10, 0, 4], points: 5)
    #expect(marginal.empty == 0.375)
    // numpy.quantile([1, 2, 3, 4, 10], [0, 0.25, 0.5, 0.75, 1])
    #expect(marginal.quantiles == [1, 2, 3, 4, 10])
    #expect(Marginal(of: [4, 1, 2, 3], points: 3).quantiles == [1, 2.5, 4])
    let nothing = Marginal(of: [0, 0], points: 3)
    #expect(nothing == Marginal(empty: 1, quantiles: [0, 0, 0]))
    #expect(nothing.value(at: 1) == 0)
  }

  @Test func `a value is zero up to the share of zeros and runs through the table above`() {
    let marginal = Marginal(empty: 0.5, quantiles: [1, 2, 4])
    #expect([0, 0.4, 0.5].allSatisfy { marginal.value(at: $0) == 0 })
    #expect(marginal.value(at: 0.625) == 1.5)
    #expect(marginal.value(at: 0.75) == 2)
    #expect(marginal.value(at: 1) == 4)
  }

  @Test func `between two tables zeros change evenly and values by even factors`() {
    let (low, high) = (Marginal(empty: 0.4, quantiles: [1, 1]), Marginal(empty: 0.2, quantiles: [4, 4]))
    func value(_ probability: Double, _ weight: Double) -> Double {
      Marginal.value(at: probability, low, high, weight: weight)
    }
    #expect(value(0.3, 0.5) == 0)
    #expect(value(0.31, 0.5) > 0)
    #expect(abs(value(0.9, 0.5) - 2) < 1e-12)
    #expect(abs(value(0.9, 0) - 1) < 1e-12)
    #expect(abs(value(0.9, 1) - 4) < 1e-12)
    // A voxel that is never hit at one of the two has the other's energies.
    #expect(Marginal.value(at: 0.9, Marginal(empty: 1, quantiles: [0, 0]), high, weight: 0.5) == 4)
  }

  @Test func `scores are the ranks' normal quantiles, equal values in a random order`() {
    let scores = Marginal.scores(of: [5, 1, 3]) { _ in 0 }
    let expected = [2.5, 0.5, 1.5].map { NormalDistribution.quantile($0 / 3) }
    #expect(scores == expected)
    let ties = Marginal.scores(of: [0, -2, 0, 7]) { [0.9, 0.1, 0.5, 0][$0] }
    // The event with the least random number has the least score of the zeros; what is below zero is one of them.
    #expect(ties[1] < ties[2] && ties[2] < ties[0] && ties[0] < ties[3])
  }
}
