/// The seconds in a text such as "1d12h" or "0.5h"; nil when it is none, so also where the unit is missing.
public func lengthOfTime(_ text: String) -> Double? {
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
  return digits.isEmpty && total.isFinite ? total : nil
}
