import Experiment
import Ledger

/// That a run has ended, or waits for a person.
package struct RunNews: Hashable, Sendable {
  /// What has become of it.
  package enum Kind: String, CaseIterable, Sendable {
    case finished, diverged, failed
    /// It has stopped with something left to do, and nobody goes on with it.
    case stopped
    /// HTCondor holds its job.
    case held

    /// Whether the run is over with a result.
    package var isResult: Bool { self == .finished || self == .diverged }
  }

  /// What has become of it.
  package var kind: Kind
  /// The run's name.
  package var run: String
  /// Its variant's labels, and why it has ended as it has; a sentence.
  package var text: String

  package init(_ kind: Kind, run: String, text: String) { (self.kind, self.run, self.text) = (kind, run, text) }

  /// A line for a person.
  package var line: String { "\(kind.rawValue): \(run): \(text)" }
}

extension RunNews {
  /// How a run that this process has trained has ended; nil while it has not, and where somebody stopped it.
  package init?(_ task: RunTask) {
    let kind: Kind
    switch task.outcome {
    case .finished: kind = .finished
    case .diverged: kind = .diverged
    case .failed: kind = .failed
    case .stopped, nil: return nil
    }
    self.init(kind, run: task.job.run, text: "\(task.title): \(task.summary)")
  }
}

extension RunNews.Kind {
  /// What a state that nobody works on says; nil for a run that has not begun.
  init?(_ state: RunState) {
    switch state {
    case .planned, .running: return nil
    case .finished: self = .finished
    case .diverged: self = .diverged
    case .failed, .storageFailure: self = .failed
    case .interrupted, .resumable, .unknown, .missing: self = .stopped
    }
  }
}
