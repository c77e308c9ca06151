import Ledger
import Testing

@testable import Reports

@Suite struct RowStateTests {
  private func state(_ run: RunState, _ values: [Double]) -> String {
    RowState(run, Curve(checkpoints: Array(values.indices), reduced: values)).description
  }

  @Test("What a table says of a run")
  func states() {
    let falling = (0...20).map { 50 - 2 * Double($0) }
    let settled = falling + (0...20).map { 10 + Double($0 % 3) }
    #expect(state(.finished, settled) == "finished")
    #expect(state(.finished, falling) == "still improving")
    #expect(state(.diverged, [70, 60, 55]) == "diverged after checkpoint 2")
    #expect(state(.planned, []) == "not run")
    #expect(state(.interrupted, falling) == "interrupted")
    #expect(state(.storageFailure, falling) == "storage failure")
  }

  @Test("Still improving is what has its best checkpoint beyond nine tenths")
  func bounds() {
    func best(at checkpoint: Int) -> String { state(.finished, (0...20).map { 10 + abs(Double($0 - checkpoint)) }) }
    #expect([17, 18, 19, 20].map(best) == ["finished", "finished", "still improving", "still improving"])
  }

  @Test("The same χ² at every trained checkpoint is stagnant, whether it finished or not")
  func stagnant() {
    let collapsed = [71.1] + Array(repeating: 70.58, count: 9)
    #expect(state(.finished, collapsed) == "stagnant: same χ² at every checkpoint")
    #expect(state(.running, collapsed) == "stagnant: same χ² at every checkpoint")
    #expect(state(.diverged, collapsed) == "diverged after checkpoint 9")
    // STUDY.md section 7: a run that dies at first and comes back is not.
    #expect(state(.running, [71.1, 68.3, 68.6, 69.9, 69.7]) == "running")
    #expect(state(.running, [71.1, 70.6, 70.6]) == "running")
  }
}
