import Experiment
import FoundationEssentials
import Storage

/// What is known of a workspace's jobs at HTCondor.
///
/// Read from the event logs, which any machine can do that sees the folder; the queue and the history are asked where the
/// log is out of reach, damaged or silent. What cannot be learned changes nothing: the last known state stays, marked
/// unknown since then.
package struct CondorState: Sendable {
  /// One submission and its jobs.
  package struct Entry: Sendable {
    /// The folder that was submitted.
    package var submission: Submission
    /// The batch system's receipt; nil when the submission was cut off before it was known to have happened.
    package var receipt: Submission.Receipt?
    /// The jobs by run; HTCondor has said nothing yet of a run without an entry.
    package var jobs: [String: JobState]
    /// Why its present state is not known, and since when; nil when it is, but for single jobs.
    package var unknown: Unknown?
    /// Whether every job has left the queue.
    package var isOver: Bool
    /// The runs that are over and whose files wait at the access point (spooled submissions); none of what was given up.
    package var waiting: Set<String>
    /// Whether the jobs that are not in the queue yet do not come, because the whole submission is held.
    package var isHeld = false
    /// Where the event log is damaged, so that runs without an entry may be anywhere; nil where it is sound.
    var damage: String?
    /// Why HTCondor could not be asked where the log does not tell; nil where it was, or need not be.
    var unasked: String?

    /// Why the present state of a run's job is not known, and since when; nil when it is, and when it is over.
    package func unknown(of run: String) -> Unknown? {
      let job = jobs[run]
      if job?.phase == .ended || isOver { return nil }
      if let unknown { return unknown }
      return (job?.doubt ?? (job == nil ? damage : nil)).map { doubt in
        Unknown(
          reason: doubt + (unasked.map { "; \($0)" } ?? ""), since: job?.heard ?? receipt?.time ?? 0)
      }
    }
  }

  /// Where a run is at HTCondor.
  package enum Place: Hashable, Sendable {
    /// It was never submitted.
    case never
    /// It is there, as a clause says: "held in submission table2-1".
    case there(String)
    /// It was there, and has left the queue.
    case left
  }

  /// Why, and since when, the last known state may not be the present one.
  package struct Unknown: Codable, Hashable, Sendable {
    /// What kept it from being read or asked, in the failure's words.
    package var reason: String
    /// Seconds since 1970-01-01 00:00 UTC.
    package var since: Double
  }

  /// Every submission of the workspace, also those that were cut off.
  package let entries: [Entry]
  /// The newest submission that each run is in, with its job's state, if there is one yet.
  package let runs: [String: (entry: Entry, job: JobState?)]

  init(entries: [Entry]) {
    self.entries = entries
    // One that was cut off is the newest of its runs until it is known what became of it, or it is given up.
    let sent = entries.filter { $0.receipt != nil || $0.submission.token != nil }
      .map { entry in (entry, time: entry.receipt?.time ?? entry.submission.forgotten ?? .infinity) }
    var runs: [String: (entry: Entry, job: JobState?)] = [:]
    for (entry, _) in sent.sorted(by: { $0.time < $1.time }) {
      for run in entry.submission.manifest.runs { runs[run] = (entry, entry.jobs[run]) }
    }
    self.runs = runs
  }

  /// Reads the states of all submissions; nothing at HTCondor changes.
  ///
  /// What has been read is remembered beside the event log; where that cannot be written, it is read again the next
  /// time.
  /// - Parameters:
  ///   - workspace: The workspace's folder.
  ///   - tools: HTCondor's commands, for what the logs do not tell.
  ///   - now: The present time; seconds since 1970-01-01 00:00 UTC.
  /// - Returns: What is known then.
  package static func read(
    _ workspace: String, tools: CondorTools = CondorTools(), now: Double = Date().timeIntervalSince1970
  ) async -> CondorState {
    await state(workspace, tools, now, bringingBack: false)
  }

  /// Reads the states of all submissions, brings back what spooled jobs that are over have left at the access point,
  /// and then removes them from the queue.
  package static func bringBack(
    _ workspace: String, tools: CondorTools = CondorTools(), now: Double = Date().timeIntervalSince1970
  ) async -> CondorState {
    await state(workspace, tools, now, bringingBack: true)
  }

  private static func state(
    _ workspace: String, _ tools: CondorTools, _ now: Double, bringingBack: Bool
  ) async -> CondorState {
    var entries: [Entry] = []
    for submission in Submission.all(in: workspace) {
      var reading = SubmissionReading(submission, now: now)
      await reading.read(with: tools, bringingBack: bringingBack)
      entries.append(reading.entry)
    }
    return CondorState(entries: entries)
  }

  /// Where a run is, as far as is known.
  package func place(of run: String) -> Place {
    guard let (entry, job) = runs[run] else { return .never }
    if entry.waiting.contains(run) {
      let name = entry.submission.name
      return .there("over in submission \(name), and its files wait there; `qcalo collect` fetches them")
    }
    if entry.isOver { return .left }
    let name = entry.submission.name
    if entry.unknown(of: run) != nil {
      return .there("in submission \(name), and what became of it is not known; `qcalo forget \(name)` gives it up")
    }
    switch job?.phase {
    case .ended: return .left
    case .held: return .there("held in submission \(name)")
    case .idle, .running, .suspended: return .there("\(job?.phase.rawValue ?? "") in submission \(name)")
    case nil where entry.receipt == nil: return .there("in submission \(name), which was cut off")
    case nil where entry.isHeld: return .there("held in submission \(name)")
    case nil: return .there("queued in submission \(name)")
    }
  }
}
