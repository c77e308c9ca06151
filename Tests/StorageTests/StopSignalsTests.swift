import Foundation
import Glibc
import Storage
import Testing

@Suite struct StopSignalsTests {
  @Test func `a signal is noted, and the call that it interrupts goes on`() async {
    await #expect(processExitsWith: .success) {
      openToSignals()
      guard StopSignals.request == nil, (try? StopSignals.check()) != nil else { exit(2) }
      StopSignals.install()
      var ends: [Int32] = [0, 0]
      guard pipe(&ends) == 0 else { exit(3) }
      let (writer, target) = (ends[1], pthread_self())
      let thread = Thread {
        for _ in 0..<50 {
          usleep(1000)
          pthread_kill(target, SIGHUP)
        }
        write(writer, "x", 1)
      }
      thread.start()
      var byte: UInt8 = 0
      guard read(ends[0], &byte, 1) == 1 else { exit(4) }
      guard StopSignals.request == "SIGHUP" else { exit(5) }
      kill(getpid(), SIGTERM)
      while StopSignals.request != "SIGTERM" { usleep(1000) }
      do { try StopSignals.check() } catch { exit(error as? StopRequest == StopRequest(signal: "SIGTERM") ? 0 : 6) }
      exit(7)
    }
  }

  @Test func `a program that trains is asked for checkpoints too, and outlives closed pipes`() async {
    await #expect(processExitsWith: .success) {
      openToSignals()
      StopSignals.installForTraining()
      guard !StopSignals.takeSaveRequest() else { exit(2) }
      raise(SIGUSR1)
      guard StopSignals.takeSaveRequest(), !StopSignals.takeSaveRequest() else { exit(3) }
      raise(SIGPIPE)
      raise(SIGXFSZ)
      exit(StopSignals.request == nil ? 0 : 4)
    }
  }

  @Test(arguments: [
    (SIGTERM, "SIGTERM"), (SIGINT, "SIGINT"), (SIGHUP, "SIGHUP"), (SIGKILL, "SIGKILL"), (11, "signal 11"),
  ])
  func `signals have names`(number: Int32, name: String) { #expect(StopSignals.name(of: number) == name) }
}
