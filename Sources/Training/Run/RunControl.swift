import Glibc

/// What decides from outside when a run stops: the clock, the signals, the options. Tests put their own in.
package struct RunControl {
  /// Seconds since 1970-01-01 00:00 UTC.
  package var now: () -> Double = RunControl.systemTime
  /// Who asked to stop, if anybody did.
  package var stopRequest: () -> String? = { nil }
  /// Whether a checkpoint was asked for since the last call.
  package var takeSaveRequest: () -> Bool = { false }
  package var walltime: Walltime?
  /// Exit with 85 at the first checkpoint that is at least so many seconds after this start; nil: never.
  package var exitInterval: Double?
  package var acceptDifferentBinary = false
  /// Seconds between two signs of life in the run's lock.
  var heartbeat = RunLock.heartbeat
  /// Called after every checkpoint.
  package var progress: (Progress) -> Void = { _ in }
  /// Called with what the user should know.
  package var notice: (String) -> Void = { _ in }

  package init() {}

  package static func systemTime() -> Double { seconds(CLOCK_REALTIME) }
  /// Seconds on a clock that nobody sets.
  static func steadyTime() -> Double { seconds(CLOCK_MONOTONIC) }

  private static func seconds(_ clock: clockid_t) -> Double {
    var time = timespec()
    clock_gettime(clock, &time)
    return Double(time.tv_sec) + 1e-9 * Double(time.tv_nsec)
  }
}
