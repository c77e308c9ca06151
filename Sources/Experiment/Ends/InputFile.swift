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
    try named(path, what, advice) { path == "-" ? try FileContent.standardInput() : try FileContent.bytes(of: path) }
  }

  /// The same, as Foundation has bytes.
  /// - Throws: As `bytes`.
  package static func data(of path: String, _ what: String? = nil, advice: String? = nil) throws -> Data {
    Data(try bytes(of: path, what, advice: advice))
  }

  /// The SHA-256 of a file of any size, 64 hexadecimal digits.
  /// - Throws: As `bytes`.
  package static func digest(of path: String, _ what: String? = nil) throws -> String {
    try named(path, what, nil) { try SHA256.hexDigest(ofFile: path) }
  }

  private static func named<Result>(_ path: String, _ what: String?, _ advice: String?, _ read: () throws -> Result)
    throws -> Result
  {
    do {
      return try read()
    } catch let error as StorageError {
      guard error.isOfThePath else { throw error }
      let reason = "\(path): \(what ?? "it") cannot be read: \(error.reason)"
      throw InputError(reason + (advice.map { "; \($0)" } ?? ""))
    }
  }
}
