import Glibc

/// What the file system says of a file without reading it.
package struct FileStatus: Hashable, Sendable {
  /// Bytes.
  package let size: Int
  /// The last change of its content, in seconds since 1970-01-01 00:00 UTC by the file system's clock.
  package let modified: Double
  private let kind: mode_t

  /// Whether it is a plain file.
  package var isFile: Bool { kind == S_IFREG }
  /// Whether it is a folder.
  package var isFolder: Bool { kind == S_IFDIR }

  /// The status of what a path leads to; nil when there is nothing, or nothing that can be asked for.
  package init?(_ path: String) {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    self.init(status)
  }

  /// The status of an open file.
  /// - Parameters:
  ///   - descriptor: The open file's.
  ///   - path: The file's name, for the message.
  /// - Throws: `StorageError`.
  package init(of descriptor: Int32, named path: String) throws(StorageError) {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw StorageError("reading the size of", path, writes: false) }
    self.init(status)
  }

  private init(_ status: stat) {
    size = Int(status.st_size)
    modified = Double(status.st_mtim.tv_sec) + 1e-9 * Double(status.st_mtim.tv_nsec)
    kind = status.st_mode & S_IFMT
  }
}
