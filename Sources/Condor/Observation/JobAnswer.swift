import FoundationEssentials

/// What the queue or the history says of one job.
struct JobAnswer: Hashable, Sendable {
  var cluster: Int
  var proc: Int
  /// The value of the job's attribute with the submission's token; nil where it has none.
  var token: String?
  /// The cluster of the DAGMan job that it is a node of, and the node's name; nil outside of a DAG.
  var dagman: Int?
  var run: String?
  var phase: JobState.Phase
  /// Since when; seconds since 1970-01-01 00:00 UTC.
  var since: Double
  var starts: Int
  var host: String?
  var hold: HoldReason?
  var end: JobState.End?
  var progress: JobState.Progress?
  /// How many jobs of its cluster have been made so far; nil where all are made at once.
  var made: Int?

  var name: String { "\(cluster).\(proc)" }
}

extension JobAnswer: Decodable {
  /// The attributes of a job's ClassAd that are asked for.
  enum CodingKeys: String, CodingKey, CaseIterable {
    case cluster = "ClusterId"
    case proc = "ProcId"
    case status = "JobStatus"
    case entered = "EnteredCurrentStatus"
    case starts = "NumJobStarts"
    case host = "RemoteHost"
    case exitBySignal = "ExitBySignal"
    case exitCode = "ExitCode"
    case exitSignal = "ExitSignal"
    case completed = "CompletionDate"
    case removeReason = "RemoveReason"
    case holdCode = "HoldReasonCode"
    case holdSubcode = "HoldReasonSubCode"
    case holdReason = "HoldReason"
    case token = "QcaloSubmission"
    case dagman = "DAGManJobId"
    case node = "DAGNodeName"
    case made = "JobMaterializeNextProcId"
    case trained = "ChirpQcaloRun"
    case checkpoint = "ChirpQcaloCheckpoint"
    case reduced = "ChirpQcaloReduced"
  }

  static var attributes: [String] { CodingKeys.allCases.map(\.rawValue) }

  init(from decoder: any Decoder) throws {
    let ad = try decoder.container(keyedBy: CodingKeys.self)
    // Attributes may be missing, or be expressions; without these three it is no answer.
    func optional<Value: Decodable>(_ key: CodingKeys) -> Value? { try? ad.decodeIfPresent(Value.self, forKey: key) }
    cluster = try ad.decode(Int.self, forKey: .cluster)
    proc = try ad.decode(Int.self, forKey: .proc)
    let status = try ad.decode(Int.self, forKey: .status)
    (token, dagman, run) = (optional(.token), optional(.dagman), optional(.node))
    made = optional(.made).map { max(0, $0) }
    (since, starts, host) = (optional(.entered) ?? 0, optional(.starts) ?? 0, optional(.host))
    progress = optional(.checkpoint).map {
      .init(run: optional(.trained), checkpoint: $0, reduced: optional(.reduced))
    }
    phase = .idle
    let exit: JobState.End? =
      optional(.exitBySignal) == true
      ? optional(.exitSignal).map { .signalled($0) } : optional(.exitCode).map { .exited($0) }
    switch status {
    case 2, 6: phase = .running
    // One that had ended before condor_rm let it go has ended as it did.
    case 3 where optional(.completed) ?? 0 > 0.0 && exit != nil: (phase, end) = (.ended, exit)
    case 3: (phase, end) = (.ended, .removed(optional(.removeReason) ?? "by condor_rm or the site"))
    // 4 is "over", not "well".
    case 4: (phase, end) = (.ended, exit)
    case 5 where optional(.holdCode) == HoldReason.spooling: break
    case 5:
      phase = .held
      hold = HoldReason(
        code: optional(.holdCode) ?? 0, subcode: optional(.holdSubcode) ?? 0, text: optional(.holdReason) ?? "")
    case 7: phase = .suspended
    default: break
    }
  }
}
