import Testing

@testable import Ansatz

@Suite struct PlacedCircuitTests {
  /// What CNOTs make of every basis state.
  private func map(_ cnots: [(control: Int, target: Int)], _ qubits: Int) -> [Int] {
    (0..<1 << qubits).map { state in cnots.reduce(state) { $0 ^ ($0 >> $1.control & 1) << $1.target } }
  }

  @Test(arguments: [
    Circuit(qubits: 6, cnot: [1]), Circuit(qubits: 6, cnot: [1, 2]), Circuit(qubits: 6, cnot: [1, 2, 3, 4]),
    Circuit(qubits: 6, cnot: [3]), Circuit(qubits: 6, cnot: [1, 4]), Circuit(qubits: 6, cnot: [2, 3, 5], ring: true),
    Circuit(qubits: 6, cnot: [1, 2, 3], order: .blocked), Circuit(qubits: 5, cnot: [4], ring: true),
  ])
  func `CNOTs of neighbours do what the circuit's do`(circuit: Circuit) {
    let chain = NeighbourCNOTs.chain(circuit.cnots)
    #expect(chain.allSatisfy { abs($0.control - $0.target) == 1 })
    #expect(map(chain, circuit.qubits) == map(circuit.cnots, circuit.qubits))
  }

  /// Gates of two qubits by Qiskit 2.6's transpile at level 3 on ten qubits of guadalupe, the least of three seeds; on
  /// sherbrooke 39, 63 and 70 for the last three.
  @Test(arguments: [([1], 9), ([1, 2], 31), ([1, 2, 3], 64), ([1, 2, 3, 4], 77)])
  func `there are no more gates of two qubits than Qiskit takes`(cnot: [Int], qiskit: Int) {
    #expect(NeighbourCNOTs.chain(Circuit(cnot: cnot).cnots).count <= qiskit)
  }

  @Test func `CNOTs that meet their like are left out`() {
    // +1 and +3: a ladder to the third, and a shorter one that spares the second.
    let circuit = Circuit(qubits: 4, cnot: [1, 3])
    #expect(NeighbourCNOTs.chain(circuit.cnots).count <= 9 + 2)
    #expect(NeighbourCNOTs.chain([(0, 1), (2, 3), (0, 1)]).count == 1)
    #expect(NeighbourCNOTs.chain([(0, 1), (1, 2), (0, 1)]).count == 3)
  }

  @Test func `rotations are at most two SX with RZ between`() {
    func sx(_ turn: Turn) -> Int { turn.native.rz.count - 1 }
    #expect(sx(.identity) == 0)
    #expect(sx(.rz(1.1)) == 0)
    #expect(sx(.h) == 1)
    #expect(sx(.rx(.pi / 2).after(.rz(0.3))) == 1)
    #expect(sx(.rx(.pi)) == 1 && Turn.rx(.pi).native.isX)
    #expect(sx(.ry(0.7).after(.rx(-2.1))) == 2)
  }

  /// A line of qubits, each link usable in one direction, alternately.
  private func line(_ errors: [Double], gate: PairGate = .ecr, readout: [Int: Double] = [:]) -> Device {
    var couplings: [Int: [Int: Device.Calibration]] = [:]
    for (link, error) in errors.enumerated() where error < 1 {
      let (first, second) = link % 2 == 0 ? (link, link + 1) : (link + 1, link)
      couplings[first, default: [:]][second] = .init(error: error, duration: 500)
    }
    return Device(
      name: "line",
      qubits: (0...errors.count).map {
        .init(
          readout: .init(oneGivenZero: readout[$0] ?? 0.01, zeroGivenOne: readout[$0] ?? 0.01),
          readoutDuration: 1000 - 100 * Double($0),
          sx: .init(error: 0.0003, duration: 50))
      }, pairGate: gate, couplings: couplings, repetitionDelay: 200)
  }

