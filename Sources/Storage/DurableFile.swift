package import FoundationEssentials
import Glibc

/// Files that a crash, a kill or a full disk leaves as they were or complete, never in between.
package enum DurableFile {
  /// Writes a file aside, syncs it, renames it into place and syncs its folder.
  ///
  /// - Parameters:
  ///   - path: The file's place; what is there is replaced in one step, unless it is a device.
  ///   - shared: Whether several processes or threads may be at work on the same path at once: the file aside is then
  ///     `<path>.partial-<thread>@<host>`, and those of threads that were killed on this machine are removed. Else it
  ///     is `<path>.partial`, which the next writer overwrites if one was killed.
  ///   - body: Writes the complete file to the path that it is given, and closes it.
  /// - Throws: What `body` throws; `StorageError`. The file aside is removed then.
  package static func write(to path: String, shared: Bool = false, _ body: (_ aside: String) throws -> Void) throws {
    guard !isDevice(path) else {
      throw StorageError(operation: "replacing", path: path, reason: "it is a device, not a file", code: EEXIST)
    }
    let aside = path + ".partial" + (shared ? "-\(ProcessIdentity.thread)@\(ProcessIdentity.hostName)" : "")
    if shared { removeAbandoned(beside: path) }
    do {
      try body(aside)
      try sync(aside)
      guard rename(aside, path) == 0 else { throw StorageError("renaming \(aside) to", path) }
    } catch {
      unlink(aside)
      throw error
    }
    try sync(Folder.parent(of: path))
  }

  /// Removes what writers of a file that were killed on this machine have left beside it; earlier versions named no host.
  private static func removeAbandoned(beside path: String) {
    let (folder, start) = (Folder.parent(of: path), Folder.name(of: path) + ".partial-")
    for name in (try? Folder.names(in: folder)) ?? [] where name.hasPrefix(start) {
      let writer = name.dropFirst(start.count).split(separator: "@", maxSplits: 1)
      guard let pid = writer.first.flatMap({ Int32($0) }), writer.count == 1 || writer[1] == ProcessIdentity.hostName,
        ProcessIdentity.startTicks(of: pid) == nil
      else { continue }
      unlink(folder + "/" + name)
    }
  }

  /// Writes bytes as a file, in the same way; a device is written to as it is.
  /// - Throws: `StorageError`.
  package static func write(
    _ bytes: some ContiguousBytes, to path: String, shared: Bool = false, executable: Bool = false
  ) throws {
    guard !isDevice(path) else { return try fill(path, with: bytes) }
    try write(to: path, shared: shared) { try fill($0, with: bytes, executable: executable) }
  }

  /// Writes a text as a file, in the same way.
  /// - Throws: `StorageError`.
  package static func write(_ text: String, to path: String, shared: Bool = false, executable: Bool = false) throws {
    try write(Array(text.utf8), to: path, shared: shared, executable: executable)
  }

  /// Puts a complete file or folder into its place, in one step, and syncs the folder that it is in then.
  package static func move(_ path: String, to target: String) throws(StorageError) {
    guard rename(path, target) == 0 else { throw StorageError("renaming \(path) to", target) }
    try sync(Folder.parent(of: target))
  }

  /// Waits until a file, or the names in a folder, are on the disk.
  package static func sync(_ path: String) throws(StorageError) {
    let descriptor = uninterrupted { open(path, O_RDONLY | O_CLOEXEC) }
    guard descriptor >= 0 else { throw StorageError("opening", path) }
    defer { close(descriptor) }
    // EINVAL: a file system that has no such call for folders (some network disks).
    guard uninterrupted({ fsync(descriptor) }) == 0 || errno == EINVAL else { throw StorageError("syncing", path) }
  }

  /// Writes all of some bytes to an open file.
  /// - Parameters:
  ///   - bytes: What is written.
  ///   - descriptor: The open file's.
  ///   - path: The file's name, for the message.
  /// - Throws: `StorageError`; some bytes may have been written then.
  package static func write(
    all bytes: UnsafeRawBufferPointer, to descriptor: Int32, of path: String
  ) throws(StorageError) {
    var written = 0
    while written < bytes.count {
      let count = uninterrupted { Glibc.write(descriptor, bytes.baseAddress! + written, bytes.count - written) }
      guard count > 0 else { throw StorageError("writing", path) }
      written += count
    }
  }

  /// Adds a line to a file, and makes the file where there is none; it is on the disk when this returns.
  ///
  /// Half a line that a killed writer left is ended first.
  /// - Parameters:
  ///   - line: Its bytes, without its end.
  ///   - path: The file's place.
  /// - Throws: `StorageError`; the file is as it was then.
  package static func append(line: some Sequence<UInt8>, to path: String) throws {
    let descriptor = uninterrupted { open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0o644) }
    guard descriptor >= 0 else { throw StorageError("opening", path) }
    defer { close(descriptor) }
    let length = lseek(descriptor, 0, SEEK_END)
    var last = UInt8(ascii: "\n")
    if length > 0, pread(descriptor, &last, 1, length - 1) != 1 { throw StorageError("reading", path, writes: false) }
    let end = UInt8(ascii: "\n")
    let bytes = (last == end ? [] : [end]) + Array(line) + [end]
    do {
      try bytes.withUnsafeBytes { try write(all: $0, to: descriptor, of: path) }
    } catch {
      ftruncate(descriptor, length)
      throw error
    }
    guard uninterrupted({ fsync(descriptor) }) == 0 || errno == EINVAL else { throw StorageError("syncing", path) }
    if length == 0 { try sync(Folder.parent(of: path)) }
  }

  private static func fill(_ path: String, with bytes: some ContiguousBytes, executable: Bool = false) throws {
    let mode: mode_t = executable ? 0o755 : 0o644
    let descriptor = uninterrupted { open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode) }
    guard descriptor >= 0 else { throw StorageError("creating", path) }
    do {
      try bytes.withUnsafeBytes { try write(all: $0, to: descriptor, of: path) }
    } catch {
      close(descriptor)
      throw error
    }
    // Quotas on network disks are reported here. An interrupted close has closed.
    guard close(descriptor) == 0 || errno == EINTR else { throw StorageError("closing", path) }
  }

  /// Whether a path leads to what cannot be replaced by a file: a terminal, a pipe, /dev/null.
  private static func isDevice(_ path: String) -> Bool {
    FileStatus(path).map { !$0.isFile && !$0.isFolder } ?? false
  }
}
