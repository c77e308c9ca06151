import Glibc
import Synchronization

/// What signals have asked of this process.
///
/// The handlers store into atomics and do nothing else; the program looks when it can obey.
package enum StopSignals {
  private static let stop = Atomic<Int32>(0)
  private static let save = Atomic<Bool>(false)

  /// SIGTERM, SIGINT and SIGHUP are noted from here on, not obeyed.
  ///
  /// System calls that they interrupt are made again.
  package static func install() {
    // Initialised before the first signal can come: a handler must not run a lazy initialiser.
    _ = stop.load(ordering: .relaxed)
    for number in [SIGTERM, SIGINT, SIGHUP] { handle(number) { StopSignals.stop.store($0, ordering: .relaxed) } }
  }

  /// Notes SIGUSR1 as well, which asks for a checkpoint, in a program that trains; a closed pipe and a file-size limit
  /// become errors of the writing call.
  package static func installForTraining() {
    _ = save.load(ordering: .relaxed)
    install()
    handle(SIGUSR1) { _ in StopSignals.save.store(true, ordering: .relaxed) }
    signal(SIGPIPE, SIG_IGN)
    signal(SIGXFSZ, SIG_IGN)
  }

  /// The number of the last signal that asked to stop, if any has.
  package static var requested: Int32? {
    let number = stop.load(ordering: .relaxed)
    return number == 0 ? nil : number
  }

  /// The name of that signal.
  package static var request: String? { requested.map(name) }

  /// Goes no further where a stop was asked for.
  /// - Throws: `StopRequest`.
  package static func check() throws(StopRequest) { if let request { throw StopRequest(signal: request) } }

  /// Whether a checkpoint was asked for since the last call.
  package static func takeSaveRequest() -> Bool { save.exchange(false, ordering: .relaxed) }

  /// The name of a signal, as in "SIGTERM".
  package static func name(of number: Int32) -> String {
    switch number {
    case SIGTERM: "SIGTERM"
    case SIGINT: "SIGINT"
    case SIGHUP: "SIGHUP"
    case SIGKILL: "SIGKILL"
    default: "signal \(number)"
    }
  }

  private static func handle(_ number: Int32, _ handler: @escaping @convention(c) (Int32) -> Void) {
    var action = sigaction()
    action.__sigaction_handler.sa_handler = handler
    action.sa_flags = SA_RESTART
    sigaction(number, &action, nil)
  }
}

/// A signal that has asked to stop is why something was given up.
package struct StopRequest: Error, CustomStringConvertible, Sendable, Equatable {
  /// The signal's name.
  package var signal: String

  package init(signal: String) { self.signal = signal }

  package var description: String { "stopped by \(signal)" }
}
