/// How a program of this project ends.
///
/// The worker exits with it, and the batch system's files are written from it.
package enum ProgramEnd: Int32, Codable, CaseIterable, Sendable {
  /// The run's budget of training is used: nothing is left to do.
  case finished = 0
  /// A defect of the software.
  case defect = 70
  /// This machine cannot run the worker (processor, kernel, libraries); another one may.
  case unsuitable = 69
  /// The input (command line, sweep file, job description, dataset, checkpoint) cannot be used as it is.
  case badInput = 64
  /// The file system refused: no room, read-only, gone. Earlier checkpoints are intact.
  case storageFailure = 74
  /// Stopped early (walltime near, or asked to by a signal) with everything saved: start it again to go on.
  case resumable = 75
  /// A checkpoint is written and the batch system may transfer it; start me again at once.
  case checkpointed = 85
  /// The losses or weights are no longer finite. The last finite state is kept; starting again would not help.
  case diverged = 86
  /// Another worker is training this run.
  case locked = 87
  /// A comparison failed: a rehearsal that is not bit-identical, a check that does not hold.
  case checkFailed = 1

  /// One line for tables and docs/commands.md.
  package var meaning: String {
    switch self {
    case .finished: "finished"
    case .checkFailed: "a check failed (rehearsal not bit-identical, lint, unfinished or failed runs)"
    case .badInput: "bad input: the message says what, where and what to do"
    case .defect: "a defect of qcalo"
    case .unsuitable: "this machine cannot run the worker: the message says what is missing"
    case .storageFailure: "storage failure: no room, read-only or vanished; earlier checkpoints are intact"
    case .resumable: "stopped early with everything saved (walltime, signal): start it again"
    case .checkpointed: "checkpointed, start me again (HTCondor's checkpoint_exit_code)"
    case .diverged: "diverged (NaN): the last finite state is kept, never retried"
    case .locked: "another worker is training this run"
    }
  }
}
