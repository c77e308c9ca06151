import Ansatz
import Foundation
import Testing

@Suite struct CircuitTests {
  /// Some of everything that the template has.
  static let template: [Circuit] = [1, 2, 3].flatMap { repetitions in
    [[], [1], [1, 2], [2, 4], [1, 2, 3, 4], [9], [10], [1, 10], [11, 12]].flatMap { cnot in
      [false, true].flatMap { rz in
        Circuit.Order.allCases.flatMap { order in
          [false, true].map { flag in
            Circuit(
              qubits: cnot.contains { $0 > 9 } ? 13 : 10, cnot: cnot, rz: rz, repetitions: repetitions, order: order,
              ring: flag, reupload: !flag)
          }
        }
      }
    }
  }

  /// Rotations, encodings and inputs other than the study's.
  static let turned: [Circuit] = [
    Circuit(qubits: 6, repetitions: 2, ring: true, rotations: [.z, .y, .x], encoding: .y, inputShift: 4),
    Circuit(qubits: 6, cnot: [], repetitions: 2, rotations: [.z, .y, .x], encoding: .y, inverse: true),
    Circuit(cnot: [1, 2], rotations: [.x]), Circuit(reupload: true, rotations: [.y, .x], inputShift: 1),
    Circuit(encoding: .y), Circuit(rz: false, inputShift: 3), Circuit(rotations: [.z, .y]), Circuit(inverse: true),
  ]

