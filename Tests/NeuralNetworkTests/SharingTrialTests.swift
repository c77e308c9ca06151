import Testing

@testable import NeuralNetwork

struct SharingTrialTests {
  /// The share of a period's time that is spent sharing, when each way takes so many milliseconds.
  private func shared(_ trial: inout SharingTrial, together: Int, alone: Int) -> Double {
    var (time, sharing) = (Duration.zero, Duration.zero)
    while time < SharingTrial.period {
      let piece = Duration.milliseconds(trial.shares ? together : alone)
      time += piece
      if trial.shares { sharing += piece }
      trial.note(piece)
    }
    return sharing / time
  }

  @Test func `work is shared while that is faster, and tried again when it was not`() {
    var trial = SharingTrial()
    #expect(shared(&trial, together: 4, alone: 7) > 0.95)
    // Of the next period the last one's choice holds for as long as the trials took.
    #expect(shared(&trial, together: 10, alone: 7) < 0.1)
    #expect(shared(&trial, together: 4, alone: 7) > 0.85)
    #expect(shared(&trial, together: 500, alone: 900) > 0.8)
  }

  @Test func `a helper that has become slow is noticed at once`() {
    var trial = SharingTrial()
    for _ in 0..<200 { trial.note(.milliseconds(trial.shares ? 4 : 7)) }
    #expect(trial.shares)
    var time = Duration.zero
    while trial.shares {
      trial.note(.milliseconds(10))
      time += .milliseconds(10)
    }
    // A quarter of a second to notice, one of the trial, and what was left of the last.
    #expect(time < .milliseconds(800))
    for _ in 0..<100 { trial.note(.milliseconds(trial.shares ? 10 : 7)) }
    #expect(!trial.shares)
  }

  @Test func `a helper that gets its core in bursts is left alone`() {
    var trial = SharingTrial()
    var shared = 0
    for piece in 0..<1000 {
      // One core in periods of 100 ms: twelve pieces run on two, then both threads stand still for the rest of it.
      let together = piece % 12 == 11 ? 54 : 4
      shared += trial.shares ? 1 : 0
      trial.note(.milliseconds(trial.shares ? together : 7))
    }
    #expect(shared < 50)
  }
}
