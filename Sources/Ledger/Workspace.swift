/// Where everything of one study lies on disk.
public struct Workspace: Hashable, Sendable {
  public let path: String

  public init(path: String) { self.path = path }

  /// The SQLite file.
  public var ledger: String { path + "/ledger.sqlite" }
  /// The record of each sweep, `<name>.json`, from which the ledger is rebuilt.
  public var sweeps: String { path + "/sweeps" }
  /// The runs' folders.
  public var runs: String { path + "/runs" }

  /// The records of rehearsals.
  public var rehearsals: String { path + "/rehearsals" }

  public func sweepRecord(_ name: String) -> String { "\(sweeps)/\(name).json" }
  public func runFolder(_ run: String) -> String { "\(runs)/\(run)" }
  public func jobDescription(_ run: String) -> String { runFolder(run) + "/job.json" }
  public func journals(_ run: String) -> String { runFolder(run) + "/journal" }
}
