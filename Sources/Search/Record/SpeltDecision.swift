/// A decision as it stands in a search's file.
struct SpeltDecision: Codable {
  /// The number, from 1.
  var trial: Int
  /// That of the rung.
  var checkpoint: Int
  var cause: SearchDecision.Cause
  /// What it tries, by key.
  var point: [String: SpeltValue]?
  var reason: String

  init(_ decision: SearchDecision, _ specification: SearchSpecification) {
    trial = decision.trial + 1
    checkpoint = specification.rungs[decision.rung]
    (cause, reason) = (decision.cause, decision.reason)
    point = decision.point.map(specification.space.spelt)
  }

  /// The decision; nil where the search has no such rung or point.
  func decision(_ specification: SearchSpecification) -> SearchDecision? {
    guard let rung = specification.rungs.firstIndex(of: checkpoint), trial > 0 else { return nil }
    var found: Point?
    if let point {
      guard let read = specification.space.point(point) else { return nil }
      found = read
    }
    return SearchDecision(trial: trial - 1, rung: rung, cause: cause, point: found, reason: reason)
  }
}

/// A value of a key: a choice's text, or a number.
enum SpeltValue: Codable, Hashable {
  case text(String)
  case number(Double)

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let text = try? container.decode(String.self) {
      self = .text(text)
    } else {
      self = .number(try container.decode(Double.self))
    }
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .text(let text): try container.encode(text)
    case .number(let number): try container.encode(number)
    }
  }
}

extension SearchSpace {
  /// A point by keys and values as sweep files have them.
  func spelt(_ point: Point) -> [String: SpeltValue] {
    var values: [String: SpeltValue] = [:]
    for parameter in parameters {
      guard let value = point[parameter.name] else { continue }
      if case .choices(let texts) = parameter.domain {
        values[parameter.name] = .text(texts[Int(value)])
      } else {
        values[parameter.name] = .number(value)
      }
    }
    return values
  }

  /// The point of such values; nil where it is none of this space.
  func point(_ values: [String: SpeltValue]) -> Point? {
    var point: Point = [:]
    for parameter in parameters where counts(parameter, at: point) {
      switch (parameter.domain, values[parameter.name]) {
      case (.choices(let texts), .text(let text)):
        guard let index = texts.firstIndex(of: text) else { return nil }
        point[parameter.name] = Double(index)
      case (.choices, _), (_, .text), (_, nil): return nil
      case (let domain, .number(let number)):
        guard domain.contains(number) else { return nil }
        point[parameter.name] = number
      }
    }
    return point.count == values.count ? point : nil
  }
}
