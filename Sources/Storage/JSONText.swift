/// JSON put together from a template, with every brace and comma in sight: an interpolated text becomes a JSON string, a
/// list one of numbers, nil null, and another `JSONText` stands as it is.
package struct JSONText: ExpressibleByStringInterpolation, Sendable {
  /// The JSON as it stands so far, in UTF-8.
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

  /// A template being filled in.
  package struct StringInterpolation: StringInterpolationProtocol {
    fileprivate var text: TextBuilder

    package init(literalCapacity: Int, interpolationCount: Int) {
      text = TextBuilder(capacity: literalCapacity + 16 * interpolationCount)
    }

    package mutating func appendLiteral(_ literal: String) { text += literal }
    /// Adds `true` or `false`.
    package mutating func appendInterpolation(_ value: Bool) { text += value }
    /// Adds a number, or `null`.
    package mutating func appendInterpolation(_ value: Int?) { add(value) { $0 += $1 } }
    /// Adds a finite number with as many digits as bring it back to the bit, or `null`.
    package mutating func appendInterpolation(_ value: Double?) { add(value) { $0 += $1.description } }
    /// Adds a quoted and escaped text, or `null`.
    package mutating func appendInterpolation(_ value: String?) { add(value) { $0.quote($1) } }
    /// Adds JSON as it stands, or `null`.
    package mutating func appendInterpolation(_ value: JSONText?) { add(value) { $0 += $1.text } }
    /// Adds a list of numbers.
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
