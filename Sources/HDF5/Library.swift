import CHDF5
import Glibc

/// libhdf5, one call at a time: some builds of it are not thread-safe.
enum Library {
  /// Runs calls of libhdf5, at the file of a path if there is one.
  ///
  /// May be nested.
  static func run<Result: ~Copyable>(on path: String? = nil, _ body: () throws -> Result) rethrows -> Result {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    lastPath = path
    let isWatched = path.map(DamagedFile.enter) ?? false
    defer { if isWatched { DamagedFile.leave() } }
    keepFailures()
    return try body()
  }

  /// The file of the last call.
  ///
  /// Guarded by `run`.
  nonisolated(unsafe) private static var lastPath: String?

  /// Closes what was opened by the last calls.
  static func close(_ body: () -> herr_t) -> Failure? {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    return run(on: lastPath) { body() < 0 ? Failure.last() : nil }
  }

  /// Has libhdf5 hand over what failed rather than print it.
  ///
  /// Each time, since builds that are thread-safe ask for it thread by thread; and at the failed call itself, since the
  /// next one clears libhdf5's own record.
  private static func keepFailures() {
    H5Eset_auto2(
      qcalo_h5e_default(),
      { stack, _ in
        Library.failure = Failure()
        return H5Ewalk2(
          stack, H5E_WALK_UPWARD,
          { depth, entry, _ in
            if depth == 0, let text = entry?.pointee.desc { Library.failure.message = String(cString: text) }
            return 0
          }, nil)
      }, nil)
  }

  /// What the last failed call said.
  ///
  /// Guarded by `run`.
  nonisolated(unsafe) fileprivate static var failure = Failure()

  /// A name for a file in memory, used once: libhdf5 takes two of the same name for the same file.
  ///
  /// Within `run`.
  static func freshName() -> String {
    memoryFiles += 1
    return "memory \(memoryFiles)"
  }

  nonisolated(unsafe) private static var memoryFiles = 0

  /// How names are followed: never into another file.
  ///
  /// What an external link points to is noted instead. Within `run`.
  static let withinFile: hid_t = {
    let list = H5Pcreate(qcalo_h5p_link_access())
    H5Pset_elink_cb(
      list,
      { _, _, file, object, _, _, _ in
        let (file, object) = (file.map { String(cString: $0) } ?? "", object.map { String(cString: $0) } ?? "")
        Library.external = (file, object)
        return -1
      }, nil)
    return list
  }()

  /// The file and the object that the last external link pointed to.
  ///
  /// Guarded by `run`.
  nonisolated(unsafe) static var external: (file: String, object: String)?

  /// Made once, before the first call.
  ///
  /// At exit libhdf5 shall leave our files alone, since its own clean-up can loop for ever over a file that a full disk
  /// kept it from closing.
  nonisolated(unsafe) private static let mutex: UnsafeMutablePointer<pthread_mutex_t> = {
    var attributes = pthread_mutexattr_t()
    pthread_mutexattr_init(&attributes)
    pthread_mutexattr_settype(&attributes, Int32(PTHREAD_MUTEX_RECURSIVE))
    let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    pthread_mutex_init(mutex, &attributes)
    H5dont_atexit()
    H5open()
    return mutex
  }()
}

/// What libhdf5 says about its last failed call: the innermost message, where the system's own reason stands.
struct Failure {
  var message = ""

  /// Within the same `Library.run` as the call that failed.
  static func last() -> Failure {
    defer { Library.failure = Failure() }
    return Library.failure
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

  /// Closes it now.
  ///
  /// What libhdf5 says when it could not, as when the disk is full.
  consuming func closed() -> Failure? {
    let (raw, close) = (raw, close)
    discard self
    return Library.close { close(raw) }
  }

  deinit { _ = Library.close { close(raw) } }
}
