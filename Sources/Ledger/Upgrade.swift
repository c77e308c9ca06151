import Foundation
import GRDB
import Storage

extension Ledger {
  /// Makes a workspace's ledger anew from its files where an earlier version has made it; else nothing is done.
  ///
  /// There is no migration: the ledger holds nothing that the files do not. The earlier one stays beside it all the same,
  /// as the last that knows of journals that are gone. Where this process may not write, or the file is none, opening
  /// the ledger says so.
  /// - Parameters:
  ///   - workspace: The workspace whose ledger is wanted.
  ///   - say: Takes what is done: a sentence before it, since it may take minutes, and one behind.
  /// - Throws: `LedgerError`, `StorageError`.
  package static func upgrade(_ workspace: Workspace, say: (String) -> Void) throws {
    let (path, files) = (workspace.ledger, FileManager.default)
    guard files.isWritableFile(atPath: path), files.isWritableFile(atPath: workspace.path),
      let earlier = try? DatabaseQueue(path: path, configuration: configuration(of: path)),
      let found = try? earlier.read(version), (1..<Schema.version).contains(found)
    else { return }
    say("\(path) has schema \(found), of an earlier qcalo: making it anew from the journals")
    let kept = "\(path).schema-\(found)"
    guard try copy(earlier, of: found, to: kept, in: workspace) else { return }
    let report = try rebuild(workspace)
    let problems = report.problems.isEmpty ? "" : "; `qcalo collect` says what could not be read"
    say(
      "\(path) has schema \(Schema.version) now, from \(report.counts)\(problems). \(kept) is the earlier one; nothing needs it"
    )
  }

  /// Copies a ledger aside, then into its place.
  /// - Returns: Whether it still was of this version, and not made anew by another process meanwhile.
  private static func copy(
    _ ledger: DatabaseQueue, of schema: Int, to place: String, in workspace: Workspace
  ) throws -> Bool {
    let aside = asidePath(workspace)
    defer { removeDatabase(aside) }
    let isSame = try translating(aside) {
      let copy = try DatabaseQueue(path: aside)
      try ledger.backup(to: copy)
      return try copy.read(version) == schema
    }
    guard isSame else { return false }
    try DurableFile.sync(aside)
    try DurableFile.move(aside, to: place)
    return true
  }
}
