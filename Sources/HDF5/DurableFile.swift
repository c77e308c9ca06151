public import Experiment
public import FoundationEssentials
internal import Glibc

/// Files that a crash, a kill or a full disk leaves as they were or complete, never in between.
public enum DurableFile {
  /// Writes a file aside, syncs it, renames it into place and syncs its folder.
  ///
  /// - Parameters:
  ///   - path: Where the file is to be; what is there is replaced in one step.
  ///   - tag: Tells apart writers that may be at work on the same path at once; the file aside is
  ///     `<path>.partial<tag>`. Without one, a writer that was killed leaves one file, which the next overwrites.
  ///   - body: Writes the complete file to the path that it is given, and closes it.
  /// - Throws: What `body` throws; `StorageError`. The file aside is removed then.
  public static func write(to path: String, tag: String = "", _ body: (_ aside: String) throws -> Void) throws {
    let aside = path + ".partial" + tag
    do {
      try body(aside)
      try sync(aside)
      guard rename(aside, path) == 0 else { throw StorageError(renaming: aside, to: path) }
    } catch {
      unlink(aside)
      throw error
    }
    try sync(folder(of: path))
  }

  /// Writes bytes as a file, in the same way.
  public static func write(_ bytes: some ContiguousBytes, to path: String, tag: String = "") throws {
    try write(to: path, tag: tag) { aside in
      let descriptor = open(aside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
      guard descriptor >= 0 else { throw StorageError("creating", aside) }
      var open = true
      defer { if open { close(descriptor) } }
      try bytes.withUnsafeBytes { buffer in
        var written = 0
        while written < buffer.count {
          let count = Glibc.write(descriptor, buffer.baseAddress! + written, buffer.count - written)
          if count < 0 && errno == EINTR { continue }
          guard count > 0 else { throw StorageError("writing", aside) }
          written += count
        }
      }
      open = false
      // Quotas on network disks are reported here.
      guard close(descriptor) == 0 else { throw StorageError("closing", aside) }
    }
  }

  /// Waits until a file, or the names in a folder, are on the disk.
  public static func sync(_ path: String) throws(StorageError) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw StorageError("opening", path) }
    defer { close(descriptor) }
    // EINVAL: a file system that has no such call for folders (some network disks).
    guard fsync(descriptor) == 0 || errno == EINVAL else { throw StorageError("syncing", path) }
  }

  /// The folder that a path's last component is in.
  static func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }
}

extension StorageError {
  /// For the system call that just failed: the reason is read from `errno`.
  public init(_ operation: String, _ path: String) {
    let code = errno
    self.init(operation: operation, path: path, reason: String(cString: strerror(code)), code: code)
  }

  fileprivate init(renaming aside: String, to path: String) { self.init("renaming \(aside) to", path) }
}
