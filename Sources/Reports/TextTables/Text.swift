import Experiment
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
}

/// An incident energy (MeV) for people: 65.5 GeV.
func energyText(_ energy: Double) -> String {
  energy < 1e6 ? "\(Cell.number(energy / 1000).text) GeV" : "\(Cell.number(energy / 1e6).text) TeV"
}
