/// A number as a person writes it, `-1.5e-3`: neither hexadecimal nor infinite, nor with anything around it.
package struct DecimalNumber: Hashable, Sendable {
  /// The nearest double; infinite where it is too large for one, and 0 where it is too near to 0.
  package let value: Double
  /// Whether it is 0 as it is written.
  package let isZero: Bool

  /// Reads a number of YAML 1.2's core schema, the hexadecimal and octal ones left out.
  /// - Returns: nil for anything else.
  package init?(_ text: String) {
    var rest = text.utf8[...]
    func skip(_ characters: String) -> Bool {
      guard let first = rest.first, characters.utf8.contains(first) else { return false }
      rest.removeFirst()
      return true
    }
    func digits() -> [UInt8] {
      let digits = rest.prefix { $0 &- UInt8(ascii: "0") < 10 }
      rest.removeFirst(digits.count)
      return Array(digits)
    }
    _ = skip("+-")
    let mantissa = digits() + (skip(".") ? digits() : [])
    guard !mantissa.isEmpty else { return nil }
    if skip("eE") {
      _ = skip("+-")
      if digits().isEmpty { return nil }
    }
    guard rest.isEmpty, let value = Double(text) else { return nil }
    self.value = value
    isZero = !mantissa.contains { $0 != UInt8(ascii: "0") }
  }

  /// Whether a text is a whole number, of however many digits.
  package static func isWhole(_ text: String) -> Bool {
    DecimalNumber(text) != nil && !text.utf8.contains { ".eE".utf8.contains($0) }
  }
}

/// Words as YAML 1.2's core schema has them.
package enum CoreSchema {
  /// The flag that a word is; nil when it is none.
  package static func flag(_ word: String) -> Bool? {
    switch word {
    case "true", "True", "TRUE": true
    case "false", "False", "FALSE": false
    default: nil
    }
  }

  /// Whether a word, or none at all, says that there is nothing.
  package static func isNull(_ word: String) -> Bool { ["", "null", "Null", "NULL", "~"].contains(word) }

  /// A file's text without the byte-order mark that some editors put before it.
  package static func content(_ text: String) -> String {
    text.unicodeScalars.first == "\u{FEFF}" ? String(text.unicodeScalars.dropFirst()) : text
  }
}
