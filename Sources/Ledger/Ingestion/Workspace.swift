/// Where everything of one study lies on disk.
package struct Workspace: Hashable, Sendable {
  /// The path of the study's folder.
  package let path: String

  package init(path: String) { self.path = path }

  /// The SQLite file.
  package var ledger: String { path + "/ledger.sqlite" }
  /// The record of each sweep, `<name>.json`, from which the ledger is rebuilt.
  package var sweeps: String { path + "/sweeps" }
  /// The runs' folders.
  package var runs: String { path + "/runs" }
  /// The prepared data.
  package var datasets: String { path + "/datasets" }
  /// A folder for each submission to a batch system.
  package var submissions: String { path + "/submissions" }
  /// The records of rehearsals.
  package var rehearsals: String { path + "/rehearsals" }
  /// What each search has decided, `<sweep>.jsonl`.
  package var searches: String { path + "/searches" }

  /// The path of a sweep's plan as it was started, `sweeps/<name>.json`.
  package func sweepRecord(_ name: String) -> String { "\(sweeps)/\(name).json" }
  /// The path of what a sweep's search has decided.
  package func searchRecord(_ sweep: String) -> String { "\(searches)/\(sweep).jsonl" }
  /// The path of a run's folder, `runs/<run>`.
  package func runFolder(_ run: String) -> String { "\(runs)/\(run)" }
  /// The path of a run's job description.
  package func jobDescription(_ run: String) -> String { runFolder(run) + "/job.json" }
}
