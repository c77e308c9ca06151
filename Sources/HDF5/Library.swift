internal import CHDF5
internal import Glibc

/// libhdf5, one call at a time: the serial build is not thread-safe, and its error stack is global.
enum Library {
  /// Runs calls of libhdf5. May be nested.
  static func run<Result: ~Copyable>(_ body: () throws -> Result) rethrows -> Result {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    return try body()
  }

  /// Set up once: errors are read by `Failure`, not printed; and at exit libhdf5 leaves our files alone, since its own
  /// clean-up can loop for ever over a file that a full disk kept it from closing.
  nonisolated(unsafe) private static let mutex: UnsafeMutablePointer<pthread_mutex_t> = {
    var attributes = pthread_mutexattr_t()
    pthread_mutexattr_init(&attributes)
    pthread_mutexattr_settype(&attributes, Int32(PTHREAD_MUTEX_RECURSIVE))
    let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    pthread_mutex_init(mutex, &attributes)
    H5dont_atexit()
    H5open()
    H5Eset_auto2(qcalo_h5e_default(), nil, nil)
    return mutex
  }()
}

/// What libhdf5 says about its last failed call: the innermost message, where the system's own reason stands.
struct Failure {
  var message = ""

  /// Reads the error stack. Within the same `Library.run` as the call that failed.
  static func last() -> Failure {
    var failure = Failure()
    withUnsafeMutablePointer(to: &failure) { pointer in
      _ = H5Ewalk2(
        qcalo_h5e_default(), H5E_WALK_UPWARD,
        { depth, entry, context in
          guard depth == 0, let text = entry?.pointee.desc else { return 0 }
          context?.assumingMemoryBound(to: Failure.self).pointee.message = String(cString: text)
          return 0
        }, pointer)
    }
    H5Eclear2(qcalo_h5e_default())
    return failure
  }

  /// The system's error number, which libhdf5 spells into the message.
  var code: Int32? { field("errno = ").flatMap { Int32($0) } }

  private func field(_ key: String) -> Substring? {
    guard let start = message.firstRange(of: key)?.upperBound else { return nil }
    return message[start...].prefix { $0 != "," && $0 != " " }
  }
}

/// An identifier of libhdf5 that is closed with the value.
struct Identifier: ~Copyable {
  let raw: hid_t
  private let close: @convention(c) (hid_t) -> herr_t

  /// Nil when the call that made the identifier failed.
  init?(_ raw: hid_t, close: @escaping @convention(c) (hid_t) -> herr_t) {
    guard raw >= 0 else { return nil }
    self.raw = raw
    self.close = close
  }

  /// Closes it now. What libhdf5 says when it could not, as when the disk is full.
  consuming func closed() -> Failure? {
    let (raw, close) = (raw, close)
    discard self
    return Library.run { close(raw) < 0 ? Failure.last() : nil }
  }

  deinit { _ = Library.run { close(raw) } }
}
