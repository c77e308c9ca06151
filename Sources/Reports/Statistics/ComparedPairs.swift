package import Ledger

extension ComparisonFamily {
  /// Pairs of rows by each of several points, judged together, and what stands in the way of each.
  ///
  /// - Parameters:
  ///   - pairs: The names of two rows each, as `Comparison` understands them.
  ///   - points: What each pair is compared by.
  ///   - sweep: The only sweep to look in; nil for all of the ledger.
  ///   - ledger: Has the sweeps and their runs.
  /// - Throws: `LedgerError`, also when a name means no row, or several different ones.
  package init(
    _ pairs: [(first: String, second: String)], by points: [ComparisonPoint], sweep: String? = nil, in ledger: Ledger
  ) throws {
    let rows = try Comparison.rows(of: sweep, in: ledger)
    let comparisons = try pairs.flatMap { pair in
      try points.map { try Comparison(pair.first, pair.second, at: $0, among: rows, in: ledger) }
    }
    self.init(
      comparisons.map {
        Test(rows: "\($0.nameA) − \($0.nameB)", quantity: $0.point.heading, differences: $0.improvements)
      })
    for comparison in comparisons {
      for remark in comparison.remarks where !remarks.contains(remark) { remarks.append(remark) }
    }
  }
}

extension Comparison {
  /// A's value less B's, seed by seed, of a quantity of which more is better the other way round: below zero where A is
  /// better.
  fileprivate var improvements: Sample {
    point.isBetterHigh ? Sample(differences.values.map { -$0 }) : differences
  }
}
