import Condor
package import Experiment
import Ledger

/// What is to happen to a run now.
package enum StartDecision: Hashable, Sendable {
  case trainHere
  case submit
  /// The reason, in words that follow "left alone, ".
  case leave(String)

  /// What the user has asked for.
  package enum Intent: Sendable {
    /// That all train on this machine.
    case run
    /// That what was begun goes on, each run where it was last.
    case resume
    /// That all train at HTCondor.
    case submit
  }

  /// The decision, which follows from what is known of the run, and nothing else.
  /// - Parameters:
  ///   - job: The run.
  ///   - status: What the ledger has of it; nil for nothing.
  ///   - place: Where it is at HTCondor.
  ///   - taker: Who has it or comes to it, a clause, where it is not sent to HTCondor for that; nil: nobody. Asked for
  ///     a run alone that would be sent.
  ///   - intent: What the user has asked for.
  init(
    _ job: JobDescription, _ status: RunStatus?, at place: CondorState.Place,
    taker: @autoclosure () -> String? = nil, _ intent: Intent
  ) {
    self =
      switch (place, status?.state ?? .planned) {
      case (.there(let clause), _): .leave("at HTCondor (\(clause))")
      case (.never, .planned) where intent == .resume: .leave("not begun (`qcalo run` or `qcalo submit` starts them)")
      case (_, .finished)
      where status.map { job.budget.isUsed(checkpoint: $0.lastCheckpoint, trainingSeconds: $0.trainingSeconds) }
        ?? false:
        .leave("finished")
      case (_, .missing): .leave("its folder is gone (`qcalo collect --rebuild` forgets it)")
      case (_, .diverged): .leave("diverged (they would again; change the settings)")
      case (_, .running) where intent == .submit: .leave("it is being trained on this machine")
      // The run's lock knows best who has it.
      case (_, .running): .trainHere
      case (_, .planned), (_, .finished), (_, .interrupted), (_, .resumable), (_, .failed), (_, .storageFailure),
        (_, .unknown):
        intent == .submit || (intent == .resume && place == .left)
          ? taker().map { .leave("another has it: \($0)") } ?? .submit : .trainHere
      }
  }
}

/// What is to happen to each run of a sweep, in the sweep's order.
package struct StartDecisions {
  /// The runs that this machine trains, with what is known of them.
  private(set) var starting: [KnownRun] = []
  /// The runs that go to HTCondor.
  package private(set) var submitted: [JobDescription] = []
  private var left: [String: [JobDescription]] = [:]
  private let count: Int

  /// The runs that this machine trains.
  package var here: [JobDescription] { starting.map(\.job) }

  init(_ decisions: [(run: KnownRun, decision: StartDecision)]) {
    count = decisions.count
    for (run, decision) in decisions {
      switch decision {
      case .trainHere: starting.append(run)
      case .submit: submitted.append(run.job)
      case .leave(let reason): left[reason, default: []].append(run.job)
      }
    }
  }

  /// Which runs are left alone, and why: a sentence for each reason, with the first of them by title.
  package func leftAlone(title: (JobDescription) -> String) -> [String] {
    left.sorted { $0.key < $1.key }.map { reason, jobs in
      "\(counted(jobs.count, "run")) left alone, \(reason): "
        + jobs.map(title).firstFive(separator: "; ")
    }
  }

  /// How many runs are left alone, and why: a sentence for each reason.
  package var leftAloneCounts: [String] {
    left.sorted { $0.key < $1.key }.map { "\($1.count) of \(count) runs left alone: \($0)" }
  }
}
