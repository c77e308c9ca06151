import CHDF5
import Glibc
import Storage

/// What libhdf5 could not do with a file, as a sentence: the file, what was being done to what, and why not.
///
/// Where the file system refused to store something, `StorageError` is thrown instead.
package struct HDF5Error: Error, CustomStringConvertible, Hashable, Sendable {
  /// What callers tell apart; `reason` says the rest.
  package enum Kind: Hashable, Sendable {
    /// There is no such file, or it cannot be read.
    case unreadable
    /// It is a file of another format.
    case notHDF5
    /// Its end is missing.
    case truncated
    /// A program writes to it, or was killed when it did.
    case unfinished
    /// The numbers are in another file: a virtual dataset, external storage, an external link.
    case elsewhere
    /// The numbers were never written, or some of them.
    case unwritten
    /// There is no dataset, group or attribute of that name.
    case missing
    /// It is there but not of the type or shape asked for.
    case unsuitable
    /// Anything else that libhdf5 reports, such as damaged contents.
    case failed
  }

  /// Which of the faults it is.
  package var kind: Kind
  /// The file's path, as it was given.
  package var file: String
  /// What was being done, as in "reading dataset 'showers'".
  package var operation: String
  /// Why it could not be done, and where there is a remedy what to do: the sentence's end.
  package var reason: String

  package init(_ kind: Kind, file: String, operation: String, reason: String) {
    self.kind = kind
    self.file = file
    self.operation = operation
    self.reason = reason
  }

  package var description: String { "\(file): \(operation): \(reason)" }
}

extension HDF5Error {
  /// The error for libhdf5's last failed call.
  ///
  /// Within the same `Library.run` as the call.
  static func last(file: String, operation: String, writing: Bool) -> any Error {
    error(for: Failure.last(), file: file, operation: operation, writing: writing)
  }

  static func error(for failure: Failure, file: String, operation: String, writing: Bool) -> any Error {
    if let code = failure.code, writing || [EIO, ESTALE].contains(code) {
      return StorageError(writing ? "writing" : "reading", file, code: code, writes: writing)
    }
    let message = failure.message.isEmpty ? "libhdf5 gives no reason" : failure.message
    if message.hasPrefix("truncated file") {
      return HDF5Error(
        .truncated, file: file, operation: operation,
        reason: "the file is incomplete, its end is missing (libhdf5: \(message)); copy or make it again")
    }
    if message.hasPrefix("file is already open for") {
      return HDF5Error(
        .unfinished, file: file, operation: operation,
        reason: "the file is marked as open for writing: let its writer end; if it was killed, make the file again, or "
          + "take the mark away with `h5clear -s` and see what 'dataset inspect' says (libhdf5: \(message))")
    }
    if let code = failure.code {
      return HDF5Error(.unreadable, file: file, operation: operation, reason: String(cString: strerror(code)))
    }
    return HDF5Error(.failed, file: file, operation: operation, reason: "libhdf5: \(message)")
  }
}
