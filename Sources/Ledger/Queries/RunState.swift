package import Experiment

/// Where a run stands.
///
/// Never stored: it follows from what is recorded, by the one table in `RunEvidence.state`.
package enum RunState: String, Codable, CaseIterable, Sendable {
  /// Not begun.
  case planned
  case running
  /// Its last attempt was killed: no end is recorded and its process is gone.
  case interrupted
  /// Stopped early with everything saved, or its budget was raised since.
  case resumable
  case finished
  case diverged
  case failed
  case storageFailure = "storage failure"
  /// It has begun, and its folder is gone.
  case missing
  /// Nobody can tell whether its last attempt still lives.
  case unknown
}

/// Whether the process of an attempt lives.
///
/// Only positive evidence ends an attempt: not to know is not to be gone.
package enum ProcessEvidence: Hashable, Sendable {
  case alive, gone, unknown
}

/// What the state of a run follows from.
package struct RunEvidence: Hashable, Sendable {
  /// How the last attempt stands.
  package enum LastAttempt: Hashable, Sendable {
    case none
    /// No end is recorded.
    case open(ProcessEvidence)
    /// Ended with this code; nil for one that this software does not know.
    case ended(ProgramEnd?)
  }

  /// How the run's latest attempt stands.
  package var lastAttempt: LastAttempt
  /// Whether the run was given a larger budget than it has used.
  package var hasBudgetLeft: Bool

  package init(lastAttempt: LastAttempt, hasBudgetLeft: Bool) {
    self.lastAttempt = lastAttempt
    self.hasBudgetLeft = hasBudgetLeft
  }

  /// The state that follows from both.
  package var state: RunState {
    switch lastAttempt {
    case .none: .planned
    case .open(.alive): .running
    case .open(.gone): .interrupted
    case .open(.unknown): .unknown
    case .ended(.finished): hasBudgetLeft ? .resumable : .finished
    case .ended(.resumable), .ended(.checkpointed): .resumable
    case .ended(.diverged): .diverged
    case .ended(.storageFailure): .storageFailure
    case .ended(.badInput), .ended(.unsuitable), .ended(.defect), .ended(.checkFailed): .failed
    // A worker that found another one training leaves the run as it was; who holds the lock is not recorded here.
    case .ended(.locked), .ended(nil): .unknown
    }
  }
}
