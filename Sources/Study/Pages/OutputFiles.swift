import Foundation
import Ledger
import Storage

/// Files that a user asked for.
package enum OutputFiles {
  /// - Returns: The path.
  /// - Throws: `StorageError`.
  @discardableResult
  package static func write(_ text: String, to path: String) throws -> String {
    try DurableFile.write(text, to: path)
    return path
  }

  /// Writes files by name, into a folder that is made if need be.
  /// - Returns: Their paths.
  /// - Throws: `StorageError`.
  package static func write(_ files: [String: String], into folder: String) throws -> [String] {
    try Folder.make(folder)
    return try files.sorted { $0.key < $1.key }.map { try write($0.value, to: folder + "/" + $0.key) }
  }
}
