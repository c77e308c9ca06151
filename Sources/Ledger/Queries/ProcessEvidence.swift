import Experiment
import Foundation
import Glibc
import Records
import Storage

extension ProcessEvidence {
  /// What this machine can tell of an attempt's process: nothing, if the attempt ran on another one.
  package static func onThisMachine(_ attempt: Attempt) -> ProcessEvidence {
    guard let provenance = attempt.provenance, provenance.host == ProcessIdentity.hostName else { return .unknown }
    guard let started = ProcessIdentity.startTime(of: Int32(truncatingIfNeeded: provenance.pid)) else { return .gone }
    // A process that began after the attempt did is another one with a number used again.
    return started <= attempt.started + 2 ? .alive : .gone
  }
}
