package import Condor
import Experiment
import Foundation
import Ledger
import Storage

/// A sweep's runs trained by HTCondor: which of them go there, and how.
package struct CondorBackend {
  let started: StartedSweep
  /// The worker's package; nil: one is made of the worker beside this program, once for each build of it.
  let package: String?
  let tools: CondorTools
  let say: (String) -> Void

  /// A sweep's way to HTCondor.
  /// - Parameters:
  ///   - started: The sweep.
  ///   - package: The worker's package; nil: one is made of the worker beside this program.
  ///   - tools: HTCondor's programs.
  ///   - say: Takes what a person should know meanwhile.
  package init(
    _ started: StartedSweep, package: String? = nil, tools: CondorTools = CondorTools(),
    say: @escaping (String) -> Void
  ) {
    (self.started, self.package, self.tools, self.say) = (started, package, tools, say)
  }

  private var workspace: Workspace { started.workspace }

  /// Submits what is to be submitted, after the sites' rules were checked, and says what is left alone.
  /// - Parameters:
  ///   - sites: The sites that it is submitted to.
  ///   - dag: Whether each run is a node of a DAG.
  ///   - isDryRun: Whether only the folders are written.
  ///   - outcome: Takes what came of it, for people, once for each site that gets runs.
  /// - Returns: Whether there was anything to submit.
  /// - Throws: `CondorError`, `InputError`, `LedgerError`, `StorageError`; what `outcome` throws.
  package func submit(
    to sites: SiteShares, dag: Bool, isDryRun: Bool, outcome: (String) throws -> Void
  ) async throws -> Bool {
    try await Submission.alone(in: workspace.path, say: say) {
      if !isDryRun { try await settle() }
      let pool =
        isDryRun
        ? await CondorState.read(workspace.path, tools: tools)
        : await CondorState.bringBack(workspace.path, tools: tools)
      let decisions = try started.decide(.submit, at: pool)
      let (meant, submitted) = (Set(started.prepared.jobs.map(\.run)), Set(decisions.submitted.map(\.run)))
      let parts = sites.divide(started.prepared.whole.jobs)
      for (site, jobs) in parts {
        try SiteCheck(started.prepared.plan, jobs.filter { meant.contains($0.run) }, site, workspace)
          .requireNoErrors(say: say)
      }
      decisions.leftAloneCounts.forEach(say)
      if !isDryRun { try redescribe(at: pool) }
      sayRemovals(decisions.submitted, pool.runs)
      for (site, jobs) in parts.map({ ($0, $1.filter { submitted.contains($0.run) }) }) where !jobs.isEmpty {
        let submission = try await write(jobs, for: site, dag: dag)
        try outcome(
          isDryRun
            ? submission.listing
              + "\(submission.manifest.runs.count) runs would be submitted to \(site.name); nothing was."
            : try await hand(over: submission))
      }
      return !submitted.isEmpty
    }
  }

  /// Submits some runs, each to the site of its place in the sweep, after the sites' rules were checked.
  ///
  /// The caller has seen to it that no other process submits.
  /// - Throws: `CondorError`, `InputError`, `LedgerError`, `StorageError`.
  func send(_ jobs: [JobDescription], to sites: SiteShares, at pool: CondorState) async throws {
    let wanted = Set(jobs.map(\.run))
    let parts = sites.divide(started.prepared.jobs).map { ($0, $1.filter { wanted.contains($0.run) }) }
    for (site, jobs) in parts where !jobs.isEmpty {
      try SiteCheck(started.prepared.plan, jobs, site, workspace).requireNoErrors(say: say)
    }
    try redescribe(at: pool)
    sayRemovals(jobs, pool.runs)
    for (site, jobs) in parts where !jobs.isEmpty { say(try await hand(over: try await write(jobs, for: site))) }
  }

  /// Goes on with what was begun: submits again what was at HTCondor last, is not over, and has left the queue, each to
  /// its site.
  /// - Returns: What is to happen to each run; those that were to be submitted have been.
  /// - Throws: `CondorError`, `InputError`, `LedgerError`, `StorageError`.
  package func resume() async throws -> StartDecisions {
    if Submission.all(in: workspace.path).isEmpty {
      // Nothing is there to be brought back.
      return try await started.decideHere(.resume, isDryRun: true, tools: tools, say: say)
    }
    return try await Submission.alone(in: workspace.path, say: say) {
      try await settle()
      let pool = await CondorState.bringBack(workspace.path, tools: tools)
      let decisions = try started.decide(.resume, at: pool)
      try redescribe(at: pool)
      sayRemovals(decisions.submitted, pool.runs)
      let ways = Dictionary(grouping: decisions.submitted) {
        pool.runs[$0.run].map { Way($0.entry.submission.manifest) }
      }
      for (way, jobs) in ways.sorted(by: { ($0.key?.order ?? "") < ($1.key?.order ?? "") }) {
        guard let way else { continue }
        say(try await hand(over: try await write(jobs, for: way.site, dag: way.isDag)))
      }
      return try started.announced(decisions)
    }
  }

  /// How runs went to HTCondor: what went as a DAG goes on as one.
  private struct Way: Hashable {
    var site: SiteProfile
    var isDag: Bool
    var order: String { "\(site.name) \(isDag)" }

    init(_ manifest: Submission.Manifest) { (site, isDag) = (manifest.site, manifest.dag) }
  }

  /// Says which runs the site, or somebody, has removed from the queue: what they had trained there is lost.
  private func sayRemovals(
    _ jobs: [JobDescription], _ places: [String: (entry: CondorState.Entry, job: JobState?)]
  ) {
    var removed: [String: [JobDescription]] = [:]
    for job in jobs {
      if case .removed(let reason) = places[job.run]?.job?.end { removed[reason, default: []].append(job) }
    }
    for (reason, jobs) in removed.sorted(by: { $0.key < $1.key }) {
      let advice =
        JobState.End.removed(reason).isForWalltime
        ? "; give them more walltime in the site file (walltime_seconds, job_flavour), or they may be removed again"
        : ""
      say(
        "\(jobs.count == 1 ? "1 run was" : "\(jobs.count) runs were") removed there, with what had not come back "
          + "(\(reason)), and \(jobs.count == 1 ? "is" : "are") sent again: \(jobs.map(started.title).firstFive(separator: "; "))"
          + advice)
    }
  }

  /// The folder of site profiles and the job wrapper.
  package static func library() throws -> SiteLibrary { try SiteLibrary.ofThisProgram() }

  /// Finds out what became of submissions that were cut off.
  ///
  /// What has never reached HTCondor is as unsent: the runs that are asked for now may be others, or go elsewhere.
  /// - Throws: `CondorError` when it cannot be known now of one of this sweep.
  func settle() async throws {
    for submission in Submission.all(in: workspace.path) where submission.isCutOff {
      do {
        let receipt = try await Submitter(tools: tools).settle(submission)
        say(
          "\(submission.name), which was cut off, "
            + (receipt.map { "is cluster \($0.cluster)\(Self.at($0))" } ?? "has never reached HTCondor: it is set aside")
        )
      } catch let error as CondorError {
        // Its runs are left alone for being in it.
        if submission.manifest.sweep == started.name { throw error }
      }
    }
  }

  /// Gives the runs that are at HTCondor the larger budgets that are asked for now, from their next start on.
  private func redescribe(at pool: CondorState) throws {
    var (changed, kept): ([String: [JobDescription]], [String: [JobDescription]]) = ([:], [:])
    for job in started.prepared.jobs {
      guard case .there = pool.place(of: job.run), let (entry, _) = pool.runs[job.run], entry.receipt != nil else {
        continue
      }
      do {
        switch try entry.submission.redescribe(job) {
        case .same: break
        case .keepsLargerBudget: kept[entry.submission.name, default: []].append(job)
        case .changed:
          try workspace.write(job)
          changed[entry.submission.name, default: []].append(job)
        }
      } catch let error as CondorError {
        say("\(error)")
      }
    }
    for (name, jobs) in changed.sorted(by: { $0.key < $1.key }) {
      say(
        "\(name): \(jobs.count) \(jobs.count == 1 ? "run has its new budget" : "runs have their new budgets") from the next "
          + "start on, which one that trains already has not: `qcalo resume` goes on with it when it ends by the earlier one: "
          + jobs.map(started.title).firstFive(separator: "; "))
    }
    for (name, jobs) in kept.sorted(by: { $0.key < $1.key }) {
      say(
        "\(name): \(counted(jobs.count, "run")) there \(jobs.count == 1 ? "goes" : "go") on to the larger budget of before; "
          + "`qcalo cancel` takes it back: \(jobs.map(started.title).firstFive(separator: "; "))")
    }
  }

  /// Writes a submission's folder.
  private func write(_ jobs: [JobDescription], for site: SiteProfile, dag: Bool = false) async throws -> Submission {
    let writer = SubmissionWriter(
      workspace: workspace.path, library: try Self.library(), site: site, sweep: started.name,
      package: site.workerPath == nil ? try await workerPackage() : nil, dagProgram: dag ? ThisProgram.path : nil)
    for job in jobs { try workspace.write(job) }
    return try await writer.write(
      jobs.map { job in
        SubmittedJob(
          description: job, dataset: "\(workspace.datasets)/\((job.dataset.path as NSString).lastPathComponent)",
          runFolder: workspace.runFolder(job.run))
      })
  }

  /// Hands a submission to HTCondor.
  /// - Returns: What came of it, a sentence.
  private func hand(over submission: Submission) async throws -> String {
    let receipt = try await Submitter(tools: tools).submit(submission)
    try started.ledger.collect()
    let count = submission.manifest.runs.count
    return
      "\(submission.name): \(count) \(count == 1 ? "run" : "runs") submitted to \(submission.manifest.site.name) as "
      + "cluster \(receipt.cluster)\(Self.at(receipt))"
  }

  private static func at(_ receipt: Submission.Receipt) -> String { receipt.schedd.map { " of \($0)" } ?? "" }

  /// The package of the worker beside this program, in the workspace, by the worker's content.
  private func workerPackage() async throws -> String {
    if let package { return package }
    let worker = try WorkerProgram.path()
    let digest = try InputFile.digest(of: worker, "the worker").prefix(12)
    let path = "\(workspace.path)/packages/qcalo-worker-\(digest).tar.gz"
    if !FileManager.default.fileExists(atPath: path) {
      say("packaging \(worker)")
      _ = try await WorkerPackage(worker: worker, output: path).make()
    }
    return path
  }
}

extension Submission {
  /// The files that condor_submit would get, for people.
  fileprivate var listing: String {
    ["sweep.sub", "sweep.dag", "runs.txt"].compactMap { name in
      let path = "\(folder)/\(name)"
      return (try? FileContent.text(of: path)).map { "==> \(path)\n\($0)\n" }
    }.joined()
  }
}
