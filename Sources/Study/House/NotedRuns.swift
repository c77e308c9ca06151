import Experiment
package import Ledger
package import Records
import Storage

/// What a person writes on runs.
package enum NotedRuns {
  /// The runs that a word means: a run, or all of a sweep.
  /// - Throws: `LedgerError`.
  package static func meant(by name: String, in ledger: Ledger) throws -> [String] {
    try ledger.sweeps().contains(name)
      ? ledger.statuses(sweep: name).filter { !$0.attempts.isEmpty }.map(\.run) : [ledger.run(named: name)]
  }

  /// What is written on a run.
  /// - Throws: `InputError` when its file cannot be understood.
  package static func notes(on run: String, in workspace: Workspace) throws -> RunNotes {
    let path = "\(workspace.runFolder(run))/\(RunNotes.fileName)"
    guard FileStatus(path) != nil else { return RunNotes() }
    do { return try CanonicalJSON.value(inFile: path) } catch let error as DecodingError {
      throw InputError("\(path): not notes on a run: \(error.explanation); mend it, or remove it")
    }
  }

  /// Changes what is written on runs, and takes it into the ledger.
  /// - Throws: `InputError` when there is no folder of a run; `LedgerError`, `StorageError`.
  package static func change(_ runs: [String], in workspace: Workspace, _ body: (inout RunNotes) -> Void) throws {
    for run in runs where !Folder.isFolder(workspace.runFolder(run)) {
      throw InputError("\(run): it has no folder here to keep notes in; it has not begun")
    }
    let ledger = try Ledger(workspace)
    // Of two that each add a tag, both tags stay.
    try ledger.alone {
      for run in runs {
        var notes = try notes(on: run, in: workspace)
        body(&notes)
        try DurableFile.write(
          CanonicalJSON.data(notes, pretty: true), to: "\(workspace.runFolder(run))/\(RunNotes.fileName)", shared: true)
      }
    }
    try ledger.collect()
  }
}
