import Experiment
import GRDB
package import Records

extension Ledger {
  /// What the showers of a run's checkpoints came out as, by checkpoint.
  /// - Throws: `LedgerError`.
  package func metrics(of run: String) throws -> [Int: MetricsRecord] {
    try reading { db in
      let statement = try db.cachedStatement(sql: "SELECT * FROM metrics WHERE run = ?")
      let rows = try Row.fetchAll(statement, arguments: [run])
      return Dictionary(uniqueKeysWithValues: rows.map { ($0["checkpoint"], MetricsRecord($0)) })
    }
  }

  /// The same of every run of a sweep that has any.
  /// - Throws: `LedgerError`.
  package func metrics(sweep: String) throws -> [String: [Int: MetricsRecord]] {
    try reading { db in
      var found: [String: [Int: MetricsRecord]] = [:]
      let rows = try Row.fetchAll(
        db, sql: "SELECT * FROM metrics WHERE run IN (SELECT run FROM sweep_runs WHERE sweep = ?)", arguments: [sweep])
      for row in rows { found[row["run"], default: [:]][row["checkpoint"]] = MetricsRecord(row) }
      return found
    }
  }

  /// The source files that a run's data were prepared from, as the sweeps name them that ask for it.
  /// - Throws: `LedgerError`.
  package func sources(of run: String) throws -> [String] {
    try reading { db in
      try String.fetchAll(
        db,
        sql: """
          SELECT DISTINCT s.source FROM sweep_runs x JOIN sweep_variants s USING (sweep, position) WHERE x.run = ?
          ORDER BY 1
          """, arguments: [run])
    }
  }
}

extension MetricsRecord {
  fileprivate init(_ row: Row) {
    var values: [Metric: MetricValue] = [:]
    for metric in Metric.allCases {
      let name = metric.rawValue
      guard let value: Double = row[name] else { continue }
      values[metric] = MetricValue(
        value: value, error: row["\(name)_error"], floor: row["\(name)_floor"], floorError: row["\(name)_floor_error"])
    }
    self.init(
      seed: UInt64(bitPattern: row["seed"]), events: row["events"], ordered: row["ordered"], heldOut: row["held_out"],
      values: values)
  }
}
