import Experiment

/// What a search is to do, as it stands in its file: as in a sweep file, but for the space, whose keys are in their order.
struct SpeltSearch: Codable {
  var space: [SpeltParameter]
  var method: SpeltMethod
  var trials: Int
  var seed: UInt64
  var rungs: [Int]
  var factor: Int
  var replicates: [Int]
  var objective: SpeltObjective
  var guardian: SearchSpecification.Guardian?
  var coreHours: Double?
  var atOnce: Int

  private enum CodingKeys: String, CodingKey {
    case space, method, trials, seed, rungs, factor, replicates, objective
    case guardian = "guard"
    case coreHours = "core_hours"
    case atOnce = "at_once"
  }

  init(_ specification: SearchSpecification) {
    space = specification.space.parameters.map { SpeltParameter($0, in: specification.space) }
    method = SpeltMethod(method: specification.method)
    (trials, seed, rungs) = (specification.trials, specification.seed, specification.rungs)
    (factor, replicates) = (specification.factor, specification.replicates)
    objective = SpeltObjective(objective: specification.objective)
    (guardian, coreHours, atOnce) = (specification.guardian, specification.coreHours, specification.atOnce)
  }

  /// What it says; nil where that is no search.
  var specification: SearchSpecification? {
    var parameters: [Parameter] = []
    for spelt in space {
      guard let parameter = spelt.parameter(after: parameters) else { return nil }
      parameters.append(parameter)
    }
    let space = SearchSpace(parameters)
    guard space.flaw == nil, let first = rungs.first, first > 0, zip(rungs, rungs.dropFirst()).allSatisfy({ $0 < $1 }),
      replicates.count == rungs.count, replicates.allSatisfy({ $0 > 0 }), replicates == replicates.sorted(),
      factor > 1, trials > 0, atOnce > 0
    else { return nil }
    var specification = SearchSpecification(
      space: space, method: method.method, trials: trials, seed: seed, rungs: rungs, factor: factor,
      replicates: replicates, objective: objective.objective, guardian: guardian, coreHours: coreHours)
    specification.atOnce = atOnce
    return specification
  }
}

/// A key of the space, with how its values are drawn.
struct SpeltParameter: Codable {
  var key: String
  var choices: [String]?
  var uniform: [Double]?
  var logUniform: [Double]?
  var int: [Int]?
  var logInt: [Int]?
  var condition: [String: [String]]?

  private enum CodingKeys: String, CodingKey {
    case key, choices, uniform, int
    case logUniform = "log_uniform"
    case logInt = "log_int"
    case condition = "where"
  }

  init(_ parameter: Parameter, in space: SearchSpace) {
    key = parameter.name
    switch parameter.domain {
    case .choices(let texts): choices = texts
    case .uniform(let range): uniform = [range.lowerBound, range.upperBound]
    case .logUniform(let range): logUniform = [range.lowerBound, range.upperBound]
    case .int(let range): int = [range.lowerBound, range.upperBound]
    case .logInt(let range): logInt = [range.lowerBound, range.upperBound]
    }
    guard let condition = parameter.condition,
      let other = space.parameters.first(where: { $0.name == condition.parameter })
    else { return }
    self.condition = [condition.parameter: condition.choices.sorted().map { other.domain.text(Double($0)) }]
  }

  /// What it says, behind other keys; nil where that is nothing.
  func parameter(after earlier: [Parameter]) -> Parameter? {
    guard let domain else { return nil }
    guard let condition else { return Parameter(key, domain) }
    guard condition.count == 1, let (name, texts) = condition.first,
      case .choices(let known) = earlier.first(where: { $0.name == name })?.domain
    else { return nil }
    let choices = texts.compactMap { known.firstIndex(of: $0) }
    return choices.count == texts.count ? Parameter(key, domain, where: .init(name, Set(choices))) : nil
  }

  private var domain: Domain? {
    func range<Number: Comparable>(_ ends: [Number]) -> ClosedRange<Number>? {
      ends.count == 2 && ends[0] <= ends[1] ? ends[0]...ends[1] : nil
    }
    if let choices { return .choices(choices) }
    if let uniform { return range(uniform).map(Domain.uniform) }
    if let logUniform { return range(logUniform).map(Domain.logUniform) }
    if let int { return range(int).map(Domain.int) }
    return logInt.flatMap(range).map(Domain.logInt)
  }
}

/// How points are chosen: `"random"`, `"quasirandom"` or `{"tpe": {…}}`.
struct SpeltMethod: Codable {
  var method: SearchMethod

  init(method: SearchMethod) { self.method = method }

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    switch try? container.decode(String.self) {
    case "random": method = .random
    case "quasirandom": method = .quasirandom
    default:
      guard let settings = try container.decode([String: SearchMethod.ParzenSettings].self)["tpe"] else {
        throw DecodingError.dataCorruptedError(in: container, debugDescription: "there is no such method")
      }
      method = .tpe(settings)
    }
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch method {
    case .random: try container.encode("random")
    case .quasirandom: try container.encode("quasirandom")
    case .tpe(let settings): try container.encode(["tpe": settings])
    }
  }
}

/// What a trial is judged by: `"best"`, `"last"`, `{"mean": 3}` or `{"metric": "fpd"}`.
struct SpeltObjective: Codable {
  var objective: Objective

  init(objective: Objective) { self.objective = objective }

  private struct Group: Codable {
    var mean: Int?
    var metric: Metric?
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    switch try? container.decode(String.self) {
    case "best": objective = Objective(.best)
    case "last": objective = Objective(.last)
    default:
      let group = try container.decode(Group.self)
      if let metric = group.metric {
        objective = Objective(of: metric)
      } else if let mean = group.mean, mean > 0 {
        objective = Objective(.mean(mean))
      } else {
        throw DecodingError.dataCorruptedError(in: container, debugDescription: "there is no such objective")
      }
    }
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    if let metric = objective.metric { return try container.encode(Group(metric: metric)) }
    switch objective.summary {
    case .best: try container.encode("best")
    case .last: try container.encode("last")
    case .mean(let count): try container.encode(Group(mean: count))
    }
  }
}
