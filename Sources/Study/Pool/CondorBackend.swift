package import Condor
import Experiment
import Foundation
package import Ledger

/// Runs trained by HTCondor: which of a sweep's runs go there, and how.
package struct CondorBackend {
  let sweep: String
  let workspace: Workspace
  let ledger: Ledger
  /// The worker's package; nil: one is made of the worker beside this program, once for each build of it.
  var package: String?
  var tools: CondorTools
  let say: (String) -> Void

  package init(
    sweep: String, workspace: Workspace, ledger: Ledger, package: String? = nil, tools: CondorTools = CondorTools(),
    say: @escaping (String) -> Void
  ) {
    (self.sweep, self.workspace, self.ledger) = (sweep, workspace, ledger)
    (self.package, self.tools, self.say) = (package, tools, say)
  }

  /// What submitting came to.
  package struct Result {
    package var submission: Submission?
    package var receipt: Submission.Receipt?
  }

  /// The folder of site profiles and the job wrapper.
  package static func library() throws -> SiteLibrary {
    let program = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    return try SiteLibrary(executable: program, currentFolder: FileManager.default.currentDirectoryPath)
  }

  /// Finds out what became of submissions that were cut off, and finishes those that never reached HTCondor.
  /// - Throws: `CondorError` when that cannot be known now.
  package func mend() async throws {
    for submission in Submission.all(in: workspace.path)
    where submission.manifest.sweep == sweep && submission.isCutOff {
      let receipt = try await Submitter(tools: tools).submit(submission)
      say("\(submission.name), which was cut off, is cluster \(receipt.cluster)\(Self.at(receipt))")
    }
  }

  /// Why a run is not submitted; nil when it is.
  private func reasonToLeave(_ job: JobDescription, _ local: LocalBackend, _ status: RunStatus?) -> String? {
    if let reason = local.reasonToLeave(job) { return reason }
    return status?.state == .running ? "it is being trained on this machine" : nil
  }

  /// The runs that are to go to HTCondor, in the sweep's order; says which stay, and why.
  package func pending(_ prepared: PreparedSweep) async throws -> [SubmittedJob] {
    let statuses = Dictionary(try ledger.statuses(sweep: sweep).map { ($0.run, $0) }, uniquingKeysWith: { $1 })
    let local = try await LocalBackend(sweep, in: workspace, ledger: ledger)
    var left: [String: Int] = [:]
    let jobs = prepared.jobs.compactMap { job -> SubmittedJob? in
      if let reason = reasonToLeave(job, local, statuses[job.run]) {
        left[reason, default: 0] += 1
        return nil
      }
      return SubmittedJob(
        description: job, dataset: "\(workspace.path)/datasets/\((job.dataset.path as NSString).lastPathComponent)",
        runFolder: workspace.runFolder(job.run))
    }
    for (reason, count) in left.sorted(by: { $0.key < $1.key }) {
      say("\(count) of \(prepared.jobs.count) runs left alone: \(reason)")
    }
    return jobs
  }

  /// Writes the submission's folder, and hands it to HTCondor unless that is only to be shown.
  /// - Returns: nil for both when there is nothing to submit.
  package func submit(_ jobs: [SubmittedJob], to site: SiteProfile, dag: Bool = false, dryRun: Bool = false)
    async throws
    -> Result
  {
    guard !jobs.isEmpty else { return Result() }
    let program = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    let writer = SubmissionWriter(
      workspace: workspace.path, library: try Self.library(), site: site, sweep: sweep,
      package: site.workerPath == nil ? try await workerPackage() : nil, dagProgram: dag ? program : nil)
    for job in jobs { try workspace.write(job.description) }
    let submission = try await writer.write(jobs)
    if dryRun { return Result(submission: submission) }
    let receipt = try await Submitter(tools: tools).submit(submission)
    try ledger.collect()
    return Result(submission: submission, receipt: receipt)
  }

  /// Submits again what was at HTCondor last, is not over, and has left the queue: each to its site.
  package func resume(_ prepared: PreparedSweep) async throws {
    try await mend()
    let places = await CondorState.refresh(workspace.path, tools: tools).runs
    guard prepared.jobs.contains(where: { places[$0.run] != nil }) else { return }
    var mine = prepared
    mine.jobs.removeAll { places[$0.run] == nil }
    let jobs = try await pending(mine)
    let sites = Dictionary(grouping: jobs) { places[$0.description.run]?.entry.submission.manifest.site }
    for (site, jobs) in sites.sorted(by: { ($0.key?.name ?? "") < ($1.key?.name ?? "") }) {
      guard let site else { continue }
      let result = try await submit(jobs, to: site)
      if let submission = result.submission, let receipt = result.receipt {
        say(Self.sentence(submission, receipt))
      }
    }
  }

  package static func sentence(_ submission: Submission, _ receipt: Submission.Receipt) -> String {
    let count = submission.manifest.runs.count
    return
      "\(submission.name): \(count) \(count == 1 ? "run" : "runs") submitted to \(submission.manifest.site.name) as "
      + "cluster \(receipt.cluster)\(at(receipt))"
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
