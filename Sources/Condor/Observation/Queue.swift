import Experiment
import FoundationEssentials

/// The queue itself, where the event log is out of reach (spooled submissions).
///
/// Slower, and it forgets.
struct Queue {
  var tools: CondorTools

  /// The attributes of a job's ClassAd that are asked for, in the order that `state` reads them.
  static let attributes = [
    "ClusterId", "ProcId", "JobStatus", "EnteredCurrentStatus", "NumJobStarts", "ExitBySignal", "ExitCode",
    "ExitSignal",
    "HoldReasonCode", "HoldReasonSubCode", "HoldReason",
  ]

  /// What the queue says of a submission.
  struct Answer {
    /// The jobs' states by `cluster.proc`.
    var states: [String: JobState]
    /// The jobs that have ended and stay in the queue until their files are fetched, ascending by name.
    var waiting: [String]
  }

  /// The jobs of a submission, from condor_q and, for those that it lacks, what was known before.
  ///
  /// - Throws: `CondorError` when the queue does not answer: nothing is known then, and nobody has ended.
  func answer(
    of submission: Submission, _ receipt: Submission.Receipt, before: [String: JobState]
  ) async throws -> Answer {
    let name = receipt.schedd.map { ["-name", $0] } ?? []
    let text = try await tools.output("condor_q", name + ["\(receipt.cluster)", "-af:t"] + Self.attributes)
    var states = before
    var (present, waiting) = (Set<String>(), [String]())
    for line in text.split(separator: "\n") {
      guard let (key, state) = Self.state(line) else { continue }
      present.insert(key)
      // One that has ended and is then let go by condor_rm has still ended as it did.
      if case .removed = state.end, before[key]?.phase == .ended { continue }
      states[key] = state
      if state.phase == .ended, !Self.isRemoved(state) { waiting.append(key) }
    }
    // Once spooled jobs have ended they stay until their files are fetched: one that is gone was removed.
    for (key, state) in before where !present.contains(key) && state.phase != .ended {
      states[key]?.phase = .ended
      states[key]?.end = .removed("no longer in the queue of \(receipt.schedd ?? "the access point")")
    }
    return Answer(states: states, waiting: waiting.sorted())
  }

  private static func isRemoved(_ state: JobState) -> Bool { if case .removed = state.end { true } else { false } }

  /// One line of tab-separated attributes.
  static func state(_ line: Substring) -> (String, JobState)? {
    let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
    guard fields.count >= attributes.count, let cluster = Int(fields[0]), let proc = Int(fields[1]),
      let status = Int(fields[2])
    else { return nil }
    var state = JobState(cluster: cluster, proc: proc, time: Double(fields[3]) ?? 0)
    state.starts = Int(fields[4]) ?? 0
    switch status {
    case 2, 6: state.phase = .running
    case 3: (state.phase, state.end) = (.ended, .removed("by condor_rm or the site"))
    case 4:
      state.phase = .ended
      // 4 is "over", not "well".
      let signal = fields[5] == "true"
      state.end = signal ? .signalled(Int32(fields[7]) ?? 0) : .exited(Int32(fields[6]) ?? -1)
    case 5 where Int(fields[8]) == HoldReason.spooling: state.phase = .idle
    case 5:
      state.phase = .held
      state.hold = HoldReason(code: Int(fields[8]) ?? 0, subcode: Int(fields[9]) ?? 0, text: fields[10])
    case 7: state.phase = .suspended
    default: state.phase = .idle
    }
    return ("\(cluster).\(proc)", state)
  }

  /// Brings back what jobs that are over have left at the access point, and then lets them go.
  /// - Throws: `CondorError`.
  func fetch(_ jobs: [String], _ receipt: Submission.Receipt, into folder: String) async throws {
    let name = receipt.schedd.map { ["-name", $0] } ?? []
    _ = try await tools.output("condor_transfer_data", name + jobs, in: folder)
    _ = try await tools.output("condor_rm", name + jobs)
  }
}
