import Experiment
import Foundation
import Glibc
import Storage

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
    let descriptor = uninterrupted { open(path, O_RDONLY | O_CLOEXEC) }
    guard descriptor >= 0 else {
      if errno == ENOENT || errno == ENOTDIR { return nil }
      throw StorageError("opening", path, writes: false)
    }
    let status: FileStatus
    do {
      status = try FileStatus(of: descriptor, named: path)
    } catch {
      close(descriptor)
      throw error
    }
    self.path = path
    self.descriptor = descriptor
    (size, modified) = (status.size, status.modified)
  }

  deinit { close(descriptor) }

  /// The bytes from `offset` on, `count` of them at most; fewer only at the end of the file.
  func read(at offset: Int, count: Int) throws -> Data {
    var data = Data(count: count)
    var done = 0
    while done < count {
      let got = data.withUnsafeMutableBytes { bytes in
        bytes.baseAddress.map { start in
          uninterrupted { pread(descriptor, start + done, count - done, off_t(offset + done)) }
        } ?? 0
      }
      if got < 0 { throw StorageError("reading", path, writes: false) }
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
}
