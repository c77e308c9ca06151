import Experiment
import Foundation
import Records
import TestSupport
import Testing

@testable import Training

@Suite("A training run")
struct TrainingRunTests {
  @Test("trains to its budget, keeps two full checkpoints and every generator, and records each checkpoint once")
  func undisturbed() throws {
    let run = try ToyRun()
    let end = try run.train()
    #expect(end.exit == .finished)
    #expect(end.reason == "checkpoint 4 is reached")
    #expect(end.iteration == 40)
    #expect(try run.checkpointFiles() == ["full-000003.h5", "full-000004.h5"])
    #expect(try CheckpointStore(folder: run.folder).names(.generator).map(\.checkpoint) == [0, 1, 2, 3, 4])
    #expect(run.told.checkpoints == [0, 1, 2, 3, 4])
    let history = try run.folder.history()
    #expect(history.records.map(\.sequence) == [0, 1, 2, 3, 4, 5, 6])
    guard case .attemptStarted(let start)? = history.records.first?.event else { throw TestFailure("no start") }
    #expect(start.iteration == 0 && start.fromCheckpoint == nil && start.dataset == "d5")
    #expect(start.provenance.binary.count == 64 && start.provenance.kernels == "toy")
    #expect(history.checkpoints[2]?.full?.path == "checkpoints/full-000002.h5")
    #expect(history.checkpoints[0]?.diagnostics.generatorLoss == nil)
    #expect(history.checkpoints[1]?.diagnostics.discriminatorGradient != 0)
  }

  @Test("stopped and resumed at any iteration ends up with the same bits", arguments: [1, 3, 7, 10, 11])
  func resumed(every: Int) throws {
    let run = try ToyRun()
    var exits: [ProgramEnd] = []
    repeat {
      var disturbed = run
      var left = every
      disturbed.control.stopRequest = {
        left -= 1
        return left < 0 ? "SIGTERM" : nil
      }
      exits.append(try disturbed.train().exit)
    } while exits.last == .resumable
    #expect(exits.last == .finished && exits.count == (40 + every - 1) / every)
    #expect(difference(from: try ToyRun.undisturbed(), to: try run.digest()) == nil)
    #expect(try run.checkpointFiles() == ["full-000003.h5", "full-000004.h5"])
  }

  @Test("writes nothing between two checkpoints when somebody has taken its lock")
  func lockTaken() throws {
    let run = try ToyRun()
    var (stopped, calls, other) = (run, 0, RunLock?.none)
    stopped.control.stopRequest = {
      calls += 1
      guard calls == 26 else { return nil }
      try? FileManager.default.removeItem(atPath: run.temporary("lock"))
      other = try? RunLock(folder: run.folder)
      return "SIGTERM"
    }
    #expect(throws: RunLocked.self) { try stopped.train() }
    #expect(other != nil && calls == 26)
    #expect(try run.checkpointFiles() == ["full-000001.h5", "full-000002.h5"])
  }

  @Test("resumes between two checkpoints, and forgets what was between them at the next")
  func between() throws {
    let run = try ToyRun()
    var stopped = run
    var calls = 0
    stopped.control.stopRequest = {
      calls += 1
      return calls == 26 ? "SIGTERM" : nil
    }
    let end = try stopped.train()
    #expect(end.reason == "SIGTERM asked to stop" && end.iteration == 25)
    #expect(try run.checkpointFiles() == ["full-000001.h5", "full-000002.h5", "full-000002+5.h5"])
    try run.train()
    #expect(try run.checkpointFiles() == ["full-000003.h5", "full-000004.h5"])
    guard case .attemptStarted(let start)? = try run.folder.history().records.first(where: { $0.attempt == 2 })?.event
    else { throw TestFailure("no start") }
    #expect(start.iteration == 25 && start.fromCheckpoint == 2 && start.notBitIdentical == nil)
  }

