import Foundation
import Ledger
import Storage

/// Files that a user asked for.
package enum OutputFiles {
  /// Writes a text to wherever `--output` names; see `OutputFile`.
  /// - Returns: The path; nil where the text went to the standard output, which is to hold nothing else.
  /// - Throws: `StorageError`.
  @discardableResult
  package static func write(_ text: String, to path: String) throws -> String? {
    let file = OutputFile(path)
    try file.write(text)
    return file.isStandardOutput ? nil : path
  }

  /// Writes files by name, into a folder that is made if need be.
  /// - Returns: Their paths.
  /// - Throws: `StorageError`.
  package static func write(_ files: [String: String], into folder: String) throws -> [String] {
    try Folder.make(folder)
    return try files.sorted { $0.key < $1.key }.compactMap { try write($0.value, to: folder + "/" + $0.key) }
  }
}
