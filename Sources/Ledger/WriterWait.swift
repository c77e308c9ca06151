import Glibc
import GRDB
import Storage
import Synchronization

/// What a process does while another one has the ledger: it waits, says for whom, and gives up in the end, or
/// soon where it was asked to stop.
final class WriterWait: Sendable {
  /// Takes what a process waits for.
  fileprivate static let tell = Mutex<(@Sendable (String) -> Void)?>(nil)

  private let path: String
  private let patience: Duration
  private let state = Mutex<(begun: ContinuousClock.Instant, isTold: Bool)>((.now, false))

  private let now: @Sendable () -> ContinuousClock.Instant
  private let isStopped: @Sendable () -> Bool
  private let say: (@Sendable (String) -> Void)?

  /// The wait after which a person wonders.
  private static let silence = Duration.seconds(2)
  /// The patience of a process that was asked to stop: for a commit, not for a long transaction.
  private static let stopped = Duration.milliseconds(200)

  /// - Parameters:
  ///   - path: The ledger's file.
  ///   - patience: The time after which it gives up.
  ///   - now: The present time.
  ///   - isStopped: Whether this process was asked to stop.
  ///   - say: Takes for whom it waits; nil for whoever is told of all ledgers.
  init(
    _ path: String, patience: Duration, now: @escaping @Sendable () -> ContinuousClock.Instant = { .now },
    isStopped: @escaping @Sendable () -> Bool = { StopSignals.requested != nil },
    say: (@Sendable (String) -> Void)? = nil
  ) {
    (self.path, self.patience, self.now) = (path, patience, now)
    (self.isStopped, self.say) = (isStopped, say)
  }

  /// Waits a moment.
  /// - Parameter tries: How often it has been called for this wait.
  /// - Returns: Whether to try again.
  func goesOn(after tries: Int) -> Bool {
    let now = now()
    let (waited, isSaid) = state.withLock { state in
      if tries == 0 { state = (now, false) }
      let waited = now - state.begun
      let isSaid = waited >= Self.silence && !state.isTold
      state.isTold = state.isTold || isSaid
      return (waited, isSaid)
    }
    let say = say ?? Self.tell.withLock { $0 }
    if isSaid { say?("waiting for \(path), which \(Self.writer(of: path)) has") }
    guard waited < (isStopped() ? min(Self.stopped, patience) : patience) else { return false }
    // Shorter than the pause that a process with many transactions makes between two.
    usleep(10_000)
    return true
  }

  /// Who has the file: "process 123 (qcalo collect)".
  static func writer(of path: String) -> String {
    guard let process = FileHolder.others(of: path).first else { return "another process" }
    let words = ProcFile.text("/proc/\(process)/cmdline")?.split(separator: "\0").prefix(4) ?? []
    let program = words.first?.split(separator: "/").last ?? ""
    let command = ([program] + words.dropFirst()).joined(separator: " ").printable
    return "process \(process)" + (program.isEmpty ? "" : " (\(command))")
  }
}

extension Ledger {
  /// Sets what takes a sentence where this process waits for another one; until then nobody is told.
  package static func tellOfWaiting(_ say: @escaping @Sendable (String) -> Void) {
    WriterWait.tell.withLock { $0 = say }
  }
}
