import Foundation
@testable import Search
import Storage
import Testing

@Suite struct PlannerTests {
  static let space = SearchSpace([Parameter("x", .uniform(0...1))])

  private static func specification(
    trials: Int = 9, rungs: [Int] = [1, 3, 9], factor: Int = 3, replicates: [Int]? = nil,
    guardian: SearchSpecification.Guardian? = nil, coreHours: Double? = nil
  ) -> SearchSpecification {
    SearchSpecification(
      space: space, method: .random, trials: trials, rungs: rungs, factor: factor, replicates: replicates,
      objective: Objective(.last, isLogarithmic: false), guardian: guardian, coreHours: coreHours)
  }

  /// A trial that has come to a checkpoint with a value there, and was sent to a rung.
  private static func trial(
    _ value: Double?, at checkpoint: Int = 1, rung: Int = 0, before: Double? = nil
  ) -> TrialEvidence {
    TrialEvidence(
      ["x": 0.5], rung: rung,
      value.map { value in
        let curve = (0...checkpoint).map { CurveValue($0, $0 < checkpoint ? before ?? value : value) }
        return [ReplicateEvidence(curve, coreSeconds: 10)]
      } ?? [])
  }

  private static func next(_ trials: [TrialEvidence], _ specification: SearchSpecification = specification())
    -> NextStep
  {
    SearchPlanner(specification).next(SearchEvidence(trials))
  }

  private static func sent(_ step: NextStep) -> (trial: Int, rung: Int, cause: SearchDecision.Cause)? {
    if case .decide(let decision) = step { (decision.trial, decision.rung, decision.cause) } else { nil }
  }

