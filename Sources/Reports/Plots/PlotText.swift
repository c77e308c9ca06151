import Experiment
import Foundation
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

  /// A title as gnuplot takes it, whole, in `lines`.
  static func heading(_ title: String) -> String {
    let texts = lines(of: title).map { quoted($0, limit: .max).dropFirst().dropLast() }
    return "\"\(texts.joined(separator: "\\n"))\""
  }

  /// A title: what is longer than a line goes on in the next one.
  static func lines(of title: String) -> [String] {
    let room = 76
    var lines = [""]
    for word in title.printable.shortened(to: 240).split(separator: " ", omittingEmptySubsequences: false) {
      var word = word[...]
      if !lines[lines.count - 1].isEmpty {
        if lines[lines.count - 1].count + 1 + word.count <= room {
          lines[lines.count - 1] += " "
        } else {
          lines.append("")
        }
      }
      while word.count > room {
        lines[lines.count - 1] += word.prefix(room)
        lines.append("")
        word = word.dropFirst(room)
      }
      lines[lines.count - 1] += word
    }
    return lines
  }

  /// An entry of a legend, which stands below the plot.
  /// - Parameters:
  ///   - label: A row's label, cut where it is long.
  ///   - prefix: What stands before it, whole.
  /// - Returns: The text in double quotes.
  static func legend(_ label: String, after prefix: String = "") -> String {
    quoted(prefix + label.printable.shortened(to: 40), limit: .max)
  }

  /// Commands for a legend that takes no width from the panel; its empty title keeps it away from the axis's.
  static let legendBelow = """
    set key below center horizontal Left reverse samplen 2 spacing 1.1 title ' '
    set xlabel offset 0, 0.5
    """

  /// A round step that divides a range into about four.
  static func step(_ values: [Double]) -> Double {
    let finite = values.filter(\.isFinite)
    guard let low = finite.min(), let high = finite.max(), high > low else { return 1 }
    let rough = (high - low) / 4
    let decade = pow(10, log10(rough).rounded(.down))
    return [1, 2, 5, 10].map { $0 * decade }.first { $0 >= rough } ?? rough
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
