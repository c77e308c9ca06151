package import Condor
package import Experiment
import Foundation
import Ledger

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
    _ started: StartedSweep, package: String? = nil, tools: CondorTools = CondorTools(),
    say: @escaping (String) -> Void
  ) {
    (sweep, workspace, ledger) = (started.name, started.workspace, started.ledger)
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

  /// Writes the submission's folder, and hands it to HTCondor unless that is only to be shown.
  /// - Returns: nil for both when there is nothing to submit.
  /// - Throws: `CondorError`, `InputError`, `StorageError`.
  package func submit(
    _ jobs: [JobDescription], to site: SiteProfile, dag: Bool = false, dryRun: Bool = false
  ) async throws -> Result {
    guard !jobs.isEmpty else { return Result() }
    let program = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    let writer = SubmissionWriter(
      workspace: workspace.path, library: try Self.library(), site: site, sweep: sweep,
      package: site.workerPath == nil ? try await workerPackage() : nil, dagProgram: dag ? program : nil)
    for job in jobs { try workspace.write(job) }
    let submission = try await writer.write(jobs.map(submitted))
    if dryRun { return Result(submission: submission) }
    let receipt = try await Submitter(tools: tools).submit(submission)
    try ledger.collect()
    return Result(submission: submission, receipt: receipt)
  }

  /// Submits runs again, each to the site that it was at last.
  /// - Throws: `CondorError`, `InputError`, `StorageError`.
  package func resubmit(_ jobs: [JobDescription]) async throws {
    guard !jobs.isEmpty else { return }
    let places = await CondorState.read(workspace.path, tools: tools).runs
    let sites = Dictionary(grouping: jobs) { places[$0.run]?.entry.submission.manifest.site }
    for (site, jobs) in sites.sorted(by: { ($0.key?.name ?? "") < ($1.key?.name ?? "") }) {
      guard let site else { continue }
      let result = try await submit(jobs, to: site)
      if let submission = result.submission, let receipt = result.receipt {
        say(Self.sentence(submission, receipt))
      }
    }
  }

  private func submitted(_ job: JobDescription) -> SubmittedJob {
    SubmittedJob(
      description: job, dataset: "\(workspace.path)/datasets/\((job.dataset.path as NSString).lastPathComponent)",
      runFolder: workspace.runFolder(job.run))
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
