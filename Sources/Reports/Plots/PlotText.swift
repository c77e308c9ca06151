import Experiment
import Storage

/// Texts of the user's in plots and in their files' names.
extension Plot {
  /// A text as gnuplot takes it, at any place.
  ///
  /// In single quotes one that begins with a quote ends at once, so it is in double quotes, where what gnuplot would
  /// read there (quotes, backslashes, backquotes, `$` and `@`) stands as an octal number.
  /// - Parameters:
  ///   - text: Any text.
  ///   - limit: So many characters are shown: a long label would leave the plot no room.
  /// - Returns: The text in double quotes.
  static func quoted(_ text: String, limit: Int = 44) -> String {
    let shown = text.printable.shortened(to: limit)
    let escaped = shown.unicodeScalars.reduce(into: "") { output, scalar in
      switch scalar {
      case "'", "\"", "\\", "`", "$", "@":
        let digits = String(scalar.value, radix: 8)
        output += "\\" + String(repeating: "0", count: 3 - digits.count) + digits
      default: output.unicodeScalars.append(scalar)
      }
    }
    return "\"\(escaped)\""
  }

  /// An entry of a legend, which takes its room from the plot beside it.
  /// - Parameters:
  ///   - label: A row's label, cut where it is long.
  ///   - prefix: What stands before it, whole.
  /// - Returns: The text in double quotes.
  static func legend(_ label: String, after prefix: String = "") -> String {
    quoted(prefix + label.printable.shortened(to: max(12, 24 - prefix.count)), limit: .max)
  }

  /// The label of a tick, which gnuplot takes for a format of the value.
  static func tick(_ text: String, at value: Int) -> String {
    "\(quoted(text.printable.shortened(to: 44).replacing("%", with: "%%"), limit: .max)) \(value)"
  }

  /// A file's name of a row's: letters, digits and hyphens, and no longer than a file's name can be, whatever is added
  /// behind.
  ///
  /// What is cut off, or leaves nothing, is told apart by a hash.
  static func fileName(_ text: String) -> String {
    let name = String(text.lowercased().map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "-" })
      .split(separator: "-").joined(separator: "-")
    if !name.isEmpty, name.utf8.count <= 100 { return name }
    let hash = SHA256.hexDigest(of: text).prefix(12)
    return name.isEmpty ? String(hash) : "\(name.prefix(80))-\(hash)"
  }
}

extension String {
  /// The first characters and an ellipsis, where there are more.
  func shortened(to limit: Int) -> String { count <= limit ? self : prefix(limit - 1) + "…" }
}
