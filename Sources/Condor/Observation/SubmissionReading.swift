import Experiment
import FoundationEssentials
import Storage

/// The reading of one submission: its event log, and HTCondor where the log does not tell.
struct SubmissionReading {
  let submission: Submission
  let receipt: Submission.Receipt?
  /// Seconds since 1970-01-01 00:00 UTC.
  let now: Double
  private var memory: Memory
  private let stored: Memory?

  /// What is remembered beside the event log.
  private struct Memory: Codable, Equatable {
    var reader = EventLogReader()
    /// The log of DAGMan's own job.
    var dagman = EventLogReader()
    /// The jobs, `cluster.proc`, whose files wait at the access point.
    var waiting: [String]?
    var unknown: CondorState.Unknown?
    /// Why HTCondor could not be asked the last time.
    var unasked: String?
    /// When it was last asked on a mere suspicion.
    var asked: Double?
  }

  /// Seconds without an event after which one may be lost, where nothing says how often there is one.
  static let patience = 3600.0

  init(_ submission: Submission, now: Double) {
    (self.submission, receipt, self.now) = (submission, submission.receipt, now)
    // Else from nothing, which comes to the same.
    let read = try? CanonicalJSON.value(Memory.self, inFile: submission.folder + "/state.json")
    stored = read.flatMap { $0.reader.isSound && $0.dagman.isSound ? $0 : nil }
    memory = stored ?? Memory()
    if !submission.manifest.site.spool { memory.waiting = nil }
  }

  /// Reads what is new, asks HTCondor if there is a reason to, and remembers it.
  mutating func read(with tools: CondorTools, bringingBack: Bool) async {
    let failure = readLogs()
    if let receipt, submission.forgotten == nil {
      let queue = Queue(tools: tools.patient(submission.manifest.site.querySeconds))
      // Of two at once one fetches: it lets go of what the other would then have half of.
      let lock =
        bringingBack && submission.manifest.site.spool ? try? FileLock(submission.folder + "/.fetching") : nil
      defer { withExtendedLifetime(lock) {} }
      await settle(failure, receipt, queue)
      if lock != nil { await fetch(receipt, queue) }
    }
    remember()
  }

  /// Brings back what jobs that are over have left, one after the other: what is here does not depend on the next.
  private mutating func fetch(_ receipt: Submission.Receipt, _ queue: Queue) async {
    do {
      while let job = memory.waiting?.first {
        try await queue.fetch(job, receipt, into: submission.folder)
        memory.waiting?.removeFirst()
      }
      memory.waiting = nil
    } catch {
      isUnknown("\(error)")
    }
  }

  /// Takes in what is new in the logs.
  /// - Returns: Why that cannot be done; nil when it can, or need not be.
  private mutating func readLogs() -> String? {
    // Before condor_submit has made it, there is no log to miss; of spooled jobs it stays at the access point.
    guard submission.token != nil, !submission.manifest.site.spool else { return nil }
    let clock = LogClock(utcOffset: receipt?.utcOffset, submitted: receipt?.time ?? 0, now: now)
    do {
      if submission.manifest.dag { try memory.dagman.advance(submission.clusterLog, by: clock) }
      // DAGMan makes it with the first node's job.
      if !submission.manifest.dag || memory.reader.offset > 0 || Files.exists(submission.eventLog) {
        try memory.reader.advance(submission.eventLog, by: clock)
      }
      return nil
    } catch {
      return "\(error)"
    }
  }

  // MARK: What the log does not tell

  /// Asks the queue and the history, if the log does not tell all.
  private mutating func settle(_ failure: String?, _ receipt: Submission.Receipt, _ queue: Queue) async {
    let jobs = jobs
    let over = Set(jobs.filter { $0.value.phase == .ended && $0.value.end != nil }.keys)
    let isSettled = submission.manifest.runs.allSatisfy { over.contains($0) || jobs[$0] == nil && isClosed }
    // What waits may have been fetched by hand.
    guard !isSettled || memory.waiting != nil else { return memory.unknown = nil }
    let silent = silentJobs
    let isUnseen = memory.reader.damage != nil && submission.manifest.runs.contains { jobs[$0] == nil }
    let isDoubtful = isUnseen || !doubtfulJobs.isEmpty || !silent.isEmpty
    let mayAsk = now - (memory.asked ?? -.infinity) > Self.patience
    guard submission.manifest.site.spool || failure != nil || isDoubtful || mayAsk && isSuspicious else {
      return memory.unknown = nil
    }
    memory.asked = now
    do {
      let answer = try await queue.answer(of: submission, receipt) { over.contains($0) }
      take(answer, failure)
      memory.unasked = nil
    } catch {
      if submission.manifest.site.spool || failure != nil {
        isUnknown([failure, "\(error)"].compactMap(\.self).joined(separator: "; "))
      } else {
        memory.unknown = nil
        memory.unasked = "\(error)"
        memory.reader.doubt("the event log says nothing more of it, as it should at each checkpoint", of: silent)
      }
    }
  }

