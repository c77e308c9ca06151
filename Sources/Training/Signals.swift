internal import Glibc
internal import Synchronization

/// What signals have asked of this process. The handlers store into atomics and do nothing else; the run looks between
/// two iterations, so a checkpoint is never taken inside of one.
public enum Signals {
  private static let stop = Atomic<Int32>(0)
  private static let save = Atomic<Bool>(false)

  /// SIGTERM, SIGINT and SIGHUP ask to stop, SIGUSR1 for a checkpoint. A closed pipe and a file-size limit become
  /// errors of the writing call.
  public static func install() {
    // Initialised before the first signal can come: a handler must not run a lazy initialiser.
    _ = stop.load(ordering: .relaxed)
    _ = save.load(ordering: .relaxed)
    for number in [SIGTERM, SIGINT, SIGHUP] { handle(number) { Signals.stop.store($0, ordering: .relaxed) } }
    handle(SIGUSR1) { _ in Signals.save.store(true, ordering: .relaxed) }
    signal(SIGPIPE, SIG_IGN)
    signal(SIGXFSZ, SIG_IGN)
  }

  /// The name of the last signal that asked to stop, if any has.
  public static var stopRequest: String? {
    switch stop.load(ordering: .relaxed) {
    case 0: nil
    case SIGTERM: "SIGTERM"
    case SIGINT: "SIGINT"
    case SIGHUP: "SIGHUP"
    case let number: "signal \(number)"
    }
  }

  /// Whether a checkpoint was asked for since the last call.
  public static func takeSaveRequest() -> Bool { save.exchange(false, ordering: .relaxed) }

  private static func handle(_ number: Int32, _ handler: @escaping @convention(c) (Int32) -> Void) {
    var action = sigaction()
    action.__sigaction_handler.sa_handler = handler
    action.sa_flags = SA_RESTART
    sigaction(number, &action, nil)
  }
}
