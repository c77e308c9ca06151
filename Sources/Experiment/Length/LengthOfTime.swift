/// The seconds in a text such as "1d12h" or "0.5h"; nil when it is none, so also where the unit is missing.
package func lengthOfTime(_ text: String) -> Double? {
  let units: [Character: Double] = ["d": 86400, "h": 3600, "m": 60, "s": 1]
  var (total, digits) = (0.0, "")
  for character in text {
    if character.isASCII, character.isNumber || character == "." {
      digits.append(character)
    } else if let unit = units[character], let count = Double(digits) {
      total += count * unit
      digits = ""
    } else {
      return nil
    }
  }
  return digits.isEmpty ? total : nil
}

/// How a length of time is written, for sentences.
package let lengthsOfTime = "24h, 90m, 1h30m or 600s"

/// Why a text is not a time to ask for, as a clause; nil when it is one.
package func timeFlaw(_ text: String) -> String? {
  guard let seconds = lengthOfTime(text) else { return "is not a length of time; write \(lengthsOfTime)" }
  return Bounds.time.contains(seconds) ? nil : "is not in \(Bounds.timeText)"
}

extension Bounds {
  /// `time` as sentences say it.
  package static let timeText = "0.001s … 87600h"
}
