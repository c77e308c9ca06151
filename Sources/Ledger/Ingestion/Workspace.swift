/// Where everything of one study lies on disk.
package struct Workspace: Hashable, Sendable {
  package let path: String

  package init(path: String) { self.path = path }

  /// The SQLite file.
  package var ledger: String { path + "/ledger.sqlite" }
  /// The record of each sweep, `<name>.json`, from which the ledger is rebuilt.
  package var sweeps: String { path + "/sweeps" }
  /// The runs' folders.
  package var runs: String { path + "/runs" }

  /// The records of rehearsals.
  package var rehearsals: String { path + "/rehearsals" }

  package func sweepRecord(_ name: String) -> String { "\(sweeps)/\(name).json" }
  package func runFolder(_ run: String) -> String { "\(runs)/\(run)" }
  package func jobDescription(_ run: String) -> String { runFolder(run) + "/job.json" }
  package func journals(_ run: String) -> String { runFolder(run) + "/journal" }
}
