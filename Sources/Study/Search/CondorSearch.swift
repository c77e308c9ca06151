package import Condor
import Experiment
import Ledger
import Search

/// A search trained by HTCondor, a step at a time: nothing has to stay alive between two of them.
package struct CondorSearch {
  /// The worker's package; nil: one is made of the worker beside this program.
  let package: String?
  let tools: CondorTools
  let say: (String) -> Void

  /// How a search stands behind a step.
  package struct Step {
    /// How many of its runs are at HTCondor, those that were sent now included, or are being trained here.
    package var pending = 0
    /// Why it is over, a sentence; nil while it is not.
    package var end: String?
    /// Whether it goes on by further steps.
    package var isGoingOn: Bool { end == nil && pending > 0 }
  }

  /// Submissions of a run beyond those that have brought it further, after which it is left alone.
  static let patience = 3

  /// - Parameters:
  ///   - package: The worker's package; nil: one is made of the worker beside this program.
  ///   - tools: HTCondor's programs.
  ///   - say: Takes what a person should know meanwhile.
  package init(package: String? = nil, tools: CondorTools = CondorTools(), say: @escaping (String) -> Void) {
    (self.package, self.tools, self.say) = (package, tools, say)
  }

  /// Looks at what has come back, decides what comes next, and submits it.
  ///
  /// What was decided and not sent, because an earlier step was killed or the job has left the queue too early, is sent
  /// first. What somebody has cancelled is not, nor what fails each time.
  /// - Parameters:
  ///   - search: The search, for which this process decides.
  ///   - sites: Where its runs go; nil: where the latest went.
  ///   - again: Whether what was cancelled or has failed each time is sent once more.
  /// - Returns: How it stands then.
  /// - Throws: `CondorError`, `InputError`, `LedgerError`, `StorageError`.
  package func step(
    _ search: inout StartedSearch, to sites: SiteShares? = nil, again: Bool = false
  ) async throws -> Step {
    try await Submission.alone(in: search.workspace.path, say: say) {
      try await CondorBackend(search.sweep, package: package, tools: tools, say: say).settle()
      let pool = await CondorState.bringBack(search.workspace.path, tools: tools)
      let sites = try sites ?? latest(of: search.name, at: pool)
      let most = search.atOnce
      var step = Step()
      var due = try due(search.sweep, at: pool, again: again)
      while due.pending + due.jobs.count < most {
        if let clause = due.flaw {
          say(clause)
          break
        }
        let (decision, end) = try await search.decide(say: say)
        step.end = end
        guard let decision else { break }
        say("\(SearchDecision.label(decision.trial)): \(decision.reason)")
        due = try self.due(search.sweep, at: pool, again: again)
      }
      due.left.forEach(say)
      // Of these some may wait from an earlier step, with other sites.
      let jobs = Array(due.jobs.prefix(max(0, most - due.pending)))
      let backend = CondorBackend(search.sweep, package: package, tools: tools, say: say)
      try await backend.send(jobs, to: sites, at: pool)
      step.pending = due.pending + jobs.count
      return step
    }
  }

  /// Where the latest submission of a sweep went.
  private func latest(of sweep: String, at pool: CondorState) throws -> SiteShares {
    let latest = pool.entries.filter { $0.submission.manifest.sweep == sweep }
      .max { ($0.receipt?.time ?? 0) < ($1.receipt?.time ?? 0) }
    guard let latest else {
      throw InputError("the search \(sweep) was never sent to HTCondor: --site says where it goes")
    }
    return SiteShares(latest.submission.manifest.site)
  }

  /// What is to be sent, and what is not.
  private struct Due {
    var jobs: [JobDescription] = []
    /// How many are there already, or are being trained here.
    var pending = 0
    /// What is left alone, a sentence for each reason.
    var left: [String] = []
    /// Why no more is begun, a sentence; nil where it is.
    var flaw: String?
  }

  private func due(_ sweep: StartedSweep, at pool: CondorState, again: Bool) throws -> Due {
    let decisions = try sweep.decide(.submit, at: pool)
    let statuses = Dictionary(
      try sweep.ledger.statuses(sweep: sweep.name).map { ($0.run, $0) }, uniquingKeysWith: { $1 })
    let queued = HereQueue.processes(in: sweep.workspace)
    var (due, cancelled, fruitless) = (Due(), [JobDescription](), [JobDescription]())
    for job in sweep.prepared.jobs {
      if case .there = pool.place(of: job.run) {
        due.pending += 1
      } else if statuses[job.run]?.state == .running || queued[job.run] != nil {
        due.pending += 1
      }
    }
    for job in decisions.submitted {
      let status = statuses[job.run]
      // Of a trial that has failed the search knows.
      if status?.state == .failed, !again { continue }
      if !again, pool.isCancelled(job.run) {
        cancelled.append(job)
      } else if !again, pool.submissions(of: job.run) - (status?.fruitfulAttempts ?? 0) >= Self.patience {
        fruitless.append(job)
      } else {
        due.jobs.append(job)
      }
    }
    func leave(_ jobs: [JobDescription], _ clause: String) {
      guard !jobs.isEmpty else { return }
      due.left.append(
        "\(counted(jobs.count, "run")) left alone, \(clause); `qcalo resume \(sweep.name)` sends "
          + "\(jobs.count == 1 ? "it" : "them") again: \(jobs.map(sweep.title).firstFive(separator: "; "))")
    }
    leave(cancelled, "cancelled")
    leave(fruitless, "submitted \(Self.patience) times without getting further")
    let failures = statuses.values.count { $0.state == .failed } + fruitless.count
    let ends = statuses.values.count { $0.state == .finished || $0.state == .diverged }
    if failures >= SearchFeed.patience, failures > ends {
      due.flaw = "\(failures) runs failed and \(ends) did not: no more are begun"
    }
    return due
  }
}

extension RunStatus {
  /// How many of its attempts have recorded a checkpoint beyond the one that they began at.
  fileprivate var fruitfulAttempts: Int {
    attempts.count { attempt in attempt.lastCheckpoint.map { $0 > attempt.fromCheckpoint ?? -1 } ?? false }
  }
}

extension CondorState {
  /// How often a run was taken by HTCondor.
  fileprivate func submissions(of run: String) -> Int {
    entries.count { $0.receipt != nil && $0.submission.manifest.runs.contains(run) }
  }

  /// Whether somebody has taken a run's job out of the queue by `qcalo cancel`.
  fileprivate func isCancelled(_ run: String) -> Bool {
    guard case .removed(let reason) = runs[run]?.job?.end else { return false }
    return reason.contains("qcalo \(JobControl.Verb.cancel.rawValue)")
  }
}
