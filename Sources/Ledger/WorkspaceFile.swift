internal import Experiment
internal import Foundation
internal import Glibc

/// A file of the workspace, read from where the last reading ended.
struct WorkspaceFile: ~Copyable {
  let path: String
  let size: Int
  /// Seconds since 1970.
  let modified: Double
  private let descriptor: Int32

  /// Opens it; nil when there is none.
  /// - Throws: `StorageError`.
  init?(path: String) throws {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      if errno == ENOENT || errno == ENOTDIR { return nil }
      throw Self.failure("opening", path)
    }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      let failure = Self.failure("reading the size of", path)
      close(descriptor)
      throw failure
    }
    self.path = path
    self.descriptor = descriptor
    size = Int(status.st_size)
    modified = Double(status.st_mtim.tv_sec) + Double(status.st_mtim.tv_nsec) * 1e-9
  }

  deinit { close(descriptor) }

  /// At most `count` bytes from `offset` on; fewer only at the end of the file.
  func read(at offset: Int, count: Int) throws -> Data {
    var data = Data(count: count)
    var done = 0
    while done < count {
      let got = data.withUnsafeMutableBytes { bytes in
        bytes.baseAddress.map { pread(descriptor, $0 + done, count - done, off_t(offset + done)) } ?? 0
      }
      if got < 0 && errno == EINTR { continue }
      if got < 0 { throw Self.failure("reading", path) }
      if got == 0 { break }
      done += got
    }
    return data.prefix(done)
  }

  func all() throws -> Data { try read(at: 0, count: size) }

  /// The SHA-256 of the last 1024 bytes before `end`.
  func tail(before end: Int) throws -> String { try digest(from: max(0, end - 1024), to: end) }

  /// The SHA-256 of the whole.
  func digest() throws -> String { try digest(from: 0, to: size) }

  private func digest(from start: Int, to end: Int) throws -> String {
    var hash = SHA256()
    hash.update(try read(at: start, count: end - start))
    return hash.hexDigest()
  }

  private static func failure(_ operation: String, _ path: String) -> StorageError {
    StorageError(operation: operation, path: path, reason: String(cString: strerror(errno)), code: errno)
  }
}

/// Writes a file aside, syncs it, and puts it in place: there is the old one or the new one, never half of one.
func writeDurably(_ data: Data, to path: String) throws {
  func failure(_ operation: String) -> StorageError {
    StorageError(operation: operation, path: path, reason: String(cString: strerror(errno)), code: errno)
  }
  let aside = "\(path).\(getpid()).tmp"
  let descriptor = open(aside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
  guard descriptor >= 0 else { throw failure("writing") }
  var done = 0
  let written = data.withUnsafeBytes { bytes in
    while done < bytes.count {
      let put = write(descriptor, bytes.baseAddress! + done, bytes.count - done)
      if put < 0 && errno != EINTR { return false }
      done += max(put, 0)
    }
    return fsync(descriptor) == 0
  }
  let failed = written ? nil : failure("writing")
  close(descriptor)
  guard failed == nil, rename(aside, path) == 0 else {
    let reason = failed ?? failure("putting in place")
    unlink(aside)
    throw reason
  }
  let folder = open((path as NSString).deletingLastPathComponent, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
  if folder >= 0 {
    fsync(folder)
    close(folder)
  }
}
