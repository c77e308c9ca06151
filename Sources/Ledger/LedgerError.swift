package import Experiment
import GRDB

/// Why the ledger could not be read or written; the description is a sentence that says what to do.
package enum LedgerError: EndingError, Hashable, Sendable {
  /// There is no ledger yet.
  case absent(path: String)
  /// It was written by another version of this software.
  case version(path: String, found: Int)
  /// The file is not a ledger, or is damaged.
  case damaged(path: String, reason: String)
  /// A writer was killed in the middle of a transaction, and this process may not undo what it began.
  case unfinished(path: String, owner: String)
  /// Another process has been writing for too long.
  case busy(path: String)
  /// The file system refused.
  case storage(path: String, reason: String)
  /// A query of the user's.
  case query(reason: String)
  /// No sweep, run or variant has this name.
  case unknown(what: String, name: String, near: [String])
  /// A sweep was named where a run is wanted.
  case isSweep(String)
}

extension LedgerError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .absent(let path):
      return "opening \(path): there is no ledger; `qcalo run SWEEP` makes one, `qcalo collect` makes it from journals"
    case .version(let path, let found):
      let opening =
        "opening \(path): it has schema \(found) and this qcalo, \(BuildInfo.version), has \(Schema.version): "
      return opening
        + (found > Schema.version
          ? "a newer qcalo has made it; use that, or another workspace (--workspace)"
          : "who may write here makes it anew from the journals by `qcalo collect`")
    case .damaged(let path, let reason):
      return "reading \(path): \(reason); `qcalo collect --rebuild` makes it anew from the journals"
    case .unfinished(let path, let owner):
      return "opening \(path): a process that wrote it was killed, and only who may write here can undo what it began; "
        + "\(owner) should run `qcalo collect` in this workspace"
    case .busy(let path):
      return "opening \(path): another process goes on writing it; try again when it is done"
    case .storage(let path, let reason):
      return "writing \(path): \(reason); the journals hold everything, `qcalo collect` takes it in again"
    case .query(let reason):
      return "query: \(reason)"
    case .unknown(let what, let name, let near):
      let hint = near.isEmpty ? "there is none in this ledger" : "this ledger has " + near.joined(separator: ", ")
      return "there is no \(what) '\(name)'; \(hint)"
    case .isSweep(let name):
      return
        "\(name) is a sweep, and this is asked of a run: `qcalo status \(name)` lists its runs and the next step of "
        + "each"
    }
  }

  package var programEnd: ProgramEnd {
    switch self {
    case .busy, .storage, .damaged, .unfinished: .storageFailure
    case .absent, .version, .query, .unknown, .isSweep: .badInput
    }
  }

  /// The sentence for what SQLite reports.
  init(_ error: DatabaseError, path: String) {
    let reason = error.message ?? "SQLite error \(error.resultCode.rawValue)"
    switch error.resultCode {
    case .SQLITE_BUSY, .SQLITE_LOCKED: self = .busy(path: path)
    case .SQLITE_CORRUPT, .SQLITE_NOTADB: self = .damaged(path: path, reason: reason)
    case .SQLITE_FULL, .SQLITE_IOERR, .SQLITE_READONLY, .SQLITE_CANTOPEN, .SQLITE_PERM:
      self = .storage(path: path, reason: reason)
    default: self = .query(reason: reason)
    }
  }
}
