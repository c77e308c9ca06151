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

  /// Submits what is to be submitted, after the site's rules were checked, and says what is left alone.
  /// - Parameters:
  ///   - site: The site that it is submitted to.
  ///   - dag: Whether each run is a node of a DAG.
  ///   - isDryRun: Whether only the folder is written.
  /// - Returns: What came of it, for people; nil when there is nothing to submit.
  /// - Throws: `CondorError`, `InputError`, `LedgerError`, `StorageError`.
  package func submit(to site: SiteProfile, dag: Bool, isDryRun: Bool) async throws -> String? {
    if !isDryRun { try await mend() }
    let decisions = try await started.decide(.submit, isDryRun: isDryRun, tools: tools)
    try SiteCheck(started.prepared.plan, started.prepared.jobs, site, workspace).requireNoErrors(say: say)
    decisions.leftAloneCounts.forEach(say)
    guard !decisions.submitted.isEmpty else { return nil }
    sayRemovals(decisions.submitted, await CondorState.read(workspace.path, tools: tools).runs)
    let submission = try await write(decisions.submitted, for: site, dag: dag)
    if isDryRun {
      return submission.listing
        + "\(submission.manifest.runs.count) runs would be submitted to \(site.name); nothing was."
    }
    return try await hand(over: submission)
  }

  /// Goes on with what was begun: submits again what was at HTCondor last, is not over, and has left the queue, each to
  /// its site.
  /// - Returns: What is to happen to each run; those that were to be submitted have been.
  /// - Throws: `CondorError`, `InputError`, `LedgerError`, `StorageError`.
  package func resume() async throws -> StartDecisions {
    try await mend()
    let decisions = try await started.decide(.resume, tools: tools)
    guard !decisions.submitted.isEmpty else { return decisions }
    let places = await CondorState.read(workspace.path, tools: tools).runs
    sayRemovals(decisions.submitted, places)
    let ways = Dictionary(grouping: decisions.submitted) { places[$0.run].map { Way($0.entry.submission.manifest) } }
    for (way, jobs) in ways.sorted(by: { ($0.key?.order ?? "") < ($1.key?.order ?? "") }) {
      guard let way else { continue }
      say(try await hand(over: try await write(jobs, for: way.site, dag: way.isDag)))
    }
    return decisions
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

  /// Finds out what became of submissions that were cut off, and finishes those that never reached HTCondor.
  /// - Throws: `CondorError` when that cannot be known now.
  func mend() async throws {
    for submission in Submission.all(in: workspace.path)
    where submission.manifest.sweep == started.name && submission.isCutOff {
      let receipt = try await Submitter(tools: tools).submit(submission)
      say("\(submission.name), which was cut off, is cluster \(receipt.cluster)\(Self.at(receipt))")
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
          description: job, dataset: "\(workspace.path)/datasets/\((job.dataset.path as NSString).lastPathComponent)",
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
    guard let data = FileManager.default.contents(atPath: worker) else {
      throw InputError("the worker \(worker) cannot be read")
    }
    var hash = SHA256()
    data.withUnsafeBytes { hash.update($0) }
    let path = "\(workspace.path)/packages/qcalo-worker-\(hash.hexDigest().prefix(12)).tar.gz"
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
      return (try? String(contentsOfFile: path, encoding: .utf8)).map { "==> \(path)\n\($0)\n" }
    }.joined()
  }
}