  @Test("does nothing, and says so, when it is finished; a longer budget goes on")
  func finished() throws {
    var run = try ToyRun(checkpoints: 2)
    try run.train()
    let again = try run.train { $0.before = { _ in Issue.record("a finished run iterates") } }
    #expect(again.exit == .finished)
    #expect(try run.folder.history().lastAttempt == 1)
    run.job.budget.checkpoints = 4
    try run.write()
    #expect(try run.train().iteration == 40)
    #expect(difference(from: try ToyRun.undisturbed(), to: try run.digest()) == nil)
  }

  @Test("saves between checkpoints when asked to, and goes on")
  func savesNow() throws {
    var run = try ToyRun(checkpoints: 1)
    var calls = 0
    run.control.takeSaveRequest = {
      calls += 1
      return calls == 4
    }
    let folder = run.folder
    var seen: [String] = []
    try run.train { toy in
      toy.before = { iteration in
        if iteration == 5 { seen = (try? CheckpointStore(folder: folder).names(.full).map(\.file)) ?? [] }
      }
    }
    #expect(seen == ["full-000000.h5", "full-000000+4.h5"])
    #expect(run.told.notices == ["checkpoint asked for by a signal: full-000000+4.h5"])
  }

  @Test("stops before the walltime by its margin, everything saved")
  func walltime() throws {
    var run = try ToyRun()
    var time = 1000.0
    run.control.now = {
      time += 0.5
      return time
    }
    run.control.walltime = Walltime(start: 1000, limit: 12, margin: 4)
    let end = try run.train()
    #expect(end.exit == .resumable)
    #expect(end.reason == "the walltime of 12 s is nearly over")
    #expect(time < 1009)
    #expect(end.iteration > 5)
    #expect(try run.checkpointFiles().last == "full-000001+\(end.iteration - 10).h5" || end.iteration < 10)
    run.control.walltime = nil
    try run.train()
    #expect(difference(from: try ToyRun.undisturbed(), to: try run.digest()) == nil)
  }

  @Test("for HTCondor: 85 at each checkpoint; near the walltime 85 with something new, then 75 without")
  func exitAfterCheckpoint() throws {
    var run = try ToyRun(checkpoints: 2)
    run.control.exitInterval = 0
    #expect(try run.train().exit == .checkpointed)
    var late = run
    late.control.now = { 2000 }
    late.control.walltime = Walltime(start: 1000, limit: 1000)
    #expect(try late.train { $0.before = { _ in Issue.record("it iterates without time") } }.exit == .resumable)
    var calls = 0
    late.control.walltime = Walltime(start: 1000, limit: 2000, margin: 0)
    late.control.now = {
      calls += 1
      return calls < 6 ? 1500 : 3000
    }
    #expect(try late.train().exit == .checkpointed)
    #expect(try run.train().exit == .finished)
    #expect(difference(from: try ToyRun.undisturbed(checkpoints: 2), to: try run.digest()) == nil)
  }

  @Test("stops before an iteration that ends in a checkpoint while there is no time left to evaluate it")
  func walltimeAndEvaluation() throws {
    var run = try ToyRun()
    let clock = turn(&run)
    // The untrained generator was evaluated until 1050.
    run.control.walltime = Walltime(start: 1000, limit: 100, margin: 0)
    let end = try run.train(ToyTrainee.self) { clock.turn($0, iteration: 1, evaluation: 50) }
    #expect(end.exit == .resumable && end.iteration == 9)
    // What an evaluation takes is known from the earlier start.
    run.control.walltime = Walltime(start: clock.now, limit: 50, margin: 0)
    let late = try run.train(ToyTrainee.self) { clock.turn($0, iteration: 1, evaluation: 50) }
    #expect(late.exit == .resumable && late.iteration == 9)
  }

  @Test("tells how long it will go on: to the budget that is used up first")
  func timeLeft() throws {
    var run = try ToyRun()
    run.job.budget.trainingSeconds = 25
    try run.write()
    let clock = turn(&run)
    var left: [Int: Double?] = [:]
    run.control.progress = { left[$0.record.checkpoint] = $0.secondsLeft }
    try run.train(ToyTrainee.self) { clock.turn($0, iteration: 1, evaluation: 50) }
    #expect(left == [0: nil, 1: 90, 2: 30])
    run.job.budget.trainingSeconds = 1e6
    try run.write()
    try run.train(ToyTrainee.self) { clock.turn($0, iteration: 1, evaluation: 50) }
    #expect(left[3] == 60 && left[4] == 0)
  }

