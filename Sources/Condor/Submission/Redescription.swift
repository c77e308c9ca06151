package import Experiment
import FoundationEssentials
import Storage

extension Submission {
  /// Has a run's job train by another budget from its next start on: HTCondor reads the description at each.
  ///
  /// - Parameter job: The run with the budget, and what is kept of it, as they are asked for now.
  /// - Returns: Whether it was another one before.
  /// - Throws: `CondorError` where HTCondor has a copy of its own; `InputError`, `StorageError`.
  package func redescribe(_ job: JobDescription) throws -> Bool {
    let file = "\(folder)/\(input(of: job.run).description)"
    guard let data = try? FileContent.data(of: file) else { return false }
    let before = try CanonicalJSON.value(JobDescription.self, from: data)
    var description = job
    description.dataset.path = before.dataset.path
    if description == before { return false }
    if manifest.site.spool {
      throw CondorError.refused(
        "\(name): the access point has its own copy of what \(job.run) is to do: cancel it and submit it again, or resume "
          + "it once it has ended")
    }
    try DurableFile.write(try CanonicalJSON.data(description, pretty: true) + Data("\n".utf8), to: file)
    return true
  }
}
