import Testing

@testable import NeuralNetwork

struct SharingTrialTests {
  /// How many of a trial's pieces and of the pieces until the next are shared, when each way takes so long.
  private func shared(_ trial: inout SharingTrial, together: Int, alone: Int) -> (tried: Int, after: Int) {
    var counts = [0, 0]
    for piece in 0..<SharingTrial.period {
      let shares = trial.shares
      counts[piece < 2 * SharingTrial.tries ? 0 : 1] += shares ? 1 : 0
      trial.note(.milliseconds(shares ? together : alone))
    }
    return (counts[0], counts[1])
  }

  @Test func `work is shared while that is faster, and tried again when it was not`() {
    var trial = SharingTrial()
    let rest = SharingTrial.period - 2 * SharingTrial.tries
    #expect(shared(&trial, together: 4, alone: 7) == (SharingTrial.tries, rest))
    #expect(shared(&trial, together: 10, alone: 7) == (SharingTrial.tries, 0))
    #expect(shared(&trial, together: 4, alone: 7) == (SharingTrial.tries, rest))
  }

  @Test func `one slow piece decides nothing`() {
    var trial = SharingTrial()
    for time in [4, 100, 4, 7, 7, 7] { trial.note(.milliseconds(time)) }
    #expect(trial.shares)
  }
}
