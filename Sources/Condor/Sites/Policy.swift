import Experiment

/// What becomes of a job by the way it ended, as expressions that HTCondor evaluates.
///
/// One expression with NumJobStarts, not max_retries: HTCondor joins the two with "or", counts walltimes as retries, and
/// lets a crash leave the queue at once.
struct Policy {
  let site: SiteProfile

  init(_ site: SiteProfile) { self.site = site }

  /// The exits after which another start would not help, or is not wanted.
  var finalExits: [ProgramEnd] {
    ProgramEnd.allCases.filter { code in
      switch code {
      case .finished, .diverged, .badInput, .defect, .checkFailed: true
      case .resumable: site.atWalltime == .leave || site.transfer == .onEviction
      case .storageFailure, .checkpointed, .locked, .unsuitable: false
      }
    }.sorted { $0.rawValue < $1.rawValue }
  }

  /// on_exit_remove.
  var leaves: String {
    let exits = finalExits.map { "ExitCode =?= \($0.rawValue)" }.joined(separator: " || ")
    return "(ExitBySignal =?= false && (\(exits))) || NumJobStarts >= \(site.starts)"
  }

  /// periodic_release: by the code of the hold, so often, transfers with a growing wait.
  var releases: String {
    let memory = "(HoldReasonCode == \(HoldReason.outOfMemory) && NumHolds <= \(site.retry.memoryHolds))"
    let codes = HoldReason.transferFailures.map { "HoldReasonCode == \($0)" }.joined(separator: " || ")
    let wait = "time() - EnteredCurrentStatus > \(site.retry.transferWaitSeconds) * pow(2, NumHolds - 1)"
    let transfer = "((\(codes)) && NumHolds <= \(site.retry.transferHolds) && \(wait))"
    return "\(memory) || \(transfer)"
  }

  /// periodic_vacate: half of the worker's own margin before the walltime.
  var vacates: String {
    "JobStatus == 2 && time() - JobCurrentStartDate > MaxRuntime - max({MaxRuntime / 40, min({150, MaxRuntime / 20})})"
  }

  /// request_memory, in MB: more once HTCondor has measured that the job needs more.
  func memory(baseMB: Int) -> String {
    "ifThenElse(MemoryUsage =?= undefined, \(baseMB), max({\(baseMB), int(MemoryUsage * \(site.retry.memoryFactor))}))"
  }
}
