package import Ledger

extension SweepResults {
  /// Everything behind the tables as CSV, files by name: rows, runs, curves, energies and provenance.
  /// - Throws: `LedgerError`.
  package func csvBundle(_ ledger: Ledger) throws -> [String: String] {
    let name = "'" + sweep.replacing("'", with: "''") + "'"
    func query(_ sql: String) throws -> String { TextTable(try ledger.query(sql)).render(.csv) }
    let runs = "SELECT run FROM sweep_runs WHERE sweep = \(name)"
    return [
      "variants.csv": table(per: .variant).render(.csv),
      "runs.csv": table(per: .run).render(.csv),
      "curves.csv": try query("SELECT * FROM curve WHERE run IN (\(runs)) ORDER BY run, checkpoint"),
      "energies.csv": try query(
        "SELECT * FROM energy_curve WHERE run IN (\(runs)) ORDER BY run, checkpoint, incident_energy"),
      "attempts.csv": try query("SELECT * FROM attempts WHERE run IN (\(runs)) ORDER BY run, attempt"),
    ]
  }
}
