import Foundation
import TestSupport
import Testing

@testable import Search

@Suite struct KeyImportanceTests {
  private static let space = SearchSpace([
    Parameter("kind", .choices(["a", "b"])), Parameter("rate", .logUniform(1e-4...1e-1)),
    Parameter("idle", .uniform(0...1)), Parameter("rare", .int(1...4), where: .init("kind", [1])),
  ])
  private static let specification = SearchSpecification(
    space: space, method: .quasirandom, trials: 60, rungs: [1, 3], objective: Objective(.last, isLogarithmic: false))

  private static func evidence(_ value: (Point, Int) -> Double, trials: Int = 60) -> SearchEvidence {
    SearchEvidence(
      (0..<trials).map { number in
        let point = SearchPlanner.example(number, of: specification)
        return TrialEvidence(point, [ReplicateEvidence([CurveValue(0, 9), CurveValue(1, value(point, number))])])
      })
  }

  @Test func `what decides comes first, what does nothing has nothing`() {
    let keys = KeyImportance.all(
      Self.specification,
      Self.evidence { point, number in 3 * point["kind"]! - log10(point["rate"]!) + 0.01 * Double(number % 3) })
    #expect(keys.map(\.key).prefix(2) == ["kind", "rate"])
    let shares = Dictionary(uniqueKeysWithValues: keys.map { ($0.key, $0) })
    #expect(shares["kind"]!.share > 0.6 && shares["rate"]!.share > 0.1)
    #expect(shares["idle"]!.share < 0.1 && shares["idle"]!.interval.lowerBound == 0)
    #expect(keys.allSatisfy { $0.interval.contains($0.share) || $0.share < 0.1 })
    // A key that does not count everywhere is judged where it counts.
    #expect(shares["rare"]!.trials == 30 && shares["kind"]!.trials == 60)
  }

  @Test func `a share is that of the groups' means, less chance`() throws {
    // Means 1 and 3, each ± 1: 8 of 16 lie within, by 6 degrees of freedom, and 16 by 7.
    let numbers: [Double] = [0, 2, 0, 2, 2, 4, 2, 4]
    let values = numbers.enumerated().map { (group: $0 / 4, value: $1) }
    let expected: Double = 1 - (8 / 6) / (16 / 7)
    #expect(abs(try #require(KeyImportance.share(values)) - expected) < 1e-12)
    #expect(KeyImportance.share(values.map { (0, $0.value) }) == nil)
    #expect(KeyImportance.share(values.map { ($0.group, 1) }) == nil)
  }

  @Test func `few trials, and trials that failed, tell nothing`() {
    #expect(KeyImportance.all(Self.specification, Self.evidence({ point, _ in point["kind"]! }, trials: 5)).isEmpty)
    #expect(KeyImportance.all(Self.specification, Self.evidence { _, _ in .nan }).isEmpty)
  }

  @Test func `the same trials give the same`() {
    let evidence = Self.evidence { point, number in point["kind"]! + Double(number % 5) }
    #expect(KeyImportance.all(Self.specification, evidence) == KeyImportance.all(Self.specification, evidence))
  }
}
