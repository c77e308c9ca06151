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
    ("1:40", "1:40 is not a number"), ("1_0_0", "1_0_0 is not a number"),
    (".inf", ".inf is not a number"),
    ("", "nothing is not a number; write one, or leave the key out"),
    ("null", "null is not a number; write one, or leave the key out"),
    ("~", "~ is not a number; write one, or leave the key out"),
  ])
  func `its numbers are as those of a sweep file`(value: String, sentence: String) throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("pair: {}\nqubits: {3: {t1: 100, t2: 80, duration: \(value)}}\n", to: "noise.yaml")
    do {
      _ = try NoiseDocument.json(of: path)
      Issue.record("it was taken: \(value)")
    } catch { #expect("\(error)" == "\(path):2: qubits.3.duration: \(sentence)") }
  }

  @Test func `a qubit stands there once, in quotes or not`() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("qubits: {0: {duration: 1}, '0': {duration: 2}}", to: "noise.yaml")
    do {
      _ = try NoiseDocument.json(of: path)
      Issue.record("it was taken")
    } catch { #expect("\(error)".hasPrefix(path + ":"), "\(error)") }
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
