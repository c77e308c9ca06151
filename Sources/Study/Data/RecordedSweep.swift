import Experiment
import Foundation
package import Ledger

extension RecordedSweep {
  /// A sweep as it was last started.
  /// - Throws: `InputError` when it was not, or its record is unreadable.
  package static func read(_ name: String, in workspace: Workspace) throws -> RecordedSweep {
    let path = workspace.sweepRecord(name)
    guard let data = FileManager.default.contents(atPath: path) else {
      throw InputError("there is no sweep '\(name)' in \(workspace.path); `qcalo run` starts one from its file")
    }
    do {
      return try CanonicalJSON.value(RecordedSweep.self, from: data)
    } catch {
      throw InputError("\(path): not the record of a sweep; `qcalo run` with the sweep's file writes it anew")
    }
  }
}
