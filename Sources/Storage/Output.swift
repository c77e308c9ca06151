import Glibc

/// The standard output of a program: results go here, whole, or the program says that they could not.
package enum Output {
  private static let name = "the standard output"

  /// Fills the places of standard streams that the program was started without (`>&-`), and outlives readers that go.
  ///
  /// Else the first file that it opens gets such a place, and is written into. Called before anything is opened.
  package static func begin() {
    // Whoever writes is told by the call. Not SIG_IGN, which the programs that this one starts would inherit.
    signal(SIGPIPE) { _ in }
    for stream in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO] where fcntl(stream, F_GETFD) < 0 {
      // What cannot be written to says that there is no output.
      _ = open("/dev/null", stream == STDOUT_FILENO ? O_RDONLY : O_RDWR)
    }
  }

  /// Writes lines of text.
  /// - Throws: `StorageError`.
  package static func line(_ text: String) throws(StorageError) { try write(text + "\n") }

  /// Writes a text as it is.
  /// - Throws: `StorageError`.
  package static func write(_ text: String) throws(StorageError) { try write(bytes: Array(text.utf8)) }

  /// Writes bytes.
  ///
  /// When the reader has gone, as `head` does, the program ends as the system ends it by itself: by SIGPIPE, without a
  /// word.
  /// - Throws: `StorageError`.
  package static func write(bytes: [UInt8]) throws(StorageError) {
    var written = 0
    while written < bytes.count {
      let count = bytes.withUnsafeBytes { buffer in
        uninterrupted { Glibc.write(STDOUT_FILENO, buffer.baseAddress! + written, buffer.count - written) }
      }
      if count >= 0 {
        written += count
      } else if errno == EAGAIN {
        var ready = pollfd(fd: STDOUT_FILENO, events: Int16(POLLOUT), revents: 0)
        _ = uninterrupted { poll(&ready, 1, -1) }
      } else if errno == EPIPE {
        endQuietly()
      } else {
        throw StorageError("writing to", name, writes: false)
      }
    }
  }

  /// Closes the output: network disks tell only then that there was no room.
  ///
  /// Called when all is written.
  /// - Throws: `StorageError`.
  package static func end() throws(StorageError) {
    guard close(STDOUT_FILENO) < 0, errno != EBADF, errno != EINTR else { return }
    throw StorageError("closing", name, writes: false)
  }

  private static func endQuietly() -> Never {
    var mask = sigset_t()
    sigemptyset(&mask)
    sigaddset(&mask, SIGPIPE)
    signal(SIGPIPE, SIG_DFL)
    pthread_sigmask(SIG_UNBLOCK, &mask, nil)
    raise(SIGPIPE)
    exit(128 + SIGPIPE)
  }
}
