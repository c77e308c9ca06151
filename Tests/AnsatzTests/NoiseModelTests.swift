import Ansatz
import Testing

@Suite struct NoiseModelTests {
  @Test func `what no device has is named with its place`() {
    func flaw(_ change: (inout NoiseModel) -> Void) -> String? {
      var noise = NoiseModel()
      change(&noise)
      return noise.flaw
    }
    #expect(flaw { _ in } == nil)
    #expect(
      flaw { $0.everyQubit.relaxation = .init(t1: 10, t2: 20.5) }
        == "every qubit: T2 is 20.5 µs, more than twice T1 (10.0 µs), which no qubit has")
    #expect(flaw { $0.everyQubit.relaxation = .init(t1: 10, t2: 20) } == nil)
    #expect(
      flaw { $0.qubits[3] = .init(relaxation: .init(t1: 0, t2: 1)) } == "qubit 3: T1 is 0.0 µs, which is no decay time")
    #expect(flaw { $0.qubits[-1] = .init() } == "qubit -1 is not a qubit")
    #expect(flaw { $0.everyQubit.readout.zeroGivenOne = .nan } == "every qubit: P(0|1) is nan, not in 0 … 1")
    // Up to the strength that leaves a channel: all Paulis equally, the identity never.
    #expect(flaw { $0.everyQubit.gate.depolarizing = 4.0 / 3 } == nil)
    #expect(flaw { $0.everyQubit.gate.depolarizing = 1.34 }?.hasPrefix("every qubit: a depolarising strength") == true)
    #expect(flaw { $0.everyPair.depolarizing = 1.07 }?.hasPrefix("every pair: a depolarising strength") == true)
    #expect(
      flaw { $0.pairs[.init(4, 2)] = .init(duration: -.infinity) } == "qubits 2 and 4: a gate cannot last -inf ns")
    #expect(flaw { $0.pairs[.init(2, 2)] = .init() } == "2 and 2 are no pair of qubits")
    #expect(
      flaw { $0.pairs[.init(0, 1)] = .init(overRotation: 1.5) }
        == "qubits 0 and 1: an over-rotation of 1.5 is not in −1 … 1")
  }

  @Test func `a qubit and a pair have their own numbers or everyone's`() {
    var noise = NoiseModel(everyQubit: .init(gate: .init(depolarizing: 0.1)), everyPair: .init(depolarizing: 0.2))
    noise.qubits[1] = .init(gate: .init(depolarizing: 0.3))
    noise.pairs[.init(2, 1)] = .init(depolarizing: 0.4)
    #expect([0, 1, 2].map { noise.qubit($0).gate.depolarizing } == [0.1, 0.3, 0.1])
    #expect(noise.pair(1, 2).depolarizing == 0.4)
    #expect(noise.pair(2, 1).depolarizing == 0.4)
    #expect(noise.pair(0, 1).depolarizing == 0.2)
  }
}
