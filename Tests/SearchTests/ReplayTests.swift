import Foundation
import Search
import Testing

@Suite struct ReplayTests {
  private static func replay(_ models: [[[Double]]], orders: Int = 60) -> SearchReplay {
    SearchReplay(
      models: models.map { seeds in seeds.map { curve in curve.enumerated().map { CurveValue($0, $1) } } },
      objective: Objective(.last), orders: orders)
  }

  /// Nine models that never change, 1 … 9.
  private static let constant = (1...9).map { [Array(repeating: Double($0), count: 10)] }

  @Test func `of models that never change the best is found in every order, at a part of the cost`() {
    let outcome = Self.replay(Self.constant).outcome(of: .init(rungs: [1, 3, 9]), tolerance: 0)
    #expect(abs(outcome.found - 1) < 1e-9 && abs(outcome.near - 1) < 1e-9 && outcome.regret == 0)
    #expect(outcome.late == 0 && outcome.lateFound == 0)
    // Nine to 1, three on to 3, one on to 9 are 21 of 81; orders send some in vain.
    #expect(outcome.cost >= 21.0 / 81 && outcome.cost < 0.5)
  }

  @Test func `one rung is the whole cost`() {
    let outcome = Self.replay(Self.constant).outcome(of: .init(rungs: [9]), tolerance: 0)
    #expect(abs(outcome.cost - 1) < 1e-9 && abs(outcome.found - 1) < 1e-9)
  }

  @Test func `a late bloomer is missed without a guard, and counted`() {
    var models = Self.constant
    models[8] = [(0...9).map { $0 < 5 ? 20 : 0.5 }]
    let replay = Self.replay(models)
    let missed = replay.outcome(of: .init(rungs: [1, 3, 9]), tolerance: 0.1)
    #expect(missed.late == 1 && missed.found < 0.3 && missed.regret == 1)
    let graced = replay.outcome(of: .init(rungs: [1, 3, 9], guardian: .init(grace: 9)), tolerance: 0.1)
    #expect(abs(graced.found - 1) < 1e-9 && abs(graced.lateFound - 1) < 1e-9 && abs(graced.cost - 1) < 1e-9)
  }

  @Test func `the regret is the median order's, also where some orders have none`() {
    var models = Self.constant
    // In the middle of its first rung, in the end the best.
    models[4] = [(0...9).map { $0 < 5 ? 5 : 0.5 }]
    let outcome = Self.replay(models, orders: 200).outcome(of: .init(rungs: [1, 9]), tolerance: 0)
    #expect(outcome.found > 0 && outcome.found < 0.5, "\(outcome.found)")
    #expect(outcome.regret == 1)
  }

  @Test func `what is near enough counts as found, and seeds are averaged at the end`() {
    let models = [[[9, 3.0, 1], [9, 3, 4]], [[9, 1, 2.1], [9, 1, 2.1]], [[9, 2, 9], [9, 2, 9]]]
    let outcome = Self.replay(models).outcome(of: .init(rungs: [2]), tolerance: 0.06)
    // Their geometric means are 2 and 2.1.
    #expect(abs(outcome.found - 1) < 1e-9)
    let first = Self.replay(models).outcome(of: .init(rungs: [1, 2], factor: 3), tolerance: 0.06)
    #expect(first.found < 0.5 && abs(first.near - 1) < 1e-9 && abs(first.regret - 0.05) < 1e-9)
  }

  @Test func `the same orders give the same outcome`() {
    let ladder = SearchReplay.Ladder(rungs: [1, 3, 9])
    #expect(
      Self.replay(Self.constant).outcome(of: ladder, tolerance: 0)
        == Self.replay(Self.constant).outcome(of: ladder, tolerance: 0))
    #expect(Self.replay(Self.constant).last == 9)
  }
}
