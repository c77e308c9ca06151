import Ansatz
import Experiment
import Foundation
import TestSupport
import Testing

@Suite struct NoiseFileTests {
  @Test func `a noise model comes back, and single qubits and pairs have what they say beside what all have`() throws {
    let noise = try NoiseFile.noise(
      """
      {"qubit": {"depolarizing": 0.001, "duration": 35, "t1": 100, "t2": 80, "prob_meas1_prep0": 0.01},
       "pair": {"depolarizing": 0.01, "over_rotation": 0.02}, "qubits": {"2": {"t2": 20, "prob_meas0_prep1": 0.05}},
       "pairs": {"3-1": {"duration": 400}}}
      """)
    let all = NoiseModel.QubitNoise(
      gate: .init(depolarizing: 0.001, duration: 35), relaxation: .init(t1: 100, t2: 80),
      readout: .init(oneGivenZero: 0.01))
    #expect(noise.qubit(0) == all)
    var own = all
    (own.relaxation, own.readout.zeroGivenOne) = (.init(t1: 100, t2: 20), 0.05)
    #expect(noise.qubit(2) == own)
    #expect(noise.pair(1, 3) == .init(depolarizing: 0.01, duration: 400, overRotation: 0.02))
    #expect(try NoiseFile.noise(String(decoding: CanonicalJSON.data(noise), as: UTF8.self)) == noise)
    #expect(try NoiseFile.noise("{}") == NoiseModel())
  }

  @Test func `noise of a qubit that a circuit does not have is refused`() throws {
    let circuit = Circuit(qubits: 3, cnot: [1])
    _ = try NoiseFile.noise(#"{"qubits": {"2": {}}}"#, for: circuit)
    let refused = #expect(throws: InputError.self) {
      try NoiseFile.noise(#"{"pairs": {"1-3": {}}}"#, for: circuit)
    }
    #expect(refused?.description.hasPrefix("--noise: the model names qubit 3, and ") == true)
  }

  @Test(arguments: [
    (
      #"{"qubit": {"t1": 10, "t2": 25}}"#,
      "every qubit: T2 is 25.0 µs, more than twice T1 (10.0 µs), which no qubit has"
    ),
    (#"{"qubit": {"t1": 10}}"#, "not a noise model: qubit: 't2': missing; T1 and T2 (µs) belong together"),
    (#"{"gate": {}}"#, "not a noise model: 'gate': unknown; the keys are qubit, pair, qubits, pairs"),
    (
      #"{"pair": {"t1": 10}}"#,
      "not a noise model: pair: 't1': unknown; the keys are depolarizing, duration, over_rotation"
    ),
    (#"{"qubits": {"a": {}}}"#, "not a noise model: qubits: 'a': qubits are numbers from 0 on"),
    (#"{"qubits": {"-1": {}}}"#, "qubit -1 is not a qubit"),
    (#"{"pairs": {"1": {}}}"#, "not a noise model: pairs: '1': pairs are like 2-3"),
    (#"{"qubits": {"01": {}}}"#, "not a noise model: qubits: '01': qubits are numbers from 0 on, such as 3"),
    (#"{"qubits": {"1": {}, "+1": {}}}"#, "not a noise model: qubits: '+1': qubits are numbers from 0 on"),
    (#"{"qubits": {"-0": {}}}"#, "not a noise model: qubits: '-0': qubits are numbers from 0 on"),
    (#"{"pairs": {"1--2": {}}}"#, "not a noise model: pairs: '1--2': pairs are like 2-3"),
    (#"{"pairs": {"1-x-2": {}}}"#, "not a noise model: pairs: '1-x-2': pairs are like 2-3"),
    (#"{"pairs": {"1-02": {}}}"#, "not a noise model: pairs: '1-02': pairs are like 2-3"),
    (#"{"pairs": {"1-2": {}, "2-1": {}}}"#, "the pair stands there twice"),
    (#"{"pair": {"depolarizing": 2}}"#, "every pair: a depolarising strength of 2.0 is not in 0 … 1.0666666666666667"),
    (#"{"pair": {}, "pair": {}}"#, "the key 'pair' stands twice"),
  ])
  func `what is none is refused with its place`(text: String, sentence: String) {
    do {
      _ = try NoiseFile.noise(text)
      Issue.record("it was taken: \(text)")
    } catch {
      #expect("\(error)".hasPrefix("--noise: ") && "\(error)".contains(sentence), "\(error)")
    }
  }
}
