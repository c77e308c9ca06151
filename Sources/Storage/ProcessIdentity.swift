import CStorage
import Glibc

/// One process, told apart from all others of all machines.
package struct ProcessIdentity: Codable, Hashable, Sendable {
  /// The host's name.
  package var host: String
  /// The start of the host's kernel and the process's own world of process numbers, with a space between.
  package var boot: String
  /// The process number in that world.
  package var pid: Int32
  /// When it began, in clock ticks since the boot: a process number is used again, this with it is not.
  package var started: String

  package init(host: String, boot: String, pid: Int32, started: String) {
    (self.host, self.boot, self.pid, self.started) = (host, boot, pid, started)
  }

  /// The identity of this process.
  package static var current: ProcessIdentity {
    let kernel = ProcFile.firstLine(of: "/proc/sys/kernel/random/boot_id") ?? ""
    let pid = getpid()
    return ProcessIdentity(
      host: hostName, boot: kernel + " " + (ProcFile.linkTarget("/proc/self/ns/pid") ?? ""), pid: pid,
      started: startTicks(of: pid) ?? "")
  }

  /// The identity of the kernel's start, the first part of `boot`.
  package var kernelStart: Substring { boot.prefix { $0 != " " } }

  /// Whether its number is still its own, for a process of this machine and its world of process numbers.
  package var isAlive: Bool { Self.startTicks(of: pid) == started }

  /// The name of this machine.
  package static var hostName: String {
    var name = [CChar](repeating: 0, count: 256)
    gethostname(&name, name.count - 1)
    return String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// The number of the thread that asks: no other thread or process of this machine has it while this one lives.
  package static var thread: Int32 { thread_number() }

  /// When a process or thread began, in clock ticks since the boot; nil when there is none of that number, or only its remains (a
  /// zombie has ended).
  package static func startTicks(of pid: Int32) -> String? {
    guard let status = ProcFile.text("/proc/\(pid)/stat"),
      // The second field, the program's name in brackets, may hold spaces and brackets of its own.
      let end = status.lastIndex(of: ")")
    else { return nil }
    let fields = status[status.index(after: end)...].split(separator: " ")
    guard fields.count > 19, fields[0] != "Z", fields[0] != "X" else { return nil }
    return String(fields[19])
  }

  /// When a process of this machine began, in seconds since 1970-01-01 00:00 UTC; nil as for `startTicks`.
  package static func startTime(of pid: Int32) -> Double? {
    guard let ticks = startTicks(of: pid).flatMap(Double.init),
      let boot = ProcFile.firstLine(of: "/proc/stat", where: { $0.hasPrefix("btime ") })
        .flatMap({ Double($0.dropFirst(6)) })
    else { return nil }
    return boot + ticks / Double(sysconf(Int32(_SC_CLK_TCK)))
  }
}
