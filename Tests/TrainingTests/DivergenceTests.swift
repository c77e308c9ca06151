import Experiment
import Records
import TestSupport
import Testing

@testable import Training

@Suite("A divergence")
struct DivergenceTests {
  /// A control's request to stop, at its n-th look.
  private func stop(_ run: ToyRun, at look: Int) -> ToyRun {
    var (stopped, looks) = (run, 0)
    stopped.control.stopRequest = {
      looks += 1
      return looks == look ? "SIGTERM" : nil
    }
    return stopped
  }

  @Test("is none while only a gradient's norm is infinite, which the journal and the checkpoints carry")
  func infiniteNorm() throws {
    let run = try ToyRun(checkpoints: 3)
    #expect(try run.train { $0.normsBreakAt = 15 }.exit == .finished)
    let history = try run.folder.history()
    #expect(history.unreadable == [] && history.checkpoints.keys.sorted() == [0, 1, 2, 3])
    #expect(history.checkpoints[1]?.diagnostics.discriminatorGradient?.isFinite == true)
    #expect(history.checkpoints[2]?.diagnostics.discriminatorGradient == .infinity)
    #expect(try CheckpointVerification(folder: run.folder).flaws == [])
    #expect(try run.digest().contains("\"inf\""))
  }

  @Test("keeps the same state whatever the interval, and whatever the norms", arguments: [3, 10, 30], [false, true])
  func anyInterval(_ interval: Int, silently: Bool) throws {
    let run = try ToyRun(checkpoints: 60 / interval, interval: interval)
    let end = try run.train { ($0.breaksAt, $0.normsBreakAt) = ((27, silently), 22) }
    #expect(end.exit == .diverged && end.iteration == 26)
  }

  @Test("whose replay is asked to stop saves nothing; the next start comes to the same", arguments: [28, 33, 34, 39])
  func replayStopped(look: Int) throws {
    let (run, undisturbed) = (try ToyRun(), try ToyRun())
    // 27 looks of the run itself, then 6 and 6 of the replay.
    let end = try stop(run, at: look).train { $0.breaksAt = (27, false) }
    #expect(end.exit == .resumable)
    #expect(
      end.reason
        == "SIGTERM asked to stop while the last finite state was looked for; diverged: the losses of iteration 27 are "
        + "not finite")
    #expect(try run.checkpointFiles() == ["full-000001.h5", "full-000002.h5"])
    let (again, expected) = (
      try run.train { $0.breaksAt = (27, false) }, try undisturbed.train { $0.breaksAt = (27, false) }
    )
    #expect(again.exit == .diverged && again.reason == expected.reason)
    #expect(difference(from: try undisturbed.digest(), to: try run.digest()) == nil)
  }

  @Test("whose replay comes to the walltime saves nothing, and lets HTCondor keep what is new", arguments: [30.0, 36])
  func replayWalltime(limit: Double) throws {
    let ends: [(Double?, ProgramEnd)] = [(nil, .resumable), (1e6, .checkpointed)]
    for (exitInterval, expected) in ends {
      var run = try ToyRun()
      let clock = TurnedClock()
      run.control.now = { clock.now }
      run.control.steady = { clock.now }
      run.control.exitInterval = exitInterval
      run.control.walltime = Walltime(start: 1000, limit: limit, margin: 0)
      let end = try run.train { toy in
        clock.turn(toy, iteration: 1, evaluation: 0)
        toy.breaksAt = (27, false)
      }
      #expect(end.exit == expected && clock.now < 1000 + limit)
      #expect(end.reason.hasPrefix("the walltime of \(Int(limit)) s is nearly over while the last finite state"))
      #expect(try run.checkpointFiles() == ["full-000001.h5", "full-000002.h5"])
      run.control.walltime = nil
      let again = try run.train { $0.breaksAt = (27, false) }
      #expect(again.exit == .diverged && again.iteration == 26)
    }
  }

  @Test("unseen when a stop saved the state goes back to the checkpoint before")
  func savedBroken() throws {
    let run = try ToyRun()
    let broken: (ToyTrainee) -> Void = { $0.breaksAt = (25, true) }
    #expect(try stop(run, at: 27).train(ToyTrainee.self, broken).iteration == 26)
    let end = try run.train(ToyTrainee.self, broken)
    #expect(end.exit == .diverged && end.iteration == 24)
    #expect(end.reason.contains("is kept in checkpoints/full-000002+4.h5, and iteration 25 is the one that breaks it"))
    let kept = try Checkpoint(file: run.temporary("checkpoints/full-000002+4.h5"))
    #expect(kept.arrays.allSatisfy { $0.values.allSatisfy(\.isFinite) })
  }
}
