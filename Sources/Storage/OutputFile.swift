import FoundationEssentials
import Glibc

/// The place that a user names for a program's output: a file, `-` for the standard output, or what else can be written
/// to, such as a named pipe or a device.
///
/// Only files are replaced.
package struct OutputFile: Sendable {
  /// The place as the user gave it.
  package let path: String
  private let place: Place

  private enum Place {
    case file(String)
    case standardOutput
    /// Written into as it is.
    case stream
  }

  /// Whether the standard output is taken: all else that there is to say goes to the standard error then.
  package var isStandardOutput: Bool { if case .standardOutput = place { true } else { false } }

  /// The place that a path names: `-` and the file that the standard output is open on are the standard output.
  package init(_ path: String) {
    self.path = path
    var (status, output) = (stat(), stat())
    if path == "-" {
      place = .standardOutput
    } else if stat(path, &status) != 0 {
      place = .file(path)
    } else if fstat(STDOUT_FILENO, &output) == 0, (status.st_dev, status.st_ino) == (output.st_dev, output.st_ino) {
      place = .standardOutput
    } else if [S_IFREG, S_IFDIR].contains(status.st_mode & S_IFMT) {
      place = .file(Self.resolved(path))
    } else {
      place = .stream
    }
  }

  /// Writes bytes.
  /// - Throws: `StorageError`.
  package func write(_ bytes: [UInt8]) throws {
    switch place {
    case .file(let path): try DurableFile.write(bytes, to: path, shared: true)
    case .standardOutput: try Output.write(bytes: bytes)
    case .stream: try intoStream { try $0(bytes) }
    }
  }

  /// Writes a text.
  /// - Throws: `StorageError`.
  package func write(_ text: String) throws { try write(Array(text.utf8)) }

  /// Writes what has to be made as a file first.
  /// - Parameter body: Makes the complete file at the path that it is given: the place itself, or a temporary one.
  /// - Returns: What `body` returns.
  /// - Throws: What `body` throws; `StorageError`.
  package func write<Result>(_ body: (_ path: String) throws -> Result) throws -> Result {
    let draft = try draft()
    defer { draft.remove() }
    let result = try body(draft.path)
    try deliver(draft)
    return result
  }

  /// A path to make the complete file at, as `DurableFile` makes them; see `deliver`.
  /// - Throws: `StorageError` when there is no room for temporary files.
  package func draft() throws(StorageError) -> Draft {
    if case .file(let path) = place { return Draft(path: path, folder: nil) }
    let folder = try Folder.makeTemporary()
    return Draft(path: folder + "/output", folder: folder)
  }

  /// Copies a draft to its place, unless it was made there.
  /// - Throws: `StorageError`.
  package func deliver(_ draft: Draft) throws {
    switch place {
    case .file: break
    case .standardOutput: try FileContent.forEachPiece(of: draft.path) { try Output.write(bytes: Array($0)) }
    case .stream: try intoStream { write in try FileContent.forEachPiece(of: draft.path) { try write(Array($0)) } }
    }
  }

  /// Opens the place as it is, hands a writer to it on, and closes it.
  private func intoStream(_ body: (_ write: ([UInt8]) throws -> Void) throws -> Void) throws {
    let descriptor = uninterrupted { open(path, O_WRONLY | O_CLOEXEC) }
    guard descriptor >= 0 else { throw StorageError("opening", path, writes: false) }
    do {
      try body { bytes in
        try bytes.withUnsafeBytes { try DurableFile.write(all: $0, to: descriptor, of: path) }
      }
    } catch {
      close(descriptor)
      throw error
    }
    guard close(descriptor) == 0 || errno == EINTR else { throw StorageError("closing", path, writes: false) }
  }

  /// What a link leads to: that is replaced, and the link stays.
  private static func resolved(_ path: String) -> String {
    guard let resolved = realpath(path, nil) else { return path }
    defer { free(resolved) }
    return String(cString: resolved)
  }
}

extension OutputFile {
  /// A file on its way to its place.
  package struct Draft: Sendable {
    /// The path to write to.
    package let path: String
    /// The temporary folder that holds it; nil for the place itself.
    fileprivate let folder: String?

    /// Removes what is temporary.
    package func remove() {
      guard let folder else { return }
      unlink(path)
      rmdir(folder)
    }
  }
}
