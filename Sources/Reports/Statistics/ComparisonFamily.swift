/// Several comparisons that answer one question, judged together.
///
/// The more is compared, the more often chance alone looks like a finding: a difference counts if it stands after Holm's
/// correction over all tests of the family.
package struct ComparisonFamily: Hashable, Sendable {
  /// One quantity of two rows, seed by seed.
  package struct Test: Hashable, Sendable {
    /// The two rows, as "2x − Classical".
    package var rows: String
    /// The quantity, as a heading has it.
    package var quantity: String
    /// The first row's value less the second's, one a seed, or the other way round where more is better: below zero where
    /// the first is better.
    package var differences: Sample

    package init(rows: String, quantity: String, differences: Sample) {
      self.rows = rows
      self.quantity = quantity
      self.differences = differences
    }
  }

  /// What a test says after the correction.
  package enum Verdict: String, Hashable, Sendable {
    case better
    case worse
    case notToldApart = "not told apart"
    case tooFewSeeds = "too few seeds"
  }

  /// The tests in the order given.
  package let tests: [Test]
  /// The p-values after the correction, by test; nil for a test without one (fewer than two seeds, or a difference that
  /// is not finite), which no correction counts.
  package let adjusted: [Double?]
  /// Sentences on what stands in the way of a comparison.
  package internal(set) var remarks: [String] = []
  /// The chance of a false finding in the whole family.
  package static let level = 0.05

  /// The family of these tests; their p-values are corrected together.
  package init(_ tests: [Test]) {
    self.tests = tests
    let raw = tests.map { PairedTest.p($0.differences) }
    var corrected = PairedTest.holm(raw.compactMap { $0 })[...]
    adjusted = raw.map { $0 == nil ? nil : corrected.removeFirst() }
  }

  /// What one test says.
  package func verdict(_ index: Int) -> Verdict {
    let differences = tests[index].differences
    guard differences.values.count > 1, let mean = differences.mean else { return .tooFewSeeds }
    guard let p = adjusted[index] else { return .notToldApart }
    if p >= Self.level { return .notToldApart }
    return mean < 0 ? .better : .worse
  }

  /// One row a test.
  package var table: TextTable {
    let columns: [Column] = [
      Column("rows", key: "rows"), Column("quantity", key: "quantity"), Column("seeds", key: "seeds"),
      Column("difference", key: "difference"), Column("95 % from", key: "low"), Column("to", key: "high"),
      Column("p", key: "p"), Column("p (Holm)", key: "p_holm"), Column("seen from", key: "smallest"), "verdict",
    ]
    let counted = adjusted.count { $0 != nil }
    let rows = tests.enumerated().map { index, test -> [Cell] in
      let (differences, interval) = (test.differences, test.differences.interval())
      return [
        .text(test.rows), .text(test.quantity), .text("\(differences.values.count)"), Cell(differences.mean),
        Cell(interval?.low), Cell(interval?.high), Cell(PairedTest.p(differences)), Cell(adjusted[index]),
        Cell(smallestSeen(index, of: counted)), .text(verdict(index).rawValue),
      ]
    }
    return TextTable(
      title: "\(tests.count) tests judged together", key: "family", columns: columns, rows: rows,
      notes: [
        "Differences are of equal seeds, below zero where the first is better; better or worse is what stands at 5 % after "
          + "Holm's correction over these \(counted) tests. Not told apart is not the same.",
        "Seen from: the smallest true difference that would have been found as the first of them with a chance of 80 %, at "
          + "this scatter.",
      ] + remarks
    ).droppingEmptyColumns(["low", "high", "p", "p_holm", "smallest"])
  }

  /// The smallest true difference that a test would have found, as the first of so many, with a chance of 80 %.
  private func smallestSeen(_ index: Int, of count: Int) -> Double? {
    let differences = tests[index].differences
    guard adjusted[index] != nil, let deviation = differences.deviation else { return nil }
    return deviation * PairedTest.smallestDifference(pairs: differences.values.count, level: Self.level / Double(count))
  }

  /// The forest of intervals, one line a test, each quantity on a scale of its own.
  package var forest: Plot {
    var quantities: [String] = []
    for test in tests where !quantities.contains(test.quantity) { quantities.append(test.quantity) }
    var lines: [String] = []
    for test in tests where !lines.contains(test.rows) { lines.append(test.rows) }
    let table = TextTable(
      key: "forest", columns: ["quantity", "line", "rows", "mean", "low", "high", "verdict"],
      rows: tests.enumerated().compactMap { index, test in
        guard let mean = test.differences.mean else { return nil }
        let interval = test.differences.interval()
        return [
          .text(test.quantity), .text("\(lines.firstIndex(of: test.rows) ?? 0)"), .text(test.rows), .number(mean),
          .number(interval?.low ?? mean), .number(interval?.high ?? mean), .text(verdict(index).rawValue),
        ]
      })
    let labels = lines.enumerated().map { Plot.tick($1, at: $0) }.joined(separator: ", ")
    let blanks = lines.indices.map { "'' \($0)" }.joined(separator: ", ")
    let width = 0.72 / Double(max(1, quantities.count))
    let panels = quantities.enumerated().map { index, quantity in
      let left = 0.25 + Double(index) * width
      return """
        set lmargin at screen \(left)
        set rmargin at screen \(left + width - 0.02)
        set xlabel \(Plot.quoted(quantity))
        \(scale(of: quantity))
        set ytics (\(index == 0 ? labels : blanks))
        plot 'forest.csv' using (strcol(1) eq \(Plot.quoted(quantity, limit: .max)) ? $4 : NaN):2:5:6 with xerrorbars \
        pointtype 7 pointsize 1.2 linewidth 2 linecolor rgb '\(Plot.colours[index % Plot.colours.count])'
        """
    }
    return Plot(
      name: "forest", title: "Differences with their 95 % intervals: left of 0 the first is better",
      csv: table.render(.csv),
      commands: """
        set multiplot
        unset key
        set yrange [\(lines.count - 1).5:-0.5]
        set arrow from 0, graph 0 to 0, graph 1 nohead dt 2
        unset title
        \(panels.joined(separator: "\n"))
        unset multiplot
        """)
  }

  /// gnuplot's range and marks of a panel: its own intervals and 0, with some room, and a handful of round numbers.
  private func scale(of quantity: String) -> String {
    let ends = tests.filter { $0.quantity == quantity }.flatMap { test -> [Double] in
      let interval = test.differences.interval()
      return [interval?.low, interval?.high, test.differences.mean].compactMap { $0 }.filter(\.isFinite)
    }
    let (low, high) = (min(0, ends.min() ?? 0), max(0, ends.max() ?? 0))
    let room = high > low ? (high - low) / 20 : 1
    let axis = Chart.Axis.numbers(quantity, low - room...high + room)
    // Every second number where all would touch each other.
    let ticks = axis.ticks.enumerated().filter { axis.ticks.count < 5 || $0.offset.isMultiple(of: 2) }.map(\.element)
    return "set xrange [\(axis.range.lowerBound):\(axis.range.upperBound)]"
      + "\nset xtics (\(ticks.map { "'\($0.text)' \($0.value)" }.joined(separator: ", ")))"
  }
}
