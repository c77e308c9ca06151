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

  /// on_exit_remove, which HTCondor evaluates after the job's own exits only.
  ///
  /// A job that was evicted in its last start gets one more, in which the wrapper does nothing but exit.
  var leaves: String {
    let exits = finalExits.map { "ExitCode =?= \($0.rawValue)" }.joined(separator: " || ")
    return "(ExitBySignal =?= false && (\(exits))) || NumJobStarts >= \(site.starts)"
  }

  /// periodic_release: by the reason of the hold, so often for each, transfers with a growing wait.
  var releases: String {
    let (resources, transfers) = (site.retry.memoryHolds, site.retry.transferHolds)
    var clauses = [
      "HoldReasonCode == \(HoldReason.outOfResources) && \(holds("JobOutOfResources")) <= \(resources)",
      "HoldReasonCode == \(HoldReason.heldByMachine) && (HoldReasonSubCode == \(HoldReason.memory) || "
        + "HoldReasonSubCode == \(HoldReason.disk)) && \(holds("StartdHeldJob")) <= \(resources)",
    ]
    for (code, name) in HoldReason.transferFailures {
      clauses.append(
        "HoldReasonCode == \(code) && \(holds(name)) <= \(transfers) && time() - EnteredCurrentStatus > "
          + "\(site.retry.transferWaitSeconds) * pow(2, \(holds(name)) - 1)")
    }
    return clauses.map { "(\($0))" }.joined(separator: " || ")
  }

  /// How often the job was held for a reason; where HTCondor does not count the reasons, how often at all.
  private func holds(_ reason: String) -> String { "(NumHoldsByReason.\(reason) ?: NumHolds)" }

  /// periodic_vacate: half of the worker's own margin before the walltime, and so early that the site looks once more.
  var vacates: String {
    "JobStatus == 2 && time() - JobCurrentStartDate > MaxRuntime - max({MaxRuntime / 40, min({150, MaxRuntime / 20}), "
      + "min({\(site.rules.evaluationSeconds ?? 60), MaxRuntime / 4})})"
  }

  /// request_memory, in MB: more once the job has used more, or was held for it.
  func memory(baseMB: Int) -> String { asked(baseMB, used: "MemoryUsage", held: HoldReason.memory) }

  /// request_disk, in KB: more once the job has used more, or was held for it.
  func disk(baseMB: Int) -> String { asked(baseMB * 1024, used: "DiskUsage", held: HoldReason.disk) }

  /// What a job asks for: the base, or so many times what HTCondor has measured.
  ///
  /// Between two measurements it may have used more than either: then each hold for it raises the base.
  private func asked(_ base: Int, used: String, held: Int) -> String {
    let factor = site.retry.memoryFactor
    let holds = "(NumHoldsByReason.JobOutOfResources ?: 0) + (NumHoldsByReason.StartdHeldJob ?: 0)"
    return "max({\(base), int((\(used) ?: 0) * \(factor)), "
      + "ifThenElse(LastHoldReasonSubCode =?= \(held), int(\(base) * pow(\(factor), max({1, \(holds)}))), 0)})"
  }

  /// The machines whose names HTCondor keeps of each job.
  ///
  /// Of a job that is not running it has the last one twice.
  static let machineHistory = 4

  /// requirements: the processor's level, what the site asks for, and for a while none of the machines that the job was on
  /// last.
  ///
  /// How fast it is depends on the level and, below AVX2's, which bits come out; a pool that does not name its processors'
  /// is taken at its word.
  /// Whatever ended the job on a machine, one that ends all jobs at once has most room for them.
  var requirements: String? {
    let level = [site.microarch, site.instructionSet?.microarch].compactMap(\.self).max().map {
      "(TARGET.Microarch ?: \(Quoting.classAdString($0))) >= \(Quoting.classAdString($0))"
    }
    let others = (1..<Self.machineHistory).map { "TARGET.Machine =!= MachineAttrMachine\($0)" }
    let elsewhere = avoidSeconds.map {
      "time() - EnteredCurrentStatus > \($0) || (\(others.joined(separator: " && ")))"
    }
    let clauses = [level, site.requirements, elsewhere].compactMap(\.self)
    return clauses.isEmpty ? nil : clauses.map { "(\($0))" }.joined(separator: " && ")
  }

  /// The time for which a job stays away from its last machines (s); nil when it need not.
  var avoidSeconds: Int? {
    let seconds = site.avoidSeconds ?? 600
    return seconds == 0 ? nil : seconds
  }
}
