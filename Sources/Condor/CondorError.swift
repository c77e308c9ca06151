package import Experiment

/// What went wrong with a submission or a pool: a sentence that says what was being done, to which thing, what was wrong
/// and what to do.
package enum CondorError: EndingError, CustomStringConvertible, Hashable, Sendable {
  /// This machine lacks what is needed: HTCondor's programs, a worker that can be packaged.
  case unsuitable(String)
  /// HTCondor does not answer now; the same command goes on once it does.
  case silent(String)
  /// HTCondor has answered, and does not take what it was given.
  case refused(String)

  package var description: String {
    switch self {
    case .unsuitable(let sentence), .silent(let sentence), .refused(let sentence): sentence
    }
  }

  /// The same cause in other words.
  func saying(_ sentence: String) -> CondorError {
    switch self {
    case .unsuitable: .unsuitable(sentence)
    case .silent: .silent(sentence)
    case .refused: .refused(sentence)
    }
  }

  package var programEnd: ProgramEnd {
    switch self {
    case .unsuitable: .unsuitable
    case .silent: .resumable
    case .refused: .badInput
    }
  }
}
