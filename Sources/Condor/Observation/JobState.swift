import Experiment

/// What is known of one job: what the event log says, and the queue and the history where the log does not.
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
    /// The user has given it up; seconds since 1970-01-01 00:00 UTC.
    case forgotten(Double)
  }

  /// How far a running job has told that it is.
  package struct Progress: Codable, Hashable, Sendable {
    /// The run that it trains now; nil where an earlier version's worker did not say.
    package var run: String?
    /// The number of its last checkpoint.
    package var checkpoint: Int
    /// χ²/NDF there; nil where it is not finite.
    package var reduced: Double?
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
  /// When anything was last heard of it, likewise.
  package var heard: Double
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
  /// How it left the queue; nil while it has not, and where nobody knows.
  package var end: End?
  /// How far it has told that it is; nil before it has.
  package var progress: Progress?
  /// Why this may not be its present state, a clause; nil when it is.
  package var doubt: String?
  /// What it has worked, and what of that is lost.
  package var work = JobWork()
  /// Since when, at the latest, it is as the queue or the history said; events from before say nothing new.
  private var settled: Double?

  init(cluster: Int, proc: Int, time: Double) {
    self.cluster = cluster
    self.proc = proc
    (since, heard) = (time, time)
  }

  /// Takes in an event.
  ///
  /// Unknown ones, and bodies that are not understood, change nothing.
  ///
  /// After a shadow's crash a second start follows without an eviction between; transfers (040) may be logged after the
  /// eviction they belong to.
  mutating func apply(_ event: LogEvent) {
    // The log may tell late what came before the end: nothing follows it.
    guard phase != .ended else { return }
    heard = max(heard, event.time)
    if event.code == 0 { run = event.run ?? run }
    if let settled, event.time < settled { return }
    switch event.code {
    case 1:
      if phase == .running { interrupted("the access point lost the job", event.time) }
      enter(.running, event.time)
      starts += 1
      work.begin(event.time)
      host =
        event.body.lazy.compactMap { $0.firstMatch(of: /SlotName: (\S+)/).map { String($0.1) } }.first
        ?? event.headline.split(separator: " ").last.map(String.init)
    case 2:
      // The program could not be started; a hold follows.
      interrupted("the program could not be started", event.time)
      enter(.idle, event.time)
    case 4:
      interrupted(Self.evictionReason(event), event.time)
      enter(.idle, event.time)
    case 5:
      work.bringBack()
      enter(.ended, event.time)
      if let code = event.number(after: "(return value") {
        end = .exited(Int32(truncatingIfNeeded: code))
      } else if let signal = event.number(after: "(signal") {
        end = .signalled(Int32(truncatingIfNeeded: signal))
      } else {
        doubt = "how it ended is missing from the log"
      }
    case 6:
      memoryMB = event.body.lazy.compactMap { $0.firstMatch(of: /(\d+)\s+-\s+MemoryUsage/) }.first.flatMap { Int($0.1) }
    case 7:
      interrupted(
        "the access point's side failed: " + (event.body.first.map(Self.trimmed) ?? "no reason given"), event.time)
      enter(.idle, event.time)
    case 8: progress = event.progress ?? progress
    case 9:
      work.end(event.time)
      work.drop()
      end = .removed(event.body.first.map(Self.trimmed) ?? "no reason given")
      enter(.ended, event.time)
    case 10: enter(.suspended, event.time)
    case 11:
      if phase == .suspended { work.pause(event.time - since) }
      enter(.running, event.time)
    case 12:
      let text = event.body.first.map(Self.trimmed) ?? ""
      work.end(event.time)
      enter(.held, event.time)
      // The reason is free text; the line with the numbers is the last of its kind.
      let codes = event.body.reversed().lazy.compactMap { $0.firstMatch(of: /Code (\d+) Subcode (-?\d+)/) }.first
      hold = HoldReason(code: codes.flatMap { Int($0.1) } ?? 0, subcode: codes.flatMap { Int($0.2) } ?? 0, text: text)
    case 13: enter(.idle, event.time)
    case 22: lostSince = event.time
    case 23: lostSince = nil
    case 24:
      interrupted("its node was lost", event.time)
      enter(.idle, event.time)
    case 36:
      enter(.ended, event.time)
      doubt = "HTCondor has let go of its cluster, and how it ended is missing from the log"
    case 40: if event.headline.hasPrefix("Finished transferring output") { work.store(event.time) }
    default: break
    }
  }

  /// Takes in what the queue or the history says, where the log has not said how the job ended.
  mutating func take(_ answer: JobAnswer, now: Double) {
    guard phase != .ended || end == nil else { return }
    (heard, settled) = (max(heard, now), answer.since)
    (run, progress) = (answer.run ?? run, answer.progress ?? progress)
    starts = max(starts, answer.starts)
    switch answer.phase {
    case .running, .suspended: if work.begun == nil { work.begin(answer.since) }
    case .idle, .held: work.end(answer.since)
    case .ended:
      if case .removed = answer.end {
        work.end(answer.since)
        work.drop()
      } else {
        work.bringBack()
      }
    }
    if answer.phase != phase { enter(answer.phase, answer.since) }
    (hold, end, doubt) = (answer.hold, answer.end, nil)
    host = answer.host ?? host
  }

  /// Takes in that the user has given it up.
  mutating func forget(at time: Double) {
    guard phase != .ended || end == nil else { return }
    enter(.ended, time)
    end = .forgotten(time)
  }

  private mutating func enter(_ next: Phase, _ time: Double) {
    phase = next
    since = time
    (hold, lostSince, doubt) = (nil, nil, nil)
    if next != .running && next != .suspended { (host, progress) = (nil, nil) }
  }

  private mutating func interrupted(_ reason: String, _ time: Double) {
    // A lost node is logged twice, as such and as an eviction.
    if phase == .running || phase == .suspended { interruptions += 1 }
    lastInterruption = reason
    work.end(time)
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
