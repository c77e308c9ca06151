import Glibc

/// What decides from outside when a run stops: the clock, the signals, the options.
///
/// Tests put their own in.
package struct RunControl {
  /// Seconds since 1970-01-01 00:00 UTC.
  package var now: () -> Double = RunControl.systemTime
  /// Seconds on a clock that nobody sets.
  var steady: () -> Double = RunControl.steadyTime
  /// Who asked to stop, if anybody did.
  package var stopRequest: () -> String? = { nil }
  /// Whether a checkpoint was asked for since the last call.
  package var takeSaveRequest: () -> Bool = { false }
  /// The time by which this start must be over; nil for no limit.
  package var walltime: Walltime?
  /// Exit with 85 at the first checkpoint that is at least so many seconds after this start; nil: never.
  package var exitInterval: Double?
  /// Whether to go on from a checkpoint of another numerics version, so not to the same bits.
  package var acceptDifferentBinary = false
  /// Seconds between two signs of life in the run's lock.
  var heartbeat = RunLock.heartbeat
  /// Called after every checkpoint.
  package var progress: (Progress) -> Void = { _ in }
  /// Called with what the user should know.
  package var notice: (String) -> Void = { _ in }

  /// A control that never stops the run and tells nobody.
  package init() {}

  /// Seconds since 1970-01-01 00:00 UTC by the machine's clock, which may be set while a run goes on.
  package static func systemTime() -> Double { seconds(CLOCK_REALTIME) }
  /// Seconds on a clock that nobody sets.
  package static func steadyTime() -> Double { seconds(CLOCK_MONOTONIC) }

  private static func seconds(_ clock: clockid_t) -> Double {
    var time = timespec()
    clock_gettime(clock, &time)
    return Double(time.tv_sec) + 1e-9 * Double(time.tv_nsec)
  }
}