  @Test func `a circuit comes back from its name`() {
    #expect(Self.turned[0].name == "rz-ry-rx-cnot1-x2-q6-ring-ency-shift4")
    for circuit in Self.template + Self.turned { #expect(Circuit(name: circuit.name) == circuit, "\(circuit.name)") }
    #expect(Set((Self.template + Self.turned).map(\.name)).count == Self.template.count + Self.turned.count)
  }

  @Test func `the name of a variant names its circuit`() {
    #expect(Circuit(name: "ry-rz-cnot12-x2-50-200") == Circuit(cnot: [1, 2], rz: true, repetitions: 2))
    #expect(Circuit(name: "ry-cnot1-x1-cond-100") == Circuit(qubits: 11, cnot: [1], rz: false))
    #expect(Circuit(name: "ry-cnot1-x1-q5-cond-100") == Circuit(qubits: 5, cnot: [1], rz: false))
    #expect(Circuit(name: "ry-cnot1-x1-q10-cond") == Circuit(qubits: 10, cnot: [1], rz: false))
  }

  @Test func `no two lists of distances have one name`() {
    let distances = 1..<Circuit.qubitLimit
    var lists = distances.map { [$0] }
    lists += distances.flatMap { low in distances.filter { $0 > low }.map { [low, $0] } }
    lists += [[], [1, 2, 3], [1, 2, 13], [2, 3, 23], Array(1...9), Array(distances)]
    let circuits = lists.map { Circuit(qubits: Circuit.qubitLimit, cnot: $0) }
    #expect(Set(circuits.map(\.name)).count == circuits.count)
    for circuit in circuits { #expect(Circuit(name: circuit.name) == circuit, "\(circuit.name)") }
  }

  @Test(arguments: [
    ([1, 2], "cnot12"), ([12], "cnot12_"), ([2, 3], "cnot23"), ([23], "cnot23_"), ([1, 12], "cnot1_12"),
    // These never read as two.
    ([10], "cnot10"), ([11], "cnot11"), ([20], "cnot20"), ([21], "cnot21"), ([22], "cnot22"),
  ])
  func `a distance that reads as two is told from them`(cnot: [Int], name: String) {
    #expect(Circuit(qubits: 24, cnot: cnot).name == "ry-rz-\(name)-x1-q24")
  }

  @Test(arguments: [
    "", "ry", "ry-rz", "classical-50-200", "ry-cnot-x", "ry-cnotx-x1", "ry-cnot1-x0", "ry-cnot1-x1-foo",
    "ry-cnot2_1-x1", "ry-cnot1_2-x1", "ry-cnot1_1-x1", "ry-cnot11_-x1-q12", "ry-cnot-x1", "ry-cnot01-x1",
    "ry-cnot1-x01", "ry-cnot1-x1-q10", "ry-cnot1-x1-q11-cond", "ry-cnot1-x1-ring-q6", "ry--cnot1-x1",
    "ry-cnot1-x1-", "ry-cnot1-x1-050", "ry-cnot1-x1-shift0", "ry-cnot1-x1-q6-q6", "ry-cnot1-x1-interleaved",
    "ry-cnot1-x1-encx", "ry-cnot1-x1-+5",
  ])
  func `what names no circuit gives none`(_ name: String) { #expect(Circuit(name: name) == nil) }

  @Test func `a six-qubit chain has five, four, three and two CNOTs of distances one to four`() {
    #expect((1...4).map { Circuit(qubits: 6, cnot: [$0]).cnots.count } == [5, 4, 3, 2])
    #expect((1...4).map { Circuit(qubits: 6, cnot: [$0], ring: true).cnots.count } == [6, 6, 6, 6])
  }

  @Test func `the order of the CNOTs is by control, or by distance when blocked`() {
    func text(_ circuit: Circuit) -> String {
      circuit.cnots.map { "\($0.control)\($0.target)" }.joined(separator: " ")
    }
    #expect(text(Circuit(qubits: 4, cnot: [1, 2])) == "01 02 12 13 23")
    #expect(text(Circuit(qubits: 4, cnot: [1, 2], order: .blocked)) == "01 12 23 02 13")
    #expect(text(Circuit(qubits: 4, cnot: [2, 1], ring: true)) == "01 02 12 13 23 20 30 31")
  }

  @Test func `the parity map is what the CNOTs do, and undoing them gives the identity`() {
    for circuit in Self.template where circuit.qubits == 10 {
      let there = circuit.parityMap
      let back = ParityMap(undoing: circuit.cnots, qubits: 10)
      for state: UInt32 in [0, 1, 2, 512, 0b11_0101_1001, 1023] {
        var expected = state
        for (control, target) in circuit.cnots where expected >> UInt32(control) & 1 == 1 { expected ^= 1 << target }
        #expect(there(state) == expected)
        #expect(back(there(state)) == state)
      }
    }
  }

  @Test func `what cannot be a circuit says why`() {
    #expect(Circuit(qubits: 25).flaw == "qubits: 25 is not in 1 … 24")
    #expect(Circuit(qubits: 6, cnot: [6]).flaw == "cnot: 6 is not a distance; distances are 1 … 5")
    #expect(Circuit(qubits: 1, cnot: [1]).flaw == "cnot: 1 is not a distance; one qubit has no CNOT")
    #expect(Circuit(repetitions: 0).flaw == "repetitions: 0 is not in 1 … 64")
    #expect(Circuit(rotations: []).flaw == "rotations: 0 of them; a repetition has 1 … 6")
    #expect(Circuit(rotations: [.x, .y, .y]).flaw == "rotations: y twice in a row is one rotation; name it once")
    #expect(Circuit(qubits: 6, inputShift: 6).flaw == "input_shift: 6 is not in 0 … 5")
    #expect(Circuit(reupload: true, inverse: true).flaw == "reupload: an inverse circuit encodes its inputs once")
    #expect(Circuit().flaw == nil)
  }

  @Test func `a circuit comes back from its description, which says no more than it must`() throws {
    for circuit in Self.template + Self.turned {
      let data = try JSONEncoder().encode(circuit)
      #expect(try JSONDecoder().decode(Circuit.self, from: data) == circuit)
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    func text(_ circuit: Circuit) throws -> String { String(decoding: try encoder.encode(circuit), as: UTF8.self) }
    #expect(
      try text(Circuit(qubits: 4))
        == #"{"cnot":[1],"order":"interleaved","qubits":4,"repetitions":1,"reupload":false,"ring":false,"rz":true}"#)
    #expect(
      try text(Self.turned[0])
        == #"{"cnot":[1],"encoding":"y","input_shift":4,"order":"interleaved","qubits":6,"repetitions":2,"reupload":false,"ring":true,"rotations":["z","y","x"]}"#
    )
  }

  @Test func `the gates of an inverse circuit are those behind the encoding, backwards and by the other angles`() {
    for circuit in Self.turned where !circuit.reupload {
      var (there, back) = (circuit, circuit)
      (there.inverse, back.inverse) = (false, true)
      let (gates, undone) = (there.gates, back.gates)
      #expect(gates.prefix(circuit.qubits) == undone.prefix(circuit.qubits))
      let expected = gates.dropFirst(circuit.qubits).reversed().map { gate -> Gate in
        guard case .turn(let axis, let qubit, .angle(let angle)) = gate else { return gate }
        return .turn(axis, qubit: qubit, by: .undone(angle))
      }
      // Rotations of different qubits commute; within a rotation they come in the qubits' order.
      func sorted(_ gates: some Sequence<Gate>) -> [[Gate]] {
        var runs: [[Gate]] = []
        for gate in gates {
          if case .turn = gate, case .turn? = runs.last?.first {
            runs[runs.count - 1].append(gate)
          } else {
            runs.append([gate])
          }
        }
        return runs.map { run in
          run.enumerated().sorted { ($0.element.qubit, $0.offset) < ($1.element.qubit, $1.offset) }.map(\.element)
        }
      }
      #expect(sorted(expected) == sorted(undone.dropFirst(circuit.qubits)))
    }
  }

  @Test func `what a description leaves out is the study's`() throws {
    let text = #"{"qubits": 4, "cnot": [1, 2], "rz": false, "repetitions": 2}"#
    let circuit = try JSONDecoder().decode(Circuit.self, from: Data(text.utf8))
    #expect(circuit == Circuit(qubits: 4, cnot: [1, 2], rz: false, repetitions: 2, order: .interleaved))
    #expect(!circuit.ring && !circuit.reupload)
  }
}

extension Gate {
  /// The qubit that is turned; of a CNOT the control.
  fileprivate var qubit: Int {
    switch self {
    case .turn(_, let qubit, _): qubit
    case .cnot(let control, _): control
    }
  }
}
