import Ansatz
import TestSupport
import Testing

@Suite struct CircuitExplanationTests {
  private func explanation(_ circuit: Circuit, readout: [Int]? = nil) throws -> CircuitExplanation {
    let analysis = CircuitAnalysis(circuit, readout: readout)
    let inputs = Array(repeating: InputDistribution.latent, count: circuit.qubits)
    let estimates =
      analysis.gradientEstimates(inputs: inputs, angles: .circle)
      ?? analysis.readout.map {
        GradientEstimate(qubit: $0, variance: 0.25, inputVariance: 1.234e-5, gradientSquare: 0.000678, samples: 9)
      }
    return CircuitExplanation(analysis, estimates: estimates)
  }

  private func expect(_ text: String, _ expected: String, at location: SourceLocation = #_sourceLocation) {
    let change = difference(from: expected, to: text)
    #expect(change == nil, "\(change ?? "")", sourceLocation: location)
  }

  @Test func `one repetition has closed forms and a plainer twin`() throws {
    let circuit = Circuit(qubits: 4, cnot: [1], rz: true)
    expect(
      try explanation(circuit, readout: [0, 1]).text(width: 80),
      """
      ry-rz-cnot1-x1-q4

      0: ─RX(x0)─RY(θ0)───┊RZ(φ0)┊─╭●───────⟨Z⟩─
      1: ─RX(x1)─RY(θ1)───┊RZ(φ1)┊─╰X─╭●────⟨Z⟩─
      2: ─RX(x2)─┊RY(θ2)┊─┊RZ(φ2)┊────╰X─╭●─────
      3: ─RX(x3)─┊RY(θ3)┊─┊RZ(φ3)┊───────╰X─────

      gates       15, of them 3 CNOT; depth 6, of CNOTs alone 3
      angles      8, of them 2 effective
        inert     ┊θ2, θ3┊: outside the light cone of every read-out
        inert     ┊φ0 … φ3┊: diagonal, and only CNOTs and the read-out of Z follow
      same as     ry-cnot1-x1-q4: RZ is inert
      unread      no read-out depends on x2, x3

      read-out  variance  over inputs  (∂/∂angle)²  depends on
      ⟨Z_0⟩     0.332     0.032        0.332        = cos x0 cos θ0
      ⟨Z_1⟩     0.11      0.0202       0.11         = cos x0 cos θ0 · cos x1 cos θ1
      (variances exact)
      """)
  }

  @Test func `several repetitions have light cones and samples`() throws {
    expect(
      try explanation(Circuit(qubits: 3, cnot: [1], rz: true, repetitions: 2)).text(width: 80)
        .split(separator: "\n").suffix(10).joined(separator: "\n"),
      """
      2: ─RY(θ2)─┊RZ(φ2)┊────╰X─⟨Z⟩─
      gates       19, of them 4 CNOT; depth 9, of CNOTs alone 4
      angles      12, of them 9 effective
        inert     ┊φ0 … φ2┊ of repetition 2: diagonal, and only CNOTs and the read-out of Z follow
      contains    ry-cnot1-x2-q3
      read-out  variance  over inputs  (∂/∂angle)²  depends on
      ⟨Z_0⟩     0.25      1.23e-5      6.78e-4      x0, x1
      ⟨Z_1⟩     0.25      1.23e-5      6.78e-4      x0 … x2
      ⟨Z_2⟩     0.25      1.23e-5      6.78e-4      x0 … x2
      (variances estimated from 9 random sets of angles)
      """)
  }

  @Test func `the plainest circuit that computes the same is named`() throws {
    #expect(try explanation(Circuit(cnot: [1], rz: true, order: .blocked)).sameAs == "ry-cnot1-x1")
    #expect(try explanation(Circuit(cnot: [], rz: false, repetitions: 3)).sameAs == "ry-nocnot-x1")
    #expect(try explanation(Circuit(cnot: [1], rz: true, repetitions: 2)).sameAs == nil)
    let middle = try explanation(Circuit(cnot: [1], rz: false, repetitions: 2))
    #expect(middle.containedIn == ["ry-rz-cnot1-x2"] && middle.contains.isEmpty)
    #expect(try explanation(Circuit(cnot: [1], rz: true, repetitions: 2)).contains == ["ry-cnot1-x2"])
    #expect(middle.text(width: 100).contains("\npart of     ry-rz-cnot1-x2\n"))
  }
}

@Suite struct CircuitExportTests {
  static let export = CircuitExport(
    Circuit(qubits: 2, cnot: [1], rz: true, repetitions: 2), angles: [0.5, 1e-7, -2, 3, 0.25, 0.125, 1, 4],
    readout: [1], title: "a test")

  private func expect(_ text: String, _ expected: String, at location: SourceLocation = #_sourceLocation) {
    let change = difference(from: expected + "\n", to: text)
    #expect(change == nil, "\(change ?? "")", sourceLocation: location)
  }

