package import FoundationEssentials
import Glibc

/// Files that are read whole, whatever they are: plain files, pipes, what /proc shows.
package enum FileContent {
  /// The most bytes that a file may have: /dev/zero has no end.
  package static let limit = 1 << 30

  /// The bytes of a file.
  /// - Throws: `StorageError`, also when there are more than `limit`.
  package static func bytes(of path: String, limit: Int = limit) throws(StorageError) -> [UInt8] {
    let descriptor = uninterrupted { open(path, O_RDONLY | O_CLOEXEC) }
    guard descriptor >= 0 else { throw StorageError("opening", path, writes: false) }
    defer { close(descriptor) }
    return try bytes(from: descriptor, of: path, limit)
  }

  /// The bytes of a file; nil when there is none.
  /// - Throws: `StorageError`.
  package static func bytes(ifThere path: String) throws(StorageError) -> [UInt8]? {
    do {
      return try bytes(of: path)
    } catch {
      if error.isAbsence { return nil }
      throw error
    }
  }

  /// The bytes of a file, as Foundation has them.
  /// - Throws: `StorageError`.
  package static func data(of path: String) throws(StorageError) -> Data { Data(try bytes(of: path)) }

  /// A file's text; what is no UTF-8 in it is replaced.
  /// - Throws: `StorageError`.
  package static func text(of path: String) throws(StorageError) -> String {
    String(decoding: try bytes(of: path), as: UTF8.self)
  }

  /// All that comes from the standard input.
  /// - Throws: `StorageError`.
  package static func standardInput() throws(StorageError) -> [UInt8] {
    try bytes(from: STDIN_FILENO, of: "the standard input", limit)
  }

  /// Hands over a file piece by piece, however large it is.
  /// - Parameters:
  ///   - path: The file's.
  ///   - body: Takes a piece, which is its own for the call alone.
  /// - Throws: `StorageError`, and what `body` throws.
  package static func forEachPiece(of path: String, _ body: (UnsafeRawBufferPointer) throws -> Void) throws {
    let descriptor = uninterrupted { open(path, O_RDONLY | O_CLOEXEC) }
    guard descriptor >= 0 else { throw StorageError("opening", path, writes: false) }
    defer { close(descriptor) }
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 16)
    defer { buffer.deallocate() }
    while true {
      let count = uninterrupted { read(descriptor, buffer.baseAddress, buffer.count) }
      if count == 0 { return }
      guard count > 0 else { throw StorageError("reading", path, writes: false) }
      try body(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
    }
  }

  private static func bytes(from descriptor: Int32, of name: String, _ limit: Int) throws(StorageError) -> [UInt8] {
    var status = stat()
    // Of what has no size, or grows, more is read until there is no more.
    let size = fstat(descriptor, &status) == 0 ? min(Int(status.st_size), limit) : 0
    var bytes: [UInt8] = []
    while true {
      let room = max(size + 1 - bytes.count, 1 << 14)
      var got = 0
      let part = [UInt8](unsafeUninitializedCapacity: room) { buffer, count in
        got = uninterrupted { read(descriptor, buffer.baseAddress, room) }
        count = max(0, got)
      }
      guard got >= 0 else { throw StorageError("reading", name, writes: false) }
      guard bytes.count + got <= limit else { throw StorageError("reading", name, code: EFBIG, writes: false) }
      if got == 0 { return bytes }
      if bytes.isEmpty { bytes = part } else { bytes += part }
    }
  }
}

extension StorageError {
  /// Whether there was nothing under the path.
  package var isAbsence: Bool { code == ENOENT || code == ENOTDIR }

  /// Whether the path is to blame and not the disk: there is nothing under it, or nothing that this process may read.
  package var isOfThePath: Bool {
    isAbsence || [EISDIR, EACCES, EPERM, ELOOP, ENAMETOOLONG, ENXIO, EFBIG].contains(code)
  }
}
