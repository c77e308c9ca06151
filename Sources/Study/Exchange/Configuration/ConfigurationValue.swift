/// A value of a JSON file.
enum ConfigurationValue: Decodable, Hashable {
  case null
  case flag(Bool)
  case number(Double)
  case text(String)
  case list([ConfigurationValue])
  case group([String: ConfigurationValue])

  init(from decoder: any Decoder) throws {
    let value = try decoder.singleValueContainer()
    if value.decodeNil() {
      self = .null
    } else if let flag = try? value.decode(Bool.self) {
      self = .flag(flag)
    } else if let number = try? value.decode(Double.self) {
      self = .number(number)
    } else if let text = try? value.decode(String.self) {
      self = .text(text)
    } else if let list = try? value.decode([ConfigurationValue].self) {
      self = .list(list)
    } else {
      self = .group(try value.decode([String: ConfigurationValue].self))
    }
  }

  var number: Double? { if case .number(let number) = self { number } else { nil } }
  var flag: Bool? { if case .flag(let flag) = self { flag } else { nil } }
  var text: String? { if case .text(let text) = self { text } else { nil } }
  var group: [String: ConfigurationValue]? { if case .group(let group) = self { group } else { nil } }

  /// A whole number; nil for any other value.
  var whole: Int? { number.flatMap(Int.init(exactly:)) }

  /// A list of whole numbers; nil for any other value.
  var wholes: [Int]? {
    guard case .list(let values) = self else { return nil }
    let numbers = values.compactMap(\.whole)
    return numbers.count == values.count ? numbers : nil
  }

  /// The value as a sentence has it, and a sweep file.
  var spelled: String {
    switch self {
    case .null: "null"
    case .flag(let flag): "\(flag)"
    case .number(let number): whole.map(String.init) ?? "\(number)"
    case .text(let text): "\"\(text)\""
    case .list(let values): "[\(values.map(\.spelled).joined(separator: ", "))]"
    case .group: "{…}"
    }
  }
}
