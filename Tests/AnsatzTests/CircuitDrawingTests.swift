import Ansatz
import TestSupport
import Testing

@Suite struct CircuitDrawingTests {
  private func expect(_ drawing: CircuitDrawing, _ expected: String, at location: SourceLocation = #_sourceLocation) {
    let change = difference(from: expected, to: drawing.text)
    #expect(change == nil, "\(change ?? "")", sourceLocation: location)
  }

  @Test func `a chain with two distances, the last RZ inert, one qubit read`() {
    let circuit = Circuit(qubits: 4, cnot: [1, 2], rz: true, repetitions: 2)
    let inert = Set((0..<4).map { circuit.phi($0, repetition: 1) })
    expect(
      CircuitDrawing(circuit, readout: [0], inert: inert),
      """
      repetition 1 of 2
      0: ─RX(x0)─RY(θ0)─RZ(φ0)─╭●─╭●──────────
      1: ─RX(x1)─RY(θ1)─RZ(φ1)─╰X─│──╭●─╭●────
      2: ─RX(x2)─RY(θ2)─RZ(φ2)────╰X─╰X─│──╭●─
      3: ─RX(x3)─RY(θ3)─RZ(φ3)──────────╰X─╰X─

      repetition 2 of 2
      0: ─RY(θ0)─┊RZ(φ0)┊─╭●─╭●──────────⟨Z⟩─
      1: ─RY(θ1)─┊RZ(φ1)┊─╰X─│──╭●─╭●────────
      2: ─RY(θ2)─┊RZ(φ2)┊────╰X─╰X─│──╭●─────
      3: ─RY(θ3)─┊RZ(φ3)┊──────────╰X─╰X─────
      """)
  }

  @Test func `a ring's last CNOT points up, and CNOTs that do not touch share a place`() {
    expect(
      CircuitDrawing(Circuit(qubits: 4, cnot: [2], rz: false, ring: true)),
      """
      0: ─RX(x0)─RY(θ0)─╭●────╭X────⟨Z⟩─
      1: ─RX(x1)─RY(θ1)─│──╭●─│──╭X─⟨Z⟩─
      2: ─RX(x2)─RY(θ2)─╰X─│──╰●─│──⟨Z⟩─
      3: ─RX(x3)─RY(θ3)────╰X────╰●─⟨Z⟩─
      """)
  }

  @Test func `rotations of other kinds, inputs that are permuted, and what is undone`() {
    let circuit = Circuit(qubits: 2, cnot: [1], rotations: [.z, .y, .x], encoding: .y, inputShift: 1)
    expect(
      CircuitDrawing(circuit),
      """
      0: ─RY(x1)─RZ(θ0)─RY(φ0)─RX(ω0)─╭●─⟨Z⟩─
      1: ─RY(x0)─RZ(θ1)─RY(φ1)─RX(ω1)─╰X─⟨Z⟩─
      """)
    var inverse = circuit
    inverse.inverse = true
    expect(
      CircuitDrawing(inverse),
      """
      part 1 of 2
      0: ─RY(x1)─╭●─
      1: ─RY(x0)─╰X─

      part 2 of 2
      0: ─RX(−ω0)─RY(−φ0)─RZ(−θ0)─⟨Z⟩─
      1: ─RX(−ω1)─RY(−φ1)─RZ(−θ1)─⟨Z⟩─
      """)
  }

  @Test func `long circuits continue below, with lines no longer than asked for`() {
    let drawing = CircuitDrawing(
      Circuit(qubits: 11, cnot: [1, 2, 3], rz: true, repetitions: 2, reupload: true), width: 50)
    let lines = drawing.text.split(separator: "\n")
    #expect(lines.allSatisfy { $0.count <= 50 })
    #expect(lines.filter { $0.hasPrefix(" 0: ─") }.count == 6)
    #expect(lines.filter { $0.hasPrefix("10: ─RX(x10)") }.count == 2)
  }

  @Test func `a drawing shows every gate once`() {
    for circuit in CircuitTests.template {
      let text = CircuitDrawing(circuit, width: 70).text
      func count(_ part: String) -> Int { text.components(of: part) }
      #expect(count("●") == circuit.repetitions * circuit.cnots.count)
      #expect(count("RX(") == circuit.qubits * (circuit.reupload ? circuit.repetitions : 1))
      #expect(count("RY(") + count("RZ(") == circuit.angleCount)
    }
  }
}

extension String {
  fileprivate func components(of part: String) -> Int { ranges(of: part).count }
}
