import Ansatz
import Experiment
import TestSupport
import Testing

@testable import Sweeps

@Suite struct NoiseDocumentTests {
  @Test func `a noise model in YAML is passed on as JSON`() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(
      """
      qubit: {depolarizing: 0.001, t1: 100, t2: 80}  # µs
      pair: {depolarizing: 0.01}
      qubits:
        3: {prob_meas1_prep0: 0.02}
      pairs:
        2-3: {depolarizing: 0.05}
      """, to: "noise.yaml")
    let noise = try NoiseFile.noise(NoiseDocument.json(of: path))
    #expect(noise.qubit(3).readout.oneGivenZero == 0.02 && noise.qubit(3).gate.depolarizing == 0.001)
    #expect(noise.pair(3, 2).depolarizing == 0.05 && noise.pair(0, 1).depolarizing == 0.01)
  }

  @Test(arguments: [
    ("pair: {depolarizing: 3}", "every pair: a depolarising strength of 3.0"), ("pair: [", ""),
    ("pairs: {2-3: {t1: 1}}", "not a noise model: pairs.2-3: 't1': unknown"), ("- 1", "not a noise model: "),
  ])
  func `what is none is refused`(text: String, sentence: String) throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(text, to: "noise.yaml")
    do {
      _ = try NoiseDocument.json(of: path)
      Issue.record("it was taken: \(text)")
    } catch { #expect("\(error)".hasPrefix(path + ":") && "\(error)".contains(sentence), "\(error)") }
  }
}
