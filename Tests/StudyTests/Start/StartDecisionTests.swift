import Condor
import Experiment
import Testing

@testable import Ledger
@testable import Study

@Suite struct StartDecisionTests {
  private static let finished = StartDecision.leave("finished")
  private static let diverged = StartDecision.leave("diverged (they would again; change the settings)")
  private static let notBegun = StartDecision.leave("not begun (`qcalo run` or `qcalo submit` starts them)")
  private static let trainedHere = StartDecision.leave("it is being trained on this machine")

  private static let intents: [StartDecision.Intent] = [.run, .resume, .submit]

  /// A run in a state, as far as its budget of three checkpoints goes.
  private func status(_ state: RunState, last: Int? = 3, seconds: Double = 30) -> RunStatus {
    RunStatus(
      run: "x", variant: "x", seed: 1, label: "", budget: Budget(checkpoints: 3), state: state, attempts: [],
      curve: last.map { Curve(checkpoints: Array(0...$0), reduced: .init(repeating: 1, count: $0 + 1)) } ?? Curve(),
      lastIteration: nil, trainingSeconds: seconds, lostSeconds: 0, cost: RunCost())
  }

  private func decisions(
    _ state: RunState?, at place: CondorState.Place, budget: Budget = Budget(checkpoints: 3)
  ) throws -> [StartDecision] {
    var job = try StudyWorkspace().prepared.jobs[0]
    job.budget = budget
    return Self.intents.map { StartDecision(job, state.map { status($0) }, at: place, $0) }
  }

  @Test(
    "what is to happen to a run: with run, resume and submit, never at HTCondor and after it has left there",
    arguments: [
      (nil, [.trainHere, notBegun, .submit], [.trainHere, .submit, .submit]),
      (.planned, [.trainHere, notBegun, .submit], [.trainHere, .submit, .submit]),
      (.running, [.trainHere, .trainHere, trainedHere], [.trainHere, .trainHere, trainedHere]),
      (.interrupted, [.trainHere, .trainHere, .submit], [.trainHere, .submit, .submit]),
      (.resumable, [.trainHere, .trainHere, .submit], [.trainHere, .submit, .submit]),
      (.failed, [.trainHere, .trainHere, .submit], [.trainHere, .submit, .submit]),
      (.storageFailure, [.trainHere, .trainHere, .submit], [.trainHere, .submit, .submit]),
      (.unknown, [.trainHere, .trainHere, .submit], [.trainHere, .submit, .submit]),
      (.finished, [finished, finished, finished], [finished, finished, finished]),
      (.diverged, [diverged, diverged, diverged], [diverged, diverged, diverged]),
    ] as [(RunState?, [StartDecision], [StartDecision])])
  func table(state: RunState?, never: [StartDecision], left: [StartDecision]) throws {
    #expect(try decisions(state, at: .never) == never)
    #expect(try decisions(state, at: .left) == left)
  }

  @Test("a run that is at HTCondor is left alone, whatever else is known of it", arguments: [nil] + RunState.allCases)
  func there(state: RunState?) throws {
    let expected = StartDecision.leave("at HTCondor (held in submission small-1)")
    #expect(
      try decisions(state, at: .there("held in submission small-1")) == [expected, expected, expected])
  }

  @Test
  func `a run that another process has or comes to is not sent to HTCondor, and trained here if that is asked for`()
    throws
  {
    let job = try StudyWorkspace().prepared.jobs[0]
    for state: RunState in [.planned, .interrupted, .resumable, .unknown] {
      func decided(_ place: CondorState.Place, _ intent: StartDecision.Intent) -> StartDecision {
        StartDecision(job, status(state), at: place, taker: "process 5 on lxplus701", intent)
      }
      let left = StartDecision.leave("another has it: process 5 on lxplus701")
      #expect(decided(.never, .submit) == left && decided(.left, .submit) == left && decided(.left, .resume) == left)
      #expect(decided(.never, .run) == .trainHere && decided(.left, .run) == .trainHere)
    }
  }

  @Test(
    "a finished run is left alone as long as its budget is used, exactly used too, and goes on with a larger one",
    arguments: [
      (Budget(checkpoints: 2), true), (Budget(checkpoints: 3), true), (Budget(checkpoints: 4), false),
      (Budget(trainingSeconds: 29), true), (Budget(trainingSeconds: 30), true), (Budget(trainingSeconds: 31), false),
      // Whichever part of it is used first.
      (Budget(checkpoints: 4, trainingSeconds: 30), true), (Budget(checkpoints: 3, trainingSeconds: 31), true),
      (Budget(checkpoints: 4, trainingSeconds: 31), false),
    ])
  func budget(budget: Budget, isUsed: Bool) throws {
    let onwards: [StartDecision] = [.trainHere, .trainHere, .submit]
    #expect(
      try decisions(.finished, at: .never, budget: budget)
        == (isUsed ? .init(repeating: Self.finished, count: 3) : onwards))
  }

  @Test func `what is left alone is said once for each reason, with the first five runs`() throws {
    var study = try StudyWorkspace()
    study.plan.seeds = Array(1...4)
    let jobs = study.prepared.jobs
    let decisions = StartDecisions(
      jobs.enumerated().map { index, job in
        (KnownRun(job, in: study.workspace), index == 0 ? .trainHere : index == 1 ? .leave("b") : .leave("a"))
      })
    #expect(decisions.here == [jobs[0]] && decisions.submitted.isEmpty)
    #expect(decisions.leftAloneCounts == ["6 of 8 runs left alone: a", "1 of 8 runs left alone: b"])
    #expect(
      decisions.leftAlone { "\($0.seed)" } == [
        "6 runs left alone, a: 2; 2; 3; 3; 4 and 1 more", "1 run left alone, b: 1",
      ])
  }
}
