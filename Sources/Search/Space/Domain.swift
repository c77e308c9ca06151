import Glibc

/// The values that a parameter of a search can have.
///
/// A value is a number throughout: of choices the number of the choice, from 0. Samplers work in the unit interval, onto
/// which every domain is mapped so that equal lengths are equally probable.
package enum Domain: Hashable, Sendable {
  /// Texts, none better than another.
  case choices([String])
  /// Numbers, uniform in a range.
  case uniform(ClosedRange<Double>)
  /// Positive numbers, uniform in their logarithm.
  case logUniform(ClosedRange<Double>)
  /// Whole numbers, uniform in a range.
  case int(ClosedRange<Int>)
  /// Positive whole numbers, uniform in their logarithm.
  case logInt(ClosedRange<Int>)

  /// The significant digits of numbers that are drawn, so that what is trained is what can be read.
  package static let digits = 4

  /// The value at a place of the unit interval, [0, 1).
  package func value(at unit: Double) -> Double {
    switch self {
    case .choices(let texts):
      return min(Double(texts.count - 1), (unit * Double(texts.count)).rounded(.down))
    case .uniform(let range):
      return Self.rounded(range.lowerBound + unit * (range.upperBound - range.lowerBound), in: range)
    case .logUniform(let range):
      let (low, high) = (log(range.lowerBound), log(range.upperBound))
      return Self.rounded(exp(low + unit * (high - low)), in: range)
    case .int(let range):
      return Double(range.lowerBound)
        + min(Double(range.count - 1), (unit * Double(range.count)).rounded(.down))
    case .logInt(let range):
      let (low, high) = Self.ends(range)
      let value = exp(low + unit * (high - low)).rounded()
      return min(max(value, Double(range.lowerBound)), Double(range.upperBound))
    }
  }

  /// The part of the unit interval that has a value; a point of it where the values are not discrete.
  package func cell(of value: Double) -> ClosedRange<Double> {
    switch self {
    case .choices(let texts): return Self.cell(value, of: texts.count)
    case .uniform(let range):
      let unit = (value - range.lowerBound) / (range.upperBound - range.lowerBound)
      return unit...unit
    case .logUniform(let range):
      let (low, high) = (log(range.lowerBound), log(range.upperBound))
      let unit = (log(value) - low) / (high - low)
      return unit...unit
    case .int(let range): return Self.cell(value - Double(range.lowerBound), of: range.count)
    case .logInt(let range):
      let (low, high) = Self.ends(range)
      return ((log(value - 0.5) - low) / (high - low))...((log(value + 0.5) - low) / (high - low))
    }
  }

  /// How many values it has; nil for a continuum.
  package var count: Int? {
    switch self {
    case .choices(let texts): texts.count
    case .int(let range), .logInt(let range): range.count
    case .uniform, .logUniform: nil
    }
  }

  /// All its values, ascending; nil for a continuum.
  var all: [Double]? {
    switch self {
    case .choices(let texts): texts.indices.map(Double.init)
    case .int(let range), .logInt(let range): range.map(Double.init)
    case .uniform, .logUniform: nil
    }
  }

  /// Whether no value is between two others.
  package var isCategorical: Bool { if case .choices = self { true } else { false } }

  /// A value as a person writes it: "0.00021", "3", or the choice's text.
  package func text(_ value: Double) -> String {
    switch self {
    case .choices(let texts): texts[Int(value)]
    case .uniform, .logUniform: "\(value)"
    case .int, .logInt: "\(Int(value))"
    }
  }

  /// Whether it has a value.
  package func contains(_ value: Double) -> Bool {
    switch self {
    case .choices(let texts): value >= 0 && value < Double(texts.count) && value == value.rounded()
    case .uniform(let range), .logUniform(let range): range.contains(value)
    case .int(let range), .logInt(let range):
      value == value.rounded() && value >= Double(range.lowerBound) && value <= Double(range.upperBound)
    }
  }

  /// Why nothing can be drawn from it, a clause; nil when something can.
  package var flaw: String? {
    switch self {
    case .choices(let texts):
      if texts.isEmpty { return "has no choices" }
      return Set(texts).count < texts.count ? "has a choice twice" : nil
    case .uniform(let range): return range.lowerBound < range.upperBound ? nil : "has one value only"
    case .logUniform(let range):
      if range.lowerBound <= 0 { return "has no logarithm at \(range.lowerBound)" }
      return range.lowerBound < range.upperBound ? nil : "has one value only"
    case .int(let range), .logInt(let range):
      if case .logInt = self, range.lowerBound < 1 { return "has no logarithm at \(range.lowerBound)" }
      let exact = -(1 << 53)...(1 << 53)
      if !exact.contains(range.lowerBound) || !exact.contains(range.upperBound) { return "has numbers beyond 2^53" }
      return range.lowerBound < range.upperBound ? nil : "has one value only"
    }
  }

  private static func cell(_ number: Double, of count: Int) -> ClosedRange<Double> {
    (number / Double(count))...((number + 1) / Double(count))
  }

  /// The logarithms between which a range of whole numbers lies, half a number more on either side.
  private static func ends(_ range: ClosedRange<Int>) -> (Double, Double) {
    (log(Double(range.lowerBound) - 0.5), log(Double(range.upperBound) + 0.5))
  }

  /// A number with few digits, which stays in its range.
  private static func rounded(_ value: Double, in range: ClosedRange<Double>) -> Double {
    guard value != 0 else { return value }
    let shift = Double(digits - 1) - log10(abs(value)).rounded(.down)
    // A power of ten that is exact, so that the quotient is the number that its decimal reads as.
    let scale = pow(10, abs(shift))
    let short = shift > 0 ? (value * scale).rounded() / scale : (value / scale).rounded() * scale
    return min(max(short, range.lowerBound), range.upperBound)
  }
}
