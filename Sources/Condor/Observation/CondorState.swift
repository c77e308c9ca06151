import Experiment
import FoundationEssentials
import Storage

/// What is known of a workspace's jobs at HTCondor.
///
/// Read from the event logs, which any machine can do that sees the folder; the queue is asked only where the log is
/// out of reach. What cannot be learned changes nothing: the last known state stays, marked unknown since then.
package struct CondorState: Sendable {
  /// One submission and its jobs.
  package struct Entry: Sendable {
    /// The folder that was submitted.
    package var submission: Submission
    /// The batch system's receipt; nil when the submission was cut off before it was known to have happened.
    package var receipt: Submission.Receipt?
    /// The jobs by run; HTCondor has said nothing yet of a run without an entry.
    package var jobs: [String: JobState]
    /// Why its present state is not known, and since when; nil when it is.
    package var unknown: Unknown?
    /// Whether every job has left the queue.
    package var isOver: Bool
    /// The runs that are over and whose files wait at the access point (spooled submissions).
    package var waiting: Set<String>
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
    func age(_ entry: Entry) -> Double { entry.receipt?.time ?? .infinity }
    var runs: [String: (entry: Entry, job: JobState?)] = [:]
    for entry in entries.sorted(by: { age($0) < age($1) }) where entry.receipt != nil || entry.submission.token != nil {
      for run in entry.submission.manifest.runs { runs[run] = (entry, entry.jobs[run]) }
    }
    self.runs = runs
  }

  /// Reads the states of all submissions; nothing at HTCondor changes.
  ///
  /// What has been read is remembered beside the event log; where that cannot be written, it is read again the next
  /// time.
  package static func read(_ workspace: String, tools: CondorTools = CondorTools()) async -> CondorState {
    await state(workspace, tools, bringingBack: false)
  }

  /// Reads the states of all submissions, brings back what spooled jobs that are over have left at the access point,
  /// and then removes them from the queue.
  package static func bringBack(_ workspace: String, tools: CondorTools = CondorTools()) async -> CondorState {
    await state(workspace, tools, bringingBack: true)
  }

  private static func state(_ workspace: String, _ tools: CondorTools, bringingBack: Bool) async -> CondorState {
    var entries: [Entry] = []
    for submission in Submission.all(in: workspace) {
      entries.append(await entry(submission, tools, bringingBack: bringingBack))
    }
    return CondorState(entries: entries)
  }

  /// Where a run is, as far as is known.
  package func place(of run: String) -> Place {
    guard let (entry, job) = runs[run] else { return .never }
    if entry.isOver { return .left }
    let name = entry.submission.name
    switch job?.phase {
    case .ended: return .left
    case .held: return .there("held in submission \(name)")
    case .idle, .running, .suspended: return .there("\(job?.phase.rawValue ?? "") in submission \(name)")
    case nil where entry.receipt == nil: return .there("in submission \(name), which was cut off")
    case nil: return .there("queued in submission \(name)")
    }
  }

  /// What `status` says of a job; `details` adds HTCondor's own words on a held one.
  package static func sentence(_ job: JobState, heldHours: Int?, details: Bool = true) -> String {
    switch job.phase {
    case .idle: return job.lastInterruption.map { "in the queue again: \($0)" } ?? "in the queue"
    case .running:
      return job.lostSince.map { "running, but out of sight since \(Self.clock($0))" }
        ?? "running" + (job.host.map { " on \($0)" } ?? "")
    case .suspended: return "suspended"
    case .held:
      guard let hold = job.hold else { return "held" }
      let deadline = heldHours.map { "; the site removes it at \(Self.clock(job.since + Double($0) * 3600))" } ?? ""
      let words = details ? ": \(hold.text)" : ""
      return "held: \(hold.meaning) (\(hold.code)/\(hold.subcode)\(words))\(deadline); "
        + hold.remedy(run: job.run ?? "RUN")
    case .ended:
      switch job.end {
      case .exited(let code):
        let meaning = ProgramEnd(rawValue: code)?.meaning ?? "an exit code that is not the worker's"
        return "left the queue with exit code \(code): \(meaning)"
      case .signalled(let number): return "left the queue, killed by signal \(number)"
      case .removed(let reason): return "removed: \(reason)"
      case nil: return "left the queue"
      }
    }
  }

  /// A time for people: UTC, to the minute.
  package static func clock(_ time: Double) -> String {
    let text = Date(timeIntervalSince1970: time).formatted(.iso8601)
    return text.prefix(16).replacing("T", with: " ") + " UTC"
  }

  // MARK: One submission

  /// What is remembered beside the event log.
  private struct Memory: Codable, Equatable {
    var reader = EventLogReader()
    /// The log of DAGMan's own job.
    var dagman = EventLogReader()
    var queried: [String: JobState]?
    /// The jobs, `cluster.proc`, whose files wait at the access point.
    var waiting: [String]?
    var unknown: Unknown?
  }

  private static func entry(_ submission: Submission, _ tools: CondorTools, bringingBack: Bool) async -> Entry {
    let path = submission.folder + "/state.json"
    let stored = FileManager.default.contents(atPath: path).flatMap { try? CanonicalJSON.value(Memory.self, from: $0) }
    var memory = stored ?? Memory()
    let receipt = submission.receipt
    do {
      if submission.manifest.site.spool {
        if let receipt {
          let queue = Queue(tools: tools.patient(submission.manifest.site.querySeconds))
          let answer = try await queue.answer(of: submission, receipt, before: memory.queried ?? [:])
          (memory.queried, memory.waiting) = (answer.states, answer.waiting.isEmpty ? nil : answer.waiting)
          if bringingBack, !answer.waiting.isEmpty {
            try await queue.fetch(answer.waiting, receipt, into: submission.folder)
            memory.waiting = nil
          }
        }
      } else if submission.token != nil {
        if submission.manifest.dag { try memory.dagman.advance(submission.clusterLog) }
        // DAGMan makes it with the first node's job.
        if !submission.manifest.dag || Files.exists(submission.eventLog) {
          try memory.reader.advance(submission.eventLog)
        }
      }
      memory.unknown = nil
    } catch {
      // Before condor_submit has made it, there is no log to miss.
      if receipt != nil {
        memory.unknown = Unknown(reason: "\(error)", since: memory.unknown?.since ?? Date().timeIntervalSince1970)
      }
    }
    if memory != stored, let data = try? CanonicalJSON.data(memory) {
      try? DurableFile.write(String(decoding: data, as: UTF8.self), to: path, shared: true)
    }
    let runs = submission.manifest.runs
    var jobs: [String: JobState] = [:]
    var waiting: Set<String> = []
    for job in (memory.queried ?? memory.reader.jobs).values {
      // The table's order is the order of the procs; a note in the log says the same.
      let run = job.run ?? (runs.indices.contains(job.proc) && !submission.manifest.dag ? runs[job.proc] : nil)
      // A DAG may have given a run several jobs; the last one counts.
      guard let run, jobs[run].map({ $0.cluster < job.cluster }) ?? true else { continue }
      jobs[run] = job
      jobs[run]?.run = run
      if memory.waiting?.contains("\(job.cluster).\(job.proc)") == true { waiting.insert(run) }
    }
    let all = runs.allSatisfy { jobs[$0]?.phase == .ended }
    let dagmanEnded = !memory.dagman.jobs.isEmpty && memory.dagman.jobs.values.allSatisfy { $0.phase == .ended }
    let isClosed = submission.manifest.dag ? dagmanEnded : memory.reader.isComplete
    let gone = isClosed && jobs.values.allSatisfy { $0.phase == .ended }
    return Entry(
      submission: submission, receipt: receipt, jobs: jobs, unknown: memory.unknown,
      isOver: submission.token != nil && (all || gone), waiting: waiting)
  }
}
