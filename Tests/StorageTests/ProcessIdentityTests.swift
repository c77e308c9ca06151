import Foundation
import Storage
import TestSupport
import Testing

@Suite struct ProcessIdentityTests {
  @Test func `this process is told apart from all others`() throws {
    let own = ProcessIdentity.current
    #expect(own.pid == getpid())
    #expect(own.isAlive)
    #expect(!own.host.isEmpty && own.kernelStart.count == 36)
    #expect(own.boot.hasPrefix(own.kernelStart + " pid:["))
    let other = ProcessIdentity(host: own.host, boot: own.boot, pid: own.pid, started: "1")
    #expect(!other.isAlive, "its number was given anew")
    let started = try #require(ProcessIdentity.startTime(of: getpid()))
    #expect(abs(Date().timeIntervalSince1970 - started) < 3600)
    #expect(ProcessIdentity.startTime(of: 4_194_305) == nil)
  }

  @Test func `a process that has ended but was not waited for has ended`() throws {
    var words: [UnsafeMutablePointer<CChar>?] = [strdup("true"), nil]
    defer { free(words[0]) }
    var pid = pid_t()
    guard posix_spawnp(&pid, "true", nil, nil, &words, nil) == 0 else { throw TestFailure("no process") }
    defer { waitpid(pid, nil, 0) }
    var end = siginfo_t()
    while waitid(P_PID, id_t(pid), &end, WEXITED | WNOWAIT) < 0 && errno == EINTR {}
    #expect(ProcFile.text("/proc/\(pid)/stat")?.contains(") Z ") == true)
    #expect(ProcessIdentity.startTicks(of: pid) == nil)
    #expect(ProcessIdentity.startTime(of: pid) == nil)
  }

  @Test func `a name with brackets and spaces does not shift the fields`() throws {
    let folder = try TemporaryFolder()
    let program = folder("a) R 1 (b")
    // A link: a copy cannot be started while another test's child still has it open for writing.
    try FileManager.default.createSymbolicLink(atPath: program, withDestinationPath: "/bin/sleep")
    let ran = try Execution(program, ["0.2"]) { pid in
      // The child's name is the shell's until it has become the program.
      while ProcFile.text("/proc/\(pid)/stat")?.contains("(a) R 1 (b)") == false { usleep(1000) }
      let (own, child) = (ProcessIdentity.startTicks(of: getpid()), ProcessIdentity.startTicks(of: pid))
      #expect(child.flatMap(Int.init) ?? 0 >= own.flatMap(Int.init) ?? .max)
    }
    #expect(ran.status == 0)
  }

  @Test func `files without a size are read to their end`() throws {
    let status = try #require(ProcFile.text("/proc/self/status"))
    #expect(status.contains("Pid:\t\(getpid())\n"))
    #expect(ProcFile.firstLine(of: "/proc/stat", where: { $0.hasPrefix("btime ") }) != nil)
    #expect(ProcFile.text("/proc/self/none") == nil)
    #expect(ProcFile.firstLine(of: "/proc/self/status", where: { _ in false }) == nil)
  }
}
