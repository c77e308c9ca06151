package import FoundationEssentials
import Storage

/// Files that the user has named: that one is not there is a mistake in what was given, not a failure of the disk.
package enum InputFile {
  /// The bytes of a file.
  /// - Parameters:
  ///   - path: The file's, or "-" for the standard input.
  ///   - what: What it is, for the message: "the job description"; nil: "it".
  ///   - advice: What to do when it cannot be read, a clause.
  /// - Returns: All of them.
  /// - Throws: `InputError` when there is no such file, or none that may be read; `StorageError` when the disk fails.
  package static func bytes(of path: String, _ what: String? = nil, advice: String? = nil) throws -> [UInt8] {
    do {
      return path == "-" ? try FileContent.standardInput() : try FileContent.bytes(of: path)
    } catch {
      guard error.isOfThePath else { throw error }
      let reason = "\(path): \(what ?? "it") cannot be read: \(error.reason)"
      throw InputError(reason + (advice.map { "; \($0)" } ?? ""))
    }
  }

  /// The same, as Foundation has bytes.
  /// - Throws: As `bytes`.
  package static func data(of path: String, _ what: String? = nil, advice: String? = nil) throws -> Data {
    Data(try bytes(of: path, what, advice: advice))
  }
}
