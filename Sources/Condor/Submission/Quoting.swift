import Experiment

/// What may stand in HTCondor's files, and how it is written there.
///
/// What cannot be written safely is refused.
enum Quoting {
  /// Whether a text is a plain token: it means itself in a submit file, a queue table, a DAG file and a shell.
  static func isToken(_ text: String) -> Bool {
    !text.isEmpty && text.count <= 200 && text.utf8.allSatisfy(isTokenByte) && !text.hasPrefix("-")
      && !text.hasPrefix(".")
  }

  private static func isTokenByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: "-"):
      true
    default: false
    }
  }

  /// - Returns: The text itself.
  /// - Throws: `InputError` when it is no plain token.
  static func token(_ text: String, _ what: String) throws -> String {
    guard isToken(text) else {
      throw InputError(
        "\(what) '\(shown(text))' cannot stand in a submit file: only letters, digits, '_', '.' and '-' can, "
          + "and the first is a letter or a digit")
    }
    return text
  }

  /// A value on one line of a submit file, as it is: no macro, no second line, nothing but printable ASCII.
  static func flaw(inValue text: String) -> String? {
    // Also a function, such as $ENV(…).
    if text.contains("$$") || text.contains(/\$[A-Za-z_]*\(/) {
      return "has a macro, which condor_submit would expand"
    }
    if text.utf8.contains(where: { $0 < 0x20 || $0 > 0x7e }) { return "has a character that is not printable ASCII" }
    if text.hasSuffix("\\") { return "ends in a backslash, which would join the next line to it" }
    return nil
  }

  /// A ClassAd string literal: `"…"` with its quotes and backslashes escaped.
  /// - Precondition: `flaw(inValue:)` is nil.
  static func classAdString(_ text: String) -> String {
    precondition(flaw(inValue: text) == nil, "unchecked value \(text)")
    return "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
  }

  /// A text for a message: control characters made visible.
  static func shown(_ text: String) -> String {
    text.unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7f ? $0.escaped(asASCII: true) : String($0) }.joined()
  }

  /// One word for a POSIX shell, for commands that the user is told to type.
  static func shellWord(_ text: String) -> String {
    isToken(text) || text.utf8.allSatisfy({ isTokenByte($0) || $0 == UInt8(ascii: "/") }) && !text.isEmpty
      ? text : "'" + text.replacing("'", with: "'\\''") + "'"
  }
}
