import Ledger

extension SweepResults {
  /// Which points of the circuit template the sweep covers: CNOT distances across, RZ, repetitions and hidden layers
  /// upwards, each with the best χ²/NDF of its seeds; nil where a sweep has fewer than two.
  var templatePlot: Plot? {
    let quantum = rows.compactMap { row in row.row.generatorCircuit.map { (row: row, circuit: $0) } }
    var across: [[Int]] = []
    var upwards: [String] = []
    func line(_ row: SweepRow, _ circuit: SweepRow.Axes) -> String {
      "\(circuit.repetitions)x\(circuit.rz ? "" : " without RZ"), \(row.hidden.map(String.init).joined(separator: " "))"
    }
    for (row, circuit) in quantum {
      if !across.contains(circuit.cnot) { across.append(circuit.cnot) }
      let name = line(row.row, circuit)
      if !upwards.contains(name) { upwards.append(name) }
    }
    guard quantum.count > 1 else { return nil }
    across.sort { ($0.count, $0.reduce(0, +)) < ($1.count, $1.reduce(0, +)) }
    var cells: [[Cell]] = []
    for (x, cnot) in across.enumerated() {
      for (y, name) in upwards.enumerated() {
        let found = quantum.filter { $0.circuit.cnot == cnot && line($0.row.row, $0.circuit) == name }.map(\.row)
        let best = found.flatMap { $0.runs.compactMap { $0.curve.best?.reduced } }.min()
        let state =
          best != nil
          ? "trained" : found.isEmpty ? "absent" : found.allSatisfy { $0.row.skip != nil } ? "skipped" : "planned"
        cells.append([
          .integer(x), .integer(y), .text(cnot.map { "+\($0)" }.joined(separator: " ")), .text(name), .text(state),
          Cell(best), .text(best.map { Cell.number($0).text } ?? (state == "absent" ? "·" : state)),
        ])
      }
    }
    func tics(_ names: [String]) -> String {
      names.enumerated().map { Plot.tick($1, at: $0) }.joined(separator: ", ")
    }
    let commands = """
      set xrange [-0.5:\(Double(across.count) - 0.5)]
      set yrange [-0.5:\(Double(upwards.count) - 0.5)]
      set xtics (\(tics(across.map { $0.map { "+\($0)" }.joined(separator: " ") }))) scale 0
      set ytics (\(tics(upwards))) scale 0
      set xlabel 'CNOT'
      set cblabel 'best χ²/NDF'
      set palette defined (0 '#2166ac', 1 '#d1e5f0', 2 '#fddbc7', 3 '#b2182b')
      unset key
      plot 'template.csv' using (strcol(5) eq 'trained' ? $1 : NaN):2:(0.5):(0.5):6 with boxxyerror \
      fillstyle transparent solid 0.6 border rgb '#ffffff' linecolor palette, '' using 1:2:7 with labels
      """
    let columns = ["x", "y", "cnot", "line", "state", "best_reduced", "text"].map { Column($0) }
    return Plot(
      name: "template", title: "Points of the circuit template in \(sweep), with the best χ²/NDF",
      csv: TextTable(columns: columns, rows: cells).render(.csv), commands: commands)
  }
}
