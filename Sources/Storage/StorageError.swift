import FoundationEssentials
import Glibc

/// The file system refused: no room, read-only, no permission, gone.
package struct StorageError: Error, CustomStringConvertible, Hashable, Sendable {
  /// What was being done, as in "writing".
  package var operation: String
  /// The file or the folder that it was done to, as it was named.
  package var path: String
  /// The system's reason, as in "No space left on device".
  package var reason: String
  /// The system's number for the reason; 0 where it gave none.
  package var code: Int32
  /// Whether something was to be changed, so that one may fear for what was there before.
  package var writes: Bool

  package init(operation: String, path: String, reason: String, code: Int32, writes: Bool = true) {
    self.operation = operation
    self.path = path
    self.reason = reason
    self.code = code
    self.writes = writes
  }

  /// The sentence of the error: what was being done to what, why it failed, and whether something is lost.
  package var description: String {
    "\(operation) \(path): \(reason)" + (writes ? "; nothing that was there before is lost" : "")
  }
}

extension StorageError {
  /// The error of a system's call.
  /// - Parameters:
  ///   - operation: What was being done, as in "writing".
  ///   - path: The file or the folder that it was done to.
  ///   - code: The system's number for the reason; nil for that of the call that has just failed, `errno`.
  ///   - writes: Whether something was to be changed.
  package init(_ operation: String, _ path: String, code: Int32? = nil, writes: Bool = true) {
    let code = code ?? errno
    self.init(operation: operation, path: path, reason: String(cString: strerror(code)), code: code, writes: writes)
  }

  /// The error of something that Foundation could not do, in the system's own words where it kept them.
  ///
  /// `errno` is not asked: Foundation need not have left it alone.
  package init(_ operation: String, _ path: String, _ error: any Error, writes: Bool = true) {
    if let code = Self.code(of: error) {
      self.init(operation, path, code: code, writes: writes)
    } else {
      self.init(operation: operation, path: path, reason: "\(error)", code: 0, writes: writes)
    }
  }

  /// The system's number for Foundation's reason; nil where there is none.
  private static func code(of error: any Error) -> Int32? {
    if let error = error as? POSIXError { return error.code.rawValue }
    guard let error = error as? CocoaError else { return nil }
    if let cause = error.underlying { return code(of: cause) }
    return switch error.code {
    case .fileNoSuchFile, .fileReadNoSuchFile: ENOENT
    case .fileReadNoPermission, .fileWriteNoPermission: EACCES
    case .fileWriteFileExists: EEXIST
    case .fileWriteOutOfSpace: ENOSPC
    case .fileWriteVolumeReadOnly: EROFS
    default: nil
    }
  }
}
