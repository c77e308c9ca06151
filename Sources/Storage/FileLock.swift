import Glibc

/// The right to what a file stands for, which one process has at a time, and which ends with that process at the latest.
///
/// The whole file is locked, by `flock`: programs that this process starts do not inherit it.
package final class FileLock: Sendable {
  private let descriptor: Int32

  /// Takes the lock if nobody has it; nil when somebody does.
  /// - Parameter path: The file, which is made where it is missing and stays.
  /// - Throws: `StorageError`.
  package init?(_ path: String) throws(StorageError) {
    let descriptor = uninterrupted { open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644) }
    guard descriptor >= 0 else { throw StorageError("opening the lock", path) }
    guard uninterrupted({ flock(descriptor, LOCK_EX | LOCK_NB) }) == 0 else {
      let code = errno
      close(descriptor)
      if code == EWOULDBLOCK { return nil }
      throw StorageError("locking", path, code: code)
    }
    self.descriptor = descriptor
  }

  deinit {
    // Not by closing alone: a process that is just being started has the descriptor, too, until it becomes its program.
    flock(descriptor, LOCK_UN)
    close(descriptor)
  }

  /// Waits for the lock, and takes it.
  /// - Parameters:
  ///   - path: The file, which is made where it is missing and stays.
  ///   - waiting: Called once, if somebody has it.
  ///   - stopRequest: The name of the signal that asked this process to stop; nil while there was none.
  /// - Returns: The lock, which is kept as long as the value is.
  /// - Throws: `StorageError`; `StopRequest` where a stop is asked for meanwhile, `CancellationError` when the
  ///   task is cancelled.
  package nonisolated(nonsending) static func wait(
    for path: String, waiting: () -> Void = {}, stopRequest: () -> String? = { StopSignals.request }
  ) async throws -> FileLock {
    if let lock = try FileLock(path) { return lock }
    waiting()
    while true {
      if let signal = stopRequest() { throw StopRequest(signal: signal) }
      try await Task.sleep(for: .milliseconds(100))
      if let lock = try FileLock(path) { return lock }
    }
  }
}
