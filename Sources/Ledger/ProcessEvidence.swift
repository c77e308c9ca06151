internal import Experiment
internal import Foundation
internal import Glibc

extension ProcessEvidence {
  /// What this machine can tell of an attempt's process: nothing, if the attempt ran on another one.
  public static func onThisMachine(_ attempt: Attempt) -> ProcessEvidence {
    guard let provenance = attempt.provenance, provenance.host == hostName else { return .unknown }
    guard let started = startTime(of: provenance.pid) else { return .gone }
    // A process that began after the attempt did is another one with a number used again.
    return started <= attempt.started + 2 ? .alive : .gone
  }

  static var hostName: String {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { name in
      guard let start = name.baseAddress, gethostname(start, 255) == 0 else { return "" }
      return String(cString: start)
    }
  }

  /// Seconds since 1970 at which a process of this machine began; nil when there is none, or only its remains.
  static func startTime(of pid: Int) -> Double? {
    guard
      let status = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8),
      let system = try? String(contentsOfFile: "/proc/stat", encoding: .utf8),
      let boot = system.split(separator: "\n").first(where: { $0.hasPrefix("btime ") })
        .flatMap({ Double($0.dropFirst(6)) })
    else { return nil }
    // The name, in brackets, may hold anything; the fields are counted from behind it: state first, start time 20th.
    let fields = status[(status.lastIndex(of: ")") ?? status.startIndex)...].split(separator: " ").dropFirst()
    guard fields.count > 19, fields.first != "Z", fields.first != "X",
      let ticks = Double(fields[fields.startIndex + 19])
    else { return nil }
    return boot + ticks / Double(sysconf(Int32(_SC_CLK_TCK)))
  }
}
