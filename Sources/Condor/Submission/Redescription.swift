package import Experiment
import FoundationEssentials
import Storage

extension Submission {
  /// What became of a run's description at HTCondor.
  package enum Redescription: Sendable { case same, changed, keepsLargerBudget }

  /// Has a run's job train by a larger budget from its next start on: HTCondor reads the description at each.
  ///
  /// A smaller one, which another sweep with the same run may have, takes nothing away. In a shared folder the job reads
  /// the description in the run's folder, which is the caller's to write.
  /// - Parameter job: The run with the budget, and what is kept of it, as they are asked for now.
  /// - Returns: Whether it was another one before.
  /// - Throws: `CondorError` where HTCondor has a copy of its own; `InputError`, `StorageError`.
  package func redescribe(_ job: JobDescription) throws -> Redescription {
    let isShared = !manifest.site.transfersFiles
    let file = "\(folder)/" + (isShared ? "../../runs/\(job.run)/job.json" : input(of: job.run).description)
    guard let data = try? FileContent.data(of: file) else { return .same }
    let before = try CanonicalJSON.value(JobDescription.self, from: data)
    var description = job
    description.dataset.path = before.dataset.path
    if description == before { return .same }
    if !job.budget.isMore(than: before.budget), before.budget.isMore(than: job.budget) { return .keepsLargerBudget }
    if manifest.site.spool {
      throw CondorError.refused(
        "\(name): the access point has its own copy of what \(job.run) is to do: cancel it and submit it again, or resume "
          + "it once it has ended")
    }
    if isShared { return .changed }
    try DurableFile.write(try CanonicalJSON.data(description, pretty: true) + Data("\n".utf8), to: file)
    return .changed
  }
}
