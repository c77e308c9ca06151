import Foundation
import Search
import Storage

/// A function whose minimum is known, as a search's objective; scripts/bench-search has the same ones.
struct TestFunction: Sendable {
  var name: String
  var space: SearchSpace
  /// The standard deviation of one evaluation.
  var noise: Double
  var minimum: Double
  var value: @Sendable (Point) -> Double

  static let all = [branin, hartmann, rosenbrock, tree]

  private static func coordinates(_ count: Int, _ range: ClosedRange<Double>) -> SearchSpace {
    SearchSpace((0..<count).map { Parameter("x\($0)", .uniform(range)) })
  }

  static let branin = TestFunction(
    name: "Branin",
    space: SearchSpace([Parameter("x0", .uniform(-5...10)), Parameter("x1", .uniform(0...15))]), noise: 2,
    minimum: 0.397887
  ) { point in
    let (x, y) = (point["x0"]!, point["x1"]!)
    let (square, slope) = (5.1 / (4 * Double.pi * Double.pi), 5 / Double.pi)
    let bent = y - square * x * x + slope * x - 6
    let wave = 10 * (1 - 1 / (8 * Double.pi)) * cos(x)
    return bent * bent + wave + 10
  }

  static let hartmann = TestFunction(
    name: "Hartmann 6", space: coordinates(6, 0...1), noise: 0.1, minimum: -3.32237
  ) { point in
    let weights = [1.0, 1.2, 3.0, 3.2]
    let a: [[Double]] = [
      [10, 3, 17, 3.5, 1.7, 8], [0.05, 10, 17, 0.1, 8, 14], [3, 3.5, 1.7, 10, 17, 8], [17, 8, 0.05, 10, 0.1, 14],
    ]
    let p: [[Double]] = [
      [0.1312, 0.1696, 0.5569, 0.0124, 0.8283, 0.5886], [0.2329, 0.4135, 0.8307, 0.3736, 0.1004, 0.9991],
      [0.2348, 0.1451, 0.3522, 0.2883, 0.3047, 0.6650], [0.4047, 0.8828, 0.8732, 0.5743, 0.1091, 0.0381],
    ]
    return -(0..<4).reduce(0.0) { sum, row in
      let distance = (0..<6).reduce(0.0) { sum, column in
        let difference = point["x\(column)"]! - p[row][column]
        return sum + a[row][column] * difference * difference
      }
      return sum + weights[row] * exp(-distance)
    }
  }

  static let rosenbrock = TestFunction(
    name: "log(1 + Rosenbrock 4)", space: coordinates(4, -5...10), noise: 0.3, minimum: 0
  ) { point in
    var sum = 0.0
    for index in 0..<3 {
      let (x, y) = (point["x\(index)"]!, point["x\(index + 1)"]!)
      let (bent, rest) = (y - x * x, 1 - x)
      sum += 100 * bent * bent + rest * rest
    }
    return log1p(sum)
  }

  /// Choices, whole numbers and a parameter that counts only in one branch.
  static let tree = TestFunction(
    name: "conditional",
    space: SearchSpace([
      Parameter("kind", .choices(["a", "b", "c"])), Parameter("rate", .logUniform(1e-5...1e-1)),
      Parameter("depth", .int(1...8)), Parameter("width", .logInt(4...256)),
      Parameter("angle", .uniform(0...1), where: .init("kind", [1, 2])),
    ]), noise: 0.1, minimum: 0.2
  ) { point in
    let kind = Int(point["kind"]!)
    let rate = log10(point["rate"]!) + 3
    let depth = (point["depth"]! - 5) / 4
    let width = (log2(point["width"]!) - 6) / 3
    let angle = (point["angle"] ?? 0.8) - 0.8
    let level = [0.5, 0.2, 0.4][kind]
    return level + 0.5 * rate * rate + depth * depth + 0.5 * width * width + 2 * angle * angle
  }
}

/// A function that comes down with the checkpoint; scripts/bench-search has the same ones.
struct CurveFunction: Sendable {
  var name: String
  /// How quickly it comes down at a point.
  var rate: @Sendable (Point) -> Double

  static let last = 81
  static let noise = 0.1
  static let space = SearchSpace((0..<4).map { Parameter("x\($0)", .uniform(0...1)) })
  static let minimum = 0.05

  static let all = [
    CurveFunction(name: "curves") { 0.5 + $0["x0"]! },
    // The nearer to the best, the later it comes down.
    CurveFunction(name: "late bloomers") { 0.3 + 2 * abs($0["x0"]! - 0.3) },
  ]

  static func end(_ point: Point) -> Double {
    let best = [0.3, 0.7, 0.5, 0.2]
    let weights = [2, 1, 0.5, 0.25]
    return minimum
      + (0..<4).reduce(0.0) { sum, index in
        let difference = point["x\(index)"]! - best[index]
        return sum + weights[index] * difference * difference
      }
  }

  func curve(_ point: Point, _ random: inout SplitMix64) -> [CurveValue] {
    (1...Self.last).map { step in
      let value = Self.end(point) + 5 * pow(Double(step), -2 * rate(point))
      return CurveValue(step, value * exp(Self.noise * normal(&random)))
    }
  }
}

/// A number of the standard normal distribution.
func normal(_ random: inout SplitMix64) -> Double {
  sqrt(-2 * log(1 - random.unit())) * cos(2 * .pi * random.unit())
}

extension TestFunction {
  /// How far from the minimum a search ends: the value, without noise, of what it takes for the best.
  func regret(_ method: SearchMethod, evaluations: Int, repetition: Int) -> Double {
    let planner = SearchPlanner(
      SearchSpecification(
        space: space, method: method, trials: evaluations, seed: UInt64(repetition), rungs: [1],
        objective: Objective(.last, isLogarithmic: false)))
    var random = SplitMix64(state: UInt64(repetition) &* 7919 &+ 13)
    let course = SearchSimulation(planner) { point, _ in [CurveValue(1, value(point) + noise * normal(&random))] }.run()
    return value(course.evidence.trials[planner.leader(course.evidence)!].point) - minimum
  }
}

extension CurveFunction {
  /// How far from the minimum a search by rungs ends that may go so many checkpoints in all.
  func regret(
    _ method: SearchMethod, checkpoints: Int, guardian: SearchSpecification.Guardian? = nil, repetition: Int
  ) -> Double {
    let planner = SearchPlanner(
      SearchSpecification(
        space: Self.space, method: method, trials: 10_000, seed: UInt64(repetition), rungs: [3, 9, 27, 81],
        objective: Objective(.last), guardian: guardian, coreHours: Double(checkpoints) / 3600))
    var curves: [Point: [CurveValue]] = [:]
    var random = SplitMix64(state: UInt64(repetition) &* 7919 &+ 13)
    let course = SearchSimulation(planner) { point, _ in
      if let known = curves[point] { return known }
      curves[point] = curve(point, &random)
      return curves[point]!
    }.run()
    return Self.end(course.evidence.trials[planner.leader(course.evidence)!].point) - Self.minimum
  }
}