  @Test func `a chain is chosen by error, and goes round what is broken`() throws {
    let circuit = Circuit(qubits: 3, cnot: [1])
    let placed = try #require(line([0.01, 0.01, 0.002, 0.003, 1, 0.001]).place(circuit))
    #expect(Set(placed.chain) == [2, 3, 4])
    #expect(line([0.01, 1, 0.01]).place(circuit) == nil)
    // The read-out counts as well.
    let noisy = try #require(line([0.002, 0.002, 0.002], readout: [0: 0.2]).place(circuit))
    #expect(Set(noisy.chain) == [1, 2, 3])
    // Without CNOTs qubits need not be coupled.
    let apart = try #require(line([1, 1, 1], readout: [1: 0.3]).place(Circuit(qubits: 3, cnot: [])))
    #expect(apart.chain == [0, 2, 3])
    #expect(apart.nativePairs.isEmpty)
  }

  /// Groups of so many qubits, each coupled to all others of its group.
  private func groups(_ counts: [Int]) -> Device {
    var couplings: [Int: [Int: Device.Calibration]] = [:]
    var first = 0
    for count in counts {
      for one in first..<first + count {
        for other in one + 1..<first + count { couplings[one, default: [:]][other] = .init(error: 0.01, duration: 500) }
      }
      first += count
    }
    return Device(
      name: "groups",
      qubits: (0..<first).map { _ in
        .init(
          readout: .init(oneGivenZero: 0.01, zeroGivenOne: 0.01), readoutDuration: 1000,
          sx: .init(error: 0.0003, duration: 50))
      }, pairGate: .cz, couplings: couplings, repetitionDelay: 200)
  }

  @Test func `the search of a chain comes to its end where there is none`() {
    #expect(groups([20]).place(Circuit(qubits: 21, cnot: [1])) == nil)
    #expect(groups([12, 12]).place(Circuit(qubits: 13, cnot: [1])) == nil)
    #expect(groups([20]).place(Circuit(qubits: 20, cnot: [1])) != nil)
  }

  @Test func `what a circuit costs is counted and timed`() throws {
    let circuit = Circuit(qubits: 3, cnot: [1])
    let device = line([0.01, 0.01], gate: .cx)
    let placed = PlacedCircuit(circuit, on: [0, 1, 2], of: device)
    let cost = placed.cost(inputs: [0.1, 0.2, 0.3], angles: [1, 2, 3, 4, 5, 6])
    // Two SX on each qubit; the second CNOT is native the other way round: H about it, one of them merged.
    let pairs = placed.nativePairs
    #expect(pairs.map(\.0) == [0, 2] && pairs.map(\.1) == [1, 1])
    #expect(cost.pairs == 2 && cost.pairDepth == 2 && cost.depth == 6)
    #expect(cost.sx == 9)
    #expect(cost.duration == 1200)
    #expect(cost.shot == 202.2)
  }

  @Test func `a native gate's Z is the circuit's axis that was turned onto it`() throws {
    #expect(Turn.identity.axisOfZ == 3)
    #expect(Turn.rx(.pi / 2).axisOfZ == 2)
    #expect(Turn.ry(.pi / 2).axisOfZ == 1)
    #expect(Turn.rz(0.5).after(.rx(.pi / 2)).axisOfZ == 2)
    // The second link can be used from 2 to 1 alone: before it the control's Y is turned onto Z, after it Z onto X.
    let placed = PlacedCircuit(Circuit(qubits: 3, cnot: [1]), on: [0, 1, 2], of: line([0.01, 0.01]))
    let rung = try #require(placed.rungs.rungs.last)
    #expect(rung.control == 1 && rung.target == 2)
    #expect(rung.axesBefore == (2, 1))
    #expect(rung.axesAfter == (1, 1))
  }

  @Test func `depolarising is what relaxation leaves of a gate's error`() {
    var device = line([0.01])
    let without = device.noise(on: [0, 1])
    #expect(abs(without.pair(0, 1).depolarizing - 0.01 * 4 / 3) < 1e-15)
    #expect(abs(without.qubit(0).gate.depolarizing - 0.0003 * 2) < 1e-15)
    device.qubits[0].relaxation = .init(t1: 100, t2: 100)
    let with = device.noise(on: [0, 1])
    #expect(with.pair(0, 1).depolarizing < without.pair(0, 1).depolarizing)
    // Relaxation alone errs more than 0.03 %: nothing is left.
    device.qubits[0].relaxation = .init(t1: 10, t2: 10)
    #expect(device.noise(on: [0, 1]).qubit(0).gate.depolarizing == 0)
  }
}
