import Foundation
import Storage

/// What searches would have found among models that were all trained to the end, in many orders.
package struct SearchReplay: Sendable {
  /// The models' curves, a list of seeds each.
  package var models: [[[CurveValue]]]
  /// What a model is judged by.
  package var objective: Objective
  /// Orders in which they are drawn.
  package var orders: Int
  /// What the orders follow from.
  package var seed: UInt64

  /// - Precondition: Every model has a seed, every seed a curve.
  package init(models: [[[CurveValue]]], objective: Objective, orders: Int = 200, seed: UInt64 = 1) {
    precondition(models.allSatisfy { !$0.isEmpty && $0.allSatisfy { !$0.isEmpty } }, "every model has curves")
    (self.models, self.objective, self.orders, self.seed) = (models, objective, orders, seed)
  }

  /// Rungs with what goes on from them.
  package struct Ladder: Hashable, Sendable {
    /// The checkpoints at which models are compared, ascending.
    package var rungs: [Int]
    /// One model of so many goes on from a rung.
    package var factor: Int
    /// What keeps models that are late; nil for nothing.
    package var guardian: SearchSpecification.Guardian?

    package init(rungs: [Int], factor: Int = 3, guardian: SearchSpecification.Guardian? = nil) {
      (self.rungs, self.factor, self.guardian) = (rungs, factor, guardian)
    }
  }

  /// What came out of one ladder, over all orders.
  package struct Outcome: Hashable, Sendable {
    /// The checkpoints trained, over those of all models trained to the end; the mean.
    package var cost = 0.0
    /// How often the best of all was found.
    package var found = 0.0
    /// How often that or one that is no worse by more than the tolerance was.
    package var near = 0.0
    /// The objective of what was found, less that of the best of all, over the latter; the median.
    package var regret = 0.0
    /// Models among the best at the end that are not at the first rung, one of so many as the factor says.
    package var late = 0
    /// How many of these came to the end; the mean.
    package var lateFound = 0.0
  }

  /// The last checkpoint that every curve has.
  package var last: Int { models.joined().compactMap { $0.last?.checkpoint }.min() ?? 0 }

  /// Tries a ladder, whose last rung is the end.
  /// - Parameters:
  ///   - ladder: The ladder.
  ///   - tolerance: The part of the best's objective that another may be worse.
  /// - Returns: What came out, over all orders.
  /// - Precondition: No rung is beyond `last`.
  package func outcome(of ladder: Ladder, tolerance: Double) -> Outcome {
    let last = ladder.rungs.last ?? 0
    precondition(last <= self.last, "the curves end at \(self.last)")
    let ends = models.map { value($0, at: last) }
    guard let best = ends.indices.min(by: { ends[$0] < ends[$1] }) else { return Outcome() }
    let late = lateOnes(ladder, ends)
    let seeds = models.map(\.count).min() ?? 1
    let specification = SearchSpecification(
      space: SearchSpace([Parameter("model", .uniform(0...1))]), method: .random, trials: models.count, seed: seed,
      rungs: ladder.rungs, factor: ladder.factor,
      replicates: ladder.rungs.indices.map { $0 == ladder.rungs.count - 1 ? seeds : 1 }, objective: objective,
      guardian: ladder.guardian)
    var (outcome, regrets) = (Outcome(), [Double]())
    outcome.late = late.count
    for order in 0..<orders {
      let (found, reached, cost) = run(specification, order)
      outcome.cost += cost / Double(orders)
      // Where every model failed on its way, none was found.
      guard let leader = found else {
        regrets.append(.infinity)
        continue
      }
      let quantities = (objective.quantity(ends[leader]), objective.quantity(ends[best]))
      let regret = quantities.0 / quantities.1 - 1
      regrets.append(regret)
      if leader == best { outcome.found += 1 / Double(orders) }
      if regret <= tolerance { outcome.near += 1 / Double(orders) }
      outcome.lateFound += Double(late.intersection(reached).count) / Double(orders)
    }
    outcome.regret = regrets.sorted()[regrets.count / 2]
    return outcome
  }

  /// A model's objective at a checkpoint, the mean over its seeds.
  private func value(_ model: [[CurveValue]], at checkpoint: Int) -> Double {
    model.reduce(0) { $0 + objective.value($1, upTo: checkpoint) } / Double(model.count)
  }

  private func lateOnes(_ ladder: Ladder, _ ends: [Double]) -> Set<Int> {
    let starts = models.map { objective.value($0[0], upTo: ladder.rungs[0]) }
    func best(_ values: [Double]) -> Set<Int> {
      Set(values.indices.sorted { (values[$0], $0) < (values[$1], $1) }.prefix(max(1, values.count / ladder.factor)))
    }
    return best(ends).subtracting(best(starts))
  }

  /// One order: the model that is taken for the best (nil where none came to the end), those that came to the end, and the
  /// part of all checkpoints.
  private func run(_ specification: SearchSpecification, _ order: Int) -> (
    leader: Int?, reached: Set<Int>, cost: Double
  ) {
    var random = SplitMix64.trial(order, seed: seed)
    var rest = Array(models.indices)
    for index in stride(from: rest.count - 1, to: 0, by: -1) {
      rest.swapAt(index, Int(random.unit() * Double(index + 1)))
    }
    // A point stands for the model that is next when it is met.
    var known: [Point: Int] = [:]
    let (models, last) = (models, specification.rungs.last ?? 0)
    let course = SearchSimulation(SearchPlanner(specification)) { point, seed in
      if known[point] == nil { known[point] = rest.removeLast() }
      let curves = known[point].map { models[$0] } ?? []
      return curves[min(seed, curves.count - 1)]
    }.run()
    let numbers = course.evidence.trials.map { known[$0.point] ?? 0 }
    let leader = SearchPlanner(specification).leader(course.evidence).map { numbers[$0] }
    let top = specification.rungs.count - 1
    let reached = course.evidence.trials.indices.filter { course.evidence.trials[$0].rung == top }.map { numbers[$0] }
    let seeds = specification.replicates.last ?? 1
    let whole = Double(models.count * seeds * last)
    return (leader, Set(reached), course.evidence.coreHours * 3600 / whole)
  }
}
