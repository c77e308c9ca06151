/// Text that is put together of many small pieces, as bytes of UTF-8: several times as fast as a `String`.
package struct TextBuilder: Sendable {
  /// The text so far, in UTF-8.
  package private(set) var bytes: [UInt8] = []

  /// - Parameter capacity: The bytes that it will probably have.
  package init(capacity: Int = 0) { bytes.reserveCapacity(capacity) }

  /// A builder that begins with this text.
  package init(_ text: String) { self += text }

  /// The text as a `String`.
  package var string: String { String(decoding: bytes, as: UTF8.self) }

  /// Adds a text.
  package static func += (text: inout Self, piece: String) {
    // Text that came from Foundation may not lie in one piece.
    let isWhole: Void? = piece.utf8.withContiguousStorageIfAvailable { text.bytes.append(contentsOf: $0) }
    if isWhole == nil { text.bytes += piece.utf8 }
  }

  /// Adds a number in decimal digits.
  package static func += (text: inout Self, value: Int) {
    if value < 0 {
      text += value.description
      return
    }
    if value >= 10 { text += value / 10 }
    text.bytes.append(UInt8(ascii: "0") + UInt8(value % 10))
  }

  /// Adds `true` or `false`.
  package static func += (text: inout Self, value: Bool) { text += value ? "true" : "false" }

  /// Adds another text.
  package static func += (text: inout Self, piece: Self) { text.bytes += piece.bytes }

  /// `50, 200`.
  package mutating func list(_ values: [Int], separator: String = ", ") {
    for (index, value) in values.enumerated() {
      if index > 0 { self += separator }
      self += value
    }
  }

  /// Adds so many spaces.
  package mutating func spaces(_ count: Int) {
    bytes.append(contentsOf: repeatElement(UInt8(ascii: " "), count: count))
  }

  /// Takes back the spaces at the end, as far as a byte.
  package mutating func dropSpaces(downTo start: Int) {
    let last = bytes[start...].lastIndex { $0 != UInt8(ascii: " ") } ?? start - 1
    bytes.removeSubrange((last + 1)...)
  }

  /// Texts one after the other.
  package static func joined(_ texts: [TextBuilder]) -> String {
    String(unsafeUninitializedCapacity: texts.reduce(0) { $0 + $1.bytes.count }) { buffer in
      texts.reduce(0) { end, text in
        buffer[end...].update(fromContentsOf: text.bytes)
      }
    }
  }

  /// A JSON string.
  package mutating func quote(_ text: String) {
    func isSpecial(_ byte: UInt8) -> Bool {
      byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
    }
    self += "\""
    let start = bytes.count
    self += text
    if bytes[start...].contains(where: isSpecial) {
      bytes.removeSubrange(start...)
      for byte in text.utf8 {
        switch byte {
        case UInt8(ascii: "\n"): self += "\\n"
        case UInt8(ascii: "\r"): self += "\\r"
        case UInt8(ascii: "\t"): self += "\\t"
        case UInt8(ascii: "\""): self += "\\\""
        case UInt8(ascii: "\\"): self += "\\\\"
        case ..<0x20: self += (byte < 0x10 ? "\\u000" : "\\u00") + String(byte, radix: 16)
        default: bytes.append(byte)
        }
      }
    }
    self += "\""
  }
}
