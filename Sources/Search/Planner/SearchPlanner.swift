import Experiment

/// Decides what a search does next, by its specification and what is recorded, and nothing else.
///
/// Asynchronous successive halving: a trial goes on to the next rung as soon as it is among the best of those that have
/// come as far; only where none is, a new one starts. A trial that waits is stopped when nothing else is left.
/// - Source: Li et al., arXiv:1810.05934, algorithm 2.
package struct SearchPlanner: Sendable {
  /// What the search is to do.
  package let specification: SearchSpecification
  /// Whether a point may be tried beside those that are.
  private let admits: Admission

  /// Tells whether a point may be tried beside those that are: whether it can be trained, and is none of them again.
  package typealias Admission = @Sendable (_ point: Point, _ tried: [Point]) -> Bool

  /// Tries at a point that may be tried, after which all points of a small space are gone through, and a large one counts
  /// as exhausted.
  static let patience = 200
  /// Points of a small space, at most.
  private static let few = 10_000

  /// - Parameters:
  ///   - specification: What the search is to do.
  ///   - admits: Whether a point may be tried beside those that are; if not given, whether it is another one.
  package init(_ specification: SearchSpecification, admits: @escaping Admission = { !$1.contains($0) }) {
    (self.specification, self.admits) = (specification, admits)
  }

  /// The next step.
  /// - Returns: The same for the same evidence.
  package func next(_ evidence: SearchEvidence) -> NextStep {
    let ladder = Ladder(specification, evidence)
    if let limit = specification.coreHours, evidence.coreHours >= limit {
      return ladder.isPending ? .wait : .end("the budget of \(Self.short(limit)) core-hours is spent")
    }
    if let decision = ladder.promotion { return .decide(decision) }
    if evidence.trials.count < specification.trials, let point = point(evidence, ladder) {
      let number = evidence.trials.count
      return .decide(
        SearchDecision(
          trial: number, rung: 0, cause: .new, point: point,
          reason: "trial \(number + 1) of \(specification.trials)"))
    }
    if ladder.isPending { return .wait }
    if let decision = ladder.last { return .decide(decision) }
    let count = evidence.trials.count
    return .end(
      count < specification.trials
        ? "beside the \(counted(count, "trial")) no point was found that can be trained and is another model"
        : "all \(count) trials were tried, and those that went on have come to the end")
  }

  /// The next trial's point; nil where the space has none that may be tried.
  private func point(_ evidence: SearchEvidence, _ ladder: Ladder) -> Point? {
    let tried = evidence.trials.map(\.point)
    let knowledge = ladder.knowledge
    for attempt in 0..<Self.patience {
      let point = specification.method.point(
        evidence.trials.count, attempt: attempt, in: specification.space, seed: specification.seed, knowing: knowledge)
      if admits(point, tried) { return point }
    }
    return specification.space.points(atMost: Self.few)?.first { admits($0, tried) }
  }

  /// The point that a search would try without knowing anything, and whether or not it may be tried.
  package static func example(_ number: Int, of specification: SearchSpecification) -> Point {
    let (space, seed) = (specification.space, specification.seed)
    return SearchMethod.quasirandom.point(number, in: space, seed: seed, knowing: .init())
  }

  /// Where each trial stands.
  /// - Parameters:
  ///   - evidence: What is recorded of the trials.
  ///   - hasEnded: Whether it is known that nothing comes next; if not, it is looked at.
  /// - Returns: One for each trial.
  package func standings(_ evidence: SearchEvidence, hasEnded: Bool = false) -> [TrialStanding] {
    var isOver = hasEnded
    if !isOver, case .end = next(evidence) { isOver = true }
    let ladder = Ladder(specification, evidence)
    return evidence.trials.indices.map { ladder.standing(of: $0, isOver: isOver) }
  }

  private static func short(_ value: Double) -> String {
    value == value.rounded() && abs(value) < 1e15 ? "\(Int(value))" : "\(value)"
  }
}

/// Where a trial stands.
package struct TrialStanding: Hashable, Sendable {
  /// The states of a trial.
  package enum State: String, Codable, Hashable, Sendable {
    /// It is being trained, or about to be.
    case training
    /// It has come to its rung and may yet go on.
    case waiting
    /// It does not go on.
    case stopped
    /// It has come to the last rung.
    case done
    /// It diverged or failed.
    case failed
  }

  /// The trial's number, from 0.
  package var trial: Int
  /// What it does.
  package var state: State
  /// The rung that it was sent to, from 0.
  package var rung: Int
  /// Its objective at the highest rung that it has come to, the mean over its seeds there; nil while it has none.
  package var objective: Double?
  /// Why it is there, in words.
  package var reason: String
}
