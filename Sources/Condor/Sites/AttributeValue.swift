import Experiment
import Yams

extension SiteProfile.AttributeValue: Codable {
  package init(from decoder: any Decoder) throws {
    let value = try decoder.singleValueContainer()
    if let flag = try? value.decode(Bool.self) {
      self = .flag(flag)
    } else if let whole = try? value.decode(Int.self) {
      self = .whole(whole)
    } else if let real = try? value.decode(Double.self) {
      self = .real(real)
    } else {
      self = .text(try value.decode(String.self))
    }
  }

  package func encode(to encoder: any Encoder) throws {
    var value = encoder.singleValueContainer()
    switch self {
    case .text(let text): try value.encode(text)
    case .flag(let flag): try value.encode(flag)
    case .whole(let number): try value.encode(number)
    case .real(let number): try value.encode(number)
    }
  }

  /// The value as it stands in a submit file.
  var classAd: String {
    switch self {
    case .text(let text): Quoting.classAdString(text)
    case .flag(let flag): flag ? "true" : "false"
    case .whole(let number): "\(number)"
    case .real(let number): "\(number)"
    }
  }
}

extension SiteValue {
  /// A text, or a flag or a number if it stands there without quotes.
  func attribute() throws -> SiteProfile.AttributeValue {
    let text = try line()
    guard node.scalar?.style == .plain else { return .text(text) }
    if let flag = CoreSchema.flag(text) { return .flag(flag) }
    if DecimalNumber.isWhole(text), let whole = Int(text) { return .whole(whole) }
    return DecimalNumber(text).map { .real($0.value) } ?? .text(text)
  }
}
