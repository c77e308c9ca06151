import Glibc

/// Folders, and what paths say of them.
package enum Folder {
  /// Makes a folder and those above it; one that is there already is fine.
  package static func make(_ path: String) throws(StorageError) {
    if mkdir(path, 0o755) == 0 { return }
    if errno == ENOENT, parent(of: path) != path {
      try make(parent(of: path))
      if mkdir(path, 0o755) == 0 { return }
    }
    let code = errno
    // Also where the folders above may not be written to.
    guard isFolder(path) else { throw StorageError("making the folder", path, code: code) }
  }

  /// Makes a fresh folder for temporary files, in $TMPDIR or /tmp.
  package static func makeTemporary() throws(StorageError) -> String {
    let parent = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    var template = Array("\(parent)/qcalo-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw StorageError("making a folder in", parent, writes: false) }
    return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// Whether there is a folder at a path.
  package static func isFolder(_ path: String) -> Bool { FileStatus(path)?.isFolder ?? false }

  /// The names of what is in a folder, sorted; none when the folder is missing.
  package static func names(in path: String) throws(StorageError) -> [String] {
    guard let stream = opendir(path) else {
      if errno == ENOENT { return [] }
      throw StorageError("reading the folder", path, writes: false)
    }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != "." && name != ".." { names.append(name) }
    }
    return names.sorted()
  }

  /// The folder that a path's last component is in.
  package static func parent(of path: String) -> String {
    let path = withoutSlashes(path)
    guard let slash = path.lastIndex(of: "/") else { return path.isEmpty ? "/" : "." }
    let parent = withoutSlashes(path[..<slash])
    return parent.isEmpty ? "/" : String(parent)
  }

  /// The last component of a path; "" for the root.
  package static func name(of path: String) -> String {
    let path = withoutSlashes(path)
    return String(path[(path.lastIndex(of: "/").map(path.index(after:)) ?? path.startIndex)...])
  }

  private static func withoutSlashes(_ path: some StringProtocol) -> Substring {
    var path = Substring(path)
    while path.last == "/" { path.removeLast() }
    return path
  }
}
