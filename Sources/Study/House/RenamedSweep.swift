import Experiment
import Foundation
package import Ledger
import Storage
import Sweeps

/// Gives a sweep another name.
package enum RenamedSweep {
  /// Writes the sweep's record, and what a search has decided, under the new name, and makes the ledger anew.
  ///
  /// A kill leaves both names, of which the old one can be removed.
  /// - Parameters:
  ///   - old: The sweep's name.
  ///   - new: The name to give it.
  ///   - workspace: Where it is recorded.
  ///   - pool: What is at HTCondor.
  /// - Returns: The sweep's file, which still has the old name.
  /// - Throws: `InputError` when it cannot have the name, or while anybody works on it; `LedgerError`, `StorageError`.
  package static func rename(_ old: String, to new: String, in workspace: Workspace, pool: PoolStatus) throws -> String
  {
    let ledger = try Ledger(reading: workspace)
    if let flaw = SweepFile.flaw(inName: new) { throw InputError(flaw) }
    guard try ledger.sweeps().contains(old) else { throw InputError("there is no sweep '\(old)'") }
    guard FileStatus(workspace.sweepRecord(new)) == nil else { throw InputError("there is a sweep '\(new)' already") }
    for status in try ledger.statuses(sweep: old, process: pool.evidence) {
      if let clause = pool.work(on: status) {
        throw InputError("renaming \(old): \(status.run) is \(clause); wait for it, or stop it")
      }
    }
    let lock = try SearchBook.locked(old, in: workspace, for: "renaming")
    defer { withExtendedLifetime(lock) {} }
    var record = try RecordedSweep.read(old, in: workspace)
    record.plan.name = new
    try DurableFile.write(CanonicalJSON.data(record, pretty: true), to: workspace.sweepRecord(new), shared: true)
    if lock != nil { try DurableFile.move(workspace.searchRecord(old), to: workspace.searchRecord(new)) }
    do { try FileManager.default.removeItem(atPath: workspace.sweepRecord(old)) } catch {
      throw StorageError("removing", workspace.sweepRecord(old), error)
    }
    try Ledger.rebuild(workspace)
    return record.source
  }
}
