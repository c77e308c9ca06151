import Experiment
import Ledger
import Records

/// What a row of a results table stands for.
package enum Grouping: String, CaseIterable, Sendable {
  case run, variant
}

extension SweepResults {
  /// The results, one row a run or one a variant: there with mean ± standard deviation over the seeds.
  /// - Parameters:
  ///   - grouping: What a row is.
  ///   - order: What the rows are sorted by, the best first; nil for the sweep's order.
  /// - Returns: The table, with the metrics that a run has.
  package func table(per grouping: Grouping = .variant, sortedBy order: ResultOrder? = nil) -> TextTable {
    var parts = rows.flatMap { row -> [(row: RowResult, runs: [RunResult], state: String)] in
      switch grouping {
      case .variant: [(row, row.runs, row.state)]
      case .run where row.runs.isEmpty: [(row, [], row.state)]
      case .run: row.runs.map { (row, [$0], $0.state.description) }
      }
    }
    if let order { parts = order.sorted(parts) { $0.runs } }
    let metrics = self.metrics
    let place = Self.columns.firstIndex { $0.key == "best_checkpoint" }! + 1
    let rows = parts.map { part in
      var cells = Self.cells(part.row, part.runs, state: part.state)
      cells.insert(contentsOf: metrics.map { $0.cell(of: part.runs) }, at: place)
      return cells
    }
    var columns = Self.columns
    columns.insert(contentsOf: metrics.map(\.column), at: place)
    return TextTable(
      title: "Results of \(sweep)", key: "results", columns: columns, rows: rows,
      notes: notes + [cost.sentence].compactMap(\.self)
    ).droppingEmptyColumns(["table", "seed", "best_uncertainty"])
  }

  private static let columns: [Column] = [
    Column(detail: "sweep"), Column("table"), Column("model", key: "label"), Column("variant", key: "name"),
    Column(detail: "id"), Column("seed"), Column(detail: "run"), Column(detail: "seeds"),
    Column("χ²/NDF", key: "best_reduced"), Column("±", key: "best_uncertainty"),
    Column("best checkpoint", key: "best_checkpoint"),
    Column("checkpoints", key: "last_checkpoint"), Column("window"), Column(detail: "window_first"),
    Column(detail: "window_last"), Column(detail: "window_count"), Column(detail: "window_cut"),
    Column(detail: "window_mean"), Column("⟨χ²⟩q", key: "mean_q"), Column("⟨χ²⟩c", key: "mean_c"),
    Column("⟨χ²⟩c′", key: "mean_c_prime"), Column(detail: "mean_c_averaged"), Column(detail: "mean_c_prime_averaged"),
    Column(detail: "same_family_as"), Column(detail: "training_core_seconds"),
    Column(detail: "evaluation_core_seconds"),
    Column(detail: "lost_core_seconds"), Column("state"),
  ]

  private static func cells(_ result: RowResult, _ runs: [RunResult], state: String) -> [Cell] {
    let row = result.row
    let only = runs.count == 1 ? runs[0] : nil
    let window = only?.window
    let best = runs.compactMap(\.curve.best)
    let cost = runs.reduce(RunCost()) { $0 + $1.cost }
    return [
      .text(row.sweep), .text(row.table), .text(row.label), .text(row.name), .text(row.id),
      only.map { Cell(seed: $0.seed) } ?? .missing, Cell(only?.run), .integer(runs.count),
      Sample(best.map(\.reduced)).cell(), Cell(only?.bestUncertainty, digits: 2), integers(best.map(\.checkpoint)),
      integers(runs.compactMap(\.curve.last)),
      Cell(window.map { "[\($0.first):\($0.last)] \($0.count)" + ($0.isCut ? " cut" : "") }),
      Cell(window?.first), Cell(window?.last), Cell(window?.count), Cell(window?.isCut),
      Sample(runs.compactMap(\.own?.mean)).cell(), result.meanQuantum(runs), result.meanClassical(runs),
      result.meanReference(runs), Cell(only?.classical(of: row)?.averaged), Cell(only?.reference?.averaged),
      Cell(row.sameAs), .number(cost.training), .number(cost.evaluation), .number(cost.lost), .text(state),
    ]
  }

  /// One or equal numbers as they are, others as mean ± standard deviation.
  static func integers(_ values: [Int]) -> Cell {
    Set(values).count == 1 ? .integer(values[0]) : Sample(values.map(Double.init)).cell()
  }
}

extension TextTable {
  /// The table of no sweep: the columns that every one has, and no rows.
  package static func noResults(per grouping: Grouping) -> TextTable {
    var table = SweepResults(sweep: "", rows: []).table(per: grouping)
    (table.title, table.notes) = ("", [])
    return table
  }
}

extension RunResult {
  /// A classical row without a baseline of its own is one.
  func classical(of row: SweepRow) -> WindowMean? { baseline ?? (row.isQuantum ? nil : own) }
}

extension RowResult {
  /// ⟨χ²⟩q: of quantum rows only.
  func meanQuantum(_ runs: [RunResult]) -> Cell { row.isQuantum ? Self.cell(runs.map(\.own)) : .missing }
  /// ⟨χ²⟩c.
  func meanClassical(_ runs: [RunResult]) -> Cell { Self.cell(runs.map { $0.classical(of: row) }) }
  /// ⟨χ²⟩c′.
  func meanReference(_ runs: [RunResult]) -> Cell { Self.cell(runs.map(\.reference)) }

  /// Marked where a window's checkpoints are not all there.
  private static func cell(_ means: [WindowMean?]) -> Cell {
    let known = means.compactMap(\.self).filter { $0.mean != nil }
    return Sample(known.compactMap(\.mean)).cell(mark: known.allSatisfy(\.isComplete) ? "" : "†")
  }
}

extension TextTable {
  /// The table without those of these columns that hold nothing.
  func droppingEmptyColumns(_ keys: Set<String>) -> TextTable {
    let kept = columns.indices.filter { column in
      !keys.contains(columns[column].key) || rows.contains { !$0[column].text.isEmpty }
    }
    var table = self
    table.columns = kept.map { columns[$0] }
    table.rows = rows.map { row in kept.map { row[$0] } }
    return table
  }
}
