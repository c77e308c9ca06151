import Foundation

/// One value of a table: text, or a number that stays one in JSON and CSV however few digits a person is shown.
package enum Cell: Hashable, Sendable {
  case text(String)
  case integer(Int)
  /// A number, shown to people with so many significant digits and a mark behind it; 0: six where the point is, else all.
  case number(Double, digits: Int = 3, mark: String = "")
  /// A mean and a standard deviation, shown as `2.22 ± 0.31`; in JSON and CSV two columns, the other one `<key>_std`.
  case spread(mean: Double, deviation: Double, mark: String = "")
  case flag(Bool)
  /// Nothing is known: blank for people, null in JSON.
  case missing
  /// There cannot be anything: a dash for people, null in JSON.
  case inapplicable

  /// The cell as people read it.
  package var text: String {
    switch self {
    case .text(let text): text
    case .integer(let value): String(value)
    case .number(let value, let digits, let mark):
      (digits == 0 ? Self.short(value) : Self.rounded(value, digits: digits)) + mark
    case .spread(let mean, let deviation, let mark): Self.spread(mean, deviation) + mark
    case .flag(let value): value ? "✓" : "✗"
    case .missing: ""
    case .inapplicable: "–"
    }
  }

  /// Whether it is lined up at the right, as numbers are.
  var isNumeric: Bool {
    switch self {
    case .integer, .number, .spread: true
    case .text, .flag, .missing, .inapplicable: false
    }
  }

  /// Decimal places that give a value so many significant digits after rounding, at least none.
  private static func decimals(_ value: Double, digits: Int) -> Int {
    let exponent = String(format: "%.\(digits - 1)e", value).split(separator: "e").last.flatMap { Int($0) }
    return max(0, digits - 1 - (exponent ?? 0))
  }

  /// Both with the decimals of the larger one's third digit; tiny numbers each by itself.
  private static func spread(_ mean: Double, _ deviation: Double) -> String {
    let larger = max(abs(mean), abs(deviation))
    guard larger.isFinite, larger >= 1e-3, larger < 1e7 else {
      return rounded(mean, digits: 3) + " ± " + rounded(deviation, digits: 3)
    }
    let decimals = decimals(larger, digits: 3)
    return fixed(mean, decimals: decimals) + " ± " + fixed(deviation, decimals: decimals)
  }

  private static func rounded(_ value: Double, digits: Int) -> String {
    if value != 0, value.isFinite, abs(value) < 1e-3 || abs(value) >= 1e7 {
      return String(format: "%.\(digits - 1)e", value)
    }
    return fixed(value, decimals: decimals(value, digits: digits))
  }

  /// Six significant digits without zeros at the end; what is larger, such as a time, with all that it has.
  private static func short(_ value: Double) -> String {
    abs(value) < 1e6 ? String(format: "%.6g", value) : "\(value)"
  }

  /// A number with so many decimals.
  static func fixed(_ value: Double, decimals: Int) -> String {
    value.isFinite ? String(format: "%.\(decimals)f", value) : "\(value)"
  }
}

extension Cell: ExpressibleByStringLiteral, ExpressibleByStringInterpolation, ExpressibleByIntegerLiteral {
  package init(stringLiteral value: String) { self = .text(value) }
  package init(integerLiteral value: Int) { self = .integer(value) }
  package init(_ value: String?) { self = value.map(Cell.text) ?? .missing }
  package init(_ value: Int?) { self = value.map(Cell.integer) ?? .missing }
  /// A number shown with so many significant digits, 0 as `number` has it; nil gives a missing cell.
  package init(_ value: Double?, digits: Int = 3) { self = value.map { .number($0, digits: digits) } ?? .missing }
  /// A run's seed, all its digits.
  package init(seed: UInt64) { self = Int(exactly: seed).map(Cell.integer) ?? .text("\(seed)") }
  package init(_ value: Bool?) { self = value.map(Cell.flag) ?? .missing }
}
