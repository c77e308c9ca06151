import Storage

extension JSONText {
  /// A JSON string.
  static func quoted(_ text: String) -> String { ("\(text)" as JSONText).text.string }

  /// The shortest exact decimal; the non-finite ones, which JSON lacks, as the strings that journals use for them.
  static func number(_ value: Double) -> String { value.isFinite ? "\(value)" : "\"\(value)\"" }
}

extension String {
  /// The columns of a terminal that it takes: none for combining marks, two for wide characters.
  var displayWidth: Int {
    if isPlain { return utf8.count }
    return reduce(0) { width, character in
      guard let scalar = character.unicodeScalars.first else { return width }
      switch scalar.value {
      case 0x200B...0x200F, 0x2060, 0xFEFF, 0x300...0x36F: return width
      case 0x1100...0x115F, 0x2E80...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60,
        0xFFE0...0xFFE6, 0x1F300...0x1FAFF, 0x20000...0x3FFFD:
        return width + 2
      default: return width + 1
      }
    }
  }

  /// The text without the spaces at its end.
  var trimmedAtEnd: String {
    guard let last = utf8.lastIndex(where: { $0 != UInt8(ascii: " ") }) else { return "" }
    return String(self[..<utf8.index(after: last)])
  }

  /// Whether it is printable ASCII, which nearly every cell is.
  private var isPlain: Bool {
    func isPlain(_ byte: UInt8) -> Bool { byte &- 0x20 < 0x5f }
    // All bytes are looked at, many at a time.
    return utf8.withContiguousStorageIfAvailable { $0.reduce(0) { $0 | (isPlain($1) ? 0 : 1 as UInt8) } == 0 }
      ?? utf8.allSatisfy(isPlain)
  }

  /// The text on one line, with what would break a table, drive a terminal or turn the reading direction made visible as
  /// `\u{1b}`.
  package var printable: String {
    if isPlain { return self }
    guard unicodeScalars.contains(where: \.isUnseen) else { return self }
    return unicodeScalars.reduce(into: "") { output, scalar in
      if scalar.isUnseen {
        output += scalar == "\n" || scalar == "\t" ? " " : "\\u{\(String(scalar.value, radix: 16))}"
      } else {
        output.unicodeScalars.append(scalar)
      }
    }
  }
}

extension Unicode.Scalar {
  /// Whether it shows nothing by itself and changes what stands around it: controls (Cc), bidirectional marks, line and
  /// paragraph separators, spaces without width and tags.
  ///
  /// Joiners are letters' own and stay.
  fileprivate var isUnseen: Bool {
    switch value {
    case ..<0x20, 0x7f...0x9f, 0x61c, 0x200b, 0x200e...0x200f, 0x2028...0x202e, 0x2060...0x206f, 0xfeff,
      0xfff9...0xfffb, 0xe0000...0xe007f:
      true
    default: false
    }
  }
}
