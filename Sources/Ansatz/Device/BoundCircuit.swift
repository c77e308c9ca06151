/// A circuit with all its numbers, as gates on a register of qubits, for other software or a device.
package struct BoundCircuit: Hashable, Sendable {
  /// A gate by its name in OpenQASM and Qiskit, with its angle, if it has one, and its qubits of the register.
  package struct Operation: Hashable, Sendable {
    /// The name: rx, ry, rz, sx, x, cx, ecr or cz.
    package var name: String
    /// The angle in radians.
    package var angle: Double?
    /// The qubits, first the control.
    package var qubits: [Int]
  }

  /// The qubits of the register.
  package let register: Int
  /// The gates in order.
  package let operations: [Operation]
  /// The qubit of the register that each bit is of, bit i being the circuit's i-th read-out.
  package let measured: [Int]

  /// A circuit's own gates.
  package init(_ circuit: Circuit, inputs: [Double], angles: [Double], readout: [Int]) {
    register = circuit.qubits
    measured = readout
    operations = circuit.gates.map { gate in
      switch gate {
      case .turn(let axis, let qubit, let amount):
        Operation(
          name: "r" + axis.rawValue, angle: amount.value(inputs: inputs, angles: angles), qubits: [qubit])
      case .cnot(let control, let target): Operation(name: "cx", qubits: [control, target])
      }
    }
  }

  /// The native gates on the qubits of a device.
  /// - Parameters:
  ///   - placed: The circuit on the device.
  ///   - register: The device's qubits.
  ///   - inputs: One per qubit.
  ///   - angles: In the circuit's flat numbering.
  ///   - readout: The circuit's qubits that are read.
  package init(_ placed: PlacedCircuit, register: Int, inputs: [Double], angles: [Double], readout: [Int]) {
    self.register = register
    let chain = placed.chain
    measured = readout.map { chain[$0] }
    operations = placed.gates(inputs: inputs, angles: angles).map { gate in
      switch gate {
      case .rz(let place, let angle): Operation(name: "rz", angle: angle, qubits: [chain[place]])
      case .sx(let place): Operation(name: "sx", qubits: [chain[place]])
      case .x(let place): Operation(name: "x", qubits: [chain[place]])
      case .pair(let first, let second):
        Operation(name: placed.pairGate.rawValue, qubits: [chain[first], chain[second]])
      }
    }
  }

  /// An OpenQASM 3 program.
  package func openQASM3(title: String) -> String {
    var lines = ["// \(title)", "OPENQASM 3.0;", "include \"stdgates.inc\";"]
    if operations.contains(where: { $0.name == "ecr" }) {
      lines.append("gate ecr a, b { cx a, b; rz(pi/2) a; rx(pi/2) b; x a; }")
    }
    lines += ["bit[\(measured.count)] c;", "qubit[\(register)] q;"]
    lines += operations.map { operation in
      operation.name + (operation.angle.map { "(\(CircuitExport.number($0)))" } ?? "") + " "
        + operation.qubits.map { "q[\($0)]" }.joined(separator: ", ") + ";"
    }
    lines += measured.enumerated().map { "c[\($0)] = measure q[\($1)];" }
    return lines.joined(separator: "\n") + "\n"
  }

  /// A Python module with a list of Qiskit's circuits, one for each of these.
  /// - Precondition: All are on the same register and read the same qubits.
  package static func qiskit(_ circuits: [BoundCircuit], title: String) -> String {
    let first = circuits.first
    let measured = (first?.measured ?? []).map { "\($0)" }.joined(separator: ", ")
    let events = circuits.map { circuit in
      "    ["
        + circuit.operations.map { operation in
          let numbers =
            (operation.angle.map { [CircuitExport.number($0)] } ?? []) + operation.qubits.map { "\($0)" }
          return "(\"\(operation.name)\", \(numbers.joined(separator: ", ")))"
        }.joined(separator: ", ") + "],"
    }
    return
      ([
        "# \(title)",
        "# circuits[k] is event k. Bit i is the i-th qubit read, so that it is the last but i in a string.",
        "from qiskit import QuantumCircuit", "", "", "def circuit(gates):",
        "    made = QuantumCircuit(\(first?.register ?? 0), \(first?.measured.count ?? 0))",
        "    for name, *numbers in gates:", "        getattr(made, name)(*numbers)",
        "    made.measure([\(measured)], range(\(first?.measured.count ?? 0)))", "    return made", "", "", "gates = [",
      ] + events + ["]", "circuits = [circuit(event) for event in gates]"]).joined(separator: "\n") + "\n"
  }
}
