/// A circuit with its angles, written for other software.
///
/// Qubit i here is qubit or wire i there; rotations are exp(-i t P / 2) in all of them.
package struct CircuitExport: Sendable {
  /// The software that a circuit is written for.
  package enum Format: String, CaseIterable, Sendable {
    case openqasm3, openqasm2, pennylane, qiskit
  }

  /// The circuit written.
  package var circuit: Circuit
  /// The angles, in the circuit's flat numbering.
  package var angles: [Double]
  /// x; nil leaves the inputs open, which OpenQASM 2 cannot express.
  package var inputs: [Double]?
  /// The qubits whose ⟨Z⟩ is read.
  package var readout: [Int]
  /// What the numbers are, for the first comment.
  package var title: String

  /// - Precondition: One angle per angle of the circuit, one input per qubit.
  package init(
    _ circuit: Circuit, angles: [Double], inputs: [Double]? = nil, readout: [Int]? = nil, title: String? = nil
  ) {
    precondition(angles.count == circuit.angleCount, "\(angles.count) angles, not \(circuit.angleCount)")
    precondition(inputs.map { $0.count == circuit.qubits } ?? true, "inputs for another number of qubits")
    self.circuit = circuit
    self.angles = angles
    self.inputs = inputs
    self.readout = readout ?? Array(0..<circuit.qubits)
    self.title = title ?? circuit.name
  }

  /// The text of a file, ending with a line break.
  /// - Precondition: The inputs are given if the format is OpenQASM 2 or Qiskit's.
  package func text(_ format: Format) -> String {
    switch format {
    case .openqasm3: openQASM3
    case .openqasm2: openQASM2
    case .pennylane: pennyLane
    case .qiskit:
      BoundCircuit.qiskit(
        [BoundCircuit(circuit, inputs: inputs!, angles: angles, readout: readout)], title: title)
    }
  }

  private var openQASM3: String {
    let declarations =
      inputs == nil
      ? (0..<circuit.qubits).map { "input float[64] x\($0);" }
      : (0..<circuit.qubits).map { "// x\($0) = \(Self.number(inputs![$0]))" }
    return lines(
      ["// \(title)", "OPENQASM 3.0;", "include \"stdgates.inc\";"] + declarations
        + ["bit[\(readout.count)] c;", "qubit[\(circuit.qubits)] q;"] + gateLines
        + readout.enumerated().map { "c[\($0)] = measure q[\($1)];" })
  }

  private var openQASM2: String {
    precondition(inputs != nil, "OpenQASM 2 has no open inputs")
    return lines(
      [
        "// \(title)", "OPENQASM 2.0;", "include \"qelib1.inc\";", "qreg q[\(circuit.qubits)];",
        "creg c[\(readout.count)];",
      ] + gateLines + readout.enumerated().map { "measure q[\($1)] -> c[\($0)];" })
  }

  private var gateLines: [String] {
    circuit.gates.map { gate in
      switch gate {
      case .turn(let axis, let qubit, .input(let input)):
        "r\(axis.rawValue)(\(inputs.map { Self.number($0[input]) } ?? "x\(input)")) q[\(qubit)];"
      case .turn(let axis, let qubit, let amount):
        "r\(axis.rawValue)(\(Self.number(amount.value(inputs: [], angles: angles)))) q[\(qubit)];"
      case .cnot(let control, let target): "cx q[\(control)], q[\(target)];"
      }
    }
  }

  /// The circuit as a loop over its parts: repetitions, but for the encoding of an inverse circuit.
  private var pennyLane: String {
    let all = 0..<circuit.repetitions
    let names = circuit.hasStudyRotations ? ["theta", "phi"] : circuit.rotations.indices.map { "angles\($0)" }
    func table(_ rotation: Int) -> [String] {
      ["\(names[rotation]) = np.array(["]
        + all.map { repetition in
          let start = circuit.angle(0, rotation: rotation, repetition: repetition)
          let row = angles[start..<(start + circuit.qubits)]
          return "    [\(row.map(Self.number).joined(separator: ", "))],"
        } + ["])"]
    }
    let tables = Array(names.prefix(circuit.rotations.count))
    let wires = "wires=range(\(circuit.qubits))"
    let x = circuit.inputShift == 0 ? "x" : "np.roll(x, -\(circuit.inputShift))"
    let encode = "qml.AngleEmbedding(\(x), \(wires), rotation=\"\(circuit.encoding.rawValue.uppercased())\")"
    func turn(_ rotation: Int) -> String {
      let axis = circuit.rotations[rotation].rawValue.uppercased()
      return
        "qml.AngleEmbedding(\(circuit.inverse ? "-" : "")\(names[rotation])[repetition], \(wires), rotation=\"\(axis)\")"
    }
    let entangle = ["for control, target in cnots:", "    qml.CNOT(wires=[control, target])"]
    let turns = circuit.rotations.indices.map(turn)
    var body: [String]
    if circuit.inverse {
      body = [encode, "for repetition in reversed(range(\(circuit.repetitions))):"]
      body += (entangle + turns.reversed()).map { "    " + $0 }
    } else {
      body = ["for repetition in range(\(circuit.repetitions)):"]
      body += circuit.reupload ? ["    " + encode] : ["    if repetition == 0:", "        " + encode]
      body += (turns + entangle).map { "    " + $0 }
    }
    let pairs = circuit.inverse ? circuit.cnots.reversed() : circuit.cnots
    let cnots = pairs.map { "(\($0.control), \($0.target))" }.joined(separator: ", ")
    var text = ["# \(title)", "import pennylane as qml", "from pennylane import numpy as np", ""]
    for rotation in circuit.rotations.indices { text += table(rotation) }
    text += ["cnots = [\(cnots)]"]
    if let inputs { text += ["x = np.array([\(inputs.map(Self.number).joined(separator: ", "))])"] }
    text += [
      "", "", "@qml.qnode(qml.device(\"default.qubit\", wires=\(circuit.qubits)))",
      "def circuit(x, \(tables.map { "\($0)=\($0)" }.joined(separator: ", "))):",
    ]
    text += body.map { "    " + $0 }
    text += ["    return [qml.expval(qml.PauliZ(i)) for i in [\(readout.map(String.init).joined(separator: ", "))]]"]
    if inputs != nil { text += ["", "", "if __name__ == \"__main__\":", "    print(circuit(x))"] }
    return lines(text)
  }

  /// The shortest exact form, with the decimal point that OpenQASM 2 wants before an exponent.
  static func number(_ value: Double) -> String {
    let text = "\(value)"
    guard let exponent = text.firstIndex(of: "e"), !text.contains(".") else { return text }
    return text[..<exponent] + ".0" + text[exponent...]
  }

  private func lines(_ lines: [String]) -> String { lines.joined(separator: "\n") + "\n" }
}
