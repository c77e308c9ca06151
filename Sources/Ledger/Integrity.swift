import Foundation
import GRDB
import Storage

/// Whether the pages of a ledger are what SQLite wrote: rows of one that a disk has lost would be missing in silence.
///
/// To look at all pages takes about 0.75 s for a gigabyte that is in memory. So a file above `limit` is looked at once for
/// each content: when it was found whole, its size and time of modification are noted aside. Where that note cannot be
/// written, it is looked at each time.
struct Integrity {
  let path: String
  /// The bytes up to which a file is looked at whenever it is opened.
  var limit = 1 << 26

  /// The file that notes the last content that was found whole.
  var note: String { path + ".checked" }

  /// Looks at the pages.
  /// - Throws: `LedgerError.damaged`; what SQLite throws.
  func check(_ db: Database) throws {
    let content = largeContent
    if let content, (try? FileContent.data(of: note)) == content { return }
    let found = try String.fetchOne(db, sql: "PRAGMA quick_check(1)") ?? "SQLite did not check it"
    guard found == "ok" else {
      let reason = found.split(separator: "\n").last.map(String.init) ?? found
      throw LedgerError.damaged(path: path, reason: "the file is damaged (\(reason))")
    }
    // Beside a ledger that may only be read there is no note.
    if let content { try? DurableFile.write(content, to: note, shared: true) }
  }

  /// The size and the time of modification of a file above the limit, as they are noted; nil of a smaller one.
  ///
  /// The file is not opened for that: to close it would end all locks that SQLite has on it in this process
  /// (https://sqlite.org/howtocorrupt.html, 2.2).
  var largeContent: Data? {
    guard let file = FileStatus(path), file.size > limit else { return nil }
    return Data("\(file.size) \(file.modified)\n".utf8)
  }
}
