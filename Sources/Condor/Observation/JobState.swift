import Experiment

/// What the event log says about one job.
///
/// Derived from the events in order, never set by hand.
package struct JobState: Codable, Hashable, Sendable {
  /// Where a job stands in the queue; `ended` is final.
  package enum Phase: String, Codable, Sendable {
    case idle, running, suspended, held, ended
  }

  /// How a job left the queue.
  package enum End: Codable, Hashable, Sendable {
    case exited(Int32)
    case signalled(Int32)
    /// The reason that the user or the site removed it for, in HTCondor's words.
    case removed(String)
  }

  /// The cluster's number at its schedd.
  package var cluster: Int
  /// The job's number in its cluster, from 0.
  package var proc: Int
  /// The run that it trains; nil until the log's submit event names one.
  package var run: String?
  /// Where it stands in the queue now.
  package var phase = Phase.idle
  /// Since when it is in this phase; seconds since 1970-01-01 00:00 UTC.
  package var since: Double
  /// How often it began to run.
  package var starts = 0
  /// How often it went back into the queue.
  package var interruptions = 0
  /// The last reason for going back into the queue; nil before the first time.
  package var lastInterruption: String?
  /// The slot or address that it runs on; nil unless it is running or suspended.
  package var host: String?
  /// The memory that HTCondor last measured (MB); nil before the first measurement.
  package var memoryMB: Int?
  /// Why it is held; nil unless it is.
  package var hold: HoldReason?
  /// Since when the access point has lost sight of the running job.
  package var lostSince: Double?
  /// How it left the queue; nil while it has not.
  package var end: End?

  init(cluster: Int, proc: Int, time: Double) {
    self.cluster = cluster
    self.proc = proc
    since = time
  }

  /// Takes in an event.
  ///
  /// Unknown ones, and bodies that are not understood, change nothing.
  ///
  /// After a shadow's crash a second start follows without an eviction between; transfers (040) may be logged after the
  /// eviction they belong to and say nothing that the others do not.
  mutating func apply(_ event: LogEvent) {
    // The log may tell late what came before the end: nothing follows it.
    guard phase != .ended else { return }
    switch event.code {
    case 0: run = event.run ?? run
    case 1:
      if phase == .running { interrupted("the access point lost the job") }
      enter(.running, event.time)
      starts += 1
      host =
        event.body.lazy.compactMap { $0.firstMatch(of: /SlotName: (\S+)/).map { String($0.1) } }.first
        ?? event.headline.split(separator: " ").last.map(String.init)
    case 2:
      // The program could not be started; a hold follows.
      interrupted("the program could not be started")
      enter(.idle, event.time)
    case 4:
      interrupted(Self.evictionReason(event))
      enter(.idle, event.time)
    case 5:
      if let code = event.number(after: "(return value") {
        end = .exited(Int32(truncatingIfNeeded: code))
      } else {
        end = .signalled(Int32(truncatingIfNeeded: event.number(after: "(signal") ?? 0))
      }
      enter(.ended, event.time)
    case 6:
      memoryMB = event.body.lazy.compactMap { $0.firstMatch(of: /(\d+)\s+-\s+MemoryUsage/) }.first.flatMap { Int($0.1) }
    case 7:
      interrupted("the access point's side failed: " + (event.body.first.map(Self.trimmed) ?? "no reason given"))
      enter(.idle, event.time)
    case 9:
      end = .removed(event.body.first.map(Self.trimmed) ?? "no reason given")
      enter(.ended, event.time)
    case 10: enter(.suspended, event.time)
    case 11: enter(.running, event.time)
    case 12:
      let text = event.body.first.map(Self.trimmed) ?? ""
      enter(.held, event.time)
      // The reason is free text; the line with the numbers is the last of its kind.
      let codes = event.body.reversed().lazy.compactMap { $0.firstMatch(of: /Code (\d+) Subcode (-?\d+)/) }.first
      hold = HoldReason(code: codes.flatMap { Int($0.1) } ?? 0, subcode: codes.flatMap { Int($0.2) } ?? 0, text: text)
    case 13: enter(.idle, event.time)
    case 22: lostSince = event.time
    case 23: lostSince = nil
    case 24:
      interrupted("its node was lost")
      enter(.idle, event.time)
    default: break
    }
  }

  private mutating func enter(_ next: Phase, _ time: Double) {
    phase = next
    since = time
    hold = nil
    lostSince = nil
    if next != .running && next != .suspended { host = nil }
  }

  private mutating func interrupted(_ reason: String) {
    // A lost node is logged twice, as such and as an eviction.
    if phase == .running || phase == .suspended { interruptions += 1 }
    lastInterruption = reason
  }

  private static func evictionReason(_ event: LogEvent) -> String {
    if event.body.contains(where: { $0.contains("terminated and was requeued") }) {
      if let code = event.number(after: "(return value") {
        let meaning = ProgramEnd(rawValue: Int32(truncatingIfNeeded: code))?.meaning
        return "exit code \(code)" + (meaning.map { ": \($0)" } ?? "")
      }
      if let signal = event.number(after: "(signal") { return "killed by signal \(signal)" }
    }
    // 25 says why: "Code 1022 Subcode 0", "Reason: …".
    let reason = event.body.lazy.compactMap { $0.firstMatch(of: /Reason: (.+)/).map { trimmed(String($0.1)) } }.first
    return reason.map { "evicted: \($0)" } ?? "evicted"
  }

  private static func trimmed(_ line: String) -> String {
    String(line.drop(while: \.isWhitespace).trimmingSuffix(while: \.isWhitespace))
  }
}
