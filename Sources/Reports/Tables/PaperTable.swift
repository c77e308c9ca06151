import Ledger

extension SweepResults {
  /// The results in the slides' columns and order: one table for each of the paper's, in the sweep's order.
  /// - Parameter besideSlides: Whether the published numbers stand next to them.
  /// - Returns: The tables; none where the sweep has no rows.
  package func paperTables(besideSlides: Bool = false) -> [TextTable] {
    var names: [String] = []
    for table in rows.map(\.row.table) where !names.contains(table) { names.append(table) }
    return names.map { name in
      let part = SweepResults(sweep: sweep, rows: rows.filter { $0.row.table == name })
      return part.paperTable(name, besideSlides: besideSlides)
    }
  }

  private func paperTable(_ name: String, besideSlides: Bool) -> TextTable {
    let distances = Array(1...max(4, rows.flatMap { $0.shownCircuit?.cnot ?? [] }.max() ?? 4))
    var columns: [Column] = [Column(detail: "table"), "model", Column("RY", key: "ry"), Column("RZ", key: "rz")]
    columns += distances.map { Column("+\($0)", key: "cnot\($0)") }
    columns += [
      "repetitions", Column("hidden layers", key: "hidden"), Column("χ²/NDF", key: "best_reduced"),
      Column("best", key: "best_checkpoint"), Column("last", key: "last_checkpoint"), Column("⟨χ²⟩q", key: "mean_q"),
      Column("⟨χ²⟩c", key: "mean_c"), Column("⟨χ²⟩c′", key: "mean_c_prime"), "state",
    ]
    if besideSlides { columns += Self.publishedColumns }
    var title = name.isEmpty ? "Results of \(sweep)" : "Table \(name) of \(sweep)"
    if besideSlides {
      title += "; \"slides:\" columns are the published numbers, which are on other events and other hardware"
    }
    let cells = rows.map { $0.paperCells(distances) + (besideSlides ? $0.publishedCells() : []) }
    return TextTable(title: title, key: "results", columns: columns, rows: cells, notes: notes)
  }

  private static let publishedColumns: [Column] = [
    Column("slides: χ²/NDF", key: "slides_best_reduced"), Column("best", key: "slides_best_checkpoint"),
    Column("last", key: "slides_last_checkpoint"), Column("⟨χ²⟩q", key: "slides_mean_q"),
    Column("⟨χ²⟩c", key: "slides_mean_c"), Column("⟨χ²⟩c′", key: "slides_mean_c_prime"),
    Column("remark", key: "slides_remark"),
  ]
}

extension RowResult {
  /// The circuit whose axes the row shows: the generator's, or the discriminator's where only that one has one.
  var shownCircuit: SweepRow.Axes? { row.generatorCircuit ?? row.discriminatorCircuit }

  fileprivate func paperCells(_ distances: [Int]) -> [Cell] {
    let circuit = shownCircuit
    func mark(_ value: Bool?) -> Cell { value.map(Cell.flag) ?? .inapplicable }
    let best = runs.compactMap(\.curve.best)
    return [
      .text(row.table), .text(row.label), mark(circuit.map { _ in true }), mark(circuit?.rz),
    ] + distances.map { distance in mark(circuit?.cnot.contains(distance)) }
      + [
        circuit.map { .integer($0.repetitions) } ?? .inapplicable, .text(layers), reduced,
        SweepResults.integers(best.map(\.checkpoint)), SweepResults.integers(runs.compactMap(\.curve.last)),
        row.isQuantum || row.skip != nil ? meanQuantum(runs) : .inapplicable, meanClassical(runs), meanReference(runs),
        .text(state),
      ]
  }

  /// `50 200`; with both networks' where the discriminator is not the study's.
  private var layers: String {
    func text(_ sizes: [Int]) -> String { sizes.map(String.init).joined(separator: " ") }
    guard let judge = row.discriminatorCircuit else { return text(row.hidden) }
    let both = row.generatorCircuit != nil
    let circuit = both ? " and \(judge.repetitions)x\(judge.rz ? "" : " without RZ")" : ""
    return "D: \(text(row.discriminatorHidden))\(circuit); G: \(text(row.hidden))"
  }

  /// χ²/NDF, with its values per energy behind it where there are several and one seed.
  private var reduced: Cell {
    let best = runs.compactMap(\.curve.best?.reduced)
    guard best.count == 1, let energies = runs.first(where: { !$0.perEnergy.isEmpty })?.perEnergy else {
      return Sample(best).cell()
    }
    return .number(best[0], mark: " (\(Self.listed(energies)))")
  }

  /// Values per energy, to one decimal as on the slides.
  private static func listed(_ values: [Double]) -> String {
    values.map { Cell.fixed($0, decimals: 1) }.joined(separator: ", ")
  }

  fileprivate func publishedCells() -> [Cell] {
    guard let published = PublishedRow.find(table: row.table, label: row.label) else {
      return Array(repeating: .missing, count: 7)
    }
    let energies = Self.listed(published.perEnergy)
    return [
      published.reduced.map { .number($0, mark: energies.isEmpty ? "" : " (\(energies))") } ?? .missing,
      Cell(published.best), Cell(published.last), Cell(published.meanQuantum), Cell(published.meanClassical),
      Cell(published.meanReference), Cell(published.remark),
    ]
  }
}
