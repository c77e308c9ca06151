/// A point of a search's space: a value (see `Domain`) for every parameter that counts there.
package typealias Point = [String: Double]

/// A parameter of a search.
package struct Parameter: Hashable, Sendable {
  /// The key that it sets.
  package var name: String
  /// What it can be.
  package var domain: Domain
  /// Where it counts; nil for everywhere.
  package var condition: Condition?

  /// What another parameter, one of choices that stands before this one, must be for this one to count.
  package struct Condition: Hashable, Sendable {
    /// The other parameter's name.
    package var parameter: String
    /// The numbers of its choices.
    package var choices: Set<Int>

    package init(_ parameter: String, _ choices: Set<Int>) { (self.parameter, self.choices) = (parameter, choices) }
  }

  package init(_ name: String, _ domain: Domain, where condition: Condition? = nil) {
    (self.name, self.domain, self.condition) = (name, domain, condition)
  }
}

/// All points that a search can try.
package struct SearchSpace: Hashable, Sendable {
  /// The parameters; conditions are of earlier ones.
  package var parameters: [Parameter]

  package init(_ parameters: [Parameter]) { self.parameters = parameters }

  /// The point at a place of the unit cube, one coordinate for each parameter; those that do not count there have none.
  package func point(at unit: [Double]) -> Point {
    var point: Point = [:]
    for (parameter, unit) in zip(parameters, unit) where counts(parameter, at: point) {
      point[parameter.name] = parameter.domain.value(at: unit)
    }
    return point
  }

  /// All points of a space that has so few; nil for a larger one.
  func points(atMost limit: Int) -> [Point]? {
    var points: [Point] = [[:]]
    for parameter in parameters {
      guard let count = parameter.domain.count, count <= limit, let values = parameter.domain.all else { return nil }
      points = points.flatMap { point in
        guard counts(parameter, at: point) else { return [point] }
        return values.map { value in point.merging([parameter.name: value]) { $1 } }
      }
      if points.count > limit { return nil }
    }
    return points
  }

  /// Whether a parameter counts where those before it have these values.
  func counts(_ parameter: Parameter, at point: Point) -> Bool {
    guard let condition = parameter.condition else { return true }
    return point[condition.parameter].map { condition.choices.contains(Int($0)) } ?? false
  }

  /// A point as a person reads it: "hidden 50, training.learning_rate 0.00021".
  package func text(_ point: Point) -> String {
    parameters.compactMap { parameter in
      point[parameter.name].map { "\(parameter.name) \(parameter.domain.text($0))" }
    }.joined(separator: ", ")
  }

  /// The first parameter that cannot be drawn, and why, a clause; nil when all can.
  package var flaw: (parameter: String, clause: String)? {
    var earlier: [String: Domain] = [:]
    for parameter in parameters {
      if let clause = parameter.domain.flaw { return (parameter.name, clause) }
      if earlier[parameter.name] != nil { return (parameter.name, "stands twice") }
      if let condition = parameter.condition {
        guard case .choices(let texts) = earlier[condition.parameter] else {
          return (parameter.name, "depends on \(condition.parameter), which is no parameter of choices before it")
        }
        guard !condition.choices.isEmpty, condition.choices.allSatisfy(texts.indices.contains) else {
          return (parameter.name, "depends on what \(condition.parameter) never is")
        }
      }
      earlier[parameter.name] = parameter.domain
    }
    return nil
  }
}
