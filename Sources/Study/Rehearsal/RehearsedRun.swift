package import Experiment
import Foundation
package import Ledger
import Sweeps

/// The run that is rehearsed: a short one with the networks and data of another.
package struct RehearsedRun {
  /// Its dataset's path is absolute.
  package let job: JobDescription

  /// - Parameters:
  ///   - subject: A sweep file (YAML), of which the first selected run is meant, or a job description (JSON).
  ///   - only: The rows of the sweep that are meant.
  ///   - checkpoints: The budget.
  ///   - interval: Iterations between two checkpoints.
  ///   - workspace: Where the sweep's dataset is, or gets prepared.
  ///   - say: Takes what is told while the dataset is prepared.
  /// - Throws: `SweepError`, `InputError`, `StorageError`, `WorkerFailure`.
  package init(
    _ subject: String, only: [String], checkpoints: Int, interval: Int, in workspace: Workspace,
    say: (String) -> Void
  ) async throws {
    let (described, folder) =
      subject.hasSuffix(".json")
      ? (try Self.described(subject), URL(fileURLWithPath: subject).deletingLastPathComponent())
      : try await Self.first(of: subject, only: only, in: workspace, say: say)
    var job = described
    job.settings.checkpointInterval = interval
    if !job.dataset.path.hasPrefix("/") {
      job.dataset.path = folder.appendingPathComponent(job.dataset.path).standardizedFileURL.path
    }
    self.job = JobDescription(
      variant: job.variant, settings: job.settings, seed: job.seed, dataset: job.dataset,
      budget: Budget(checkpoints: checkpoints))
  }

  private static func described(_ path: String) throws -> JobDescription {
    try JobDescription(json: InputFile.data(of: path, "the job description"), from: path)
  }

  private static func first(
    of sweep: String, only: [String], in workspace: Workspace, say: (String) -> Void
  ) async throws -> (JobDescription, URL) {
    let plan = try SweepFile.plan(sweep)
    let selection = Selection(only: only)
    try selection.check(against: plan)
    let prepared = try await PreparedSweep.prepare(plan, in: workspace, say: say).selecting(selection)
    guard let first = prepared.jobs.first else { throw InputError("\(sweep): every variant of it is skipped") }
    return (first, URL(fileURLWithPath: workspace.runFolder(first.run)))
  }
}