  @Test func `the third to come sends the best of three on, and the next a new trial`() {
    #expect(Self.sent(Self.next([]))! == (0, 0, .new))
    #expect(Self.sent(Self.next([Self.trial(3), Self.trial(1)]))! == (2, 0, .new))
    let step = Self.next([Self.trial(3), Self.trial(1), Self.trial(2)])
    #expect(
      step == .decide(.init(trial: 1, rung: 1, cause: .best, reason: "1st of 3 at checkpoint 1; the best goes on")))
    #expect(Self.sent(Self.next([Self.trial(3), Self.trial(1, rung: 1), Self.trial(2)]))! == (3, 0, .new))
  }

  @Test func `of nine at the first rung three have gone on, and one of these goes to the last`() {
    var trials = (0..<9).map { Self.trial(Double($0)) }
    #expect(Self.sent(Self.next(trials))! == (0, 1, .best))
    for index in 0..<3 { trials[index] = Self.trial(Double(index), rung: 1) }
    #expect(Self.next(trials) == .wait, "all are drawn, and three are being trained")
    // The order at the second rung is another one.
    for (index, value) in [5.0, 4, 6].enumerated() { trials[index] = Self.trial(value, at: 3, rung: 1, before: 0) }
    #expect(Self.sent(Self.next(trials))! == (1, 2, .best))
    trials[1] = Self.trial(4, at: 9, rung: 2, before: 0)
    #expect(
      Self.next(trials) == .end("all 9 trials were tried, and those that went on have come to the end"))
  }

  @Test func `a late one that is better goes on beside those that went before it`() {
    // Four of twelve may go on; three have, of which one would not have by now.
    var trials = (0..<9).map { Self.trial(Double($0) + 10) }
    for index in 0..<3 { trials[index].rung = 1 }
    trials += [1, 2, 3].map { Self.trial($0) }
    #expect(Self.sent(Self.next(trials, Self.specification(trials: 12)))! == (9, 1, .best))
    trials[9].rung = 1
    #expect(Self.sent(Self.next(trials, Self.specification(trials: 12)))! == (10, 1, .best))
    trials[10].rung = 1
    #expect(Self.sent(Self.next(trials, Self.specification(trials: 12)))! == (11, 1, .best))
    trials[11].rung = 1
    #expect(Self.next(trials, Self.specification(trials: 12)) == .wait)
  }

  @Test func `where too few are tried for a last one, the best is sent to the end`() {
    var trials = [Self.trial(2), Self.trial(1)]
    let specification = Self.specification(trials: 2)
    #expect(Self.sent(Self.next(trials, specification))! == (1, 1, .last))
    trials[1] = Self.trial(1, at: 3, rung: 1)
    #expect(Self.sent(Self.next(trials, specification))! == (1, 2, .last))
    trials[1] = TrialEvidence(["x": 0.5], rung: 2, [ReplicateEvidence([CurveValue(3, 1)], isOver: true)])
    #expect(Self.sent(Self.next(trials, specification))! == (0, 1, .last), "it failed, and the other takes its place")
  }

  @Test func `one that diverged is the last of its rung, and never goes on`() {
    let lost = TrialEvidence(["x": 0.5], [ReplicateEvidence(isOver: true)])
    #expect(Self.sent(Self.next([lost, lost, Self.trial(7)]))! == (2, 1, .best))
    #expect(Self.sent(Self.next([lost, lost, lost]))! == (3, 0, .new))
    #expect(
      Self.next([lost, lost], Self.specification(trials: 2))
        == .end("all 2 trials were tried, and those that went on have come to the end"))
    let standing = SearchPlanner(Self.specification()).standings(SearchEvidence([lost]))[0]
    #expect(standing.state == .failed && standing.objective == nil)
    // One that ended where its rung is has come there.
    let ended = TrialEvidence(["x": 0.5], [ReplicateEvidence([CurveValue(0, 9), CurveValue(1, 7)], isOver: true)])
    #expect(SearchPlanner(Self.specification()).standings(SearchEvidence([ended]))[0].objective == 7)
  }

  @Test func `a value that is no number is the last of its rung`() {
    #expect(Self.sent(Self.next([Self.trial(.nan), Self.trial(8), Self.trial(9)]))! == (1, 1, .best))
  }

  @Test func `nothing is stopped before the grace is over`() {
    let specification = Self.specification(guardian: .init(grace: 3))
    let step = Self.next([Self.trial(5)], specification)
    #expect(
      step == .decide(.init(trial: 0, rung: 1, cause: .best, reason: "nothing is stopped before checkpoint 3")))
    #expect(Self.sent(Self.next([Self.trial(5, at: 3, rung: 1)], specification))! == (1, 0, .new))
  }

  @Test func `no more is decided once the budget is spent`() {
    let specification = Self.specification(coreHours: 0.01)
    let trials = (0..<3).map { Self.trial(Double($0)) }
    #expect(Self.sent(Self.next(trials, specification)) != nil, "30 of 36 s")
    let spent = trials + [Self.trial(4)]
    #expect(Self.next(spent, specification) == .end("the budget of 0.01 core-hours is spent"))
    #expect(Self.next(spent + [Self.trial(nil)], specification) == .wait)
    let standings = SearchPlanner(specification).standings(SearchEvidence(spent))
    #expect(standings.map(\.state) == [.stopped, .stopped, .stopped, .stopped])
  }

  @Test func `a rung waits for all its seeds, and compares their means`() {
    let specification = Self.specification(rungs: [1, 3], replicates: [1, 2])
    func trial(_ values: [Double], at checkpoint: Int = 3) -> TrialEvidence {
      TrialEvidence(
        ["x": 0.5], rung: 1, values.map { value in ReplicateEvidence((0...checkpoint).map { CurveValue($0, value) }) })
    }
    let planner = SearchPlanner(specification)
    func standings(_ trials: [TrialEvidence]) -> [TrialStanding] { planner.standings(SearchEvidence(trials)) }
    #expect(standings([trial([1])])[0].state == .training, "the second seed has not come")
    #expect(standings([trial([1, 2], at: 2)])[0].state == .training)
    let both = standings([trial([1, 4]), trial([2, 2])])
    #expect(both.map(\.state) == [.done, .done])
    #expect(both.map(\.objective) == [2.5, 2])
    #expect(both.map(\.reason) == ["2nd of 2 at checkpoint 3", "1st of 2 at checkpoint 3"])
  }

  @Test func `standings say who waits, who is stopped, and why`() {
    let trials = [Self.trial(3), Self.trial(1, rung: 1), Self.trial(2), Self.trial(nil)]
    let specification = Self.specification(trials: 4)
    let standings = SearchPlanner(specification).standings(SearchEvidence(trials))
    #expect(standings.map(\.state) == [.waiting, .training, .waiting, .training])
    #expect(standings[0].reason == "3rd of 3 at checkpoint 1; the best goes on")
    #expect(standings[1].reason == "to checkpoint 3" && standings[1].objective == 1)
    let over = [Self.trial(3), Self.trial(1, at: 9, rung: 2), Self.trial(2), Self.trial(4)]
    let ended = SearchPlanner(specification).standings(SearchEvidence(over))
    #expect(ended.map(\.state) == [.stopped, .done, .stopped, .stopped])
    #expect(ended[3].reason == "4th of 4 at checkpoint 1; the best goes on")
  }

  @Test func `objectives are of the curve up to the rung, on their scale`() {
    let curve = [5.0, 1, .nan, 4, 2].enumerated().map { CurveValue($0, $1) }
    func value(_ summary: Objective.Summary, _ checkpoint: Int) -> Double {
      Objective(summary, isLogarithmic: false).value(curve, upTo: checkpoint)
    }
    #expect(value(.best, 4) == 1 && value(.best, 0) == .infinity)
    #expect(value(.last, 4) == 2 && value(.last, 2) == .infinity)
    #expect(value(.mean(2), 4) == 3 && value(.mean(3), 3) == .infinity)
    #expect(abs(Objective(.last).value(curve, upTo: 4) - log(2)) < 1e-15)
    #expect(Objective().quantity(Objective().scaled(7)) == exp(log(7)))
  }

  @Test func `rungs rise by the factor to the last checkpoint`() {
    #expect(SearchSpecification.rungs(from: 5, by: 3, to: 45) == [5, 15, 45])
    #expect(SearchSpecification.rungs(from: 5, by: 3, to: 40) == [5, 15, 40])
    #expect(SearchSpecification.rungs(from: 7, by: 2, to: 7) == [7])
    #expect(SearchSpecification.rungs(from: 1, by: .max, to: .max) == [1, .max])
  }

  @Test func `points that train the same are tried once, and a space can be exhausted`() {
    let space = SearchSpace([Parameter("a", .int(0...1)), Parameter("b", .int(0...3))])
    let specification = SearchSpecification(space: space, method: .tpe(.init(startup: 3)), trials: 100, rungs: [1])
    let all = SearchSimulation(SearchPlanner(specification)) { _, _ in [CurveValue(1, 1)] }.run()
    #expect(all.evidence.trials.count == 8)
    #expect(Set(all.evidence.trials.map(\.point)).count == 8)
    let planner = SearchPlanner(specification) { point, tried in !tried.contains { $0["b"] == point["b"] } }
    let some = SearchSimulation(planner) { _, _ in [CurveValue(1, 1)] }.run()
    #expect(Set(some.evidence.trials.map { $0.point["b"]! }).count == 4 && some.evidence.trials.count == 4)
    #expect(
      planner.next(some.evidence)
        == .end("beside the 4 trials no point was found that can be trained and is another model"))
  }

  @Test func `every point of a small space is found, however little promise it has`() {
    let space = SearchSpace([
      Parameter("a", .choices(["x", "y"])), Parameter("b", .int(1...24), where: .init("a", [0])),
      Parameter("c", .logInt(1...2)),
    ])
    let points = space.points(atMost: 60)
    #expect(points?.count == 50 && Set(points ?? []).count == 50)
    #expect(space.points(atMost: 49) == nil)
    #expect(SearchSpace([Parameter("a", .uniform(0...1))]).points(atMost: 100) == nil)
    let specification = SearchSpecification(space: space, method: .tpe(.init(startup: 3)), trials: 100, rungs: [1])
    let all = SearchSimulation(SearchPlanner(specification)) { point, _ in
      [CurveValue(1, 1 + abs(12 - (point["b"] ?? 0)))]
    }.run()
    #expect(Set(all.evidence.trials.map(\.point)) == Set(points ?? []))
  }

  @Test func `the untrained generator counts for nothing, and a checkpoint without a number against its mean`() {
    let curve = [CurveValue(0, 1), CurveValue(1, 3), CurveValue(2, 2), CurveValue(3, .nan)]
    func quantity(_ summary: Objective.Summary, _ checkpoint: Int) -> Double {
      let objective = Objective(summary)
      return objective.quantity(objective.value(curve, upTo: checkpoint))
    }
    #expect(abs(quantity(.best, 2) - 2) < 1e-12 && abs(quantity(.best, 1) - 3) < 1e-12)
    #expect(abs(quantity(.mean(5), 2) - 2.5) < 1e-12)
    #expect(quantity(.mean(2), 3) == .infinity && quantity(.last, 3) == .infinity)
    #expect(abs(quantity(.best, 3) - 2) < 1e-12)
  }

  @Test func `what is known to be over waits for nothing`() {
    let specification = SearchSpecification(
      space: SearchSpace([Parameter("a", .uniform(0...1))]), method: .random, trials: 9, rungs: [1, 2])
    let evidence = SearchEvidence([TrialEvidence(["a": 0.5], [ReplicateEvidence([CurveValue(1, 1)])])])
    let planner = SearchPlanner(specification)
    #expect(planner.standings(evidence).map(\.state) == [.waiting])
    #expect(planner.standings(evidence, hasEnded: true).map(\.state) == [.stopped])
  }

  // MARK: The guard

  /// A trial whose curve falls as a power of the checkpoint.
  private static func falling(
    _ level: Double, power: Double, response: Double? = nil, checkpoint: Int = 9, rung: Int = 0
  ) -> TrialEvidence {
    let curve = (1...checkpoint).map { step in
      CurveValue(
        step, level * pow(Double(step), -power), response: response.map { 1 - $0 * pow(Double(step), -0.5) })
    }
    return TrialEvidence(["x": level], rung: rung, [ReplicateEvidence(curve)])
  }

  @Test func `a late bloomer is kept beside the best, as many as there is room for`() {
    // At 9 the best is 1; the second falls from 2 by the power 1 to 2/3 at 27, the third stays at 3.
    let trials = [
      Self.falling(1, power: 0, rung: 1), Self.falling(18, power: 1), Self.falling(3, power: 0),
      Self.falling(4, power: 0),
    ]
    func specification(_ share: Double) -> SearchSpecification {
      Self.specification(trials: 4, rungs: [9, 27], guardian: .init(share: share))
    }
    #expect(
      Self.next(trials, specification(0.25))
        == .decide(
          .init(
            trial: 1, rung: 1, cause: .kept,
            reason:
              "2nd of 4 at checkpoint 9, but its curve still falls: by checkpoint 27 it would be among the best here")
        ))
    #expect(Self.next(trials, specification(0.2)) == .wait, "less than one of four")
    var kept = trials
    kept[1].rung = 1
    kept[1].kept = [0]
    kept[2] = Self.falling(19, power: 1)
    #expect(Self.next(kept, specification(0.25)) == .wait, "there is room for one")
    #expect(Self.sent(Self.next(kept, specification(0.5)))! == (2, 1, .kept))
  }

  @Test func `one whose response is on its way to 1 is kept`() {
    let trials = [
      Self.falling(1, power: 0, response: 0.001, rung: 1), Self.falling(3, power: 0, response: 0.05),
      Self.falling(4, power: 0, response: 0.5), Self.falling(5, power: 0),
    ]
    let step = Self.next(trials, Self.specification(trials: 4, rungs: [9, 27], guardian: .init(share: 0.25)))
    #expect(
      step
        == .decide(
          .init(
            trial: 2, rung: 1, cause: .kept,
            reason: "3rd of 4 at checkpoint 9, but its E_tot/E is on its way to 1")))
  }

  @Test func `a curve falls only beyond doubt`() {
    var random = SplitMix64(state: 3)
    let level = (1...20).map { CurveValue($0, 5 * exp(0.1 * normal(&random))) }
    #expect(LearningCurve(level, upTo: 20).falling == nil)
    let falling = level.map { CurveValue($0.checkpoint, $0.value / Double($0.checkpoint)) }
    let next = LearningCurve(falling, upTo: 20).falling?(60)
    #expect(next.map { $0 > 0.05 && $0 < 0.13 } ?? false)
    #expect(LearningCurve(falling, upTo: 2).falling == nil, "two points are no line")
    // Three points have one degree of freedom left: a slope of 1.8 and of 2.8 standard deviations.
    func three(_ middle: Double) -> LearningCurve {
      LearningCurve([CurveValue(10, 4), CurveValue(14, middle), CurveValue(20, 3)], upTo: 20)
    }
    #expect(three(4).falling == nil && three(3.8).falling != nil)
  }

  @Test func `of runs that are trained at once the one that is over first comes first`() {
    var slow: Point?
    func isSlow(_ point: Point) -> Bool {
      slow = slow ?? point
      return point == slow
    }
    let planner = SearchPlanner(Self.specification(trials: 5, rungs: [1]))
    let course = SearchSimulation(planner, workers: 2, pace: { isSlow($0) ? 10 : 1 }) { point, _ in
      [CurveValue(0, 9), CurveValue(1, isSlow(point) ? 1 : 2)]
    }.run()
    #expect(course.leaders.map(\.trial) == [1, 0] && course.leaders.map(\.seconds) == [1, 14])
  }

  // MARK: Kills

  private static func simulation(_ method: SearchMethod = .tpe(.init(startup: 5)), workers: Int = 1) -> SearchSimulation
  {
    let function = CurveFunction.all[1]
    let planner = SearchPlanner(
      SearchSpecification(
        space: CurveFunction.space, method: method, trials: 30, seed: 4, rungs: [3, 9, 27], replicates: [1, 1, 2],
        guardian: .init(share: 0.2)))
    return SearchSimulation(planner, workers: workers, pace: { 1 + $0["x1"]! }) { point, seed in
      var random = SplitMix64(state: UInt64(bitPattern: Int64((point["x0"]! + point["x1"]!) * 1e6)) &+ UInt64(seed))
      return function.curve(point, &random)
    }
  }

  @Test(arguments: [1, 4]) func `the same evidence gives the same decisions`(workers: Int) {
    let (first, second) = (Self.simulation(workers: workers).run(), Self.simulation(workers: workers).run())
    #expect(first.decisions == second.decisions && first.decisions.count > 40)
    #expect(first.evidence == second.evidence)
    #expect(SearchEvidence(first.decisions).trials.map(\.rung) == first.evidence.trials.map(\.rung))
    #expect(SearchEvidence(first.decisions).trials.map(\.kept) == first.evidence.trials.map(\.kept))
  }

  @Test func `killed two hundred times anywhere, a search decides the same`() {
    let simulation = Self.simulation()
    let whole = simulation.run()
    var random = SplitMix64(state: 11)
    for _ in 0..<200 {
      let count = 1 + Int(random.unit() * Double(whole.decisions.count))
      // What is on disk: the decisions, what the earlier ones came to, and part of what the last one trains.
      var course = SearchSimulation.Course()
      course.decisions = Array(whole.decisions.prefix(count))
      course.evidence = SearchEvidence(course.decisions)
      for (index, trial) in course.evidence.trials.enumerated() {
        let isLast = index == whole.decisions[count - 1].trial
        let limit = simulation.planner.specification.rungs[trial.rung]
        let replicates = simulation.planner.specification.replicates[trial.rung]
        for seed in 0..<replicates {
          let reached = isLast ? Int(random.unit() * Double(limit)) : limit
          let done = isLast && trial.rung > 0 && seed < simulation.planner.specification.replicates[trial.rung - 1]
          let least = done ? simulation.planner.specification.rungs[trial.rung - 1] : 0
          course.evidence.trials[index].replicates.append(
            ReplicateEvidence(simulation.curve(trial.point, seed).filter { $0.checkpoint <= max(reached, least) }))
        }
      }
      #expect(simulation.run(from: course).decisions == whole.decisions)
    }
  }

  @Test func `a decision is read as it was written`() throws {
    let simulation = Self.simulation()
    let decisions = simulation.run().decisions
    var record = try SearchRecord(Data(), path: "x")
    var lines = [try record.take(simulation.planner.specification, at: 1)]
    for decision in decisions { lines.append(try record.take(decision, at: 2)) }
    let read = try SearchRecord(Data(lines.joined(separator: Data("\n".utf8))), path: "x")
    #expect(read.decisions == decisions && decisions.count > 10)
  }
}