  private mutating func take(_ answer: Queue.Answer, _ failure: String?) {
    let runs = Set(submission.manifest.runs)
    // DAGMan's own job, and nodes that are none of the runs, are not the runs'.
    memory.reader.settle(
      answer.jobs.filter { Queue.runs(of: $0, submission).contains(where: runs.contains) }, now: now)
    if submission.manifest.dag {
      memory.dagman.settle(answer.jobs.filter { $0.cluster == receipt?.cluster }, now: now)
    }
    memory.reader.mended()
    // What is not spooled has come home when its job is over, also while that stays in the queue.
    memory.waiting = submission.manifest.site.spool && !answer.waiting.isEmpty ? answer.waiting : nil
    let found = Set(answer.jobs.map(\.name))
    let place = receipt?.schedd ?? "the access point"
    let reason = "it is neither in the queue of \(place) nor in its history"
    memory.reader.doubt(
      reason,
      of: memory.reader.jobs.filter { $0.value.phase != .ended && !found.contains($0.key) }.map(\.key))
    // Those that HTCondor has not made yet are in no queue either.
    let unseen = runs.subtracting(jobs.keys).subtracting(
      submission.manifest.jobs.dropFirst(answer.made ?? .max).joined())
    let isSilent = failure != nil || submission.manifest.site.spool
    if isSilent && !unseen.isEmpty {
      isUnknown(
        [failure, "\(unseen.count) of its jobs are neither in the queue of \(place) nor in its history"]
          .compactMap(\.self).joined(separator: "; "))
    } else {
      memory.unknown = nil
    }
  }

  private mutating func isUnknown(_ reason: String) {
    memory.unknown = .init(reason: reason, since: memory.unknown?.since ?? now)
  }

  /// The jobs of which an event may be lost.
  private var doubtfulJobs: [String] {
    memory.reader.jobs.filter { $0.value.phase != .ended && $0.value.doubt != nil }.map(\.key)
  }

  /// The jobs that run and have not been heard of although each exit for a checkpoint is logged.
  private var silentJobs: [String] {
    let site = submission.manifest.site
    guard site.transfer == .selfCheckpoint else { return [] }
    let allowed = max(3 * Double(site.checkpointSeconds), 60)
    return memory.reader.jobs.filter { $0.value.phase == .running && now - $0.value.heard > allowed }.map(\.key)
  }

  /// Whether a job has been silent for long, or has ended in an unknown way: worth asking, and no reason to doubt.
  private var isSuspicious: Bool {
    memory.reader.jobs.values.contains {
      $0.phase == .ended ? $0.end == nil : now - $0.heard > Self.patience
    }
  }

  // MARK: What is known

  private func remember() {
    if memory != stored, let data = try? CanonicalJSON.data(memory) {
      try? DurableFile.write(
        String(decoding: data, as: UTF8.self), to: submission.folder + "/state.json", shared: true)
    }
    // In a shared folder every start leaves its journal.
    guard submission.manifest.site.transfersFiles else { return }
    let lost = LostWork(cores: submission.manifest.site.cpus, seconds: lostSeconds)
    if !lost.seconds.isEmpty, let data = try? CanonicalJSON.data(lost),
      (try? FileContent.data(of: submission.lostWork)) != data
    {
      try? DurableFile.write(String(decoding: data, as: UTF8.self), to: submission.lostWork, shared: true)
    }
  }

  private func runs(of job: JobState) -> [String] {
    // The table's order is the order of the procs; a note in the log says the same.
    job.run.map { [$0] } ?? (submission.manifest.dag ? [] : submission.manifest.runs(ofProc: job.proc))
  }

  /// The jobs by run.
  ///
  /// Those of the runs of a pack are the same, but for how they ended. A DAG may have given a run several, of which the
  /// last one counts.
  private var jobs: [String: JobState] {
    var jobs: [String: JobState] = [:]
    for job in memory.reader.jobs.values {
      for run in runs(of: job) where jobs[run].map({ $0.cluster < job.cluster }) ?? true {
        jobs[run] = job
        jobs[run]?.run = run
        if job.phase == .ended, let code = submission.packedEnd(of: run) { jobs[run]?.end = .exited(code) }
      }
    }
    return jobs
  }

  /// The seconds that each run's jobs have lost, where they have.
  private var lostSeconds: [String: Double] {
    var seconds: [String: Double] = [:]
    for job in memory.reader.jobs.values where job.work.lost > 0 {
      let runs = runs(of: job)
      for run in runs { seconds[run, default: 0] += job.work.lost / Double(runs.count) }
    }
    return seconds
  }

  /// Whether HTCondor has let go of what makes the jobs: no further one will come.
  private var isClosed: Bool {
    guard submission.manifest.dag else { return memory.reader.isComplete }
    return !memory.dagman.jobs.isEmpty && memory.dagman.jobs.values.allSatisfy { $0.phase == .ended }
  }

  /// What is known of the submission.
  var entry: CondorState.Entry {
    var jobs = jobs
    let forgotten = submission.forgotten
    let left = Set(forgotten == nil ? memory.waiting ?? [] : [])
    let waiting = jobs.filter { left.contains("\($0.value.cluster).\($0.value.proc)") }
    if let forgotten {
      for run in submission.manifest.runs { jobs[run]?.forget(at: forgotten) }
    }
    let all = submission.manifest.runs.allSatisfy { jobs[$0]?.phase == .ended }
    let gone = forgotten != nil || isClosed && jobs.values.allSatisfy { $0.phase == .ended }
    return CondorState.Entry(
      submission: submission, receipt: receipt, jobs: jobs, unknown: forgotten == nil ? memory.unknown : nil,
      isOver: submission.token != nil && (all || gone), waiting: Set(waiting.keys),
      isHeld: memory.reader.isHeld ?? false, damage: memory.reader.damage,
      unasked: memory.unasked)
  }
}
