package import Experiment

/// What went wrong with a submission or a pool: a sentence that says what was being done, to which thing, what was wrong
/// and what to do.
package enum CondorError: EndingError, CustomStringConvertible, Hashable, Sendable {
  /// This machine lacks what is needed: HTCondor's programs, a worker that can be packaged.
  case unsuitable(String)
  /// HTCondor does not answer now; the same command goes on once it does.
  case silent(String)
  /// The access point has answered, and does not take the jobs.
  case refused(String)
  /// What was to be submitted cannot be: condor_submit itself says so.
  case invalid(String)

  package var description: String {
    switch self {
    case .unsuitable(let sentence), .silent(let sentence), .refused(let sentence), .invalid(let sentence): sentence
    }
  }

  /// The same cause in other words.
  func saying(_ sentence: String) -> CondorError {
    switch self {
    case .unsuitable: .unsuitable(sentence)
    case .silent: .silent(sentence)
    case .refused: .refused(sentence)
    case .invalid: .invalid(sentence)
    }
  }

  package var programEnd: ProgramEnd {
    switch self {
    case .unsuitable, .refused: .unsuitable
    case .silent: .resumable
    case .invalid: .badInput
    }
  }
}
