import Experiment
import Foundation
import Ledger
import Search
import Storage

/// The file of what a search has decided, `searches/<sweep>.jsonl`: a line is on the disk before anything of it is trained.
struct SearchBook {
  private let path: String
  /// What the file says.
  private(set) var record: SearchRecord

  /// The path of a sweep's lock, which one process has that decides.
  static func lock(_ sweep: String, in workspace: Workspace) -> String { "\(workspace.searches)/\(sweep).lock" }

  /// The lock of a sweep whose search has decided anything; nil where none has.
  /// - Parameters:
  ///   - sweep: The sweep's name.
  ///   - workspace: Where it is.
  ///   - deed: What the lock is for, for the message: "removing".
  /// - Returns: The lock.
  /// - Throws: `InputError` while another process has it; `StorageError`.
  static func locked(_ sweep: String, in workspace: Workspace, for deed: String) throws -> FileLock? {
    guard FileStatus(workspace.searchRecord(sweep)) != nil else { return nil }
    guard let lock = try FileLock(lock(sweep, in: workspace)) else {
      throw InputError("\(deed) \(sweep): a process is at work on the search; stop it first")
    }
    return lock
  }

  /// Reads it; one that is not there has nothing in it.
  /// - Throws: `InputError` for one that is damaged or of another version; `StorageError`.
  init(_ sweep: String, in workspace: Workspace) throws {
    path = workspace.searchRecord(sweep)
    record = try SearchRecord(Data(try FileContent.bytes(ifThere: path) ?? []), path: path)
  }

  /// Takes what the search is to do from now on.
  /// - Throws: `InputError` where decisions were made for other points, rungs, models, data or seeds; `StorageError`.
  mutating func take(_ wanted: SearchSpecification, on base: SearchBase) throws {
    if let known = record.specification, !record.entries.isEmpty {
      var other: String?
      if let old = record.base, !base.holds(whatHeldOn: old) {
        other = "\(old.models == base.models ? "its seeds were" : "what its trials share, or their data, was") another"
      }
      if known.rungs != wanted.rungs { other = "its rungs had other values" }
      if known.space != wanted.space { other = "its space had other values" }
      if let other {
        throw InputError(
          "search: \(other) when its \(counted(record.entries.count, "decision")) were made (\(path)); give the sweep another "
            + "name to begin anew")
      }
    }
    guard record.specification != wanted || record.base != base else { return }
    try append { try $0.take(wanted, on: base, at: Self.now) }
  }

  /// Records why nothing comes next, where that is new.
  /// - Throws: `StorageError`.
  mutating func end(_ sentence: String) throws {
    guard record.end != sentence else { return }
    try append { try $0.take(end: sentence, at: Self.now) }
  }

  /// Records a decision.
  /// - Throws: `StorageError`.
  mutating func append(_ decision: SearchDecision) throws { try append { try $0.take(decision, at: Self.now) } }

  /// Writes a line that a record has taken, and then has it.
  private mutating func append(_ take: (inout SearchRecord) throws -> Data) throws {
    var next = record
    let line = try take(&next)
    try Folder.make(Folder.parent(of: path))
    try DurableFile.append(line: line, to: path)
    record = next
  }

  private static var now: Double { Date().timeIntervalSince1970 }
}
