/// JSON put together from a template, with every brace and comma in sight: an interpolated text becomes a JSON string, a
/// list one of numbers, nil null, and another `JSONText` stands as it is.
package struct JSONText: ExpressibleByStringInterpolation, Sendable {
  package private(set) var text: TextBuilder

  package init(stringLiteral text: String) { self.text = TextBuilder(text) }
  package init(stringInterpolation template: StringInterpolation) { text = template.text }

  /// An object with these members in this order.
  package init(_ members: [(key: String, value: JSONText)]) {
    text = TextBuilder("{")
    for (index, member) in members.enumerated() {
      if index > 0 { text += ", " }
      text.quote(member.key)
      text += ": "
      text += member.value.text
    }
    text += "}"
  }

  package struct StringInterpolation: StringInterpolationProtocol {
    fileprivate var text: TextBuilder

    package init(literalCapacity: Int, interpolationCount: Int) {
      text = TextBuilder(capacity: literalCapacity + 16 * interpolationCount)
    }

    package mutating func appendLiteral(_ literal: String) { text += literal }
    package mutating func appendInterpolation(_ value: Bool) { text += value }
    package mutating func appendInterpolation(_ value: Int?) { add(value) { $0 += $1 } }
    package mutating func appendInterpolation(_ value: Double?) { add(value) { $0 += $1.description } }
    package mutating func appendInterpolation(_ value: String?) { add(value) { $0.quote($1) } }
    package mutating func appendInterpolation(_ value: JSONText?) { add(value) { $0 += $1.text } }
    package mutating func appendInterpolation(_ values: [Int]) {
      text += "["
      text.list(values)
      text += "]"
    }

    private mutating func add<Value>(_ value: Value?, _ write: (inout TextBuilder, Value) -> Void) {
      if let value { write(&text, value) } else { text += "null" }
    }
  }
}
