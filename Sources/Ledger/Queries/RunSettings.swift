import GRDB

/// One thing that a run was given, in the ledger's words.
package struct RunSetting: Hashable, Sendable {
  /// The column that has it.
  package var name: String
  /// Its value as text; "" for none.
  package var value: String
  /// What the column means.
  package var meaning: String
}

extension Ledger {
  /// All that decides what a run computes: its data, seed and budget, and every setting of its variant.
  /// - Throws: `LedgerError`.
  package func settings(of run: String) throws -> [RunSetting] {
    try reading { db in
      func values(_ table: Table, _ key: String, _ skipping: Set<String>) throws -> [RunSetting] {
        let sql = "SELECT * FROM \(table.name) WHERE \(table.columns[0].name) = ?"
        let found: Row? = try Row.fetchOne(db, sql: sql, arguments: [key])
        guard let row = found else { return [] }
        return table.columns.filter { !skipping.contains($0.name) }.map { column in
          let value: DatabaseValue = row[column.name]
          return RunSetting(name: column.name, value: Self.text(value), meaning: column.meaning)
        }
      }
      guard let keys = try Row.fetchOne(db, sql: "SELECT variant, dataset FROM runs WHERE id = ?", arguments: [run])
      else { return [] }
      var settings: [RunSetting] = try values(Schema.runs, run, ["id", "dataset", "described"])
      settings += try values(Schema.datasets, keys["dataset"], [])
      settings += try values(Schema.variants, keys["variant"], ["id", "canonical"])
      return settings
    }
  }

  private static func text(_ value: DatabaseValue) -> String {
    switch value.storage {
    case .null: ""
    case .int64(let value): String(value)
    case .double(let value): "\(value)"
    case .string(let value): value
    case .blob(let value): "(\(value.count) bytes)"
    }
  }

  /// The rows that a run trains: sweep/label, or sweep/table/label.
  /// - Throws: `LedgerError`.
  package func places(of run: String) throws -> [String] {
    try reading { db in
      try Row.fetchAll(
        db,
        sql: """
          SELECT s.sweep, s.paper_table, s.label FROM sweep_runs x JOIN sweep_variants s USING (sweep, position)
          WHERE x.run = ? ORDER BY s.sweep, s.position
          """, arguments: [run]
      ).map { row in
        let (sweep, table, label): (String, String, String) = (row[0], row[1], row[2])
        return [sweep, table, label].filter { !$0.isEmpty }.joined(separator: "/")
      }
    }
  }

  /// The runs of a sweep that no other sweep has.
  /// - Throws: `LedgerError`, also when there is no such sweep.
  package func runs(onlyOf sweep: String) throws -> [String] {
    try reading { db in
      try Self.requireSweep(sweep, db)
      return try String.fetchAll(
        db,
        sql: """
          SELECT DISTINCT run FROM sweep_runs WHERE sweep = ?
          EXCEPT SELECT run FROM sweep_runs WHERE sweep <> ? ORDER BY 1
          """, arguments: [sweep, sweep])
    }
  }
}
