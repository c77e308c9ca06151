import Glibc

/// The end of a process in which libhdf5 crashes over a damaged file, or does not come back from one: both happen to it,
/// and neither can be mended from outside.
package enum DamagedFile {
  /// What says so of the file at `path` and ends the process.
  ///
  /// It is called by a signal handler: nothing but system calls are allowed.
  package typealias End = @convention(c) (_ path: UnsafePointer<CChar>) -> Void

  /// Has `end` called from now on, in place of what the system does at a crash.
  package static func onFatal(_ end: @escaping End) {
    Library.run {
      state.pointee.end = end
      for signal in signals {
        var action = sigaction()
        action.__sigaction_handler.sa_sigaction = { signal, info, _ in DamagedFile.met(signal, info) }
        action.sa_flags = SA_ONSTACK | SA_NODEFER | SA_SIGINFO
        sigaction(signal, &action, &state.pointee.actions[Int(signal)])
      }
    }
  }

  /// SIGPROF is the clock's.
  private static let signals = [SIGSEGV, SIGBUS, SIGFPE, SIGABRT, SIGPROF]

  private static let pathLength = 4095

  private struct State {
    var end: End?
    /// The thread that is in libhdf5, if one is.
    var thread: pthread_t?
    /// The file that it is at.
    let path: UnsafeMutablePointer<CChar> = {
      let path = UnsafeMutablePointer<CChar>.allocate(capacity: pathLength + 1)
      path.initialize(repeating: 0, count: pathLength + 1)
      return path
    }()
    var clock: timer_t?
    /// A stack for the handlers, and the thread's own.
    let stack = UnsafeMutableRawPointer.allocate(byteCount: 1 << 16, alignment: 16)
    var ownStack = stack_t()
    /// The signals that the thread blocks by itself: a pool's thread blocks SIGABRT, and glibc from 2.41 on leaves it so.
    var ownMask = sigset_t()
    /// What was to happen at each signal before.
    let actions = UnsafeMutablePointer<sigaction>.allocate(capacity: 64)
  }

  /// The state in one place, where a handler finds it without Swift's help.
  nonisolated(unsafe) private static let state: UnsafeMutablePointer<State> = {
    let state = UnsafeMutablePointer<State>.allocate(capacity: 1)
    state.initialize(to: State())
    return state
  }()

  /// Seconds of processor time that a call may take over a file of so many bytes; none takes a hundredth of it.
  static func patience(bytes: Int) -> Int { 2 + bytes / 1_000_000 }

  /// Notes that this thread calls libhdf5 now, over a file that is there.
  ///
  /// Within the library's lock.
  /// - Returns: Whether `leave` is to be called.
  static func enter(_ path: String) -> Bool {
    guard state.pointee.end != nil, state.pointee.thread == nil else { return false }
    var status = stat()
    guard stat(path, &status) == 0 else { return false }
    // The last byte is never written to: it is the end of a longer path.
    strncpy(state.pointee.path, path, pathLength)
    var stack = stack_t(ss_sp: state.pointee.stack, ss_flags: 0, ss_size: 1 << 16)
    sigaltstack(&stack, &state.pointee.ownStack)
    var met = sigset_t()
    sigemptyset(&met)
    for signal in signals { sigaddset(&met, signal) }
    pthread_sigmask(SIG_UNBLOCK, &met, &state.pointee.ownMask)
    var event = sigevent()
    (event.sigev_notify, event.sigev_signo) = (Int32(SIGEV_SIGNAL), SIGPROF)
    if timer_create(CLOCK_THREAD_CPUTIME_ID, &event, &state.pointee.clock) == 0 {
      var time = itimerspec()
      time.it_value.tv_sec = patience(bytes: Int(status.st_size))
      timer_settime(state.pointee.clock, 0, &time, nil)
    }
    state.pointee.thread = pthread_self()
    return true
  }

  /// Notes that it has come back.
  static func leave() {
    state.pointee.thread = nil
    timer_delete(state.pointee.clock)
    pthread_sigmask(SIG_SETMASK, &state.pointee.ownMask, nil)
    sigaltstack(&state.pointee.ownStack, nil)
  }

  /// A handler.
  private static func met(_ signal: Int32, _ info: UnsafePointer<siginfo_t>?) {
    let (thread, isClock) = (state.pointee.thread, signal == SIGPROF)
    if let thread, isClock || pthread_equal(thread, pthread_self()) != 0 {
      state.pointee.end?(state.pointee.path)
      _exit(128 + signal)
    }
    guard !isClock else { return }
    // Not libhdf5: what was to happen happens when the fault comes again, as it does but for a signal that was sent.
    sigaction(signal, state.pointee.actions + Int(signal), nil)
    if info.map({ $0.pointee.si_code <= 0 }) ?? true { raise(signal) }
  }
}
