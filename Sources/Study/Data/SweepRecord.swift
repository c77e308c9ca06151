import Experiment
import Foundation
package import Ledger
import Storage

extension RecordedSweep {
  /// A sweep as it was last started.
  /// - Throws: `InputError` when it was not, or its record is none; `StorageError` when that cannot be read.
  package static func read(_ name: String, in workspace: Workspace) throws -> RecordedSweep {
    let path = workspace.sweepRecord(name)
    guard let bytes = try FileContent.bytes(ifThere: path) else {
      throw InputError("there is no sweep '\(name)' in \(workspace.path); `qcalo run` starts one from its file")
    }
    do {
      return try CanonicalJSON.value(RecordedSweep.self, from: Data(bytes))
    } catch {
      throw InputError("\(path): not the record of a sweep; `qcalo run` with the sweep's file writes it anew")
    }
  }
}
