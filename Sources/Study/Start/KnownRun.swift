import Experiment
import Ledger
import Records

/// A run of a sweep, and what is known of it when a start of the sweep is decided.
struct KnownRun {
  let job: JobDescription
  /// What the ledger has of it; nil for nothing.
  var status: RunStatus?
  /// How many notices of its workers the ledger has.
  var notices = 0
  /// Its journals as they were before they were collected: what is more by now, the ledger may not have.
  let journals: JournalGrowth
  /// Where its files are.
  let folder: RunFolder

  /// A run of which the ledger has nothing.
  init(_ job: JobDescription, in workspace: Workspace) {
    self.job = job
    folder = RunFolder(workspace.runFolder(job.run))
    journals = JournalGrowth(folder)
  }
}
