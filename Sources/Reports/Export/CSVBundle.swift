package import Ledger

extension SweepResults {
  /// Everything behind the tables as CSV, files by name: rows, runs, curves, energies and provenance.
  /// - Parameters:
  ///   - ledger: Has the sweep's runs.
  ///   - spreadsheetSafe: Whether no text begins as a formula does.
  /// - Returns: The files' texts by their names.
  /// - Throws: `LedgerError`.
  package func csvBundle(_ ledger: Ledger, spreadsheetSafe: Bool = false) throws -> [String: String] {
    let name = "'" + sweep.replacing("'", with: "''") + "'"
    func csv(_ table: TextTable) -> String { (spreadsheetSafe ? table.spreadsheetSafe : table).render(.csv) }
    func query(_ sql: String) throws -> String { csv(TextTable(try ledger.query(sql))) }
    let runs = "SELECT run FROM sweep_runs WHERE sweep = \(name)"
    return [
      "variants.csv": csv(table(per: .variant)),
      "runs.csv": csv(table(per: .run)),
      "curves.csv": try query("SELECT * FROM curve WHERE run IN (\(runs)) ORDER BY run, checkpoint"),
      "energies.csv": try query(
        "SELECT * FROM energy_curve WHERE run IN (\(runs)) ORDER BY run, checkpoint, incident_energy"),
      "attempts.csv": try query("SELECT * FROM attempts WHERE run IN (\(runs)) ORDER BY run, attempt"),
    ]
  }
}
