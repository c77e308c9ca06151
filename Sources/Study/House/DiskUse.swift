import Foundation
package import Ledger
package import Reports
import Storage

/// What lies on the disk, by sweep.
package enum DiskUse {
  /// The bytes of all files below a folder; 0 where there is none.
  static func bytes(of path: String) -> Int {
    if let status = FileStatus(path), status.isFile { return status.size }
    guard let files = FileManager.default.enumerator(atPath: path) else { return 0 }
    return files.reduce(0) { sum, name in
      guard let name = name as? String, let status = FileStatus("\(path)/\(name)"), status.isFile else { return sum }
      return sum + status.size
    }
  }

  /// A row for each sweep: its runs and their bytes, and those that no other sweep has; below, what else there is.
  /// - Throws: `LedgerError`, `StorageError`.
  package static func table(_ workspace: Workspace, in ledger: Ledger) throws -> TextTable {
    let sizes = Dictionary(
      uniqueKeysWithValues: try Folder.names(in: workspace.runs).map { ($0, bytes(of: workspace.runFolder($0))) })
    func megabytes(_ runs: [String]) -> Cell { .number(Double(runs.reduce(0) { $0 + (sizes[$1] ?? 0) }) / 1e6) }
    let rows = try ledger.sweeps().map { sweep -> [Cell] in
      let runs = Set(try ledger.rows(of: sweep).flatMap { $0.runs.map(\.run) }).filter { sizes[$0] != nil }
      let own = try ledger.runs(onlyOf: sweep)
      return [.text(sweep), .integer(runs.count), megabytes(Array(runs)), megabytes(own)]
    }
    func total(_ path: String) -> String { Cell.number(Double(bytes(of: path)) / 1e6).text + " MB" }
    return TextTable(
      title: "Disk used in \(workspace.path)", key: "sweeps",
      columns: [
        "sweep", "runs", Column("MB", key: "megabytes"), Column("MB of its own", key: "own_megabytes"),
      ], rows: rows,
      notes: [
        "All runs \(total(workspace.runs)), prepared data \(total(workspace.datasets)), the ledger "
          + "\(total(workspace.ledger)), the bin \(total(workspace.path + "/bin"))."
      ])
  }
}
