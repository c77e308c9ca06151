import GRDB

/// A run that has begun, in one of the sweeps that have it.
package struct BegunRun: Hashable, Sendable {
  /// The run's identity.
  package var run: String
  /// The last checkpoint that is recorded of it; nil before the first.
  package var furthest: Int?
  /// The sweep that has it; nil for a run that is in no sweep any more.
  package var sweep: String?
  /// The identity of its variant in that sweep; nil for a run that is in no sweep any more.
  package var variant: String?
}

extension Ledger {
  /// The runs that have begun, once for each sweep that has them; by the sweeps' names.
  /// - Throws: `LedgerError`.
  package func begunRuns() throws -> [BegunRun] {
    try reading { db in
      try Row.fetchAll(
        db,
        sql: """
          SELECT a.run, max(a.last_checkpoint) AS furthest, s.sweep, s.id
          FROM attempts a LEFT JOIN sweep_runs x ON x.run = a.run LEFT JOIN sweep_variants s USING (sweep, position)
          GROUP BY s.id, s.sweep, a.run ORDER BY s.sweep
          """
      ).map { row in
        BegunRun(run: row["run"], furthest: row["furthest"], sweep: row["sweep"], variant: row["id"])
      }
    }
  }
}
