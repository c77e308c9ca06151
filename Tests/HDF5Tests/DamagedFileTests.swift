import Glibc
import TestSupport
import Testing

@testable import HDF5

/// What happens in libhdf5 itself, which differs from one of its versions to the next, is done here in its place.
@Suite struct DamagedFileTests {
  /// Ends with 64 and the file's name if it is there.
  private static let end: DamagedFile.End = { path in _exit(access(path, F_OK) == 0 ? 64 : 1) }

  @Test func `a crash of libhdf5 over a file is told`() async {
    await #expect(processExitsWith: .exitCode(64)) {
      DamagedFile.onFatal(Self.end)
      Library.run(on: "/proc/self/exe") { _ = raise(SIGSEGV) }
    }
    await #expect(processExitsWith: .exitCode(64)) {
      DamagedFile.onFatal(Self.end)
      Library.run(on: "/proc/self/exe") { Library.run { abort() } }
    }
    // A thread that blocks the signal, as a pool's do.
    await #expect(processExitsWith: .exitCode(64)) {
      DamagedFile.onFatal(Self.end)
      var blocked = sigset_t()
      sigaddset(&blocked, SIGABRT)
      pthread_sigmask(SIG_BLOCK, &blocked, nil)
      Library.run(on: "/proc/self/exe") { _ = raise(SIGABRT) }
    }
    await #expect(processExitsWith: .exitCode(64)) {
      DamagedFile.onFatal(Self.end)
      func deeper(_ depth: Int) -> Int { depth == .max ? 0 : deeper(depth + 1) &+ Int(getpid()) }
      Library.run(on: "/proc/self/exe") { exit(Int32(truncatingIfNeeded: deeper(0))) }
    }
  }

  @Test func `what does not come back from a file is told`() async {
    await #expect(processExitsWith: .exitCode(64)) {
      DamagedFile.onFatal(Self.end)
      Library.run(on: "/dev/null") { while true {} }
    }
    #expect(DamagedFile.patience(bytes: 10_000) == 2 && DamagedFile.patience(bytes: 4_000_000_000) == 4002)
  }

  @Test func `a crash elsewhere is the system's, and a call that has come back is over`() async {
    await #expect(processExitsWith: .signal(SIGSEGV)) {
      DamagedFile.onFatal(Self.end)
      Library.run(on: "/proc/self/exe") {}
      raise(SIGSEGV)
    }
    await #expect(processExitsWith: .success) {
      DamagedFile.onFatal(Self.end)
      Library.run(on: "/proc/self/exe") {}
      var clock = timespec()
      repeat { clock_gettime(CLOCK_THREAD_CPUTIME_ID, &clock) } while clock.tv_sec < 3
    }
  }
}
