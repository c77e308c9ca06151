package import Ledger

/// Two rows against each other, seed by seed: both were trained with the same random numbers wherever they share them.
package struct Comparison: Hashable, Sendable {
  /// Both rows trained with one seed.
  package struct Pair: Hashable, Sendable {
    /// The seed that both were trained with.
    package var seed: UInt64
    /// The first row's χ²/NDF at the point of comparison.
    package var a: Double
    /// The second row's χ²/NDF at the point of comparison.
    package var b: Double
    /// The interval of A's window mean from the scatter of its own checkpoints; nil for other points.
    package var scatterA: Interval?
    /// The interval of B's window mean, alike.
    package var scatterB: Interval?

    /// A's value less B's; of what is best at ½, A's distance from it less B's.
    func difference(at point: ComparisonPoint) -> Double { point.compared(a) - point.compared(b) }
  }

  /// The first row's name as the user gave it.
  package var nameA: String
  /// The second row's name as the user gave it.
  package var nameB: String
  /// Where on the runs' curves the values are taken.
  package var point: ComparisonPoint
  /// The seeds that both rows have a value for.
  package var pairs: [Pair]
  /// Sentences on what stands in the way of a comparison.
  package var remarks: [String]

  /// A's value less B's, seed by seed, or its distance from ½ where that is best: below zero where A is better, unless
  /// more is better.
  package var differences: Sample { Sample(pairs.map { $0.difference(at: point) }) }

  /// - Parameters:
  ///   - a: A row's label, `table/label`, name or identity.
  ///   - b: The other row's, alike.
  ///   - point: Where on the runs' curves the values are taken.
  ///   - sweep: The only sweep to look in; nil for all of the ledger.
  ///   - ledger: Has the sweeps and their runs.
  /// - Throws: `LedgerError`, also when a name means no row, or several different ones.
  package init(_ a: String, _ b: String, at point: ComparisonPoint, sweep: String? = nil, in ledger: Ledger) throws {
    try self.init(a, b, at: point, among: Self.rows(of: sweep, in: ledger), in: ledger)
  }

  /// The rows of a sweep, or of all that the ledger has.
  static func rows(of sweep: String?, in ledger: Ledger) throws -> [SweepRow] {
    try (sweep.map { [$0] } ?? ledger.sweeps()).flatMap { try ledger.rows(of: $0) }
  }

  /// Two of some rows, which several comparisons may share.
  init(_ a: String, _ b: String, at point: ComparisonPoint, among rows: [SweepRow], in ledger: Ledger) throws {
    let (rowA, rowB) = (try Self.find(a, in: rows), try Self.find(b, in: rows))
    (nameA, nameB, self.point) = (a, b, point)
    pairs = []
    remarks = []
    var bests: [(Double, Double, Int, Int)] = []
    var missing: [UInt64] = []
    for training in rowA.runs {
      guard let other = rowB.runs.first(where: { $0.seed == training.seed }) else { continue }
      let (pointsA, pointsB) = (try ledger.points(of: training.run), try ledger.points(of: other.run))
      let limit = min(pointsA.last?.checkpoint ?? 0, pointsB.last?.checkpoint ?? 0)
      func value(_ run: String, _ points: [CurvePoint]) throws -> Double? {
        guard case .metric(let metric) = point else { return point.value(of: points, upTo: limit) }
        return try ComparisonPoint.value(of: metric, run: run, points, in: ledger)
      }
      guard let valueA = try value(training.run, pointsA), let valueB = try value(other.run, pointsB) else {
        missing.append(training.seed)
        continue
      }
      pairs.append(
        Pair(
          seed: training.seed, a: valueA, b: valueB, scatterA: Self.scatter(pointsA, point),
          scatterB: Self.scatter(pointsB, point)))
      if let bestA = pointsA.curve(upTo: .max).best, let bestB = pointsB.curve(upTo: .max).best {
        bests.append((bestA.reduced, bestB.reduced, pointsA.last?.checkpoint ?? 0, pointsB.last?.checkpoint ?? 0))
      }
    }
    if !missing.isEmpty {
      let lack =
        switch point {
        case .best, .window: "are not trained"
        case .iterations, .seconds: "have not come so far"
        case .metric: "have not been evaluated (`qcalo evaluate SWEEP`)"
        }
      remarks.append("Seeds that \(lack) in both: \(missing.map(String.init).joined(separator: ", ")).")
    }
    if let unequal = bests.first(where: { $0.2 != $0.3 }) {
      let each = bests.map { "\(Cell.number($0.0).text) of \($0.2) and \(Cell.number($0.1).text) of \($0.3)" }
      if point == .best {
        remarks.append(
          "The best is of the checkpoints up to \(min(unequal.2, unequal.3)), which both have: the best of more is lower "
            + "by chance. Each over all its own: \(each.joined(separator: "; ")).")
      } else if point == .window {
        remarks.append(
          "The runs have \(unequal.2) and \(unequal.3) checkpoints: the best of more, and the window around it, are lower "
            + "by chance.")
      }
    }
  }

  private static func scatter(_ points: [CurvePoint], _ point: ComparisonPoint) -> Interval? {
    let curve = points.curve(upTo: .max)
    guard point == .window, let window = Window(curve) else { return nil }
    return BlockBootstrap().interval(curve.values(from: window.first, to: window.last))
  }

  private static func find(_ name: String, in rows: [SweepRow]) throws -> SweepRow {
    let found = rows.filter { [$0.label, "\($0.table)/\($0.label)", $0.name, $0.id].contains(name) }
    if var row = found.first, Set(found.map(\.id)).count == 1 {
      // Each table and sweep that has the row may train seeds of its own.
      row.runs = Dictionary(found.flatMap(\.runs).map { ($0.seed, $0) }, uniquingKeysWith: { first, _ in first })
        .values.sorted { $0.seed < $1.seed }
      return row
    }
    let areOfSeveral = Set(found.map(\.sweep)).count > 1
    let near = (found.isEmpty ? rows : found).map { row in
      if found.isEmpty { return "'\(row.label)'" }
      let full = row.table.isEmpty ? row.label : "\(row.table)/\(row.label)"
      return "'\(full)'" + (areOfSeveral ? " of \(row.sweep) (--sweep \(row.sweep))" : "")
    }
    var distinct: [String] = []
    for text in near where !distinct.contains(text) { distinct.append(text) }
    throw LedgerError.unknown(
      what: found.isEmpty ? "row" : "single row", name: name,
      near: distinct.prefix(8) + (distinct.count > 8 ? ["…"] : []))
  }

  /// What the numbers say, in a sentence, and no more than they do.
  package var verdict: String {
    guard let mean = differences.mean else { return "Nothing to compare: no seed has both." }
    guard let interval = differences.interval(), let chance = chanceOfFirst,
      let deviation = differences.deviation
    else {
      return "One seed cannot decide it: how much seeds of one model differ, one of each cannot tell."
    }
    let percent = 100 * max(chance, 1 - chance)
    let chanceText = percent > 99 ? "over 99 %" : "\(Cell.number(percent, digits: 2).text) %"
    let (better, worse) = (mean < 0) != point.isBetterHigh ? (nameA, nameB) : (nameB, nameA)
    if !interval.contains(0) {
      return
        "\(better) is better than \(worse) by \(Cell.number(abs(mean)).text), 95 % interval of \(nameA) - \(nameB) "
        + "\(interval.text) over \(pairs.count) seeds; the chance that it is better is \(chanceText)."
    }
    let needed = Self.seedsNeeded(mean: mean, deviation: deviation)
    let hint =
      needed.map { "a difference of this size would take about \($0) seeds to be seen every other time" }
      ?? "a difference of this size could not be seen with 1000 seeds"
    return
      "\(pairs.count) seeds cannot decide it: the 95 % interval of \(nameA) - \(nameB) is \(interval.text), the chance "
      + "that \(better) is better \(chanceText); \(hint)."
  }

  /// The chance that A is better; nil for fewer than two seeds.
  private var chanceOfFirst: Double? { differences.chanceBelowZero.map { point.isBetterHigh ? 1 - $0 : $0 } }

  /// The fewest seeds whose interval would leave out 0, if mean and scatter stayed as they are.
  static func seedsNeeded(mean: Double, deviation: Double) -> Int? {
    (2...1000).first { count in
      StudentT.quantile(level: 0.95, freedom: Double(count - 1)) * deviation / Double(count).squareRoot() < abs(mean)
    }
  }

  /// One row a seed, the last one for all.
  package var table: TextTable {
    func interval(_ value: Interval?) -> Cell { value.map { .text($0.text) } ?? .missing }
    let columns: [Column] = [
      "seed", Column(nameA, key: "a"), Column("its checkpoints' 95 %", key: "a_scatter"), Column(nameB, key: "b"),
      Column("its checkpoints' 95 %", key: "b_scatter"), Column("difference", key: "difference"),
      Column("95 % from", key: "low"), Column("to", key: "high"),
      Column("chance that \(nameA) is better", key: "chance"),
    ]
    var rows = pairs.map { pair -> [Cell] in
      [
        .text("\(pair.seed)"), .number(pair.a), interval(pair.scatterA), .number(pair.b), interval(pair.scatterB),
        .number(pair.difference(at: point)), .missing, .missing, .missing,
      ]
    }
    if pairs.count > 1 {
      let all = differences.interval()
      rows.append([
        "all", Sample(pairs.map(\.a)).cell(), .missing, Sample(pairs.map(\.b)).cell(), .missing, differences.cell(),
        Cell(all?.low), Cell(all?.high), Cell(chanceOfFirst),
      ])
    }
    return TextTable(
      title: "\(nameA) against \(nameB): \(point.title)", key: "comparison", columns: columns, rows: rows,
      notes: [verdict] + remarks
    ).droppingEmptyColumns(["a_scatter", "b_scatter", "low", "high", "chance"])
  }
}
