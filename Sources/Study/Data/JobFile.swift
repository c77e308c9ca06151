import Experiment
import Foundation
import Ledger
import Storage

extension Workspace {
  /// Writes a run's job description where it is new or asks for something else than the one that is there.
  /// - Throws: `StorageError`.
  func write(_ job: JobDescription) throws {
    let data = try CanonicalJSON.data(job, pretty: true)
    let path = jobDescription(job.run)
    if (try? FileContent.data(of: path)) == data { return }
    try Folder.make(runFolder(job.run))
    try DurableFile.write(data, to: path, shared: true)
  }
}
