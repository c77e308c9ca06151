import FoundationEssentials
import Glibc
import Storage

/// The few things this module does with files, beside writing them.
enum Files {
  static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

  /// Whether it is a folder that something can be made in.
  static func isWritable(_ folder: String) -> Bool { access(folder + "/.", W_OK) == 0 }

  /// A file's text; nil where there is none that can be read.
  static func text(_ path: String) -> String? { try? FileContent.text(of: path) }

  /// The names in a folder, sorted; none when it is missing or cannot be read.
  static func names(in folder: String) -> [String] { (try? Folder.names(in: folder)) ?? [] }

  /// Another name for a file that nobody changes; a copy where the disk has no such names.
  static func share(_ path: String, to target: String) throws(StorageError) {
    if link(path, target) != 0 { try copy(path, to: target) }
  }

  /// A file of its own, also where the path is a symbolic link.
  static func copy(_ path: String, to target: String) throws(StorageError) {
    guard let resolved = realpath(path, nil) else { throw StorageError("copying", path) }
    defer { free(resolved) }
    do {
      try FileManager.default.copyItem(atPath: String(cString: resolved), toPath: target)
    } catch {
      throw StorageError("copying \(path) to", target, error)
    }
  }

  /// Where a path leads, its symbolic links followed as far as it exists.
  static func resolved(_ path: String) -> String {
    var (place, rest) = (path, "")
    while !exists(place), place != "/", place != "." {
      rest = "/" + Folder.name(of: place) + rest
      place = Folder.parent(of: place)
    }
    guard let resolved = realpath(place, nil) else { return path }
    defer { free(resolved) }
    let real = String(cString: resolved)
    return (real == "/" ? "" : real) + rest
  }

  static func remove(_ path: String) throws(StorageError) {
    do {
      try FileManager.default.removeItem(atPath: path)
    } catch {
      throw StorageError("removing", path, error)
    }
  }
}
