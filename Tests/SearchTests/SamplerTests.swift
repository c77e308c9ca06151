import Foundation
@testable import Search
import Storage
import Testing

@Suite struct SamplerTests {
  static let space = TestFunction.tree.space

  private static func points(_ method: SearchMethod, _ count: Int, seed: UInt64 = 1) -> [Point] {
    (0..<count).map { method.point($0, in: space, seed: seed, knowing: .init()) }
  }

  @Test(arguments: [SearchMethod.random, .quasirandom]) func `every value is drawn as often as it should be`(
    method: SearchMethod
  ) {
    let (points, count) = (Self.points(method, 3000), 3000.0)
    for parameter in Self.space.parameters {
      let values = points.compactMap { $0[parameter.name] }
      // Only two kinds of three have the angle.
      #expect(abs(Double(values.count) - (parameter.condition == nil ? count : count * 2 / 3)) < 120)
      var shares = [Double](repeating: 0, count: 8)
      for value in values {
        let cell = parameter.domain.cell(of: value)
        shares[min(7, Int(8 * (cell.lowerBound + cell.upperBound) / 2))] += 1
      }
      guard parameter.domain.count == nil else { continue }
      let expected = Double(values.count) / 8
      let chi2 = shares.reduce(0) { $0 + ($1 - expected) * ($1 - expected) / expected }
      // Seven degrees of freedom: beyond 24.3 once in a thousand.
      #expect(chi2 < 24.3, "\(parameter.name)")
    }
    let kinds = Dictionary(grouping: points) { $0["kind"]! }.mapValues(\.count)
    #expect(kinds.keys.sorted() == [0, 1, 2] && kinds.values.allSatisfy { abs($0 - 1000) < 90 })
  }

  @Test func `a trial's point follows from seed and number alone`() {
    for method in [SearchMethod.random, .quasirandom] {
      let points = Self.points(method, 20)
      #expect(points == Self.points(method, 20))
      #expect(points[7] == method.point(7, in: Self.space, seed: 1, knowing: .init()))
      #expect(Set(points).count == 20)
      #expect(points != Self.points(method, 20, seed: 2))
    }
  }

  @Test func `Halton's points have one in each of as many equal parts`() {
    for seed in 1...5 as ClosedRange<UInt64> {
      let halton = Halton(seed: seed)
      let points = (0..<125).map { halton.point($0, dimensions: 3) }
      for (dimension, count) in [(0, 64), (1, 81), (2, 125)] {
        let parts = Set(points.prefix(count).map { Int($0[dimension] * Double(count)) })
        #expect(parts.count == count, "dimension \(dimension)")
      }
    }
    #expect(Halton.primes(6) == [2, 3, 5, 7, 11, 13])
    #expect(Halton(seed: 1).point(3, dimensions: 2) != Halton(seed: 2).point(3, dimensions: 2))
  }

  @Test func `an estimator's density is one over the whole space`() {
    let space = SearchSpace([
      Parameter("kind", .choices(["a", "b"])), Parameter("depth", .logInt(1...20)),
      Parameter("x", .uniform(0...1), where: .init("kind", [1])),
    ])
    let points: [Point] = [
      ["kind": 1, "depth": 3, "x": 0.01], ["kind": 0, "depth": 20], ["kind": 1, "depth": 4, "x": 0.7],
    ]
    let estimator = ParzenEstimator(space, points)
    var sum = 0.0
    for depth in 1...20 {
      sum += exp(estimator.logDensity(["kind": 0, "depth": Double(depth)]))
      for step in 0..<500 {
        let x = (Double(step) + 0.5) / 500
        sum += exp(estimator.logDensity(["kind": 1, "depth": Double(depth), "x": x])) / 500
      }
    }
    #expect(abs(sum - 1) < 1e-4)
  }

  @Test func `points drawn from an estimator are as dense as it says`() {
    let space = SearchSpace([Parameter("kind", .choices(["a", "b", "c"])), Parameter("x", .uniform(0...1))])
    let estimator = ParzenEstimator(space, [["kind": 2, "x": 0.1], ["kind": 2, "x": 0.15], ["kind": 0, "x": 0.9]])
    var random = SplitMix64(state: 5)
    var counts: [Int: Double] = [:]
    let draws = 20_000
    for _ in 0..<draws {
      let point = estimator.sample(&random)
      counts[Int(point["kind"]!) * 10 + min(9, Int(point["x"]! * 10)), default: 0] += 1
    }
    for kind in 0..<3 {
      for part in 0..<10 {
        let share = (0..<100).reduce(0.0) {
          $0 + exp(estimator.logDensity(["kind": Double(kind), "x": (Double(part) + (Double($1) + 0.5) / 100) / 10]))
            / 1000
        }
        let expected = share * Double(draws)
        #expect(abs(counts[kind * 10 + part, default: 0] - expected) < 5 * expected.squareRoot() + 5, "\(kind) \(part)")
      }
    }
  }

  @Test func `a kernel is as wide as its farther neighbour is away`() {
    let space = SearchSpace([Parameter("x", .uniform(0...1))])
    // About 0.2: a normal of spread 0.3 from 0.5, 0.2 of ½ and the broad one.
    let estimator = ParzenEstimator(space, [["x": 0.2], ["x": 0.5], ["x": 0.9]])
    func normal(_ x: Double, _ mean: Double, _ spread: Double) -> Double {
      let inside = normalIntegral((1 - mean) / spread) - normalIntegral(-mean / spread)
      let z = (x - mean) / spread
      return exp(-z * z / 2) / (spread * (2 * Double.pi).squareRoot() * inside)
    }
    let density = (normal(0.3, 0.2, 0.3) + normal(0.3, 0.5, 0.4) + normal(0.3, 0.9, 0.4) + normal(0.3, 0.5, 1)) / 4
    #expect(abs(exp(estimator.logDensity(["x": 0.3])) - density) < 1e-12)
  }

  @Test func `the newest 25 points count in full, the first of forty next to nothing`() {
    let space = SearchSpace([Parameter("kind", .choices(["a", "b"]))])
    func share(_ first: Double) -> Double {
      let points = (0..<40).map { ["kind": $0 == 0 ? first : 0] }
      return exp(ParzenEstimator(space, points).logDensity(["kind": 1]))
    }
    // Weights: 1/40 … 1 in 15 steps, 25 ones and the broad kernel's.
    let weights = (0..<15).map { (step: Int) -> Double in 0.025 + 0.975 * Double(step) / 14 }
    let first: Double = 0.025 / weights.reduce(26, +) / (1 + 2.0 / 41)
    #expect(abs(share(1) - share(0) - first) < 1e-12)
  }

  @Test func `an estimator finds better points than chance`() {
    func median(_ method: SearchMethod, _ function: TestFunction) -> Double {
      let regrets = (1...9).map { function.regret(method, evaluations: 60, repetition: $0) }
      return regrets.sorted()[4]
    }
    for function in [TestFunction.hartmann, .rosenbrock, .tree] {
      #expect(median(.tpe(.init()), function) < 0.75 * median(.random, function), "\(function.name)")
    }
  }

  @Test func `before its startup the estimator's points are quasirandom`() {
    let knowledge = SearchMethod.Knowledge(ranked: (0..<9).map { ($0, ["x": 0.5]) })
    let space = SearchSpace([Parameter("x", .uniform(0...1))])
    func point(_ method: SearchMethod) -> Point { method.point(9, in: space, seed: 3, knowing: knowledge) }
    #expect(point(.tpe(.init(startup: 10))) == point(.quasirandom))
    #expect(point(.tpe(.init(startup: 9))) != point(.quasirandom))
  }
}
