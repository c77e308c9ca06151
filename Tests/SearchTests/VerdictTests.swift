import Foundation
import Search
import Storage
import Testing

@Suite struct VerdictTests {
  @Test(arguments: [0, 1, 1e-300, 1e12]) func `seeds and trials that are all alike cannot be told apart`(value: Double)
  {
    let verdict = Self.verdict(Array(repeating: [value, value], count: 5))
    #expect(verdict.winner == nil && verdict.contenders.count == 5)
    #expect(
      verdict.contenders.allSatisfy { abs($0.chance - 0.2) < 0.1 && abs($0.objective - value) <= 1e-6 * (1 + value) })
    let last = Self.verdict([[value, value], [value + 1 + value / 10, value + 1 + value / 10]])
    #expect(last.winner == 0)
  }

  private static func verdict(_ values: [[Double]], isLogarithmic: Bool = false) -> SearchVerdict {
    let specification = SearchSpecification(
      space: SearchSpace([Parameter("x", .uniform(0...1))]), method: .random, trials: 100, rungs: [2],
      replicates: [values.map(\.count).max() ?? 1], objective: Objective(.last, isLogarithmic: isLogarithmic))
    return SearchVerdict(
      specification,
      SearchEvidence(
        values.map { seeds in
          TrialEvidence(["x": 0.5], seeds.map { ReplicateEvidence([CurveValue(1, 99), CurveValue(2, $0)]) })
        }))
  }

  @Test func `of trials far apart the best is named`() {
    let verdict = Self.verdict([[5, 5.1, 4.9], [1, 1.1, 0.9], [9, 9.1, 8.9]])
    #expect(verdict.winner == 1 && verdict.undecided == nil)
    #expect(abs(verdict.noise! - 0.1) < 1e-12)
    #expect(verdict.contenders[0].chance > 0.99)
    #expect(verdict.contenders.map(\.seeds)[0] == [1, 1.1, 0.9])
  }

  @Test func `of trials that differ as seeds do none is named, and more seeds would hardly tell`() {
    let verdict = Self.verdict([[1, 3], [2, 2.5], [1.5, 2.6], [0.9, 3.2]])
    #expect(verdict.winner == nil)
    #expect(verdict.undecided?.trials.count == 4 && verdict.undecided?.seeds == nil)
    #expect(verdict.contenders.allSatisfy { abs($0.objective - 2.1) < 0.1 })
  }

  @Test func `what more seeds would tell is told`() {
    let verdict = Self.verdict([[1, 2.4], [1.2, 2.9], [9, 10], [7, 8.3]])
    #expect(verdict.winner == nil)
    #expect(verdict.undecided?.trials == [0, 1])
    #expect(verdict.undecided?.seeds.map { $0 >= 1 && $0 <= 20 } ?? false, "\(String(describing: verdict.undecided))")
  }

  @Test func `of many trials those may be the best that most of the chance lies with`() {
    var random = SplitMix64(state: 5)
    let verdict = Self.verdict((0..<40).map { _ in [normal(&random), normal(&random)] })
    let trials = verdict.undecided?.trials ?? []
    let chance = verdict.contenders.prefix(trials.count).reduce(0) { $0 + $1.chance }
    #expect(trials == verdict.contenders.prefix(trials.count).map(\.trial) && trials.count < 40)
    let last = verdict.contenders[max(0, trials.count - 1)].chance
    #expect(chance >= SearchVerdict.confidence && chance - last < SearchVerdict.confidence)
    // Where each has one seed, nothing tells them apart.
    #expect(Self.verdict((0..<125).map { [Double($0)] }).undecided?.trials.count == 125)
  }

  /// Taken for known, the noise would make the first the best with a chance of 0.99 (both by a program of its own, without this
  /// code's draws).
  @Test func `noise that is known from two seeds a trial tells less than noise that is known`() {
    let verdict = Self.verdict([[0, 1], [2, 3]])
    #expect(abs(verdict.contenders[0].chance - 0.916) < 0.03, "\(verdict.contenders[0].chance)")
  }

  @Test func `a mean is shrunk towards that of all, by the noise`() {
    let far = Self.verdict([[1, 1.2], [5, 5.2], [9, 9.2], [13, 13.2]])
    #expect(far.noise.map { abs($0 - 0.2 / 2.squareRoot()) < 1e-12 } ?? false)
    #expect(abs(far.contenders[0].objective - 1.1) < 0.1)
    // A mean of two has a standard deviation of 2, the means one of 2.6.
    let near = Self.verdict([[-1, 3], [3, 7], [-3, 1], [1, 5]])
    let first = near.contenders[0]
    #expect(first.trial == 2 && first.objective > -0.7 && first.objective < 1.5, "its mean is -1, that of all 2")
    #expect(first.interval.contains(first.objective) && first.interval.upperBound - first.interval.lowerBound > 1)
  }

  @Test func `logarithms are shrunk, and objectives are told as they are`() {
    let logs = Self.verdict([[1, 3], [5, 7]])
    let verdict = Self.verdict([[exp(1), exp(3)], [exp(5), exp(7)]], isLogarithmic: true)
    #expect(abs(verdict.contenders[0].objective / exp(logs.contenders[0].objective) - 1) < 1e-9)
    #expect(verdict.contenders[0].chance == logs.contenders[0].chance)
  }

  @Test func `one seed each tells nothing, one trial is the best, and none is none`() {
    let single = Self.verdict([[1], [2]])
    #expect(single.winner == nil && single.noise == nil)
    #expect(single.undecided?.trials == [0, 1] && single.undecided?.seeds == nil)
    #expect(single.contenders.map(\.chance) == [0.5, 0.5])
    #expect(Self.verdict([[3]]).winner == 0)
    #expect(Self.verdict([]).winner == nil && Self.verdict([]).undecided == nil)
  }

  @Test func `those that are named are the best as often as it says`() {
    var random = SplitMix64(state: 17)
    var (named, right, promised) = (0, 0, 0.0)
    for _ in 0..<150 {
      let truths = (0..<4).map { _ in normal(&random) }
      let verdict = Self.verdict(truths.map { truth in (0..<3).map { _ in truth + 0.5 * normal(&random) } })
      guard let winner = verdict.winner else { continue }
      named += 1
      promised += verdict.contenders[0].chance
      if truths[winner] == truths.min() { right += 1 }
    }
    #expect(named > 30)
    // Two standard deviations of the count.
    #expect(abs(Double(right) - promised) < 2 * (Double(named) * 0.1).squareRoot() + 3, "\(right) of \(named)")
  }
}
