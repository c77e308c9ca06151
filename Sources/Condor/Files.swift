internal import Experiment
internal import FoundationEssentials
internal import Glibc

/// The few things this module does with files. What is written is there completely or not at all.
enum Files {
  static func parent(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  static func name(of path: String) -> String { path.split(separator: "/").last.map(String.init) ?? "" }

  static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

  /// Whether it is a folder that something can be made in.
  static func isWritable(_ folder: String) -> Bool { access(folder + "/.", W_OK) == 0 }

  static func text(_ path: String) -> String? {
    FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) }
  }

  /// The names in a folder, sorted; none when it is missing.
  static func names(in folder: String) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
  }

  static func makeFolder(_ path: String) throws(StorageError) {
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch {
      throw failure("making the folder", path)
    }
  }

  /// Writes a new file in a folder that nobody reads yet.
  static func write(_ text: String, to path: String, executable: Bool = false) throws(StorageError) {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, executable ? 0o755 : 0o644)
    guard descriptor >= 0 else { throw failure("creating", path) }
    var bytes = Substring(text).utf8
    while !bytes.isEmpty {
      let count = Array(bytes).withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      guard count > 0 else {
        let error = failure("writing", path)
        close(descriptor)
        throw error
      }
      bytes = bytes.dropFirst(count)
    }
    guard fsync(descriptor) == 0 else {
      let error = failure("syncing", path)
      close(descriptor)
      throw error
    }
    guard close(descriptor) == 0 else { throw failure("closing", path) }
  }

  /// Replaces a file in one step.
  static func replace(_ path: String, with text: String) throws(StorageError) {
    let aside = "\(path).partial-\(getpid())"
    try write(text, to: aside)
    try move(aside, to: path)
  }

  static func move(_ path: String, to target: String) throws(StorageError) {
    guard rename(path, target) == 0 else { throw failure("renaming \(path) to", target) }
    let descriptor = open(parent(of: target), O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    // Some network disks have no fsync for folders.
    fsync(descriptor)
    close(descriptor)
  }

  /// Another name for a file that nobody changes; a copy where the disk has no such names.
  static func share(_ path: String, to target: String) throws(StorageError) {
    if link(path, target) != 0 { try copy(path, to: target) }
  }

  /// A file of its own, also where the path is a symbolic link.
  static func copy(_ path: String, to target: String) throws(StorageError) {
    guard let resolved = realpath(path, nil) else { throw failure("copying", path) }
    defer { free(resolved) }
    do {
      try FileManager.default.copyItem(atPath: String(cString: resolved), toPath: target)
    } catch {
      throw failure("copying \(path) to", target)
    }
  }

  static func remove(_ path: String) throws(StorageError) {
    do {
      try FileManager.default.removeItem(atPath: path)
    } catch {
      throw failure("removing", path)
    }
  }

  /// Of the system call that just failed.
  static func failure(_ operation: String, _ path: String) -> StorageError {
    let code = errno
    return StorageError(operation: operation, path: path, reason: String(cString: strerror(code)), code: code)
  }
}