  @Test func `OpenQASM 3 leaves the inputs open`() {
    expect(
      Self.export.text(.openqasm3),
      """
      // a test
      OPENQASM 3.0;
      include "stdgates.inc";
      input float[64] x0;
      input float[64] x1;
      bit[1] c;
      qubit[2] q;
      rx(x0) q[0];
      rx(x1) q[1];
      ry(0.5) q[0];
      ry(1.0e-07) q[1];
      rz(-2.0) q[0];
      rz(3.0) q[1];
      cx q[0], q[1];
      ry(0.25) q[0];
      ry(0.125) q[1];
      rz(1.0) q[0];
      rz(4.0) q[1];
      cx q[0], q[1];
      c[0] = measure q[1];
      """)
  }

  @Test func `OpenQASM 2 has them filled in`() {
    var export = Self.export
    export.circuit.repetitions = 1
    export.angles = Array(export.angles.prefix(4))
    export.inputs = [0.75, -1]
    expect(
      export.text(.openqasm2),
      """
      // a test
      OPENQASM 2.0;
      include "qelib1.inc";
      qreg q[2];
      creg c[1];
      rx(0.75) q[0];
      rx(-1.0) q[1];
      ry(0.5) q[0];
      ry(1.0e-07) q[1];
      rz(-2.0) q[0];
      rz(3.0) q[1];
      cx q[0], q[1];
      measure q[1] -> c[0];
      """)
  }

  @Test func `PennyLane gets a function of the inputs`() {
    expect(
      Self.export.text(.pennylane),
      """
      # a test
      import pennylane as qml
      from pennylane import numpy as np

      theta = np.array([
          [0.5, 1.0e-07],
          [0.25, 0.125],
      ])
      phi = np.array([
          [-2.0, 3.0],
          [1.0, 4.0],
      ])
      cnots = [(0, 1)]


      @qml.qnode(qml.device("default.qubit", wires=2))
      def circuit(x, theta=theta, phi=phi):
          for repetition in range(2):
              if repetition == 0:
                  qml.AngleEmbedding(x, wires=range(2), rotation="X")
              qml.AngleEmbedding(theta[repetition], wires=range(2), rotation="Y")
              qml.AngleEmbedding(phi[repetition], wires=range(2), rotation="Z")
              for control, target in cnots:
                  qml.CNOT(wires=[control, target])
          return [qml.expval(qml.PauliZ(i)) for i in [1]]
      """)
  }

  @Test func `rotations of other kinds and what is undone are written gate by gate`() {
    var circuit = Circuit(qubits: 2, cnot: [1], rotations: [.z, .x], encoding: .y, inputShift: 1)
    let angles = [0.5, -1, 2, 0.25]
    let there = CircuitExport(circuit, angles: angles)
    #expect(
      there.text(.openqasm3).contains(
        "ry(x1) q[0];\nry(x0) q[1];\nrz(0.5) q[0];\nrz(-1.0) q[1];\nrx(2.0) q[0];\nrx(0.25) q[1];\ncx q[0], q[1];\n"))
    circuit.inverse = true
    let back = CircuitExport(circuit, angles: angles)
    #expect(
      back.text(.openqasm3).contains(
        "ry(x0) q[1];\ncx q[0], q[1];\nrx(-2.0) q[0];\nrx(-0.25) q[1];\nrz(-0.5) q[0];\nrz(1.0) q[1];\nc[0]"))
    expect(
      back.text(.pennylane),
      """
      # rz-rx-cnot1-x1-q2-ency-shift1-inverse
      import pennylane as qml
      from pennylane import numpy as np

      angles0 = np.array([
          [0.5, -1.0],
      ])
      angles1 = np.array([
          [2.0, 0.25],
      ])
      cnots = [(0, 1)]


      @qml.qnode(qml.device("default.qubit", wires=2))
      def circuit(x, angles0=angles0, angles1=angles1):
          qml.AngleEmbedding(np.roll(x, -1), wires=range(2), rotation="Y")
          for repetition in reversed(range(1)):
              for control, target in cnots:
                  qml.CNOT(wires=[control, target])
              qml.AngleEmbedding(-angles1[repetition], wires=range(2), rotation="X")
              qml.AngleEmbedding(-angles0[repetition], wires=range(2), rotation="Z")
          return [qml.expval(qml.PauliZ(i)) for i in [0, 1]]
      """)
  }

  @Test func `re-uploading encodes in every repetition, and without RZ there is no phi`() {
    let circuit = Circuit(qubits: 1, cnot: [], rz: false, repetitions: 2, reupload: true)
    let text = CircuitExport(circuit, angles: [1, 2], inputs: [0.5]).text(.pennylane)
    #expect(!text.contains("phi") && !text.contains("if repetition"))
    #expect(text.hasSuffix("    print(circuit(x))\n"))
    #expect(CircuitExport(circuit, angles: [1, 2]).text(.openqasm3).ranges(of: "rx(x0) q[0];").count == 2)
  }
}
