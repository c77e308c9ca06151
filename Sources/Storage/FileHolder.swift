import Glibc

/// Who has locks on a file, as the kernel tells it.
package enum FileHolder {
  /// The other processes of this machine that have a lock on a file, each once; none where that cannot be told.
  package static func others(of path: String) -> [Int32] {
    var status = stat()
    guard stat(path, &status) == 0, let locks = ProcFile.text("/proc/locks") else { return [] }
    // "1: POSIX  ADVISORY  WRITE 1234 08:01:5678 0 EOF"; "->" before the kind of one that waits. The device's numbers
    // differ from stat's on some file systems, so the file's alone decides.
    let file = ":\(status.st_ino)"
    return locks.split(separator: "\n").reduce(into: []) { found, line in
      let fields = line.split(separator: " ")
      guard fields.count > 5, fields[1] != "->", fields[5].hasSuffix(file), let process = Int32(fields[4]),
        process > 0, process != getpid(), !found.contains(process)
      else { return }
      found.append(process)
    }
  }
}
