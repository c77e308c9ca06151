/// One thing that a search has decided, as it is recorded.
package struct SearchDecision: Hashable, Sendable {
  /// The trial's number, from 0.
  package var trial: Int
  /// The rung that the trial is sent to, from 0; at 0 it starts.
  package var rung: Int
  /// Why.
  package var cause: Cause
  /// What the trial tries, when it starts; nil else.
  package var point: Point?
  /// The same in words: "3rd of 9 at checkpoint 5, and the best 3 go on".
  package var reason: String

  /// Why a trial starts or goes on.
  package enum Cause: String, Codable, Hashable, Sendable {
    /// It is a new one.
    case new
    /// It is one of the best at its rung, or nothing is stopped that early.
    case best
    /// Its curve promises more than it has shown.
    case kept
    /// Nothing else is left to do, and no trial has come to the end.
    case last
  }

  /// What a trial is called: "trial 1" for the number 0.
  package static func label(_ trial: Int) -> String { "trial \(trial + 1)" }

  package init(trial: Int, rung: Int, cause: Cause, point: Point? = nil, reason: String) {
    (self.trial, self.rung, self.cause, self.point, self.reason) = (trial, rung, cause, point, reason)
  }
}

/// What a search does next.
package enum NextStep: Hashable, Sendable {
  /// A trial starts or goes on.
  case decide(SearchDecision)
  /// What comes next depends on what is being trained.
  case wait
  /// Nothing more comes; a sentence on why.
  case end(String)
}

extension SearchEvidence {
  /// The trials as they were sent by these decisions, in their order; nothing has come out of them yet.
  ///
  /// A decision on a trial that was not started is left out.
  package init(_ decisions: some Sequence<SearchDecision>) {
    trials = []
    for decision in decisions { apply(decision) }
  }

  /// Sends a trial where a decision says.
  package mutating func apply(_ decision: SearchDecision) {
    if let point = decision.point {
      if decision.trial == trials.count { trials.append(TrialEvidence(point)) }
    } else if trials.indices.contains(decision.trial), decision.rung > trials[decision.trial].rung {
      if decision.cause == .kept { trials[decision.trial].kept.insert(trials[decision.trial].rung) }
      trials[decision.trial].rung = decision.rung
    }
  }
}
