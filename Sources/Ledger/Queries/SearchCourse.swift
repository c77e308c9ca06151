import GRDB

/// A checkpoint of a sweep, as it came.
package struct CourseStep: Hashable, Sendable {
  /// Seconds of cores that the sweep's runs had taken by then, all together.
  package var seconds: Double
  /// χ²/NDF; nil for none.
  package var reduced: Double?

  package init(seconds: Double, reduced: Double?) { (self.seconds, self.reduced) = (seconds, reduced) }
}

extension Ledger {
  /// The checkpoints of a sweep's runs in the order in which they were recorded.
  /// - Throws: `LedgerError`.
  package func course(of sweep: String) throws -> [CourseStep] {
    try reading { db in
      let rows = try Row.fetchAll(
        db,
        sql: """
          SELECT c.run, c.reduced, a.threads * (c.training_seconds + c.evaluation_seconds) AS seconds
          FROM (SELECT DISTINCT run FROM sweep_runs WHERE sweep = ?) x JOIN checkpoints c USING (run)
            JOIN attempts a ON a.run = c.run AND a.attempt = c.attempt
          ORDER BY c.time, c.run, c.checkpoint
          """, arguments: [sweep])
      var (spent, total) = ([String: Double](), 0.0)
      return rows.map { row in
        let (run, seconds): (String, Double) = (row["run"], row["seconds"])
        // What is trained again after a kill is not counted twice.
        total += max(0, seconds - (spent[run] ?? 0))
        spent[run] = max(seconds, spent[run] ?? 0)
        return CourseStep(seconds: total, reduced: row["reduced"])
      }
    }
  }
}
