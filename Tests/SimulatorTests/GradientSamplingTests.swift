import Ansatz
import Simulator
import Testing

@Suite struct GradientSamplingTests {
  @Test(arguments: [AngleDistribution.circle, .glorot(Circuit(qubits: 6))])
  func `sampling agrees with the closed form`(_ angles: AngleDistribution) throws {
    let analysis = CircuitAnalysis(Circuit(qubits: 4, cnot: [1, 2], rz: true))
    let inputs: [InputDistribution] = Array(repeating: .latent, count: 3) + [.values([0, 0.5, 1])]
    let exact = try #require(analysis.gradientEstimates(inputs: inputs, angles: angles))
    let sampled = analysis.sampledGradientEstimates(inputs: inputs, angles: angles, samples: 8000)
    #expect(sampled.allSatisfy { $0.samples == 8000 })
    for (one, other) in zip(exact, sampled) {
      #expect(one.samples == nil && one.qubit == other.qubit)
      #expect(abs(one.variance / other.variance - 1) < 0.1, "\(one) \(other)")
      #expect(abs(one.inputVariance / other.inputVariance - 1) < 0.1, "\(one) \(other)")
      #expect(abs(one.gradientSquare / other.gradientSquare - 1) < 0.1, "\(one) \(other)")
    }
  }

  @Test func `longer products of cosines vary less`() throws {
    let estimates = try #require(
      CircuitAnalysis(Circuit(cnot: [1])).gradientEstimates(
        inputs: Array(repeating: .latent, count: 10), angles: .circle))
    #expect(zip(estimates, estimates.dropFirst()).allSatisfy { $0.gradientSquare > 2 * $1.gradientSquare })
  }

  @Test func `the same seed gives the same estimate, and more repetitions have no closed form`() {
    let analysis = CircuitAnalysis(Circuit(qubits: 3, cnot: [1], rz: true, repetitions: 2), readout: [2])
    let inputs = Array(repeating: InputDistribution.latent, count: 3)
    #expect(analysis.gradientEstimates(inputs: inputs, angles: .circle) == nil)
    let runs = (0..<2).map { _ in analysis.sampledGradientEstimates(inputs: inputs, angles: .circle, samples: 50) }
    #expect(runs[0] == runs[1])
    #expect(runs[0].count == 1 && runs[0][0].gradientSquare > 0)
  }
}
