import Glibc
import Synchronization

/// Whether somebody has asked this process to stop (SIGINT, SIGTERM, SIGHUP).
enum StopRequest {
  private static let signal = Atomic<Int32>(0)

  /// From here on these signals are noted, not obeyed.
  static func install() {
    for number in [SIGINT, SIGTERM, SIGHUP] {
      var action = sigaction()
      action.__sigaction_handler.sa_handler = { StopRequest.signal.store($0, ordering: .relaxed) }
      sigaction(number, &action, nil)
    }
  }

  /// The signal's name; nil while there was none.
  static var name: String? {
    switch signal.load(ordering: .relaxed) {
    case 0: nil
    case SIGINT: "SIGINT"
    case SIGHUP: "SIGHUP"
    default: "SIGTERM"
    }
  }
}
