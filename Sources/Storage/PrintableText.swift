extension String {
  /// Whether it is printable ASCII, which nearly every text is.
  package var isPlain: Bool {
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

  /// Sentences as programs say them: each on a line, printable, and cut where what others wrote has made it long.
  package var told: String {
    split(separator: "\n", omittingEmptySubsequences: false).map { line in
      let line = line.description.printable
      guard line.utf8.count > 4000 else { return line }
      // By scalars: one character may have any number of accents.
      let scalars = line.unicodeScalars
      return "\(String(scalars.prefix(3000))) … \(String(scalars.suffix(500)))"
    }.joined(separator: "\n")
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
