import Experiment
import Foundation
import GRDB
import GRDBSQLite
import Storage

/// What is known of all sweeps and runs of a workspace, in one SQLite file.
///
/// It holds nothing that the workspace's files do not: plans come from `sweeps/<name>.json`, the rest from the runs'
/// job descriptions and journals, and `rebuild` makes it anew from those. One process writes it at a time, and others
/// can read meanwhile. It wants a local disk: SQLite's locks do not hold on AFS, EOS or NFS.
package final class Ledger: Sendable {
  /// The folders that the ledger is made from and lies in.
  package let workspace: Workspace
  let queue: DatabaseQueue

  /// What holds the ledger, with its version: "SQLite 3.40.1".
  package static let engine = "SQLite \(String(cString: sqlite3_libversion()))"

  /// The time to wait for another process's transaction where nobody says otherwise.
  package static let patience = Duration.seconds(60)

  /// Opens a workspace's ledger for writing, and makes the workspace and the ledger if there are none.
  /// - Parameters:
  ///   - workspace: The workspace.
  ///   - patience: The time to wait for another process's transaction.
  /// - Throws: `LedgerError`, `StorageError`.
  package convenience init(_ workspace: Workspace, patience: Duration = Ledger.patience) throws {
    try Folder.make(workspace.path)
    Self.removeAbandoned(workspace)
    try self.init(workspace, path: workspace.ledger, patience: patience)
  }

  /// Opens a workspace's ledger for reading; nothing is written, whatever is asked.
  /// - Throws: `LedgerError`.
  package convenience init(reading workspace: Workspace) throws {
    let files = FileManager.default
    try self.init(
      reading: workspace,
      mayWrite: files.isWritableFile(atPath: workspace.ledger) && files.isWritableFile(atPath: workspace.path))
  }

  /// - Parameters:
  ///   - workspace: The workspace whose ledger is opened.
  ///   - mayWrite: Whether what a killed writer began can be undone.
  /// - Throws: `LedgerError`.
  init(reading workspace: Workspace, mayWrite: Bool) throws {
    self.workspace = workspace
    let path = workspace.ledger
    guard FileManager.default.fileExists(atPath: path) else { throw LedgerError.absent(path: path) }
    let found: Int
    do {
      // A writer that was killed leaves a rollback journal, which only a connection that may write can play back.
      if mayWrite, FileManager.default.fileExists(atPath: path + "-journal") {
        try DatabaseQueue(path: path, configuration: Self.configuration(of: path)).read { _ = try Self.version($0) }
      }
      queue = try DatabaseQueue(path: path, configuration: Self.configuration(of: path, readOnly: true))
      found = try queue.read { try Self.version($0) }
    } catch let error as DatabaseError {
      guard [.SQLITE_READONLY, .SQLITE_CANTOPEN, .SQLITE_PERM].contains(error.resultCode),
        FileManager.default.fileExists(atPath: path + "-journal")
      else { throw LedgerError(error, path: path) }
      let owner = try? FileManager.default.attributesOfItem(atPath: path)[.ownerAccountName] as? String
      throw LedgerError.unfinished(path: path, owner: owner ?? "its owner")
    }
    // Its maker was stopped before the first transaction.
    if found == 0 { throw LedgerError.absent(path: path) }
    guard found == Schema.version else { throw LedgerError.version(path: path, found: found) }
    try reading { try Integrity(path: path).check($0) }
  }

  /// Opens or makes the file at `path`, which is the workspace's ledger or one that will be copied into it.
  init(_ workspace: Workspace, path: String, patience: Duration = Ledger.patience) throws {
    self.workspace = workspace
    queue = try Self.translating(path) {
      try DatabaseQueue(path: path, configuration: Self.configuration(of: path, patience: patience))
    }
    try writing { db in
      switch try Self.version(db) {
      case Schema.version: try Integrity(path: path).check(db)
      case 0 where try Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_master") == 0:
        for table in Schema.tables { try db.execute(sql: table.creation) }
        for index in Schema.indices { try db.execute(sql: index) }
        for view in Schema.views { try db.execute(sql: view.creation) }
        try db.execute(sql: "PRAGMA user_version = \(Schema.version)")
      case let found: throw LedgerError.version(path: path, found: found)
      }
    }
  }

  static func version(_ db: Database) throws -> Int {
    try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0
  }

  static func configuration(
    of path: String, readOnly: Bool = false, patience: Duration = Ledger.patience
  ) -> Configuration {
    var configuration = Configuration()
    configuration.readonly = readOnly
    let wait = WriterWait(path, patience: patience)
    configuration.busyMode = .callback { wait.goesOn(after: $0) }
    configuration.foreignKeysEnabled = false
    configuration.prepareDatabase { db in
      // Of a new file: rows are half a kilobyte, and there are millions.
      try db.execute(sql: "PRAGMA page_size = 16384")
      // So much memory keeps a transaction from spilling to the file, which would shut readers out.
      try db.execute(sql: "PRAGMA cache_size = -65536")
      // A listing reads an index of a million rows, which need not be copied for it.
      if readOnly { try db.execute(sql: "PRAGMA mmap_size = 4294967296") }
    }
    return configuration
  }

  /// One transaction: all of it is kept, or nothing.
  func writing<Value>(_ body: (Database) throws -> Value) throws -> Value {
    try Self.translating(queue.path) { try queue.write(body) }
  }

  /// Calls `body` while no other process writes the ledger, or does this.
  /// - Throws: What `body` throws; `LedgerError`.
  package func alone<Value>(_ body: () throws -> Value) throws -> Value { try writing { _ in try body() } }

  func reading<Value>(_ body: (Database) throws -> Value) throws -> Value {
    try Self.translating(queue.path) { try queue.read(body) }
  }

  static func translating<Value>(_ path: String, _ body: () throws -> Value) throws -> Value {
    do { return try body() } catch let error as DatabaseError { throw LedgerError(error, path: path) }
  }
}