  @Test("ends when the seconds of training are used, counted over all attempts")
  func seconds() throws {
    var run = try ToyRun(checkpoints: nil)
    run.job.budget.trainingSeconds = 1
    try run.write()
    let clock = turn(&run)
    let slow: (ToyTrainee) -> Void = { clock.turn($0, iteration: 1 / 64, evaluation: 5) }
    var stopped = run
    var left = 33
    stopped.control.stopRequest = {
      left -= 1
      return left == 0 ? "SIGTERM" : nil
    }
    let first = try stopped.train(ToyTrainee.self, slow)
    #expect(first.exit == .resumable && first.iteration == 32 && first.cost.training == 0.5)
    let end = try run.train(ToyTrainee.self, slow)
    #expect(end.exit == .finished && end.reason == "the budget of 1 s of training is used")
    #expect(end.iteration == 64 && end.cost.training == 1)
    #expect(try run.train().exit == .finished)
  }

  private func turn(_ run: inout ToyRun) -> TurnedClock {
    let clock = TurnedClock()
    run.control.now = { clock.now }
    run.control.steady = { clock.now }
    return clock
  }

  @Test(
    "diverged, it keeps the last finite state and the offending iteration, and is never retried",
    arguments: [false, true])
  func diverged(silently: Bool) throws {
    let run = try ToyRun()
    let end = try run.train { $0.breaksAt = (27, silently) }
    #expect(end.exit == .diverged)
    #expect(end.iteration == 26)
    #expect(
      end.reason.hasSuffix(
        "the last finite state, after iteration 26, is kept in checkpoints/full-000002+6.h5, and iteration 27 is the one "
          + "that breaks it"))
    let again = try run.train { $0.before = { _ in Issue.record("a diverged run iterates") } }
    #expect(again == end)
    let kept = try CheckpointStore(folder: run.folder).newest().checkpoint
    let toy = ToyTrainee(seed: 3)
    for _ in 0..<26 { _ = toy.iterate(norms: false) }
    #expect(kept?.arrays == toy.state.sorted { $0.name < $1.name })
  }

  @Test(
    "whose showers are not finite at a checkpoint has diverged: they are not scored",
    arguments: [(25, 2, 29), (0, nil, 0)])
  func brokenShowers(from iteration: Int, last: Int?, end expected: Int) throws {
    let run = try ToyRun()
    let end = try run.train { $0.showersBreakAt = iteration }
    #expect(end.exit == .diverged && end.iteration == expected)
    let failed = iteration == 0 ? 0 : 30
    #expect(
      end.reason.hasPrefix("diverged: 3 of the 1000 showers at iteration \(failed) are not of finite numbers"),
      "\(end.reason)")
    #expect(try run.folder.history().checkpoints.keys.max() == last)
    #expect(try run.train { $0.before = { _ in Issue.record("a diverged run iterates") } } == end)
  }

  @Test("keeps every k-th generator, or none")
  func retention() throws {
    for (every, expected) in [(2, [0, 2, 4]), (0, [])] {
      let run = try ToyRun(keep: Retention(full: 3, generatorEvery: every))
      try run.train()
      #expect(try CheckpointStore(folder: run.folder).names(.generator).map(\.checkpoint) == expected)
      #expect(try run.checkpointFiles().count == 3)
    }
  }

  @Test("whose job description lies elsewhere has a copy of it in its folder")
  func elsewhere() throws {
    let run = try ToyRun(checkpoints: 1)
    let folder = RunFolder(run.temporary("deep/er"))
    _ = try TrainingRun.train(jobFile: run.folder.jobFile, folder: folder, control: run.control) { job, path in
      #expect(path == run.temporary("dataset.h5"))
      return ToyTrainee(seed: job.seed)
    }
    #expect(try folder.job()?.dataset.path == run.temporary("dataset.h5"))
    #expect(try RunDigest(folder: folder).records.count == 2)
  }
}
