import Experiment
import Glibc
import Storage

/// One attempt's journal, read from where the last reading ended, whole lines only.
package struct JournalReader {
  /// The journal's path.
  package let path: String
  /// The bytes that have been read, all of them whole lines.
  package private(set) var offset = 0
  /// How many lines `offset` covers.
  package private(set) var lines = 0
  /// The bytes behind the last whole line, of one that is being written or was torn.
  package private(set) var torn = 0
  /// Whether its first line has a checksum; nil before it is read.
  private var isSealed: Bool?

  /// Bytes read at a time; a longer line is no record, and is left alone like a torn one.
  static let portion = 16 << 20

  package init(_ path: String) { self.path = path }

  /// Reads the whole lines that are new; none when there is no such file.
  /// - Parameters:
  ///   - run: The run that the journal is thought to be of.
  ///   - take: Gets each line with its number, from 1.
  /// - Throws: `StorageError`; what `take` throws.
  package mutating func read(of run: String, _ take: (_ number: Int, JournalLine) throws -> Void) throws {
    let descriptor = uninterrupted { open(path, O_RDONLY | O_CLOEXEC) }
    guard descriptor >= 0 else {
      if errno == ENOENT { return }
      throw StorageError("opening", path, writes: false)
    }
    defer { close(descriptor) }
    while true {
      let bytes = try next(descriptor)
      let taken = try bytes.withUnsafeBytes { bytes in
        try JournalLine.each(in: bytes, of: run, isSealed: &isSealed) { line in
          lines += 1
          try take(lines, line)
        }
      }
      offset += taken
      torn = bytes.count - taken
      if taken == 0 || bytes.count < Self.portion { return }
    }
  }

  private func next(_ descriptor: Int32) throws -> [UInt8] {
    let size = try FileStatus(of: descriptor, named: path).size
    let count = min(max(0, size - offset), Self.portion)
    return try [UInt8](unsafeUninitializedCapacity: count) { buffer, done in
      while done < count {
        let got = uninterrupted { pread(descriptor, buffer.baseAddress! + done, count - done, off_t(offset + done)) }
        guard got >= 0 else { throw StorageError("reading", path, writes: false) }
        if got == 0 { break }
        done += got
      }
    }
  }
}
