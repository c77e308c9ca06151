import Glibc
import Storage
import Subprocess
import SystemPackage

extension InputProtocol where Self == FileDescriptorInput {
  /// A text on a program's standard input, whether it reads that or not.
  ///
  /// It is a file without a name: where a program leaves a pipe unread, swift-subprocess 1.0 ends this one.
  /// - Throws: `StorageError`.
  static func text(_ text: String) throws -> FileDescriptorInput {
    let name = "a program's input"
    guard let file = tmpfile() else { throw StorageError("making a file for", name) }
    defer { fclose(file) }
    let descriptor = fcntl(fileno(file), F_DUPFD_CLOEXEC, 0)
    guard descriptor >= 0 else { throw StorageError("opening", name) }
    do {
      try Array(text.utf8).withUnsafeBytes { try DurableFile.write(all: $0, to: descriptor, of: name) }
      guard lseek(descriptor, 0, SEEK_SET) == 0 else { throw StorageError("reading", name, writes: false) }
    } catch {
      close(descriptor)
      throw error
    }
    return .fileDescriptor(FileDescriptor(rawValue: descriptor), closeAfterSpawningProcess: true)
  }
}
