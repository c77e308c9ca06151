/// A circuit as text: a row per qubit, a block per repetition, gates that do nothing in dotted boxes.
///
/// ```
/// 0: ─RX(x0)─RY(θ0)─╭●────
/// 1: ─RX(x1)─RY(θ1)─╰X─╭●─
/// 2: ─RX(x2)─RY(θ2)────╰X─
/// ```
package struct CircuitDrawing: Sendable {
  /// The circuit drawn.
  package var circuit: Circuit
  /// The qubits whose ⟨Z⟩ is read.
  package var readout: [Int]
  /// The flat numbers of angles that change nothing.
  package var inert: Set<Int>
  /// The longest line, in characters, if a gate fits into it.
  package var width: Int

  /// A drawing of a circuit.
  /// - Parameters:
  ///   - circuit: The circuit to draw.
  ///   - readout: The qubits whose ⟨Z⟩ is read; nil for all.
  ///   - inert: The flat numbers of angles that change nothing.
  ///   - width: The longest line, in characters, if a gate fits into it.
  package init(_ circuit: Circuit, readout: [Int]? = nil, inert: Set<Int> = [], width: Int = 100) {
    self.circuit = circuit
    self.readout = readout ?? Array(0..<circuit.qubits)
    self.inert = inert
    self.width = width
  }

  /// The lines, joined; no line break at the end.
  package var text: String {
    var lines: [String] = []
    let stages = circuit.stages
    for (number, stage) in stages.enumerated() {
      if stages.count > 1 {
        if number > 0 { lines.append("") }
        lines.append("\(circuit.inverse ? "part" : "repetition") \(number + 1) of \(stages.count)")
      }
      var columns = stage.rotations.map(turns) + cnots(stage)
      if number == stages.count - 1 { columns.append(readoutColumn) }
      lines += wrapped(columns)
    }
    return lines.joined(separator: "\n")
  }

  /// What stands on each qubit's line at one place; nil where only the line goes on.
  private typealias Column = [String?]

  private func turns(_ rotation: Stage.Rotation) -> Column {
    (0..<circuit.qubits).map { qubit in
      let name = rotation.axis.gateName
      switch rotation.source {
      case .inputs: return "\(name)(x\(circuit.input(of: qubit)))"
      case .angles(let index, let repetition):
        let gate = "\(name)(\(circuit.inverse ? "−" : "")\(Circuit.symbols[index])\(qubit))"
        let angle = circuit.angle(qubit, rotation: index, repetition: repetition)
        return inert.contains(angle) ? "┊\(gate)┊" : gate
      }
    }
  }

  private var readoutColumn: Column { (0..<circuit.qubits).map { readout.contains($0) ? "⟨Z⟩" : nil } }

  /// Each CNOT as far to the left as the earlier ones that its line would touch allow.
  private func cnots(_ stage: Stage) -> [Column] {
    var columns: [Column] = []
    var used = [Int](repeating: 0, count: circuit.qubits)
    for (control, target) in stage.cnots {
      let (top, bottom) = (min(control, target), max(control, target))
      let place = used[top...bottom].max() ?? 0
      if place == columns.count { columns.append(Array(repeating: nil, count: circuit.qubits)) }
      for row in top...bottom {
        used[row] = place + 1
        let line = row == top ? "╭" : row == bottom ? "╰" : "│"
        columns[place][row] = line + (row == control ? "●" : row == target ? "X" : "")
      }
    }
    return columns
  }

  private func wrapped(_ columns: [Column]) -> [String] {
    let labelWidth = String(circuit.qubits - 1).count
    let labels = (0..<circuit.qubits).map { row in
      let number = String(row)
      return String(repeating: " ", count: labelWidth - number.count) + number + ": ─"
    }
    var blocks: [[String]] = []
    var rows = labels
    var isEmpty = true
    for column in columns {
      let size = column.lazy.map { $0?.count ?? 0 }.max() ?? 0
      if !isEmpty && rows[0].count + size + 1 > width {
        blocks.append(rows)
        rows = labels
      }
      for row in rows.indices {
        let cell = column[row] ?? ""
        rows[row] += cell + String(repeating: "─", count: size - cell.count + 1)
      }
      isEmpty = false
    }
    blocks.append(rows)
    return Array(blocks.joined(separator: [""]))
  }
}
