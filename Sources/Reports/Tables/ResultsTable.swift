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
  ///   - isReversed: Whether the worst of them come first.
  /// - Returns: The table, with the metrics that a run has.
  package func table(
    per grouping: Grouping = .variant, sortedBy order: ResultOrder? = nil, isReversed: Bool = false
  ) -> TextTable {
    var parts = rows.flatMap { row -> [(row: RowResult, runs: [RunResult], state: String)] in
      switch grouping {
      case .variant: [(row, row.runs, row.state)]
      case .run where row.runs.isEmpty: [(row, [], row.state)]
      case .run: row.runs.map { (row, [$0], $0.state.description) }
      }
    }
    if let order { parts = order.sorted(parts, isReversed: isReversed) { $0.runs } }
    let metrics = self.metrics
    let place = Self.columns.firstIndex { $0.key == "best_checkpoint" }! + 1
    let energies = self.energies
    let rows = parts.map { part in
      var cells = Self.cells(part.row, part.runs, state: part.state)
      cells.insert(
        contentsOf: metrics.map { $0.cell(of: part.runs) } + energies.map { part.row.reduced(part.runs, at: $0) },
        at: place)
      return cells
    }
    var columns = Self.columns
    columns.insert(
      contentsOf: metrics.map(\.column)
        + energies.map { Column("χ²/NDF \(energyText($0))", key: "reduced_\(energyName($0))", importance: 1) },
      at: place)
    return TextTable(
      title: "Results of \(sweep)", key: "results", columns: columns, rows: rows,
      notes: notes + [cost.sentence].compactMap(\.self)
    ).droppingEmptyColumns(["table", "shots", "noise", "seed", "best_uncertainty", "tags"])
  }

  /// The incident energies of rows that have several, ascending.
  private var energies: [Double] { Set(rows.filter { $0.row.energies.count > 1 }.flatMap(\.row.energies)).sorted() }

  private static let columns: [Column] = [
    Column(detail: "sweep"), Column("table"), Column("model", key: "label", importance: 9), Column(detail: "name"),
    Column(detail: "id"), Column("shots", importance: 4), Column("noise", importance: 4),
    Column("seed", isSaidOnce: true), Column(detail: "run"), Column(detail: "seeds"),
    Column("χ²/NDF", key: "best_reduced", importance: 9), Column("±", key: "best_uncertainty", importance: 8),
    Column("best checkpoint", key: "best_checkpoint", importance: 6),
    Column("checkpoints", key: "last_checkpoint", importance: 3, isSaidOnce: true),
    Column("trained", importance: 3), Column(detail: "training_seconds"),
    Column("window", importance: 0, isSaidOnce: true), Column(detail: "window_first"),
    Column(detail: "window_last"), Column(detail: "window_count"), Column(detail: "window_cut"),
    Column(detail: "window_mean"), Column("⟨χ²⟩q", key: "mean_q", importance: 5),
    Column("⟨χ²⟩c", key: "mean_c", importance: 5), Column("⟨χ²⟩c′", key: "mean_c_prime", importance: 4),
    Column(detail: "mean_c_averaged"), Column(detail: "mean_c_prime_averaged"),
    Column(detail: "same_family_as"), Column(detail: "training_core_seconds"),
    Column(detail: "evaluation_core_seconds"),
    Column(detail: "lost_core_seconds"), Column("state", importance: 7, isSaidOnce: true),
    Column("tags", importance: 6),
  ]

  private static func cells(_ result: RowResult, _ runs: [RunResult], state: String) -> [Cell] {
    let row = result.row
    let only = runs.count == 1 ? runs[0] : nil
    let window = only?.window
    let best = runs.compactMap(\.curve.best)
    let cost = runs.reduce(RunCost()) { $0 + $1.cost }
    let trained = Sample(runs.filter { $0.curve.last != nil }.map(\.trainingSeconds))
    return [
      .text(row.sweep), .text(row.table), .text(row.label), .text(row.name), .text(row.id), Cell(row.shots),
      Cell(row.noise),
      only.map { Cell(seed: $0.seed) } ?? .missing, Cell(only?.run), .integer(runs.count),
      Sample(best.map(\.reduced)).cell(), Cell(only?.bestUncertainty, digits: 2), integers(best.map(\.checkpoint)),
      integers(runs.compactMap(\.curve.last)), Cell(trained.mean.map { duration($0) }), trained.cell(),
      Cell(window.map { "[\($0.first):\($0.last)] \($0.count)" + ($0.isCut ? " cut" : "") }),
      Cell(window?.first), Cell(window?.last), Cell(window?.count), Cell(window?.isCut),
      Sample(runs.compactMap(\.own?.mean)).cell(), result.meanQuantum(runs), result.meanClassical(runs),
      result.meanReference(runs), Cell(only?.classical(of: row)?.averaged), Cell(only?.reference?.averaged),
      Cell(row.sameAs), .number(cost.training), .number(cost.evaluation), .number(cost.lost), .text(state),
      .text(tags(runs)),
    ]
  }

  /// The tags of all of some runs.
  private static func tags(_ runs: [RunResult]) -> String {
    Set(runs.flatMap { $0.tags.split(separator: ",") }).sorted().joined(separator: ",")
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
  /// A classical GAN for which the sweep names no baseline is one.
  func classical(of row: SweepRow) -> WindowMean? {
    baseline ?? (row.isQuantum || row.kind != .gan || row.baseline != nil ? nil : own)
  }
}

extension RowResult {
  /// χ²/NDF at one of several incident energies, at each run's best checkpoint.
  func reduced(_ runs: [RunResult], at energy: Double) -> Cell {
    guard row.energies.count > 1, let place = row.energies.firstIndex(of: energy) else { return .missing }
    return Sample(runs.compactMap { $0.perEnergy.indices.contains(place) ? $0.perEnergy[place] : nil }).cell()
  }

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
    keeping(
      columns.indices.filter { column in
        !keys.contains(columns[column].key) || rows.contains { !$0[column].text.isEmpty }
      })
  }
}
