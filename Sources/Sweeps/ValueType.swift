import Experiment
import Foundation
import Yams

/// What a key takes: how it reads in docs/sweep-files.md, and how a YAML node becomes a value.
struct ValueType<Value: Sendable>: Sendable {
  /// "a whole number", "a list of energies (MeV)".
  var takes: String
  var isList = false
  /// `file` is the sweep file that the node stands in.
  var read: @Sendable (_ node: Node, _ file: String) throws(Flaw) -> Value
}

extension Node {
  /// The text of a scalar, as a problem quotes it; "a list" and "a group of keys" for the others.
  var quoted: String {
    switch self {
    case .scalar(let scalar):
      scalar.string.isEmpty && scalar.style == .plain
        ? "nothing" : scalar.style == .plain ? scalar.string : "'\(scalar.string)'"
    case .sequence: "a list"
    case .mapping: "a group of keys"
    case .alias: "an alias"
    }
  }

  /// The text of an unquoted scalar.
  var plain: String? {
    guard case .scalar(let scalar) = self, scalar.style == .plain, !scalar.string.isEmpty else { return nil }
    return scalar.string
  }

  /// Whether it says that there is none: `none`, `null`, `~` or nothing at all.
  var isNone: Bool {
    guard case .scalar(let scalar) = self, scalar.style == .plain else { return false }
    return ["", "none", "null", "~"].contains(scalar.string)
  }

  /// Number-like text in quotes is a common slip; the message says so.
  fileprivate func isNot(_ kind: String) -> Flaw {
    if case .scalar(let scalar) = self, scalar.style != .plain, Double(scalar.string) != nil {
      return Flaw("\(quoted) is text, not \(kind); leave out the quotes")
    }
    return Flaw("\(quoted) is not \(kind)")
  }
}

extension ValueType where Value == Int {
  static var whole: Self { whole("a whole number") }
  static func whole(_ takes: String) -> Self {
    Self(takes: takes) { (node, _) throws(Flaw) in
      guard let text = node.plain, let value = Int(text) else { throw node.isNot("a whole number") }
      return value
    }
  }
}

extension ValueType where Value == Float {
  static let number = Self(takes: "a number") { (node, _) throws(Flaw) in
    guard let text = node.plain, let value = Float(text), value.isFinite else { throw node.isNot("a number") }
    return value
  }
}

extension ValueType where Value == Double {
  static let energy = Self(takes: "an energy (MeV)") { (node, _) throws(Flaw) in
    guard let text = node.plain, let value = Double(text), value.isFinite, value > 0 else {
      throw node.isNot("an energy; energies are positive, in MeV")
    }
    return value
  }

  /// A length of time in seconds.
  static let duration = Self(takes: "a time: 24h, 90m, 1h30m, 600s") { (node, _) throws(Flaw) in
    guard let text = node.plain, let seconds = lengthOfTime(text), seconds > 0 else {
      throw node.isNot("a length of time; write 24h, 90m, 1h30m or 600s")
    }
    return seconds
  }
}

extension ValueType where Value == Bool {
  static let flag = Self(takes: "true or false") { (node, _) throws(Flaw) in
    switch node.plain {
    case "true": return true
    case "false": return false
    default: throw Flaw("\(node.quoted) is neither true nor false")
    }
  }
}

extension ValueType where Value == String {
  static func text(_ takes: String) -> Self {
    Self(takes: takes) { (node, _) throws(Flaw) in
      guard case .scalar(let scalar) = node, !scalar.string.isEmpty else { throw node.isNot(takes) }
      guard scalar.string.unicodeScalars.allSatisfy({ $0.properties.generalCategory != .control }) else {
        throw Flaw("\(String(reflecting: scalar.string)) has a line break or another control character")
      }
      return scalar.string
    }
  }

  /// A path, relative to the sweep file; absolute once read.
  static let path = Self(takes: "a path, relative to the sweep file") { (node, file) throws(Flaw) in
    let text = try text("a path").read(node, file)
    let folder = URL(fileURLWithPath: file).deletingLastPathComponent()
    return URL(fileURLWithPath: text, relativeTo: folder).standardizedFileURL.path
  }
}

extension ValueType {
  /// One of an enumeration's names.
  static func choice() -> Self where Value: RawRepresentable<String> & CaseIterable {
    let names = Value.allCases.map(\.rawValue)
    let takes = names.dropLast().joined(separator: ", ") + " or " + (names.last ?? "")
    return Self(takes: takes) { (node, _) throws(Flaw) in
      let text = node.plain ?? node.quoted
      if let value = Value(rawValue: text) { return value }
      let hint = nearest(to: text, among: names).map { "; did you mean \($0)?" } ?? ""
      throw Flaw("\(node.quoted) is not one of \(names.joined(separator: ", "))\(hint)")
    }
  }

  /// A list, each value once.
  static func list<Element: Hashable & Sendable>(of element: ValueType<Element>, _ takes: String) -> Self
  where Value == [Element] {
    Self(takes: takes, isList: true) { (node, file) throws(Flaw) in
      try elements(of: node, file: file, element: element, takes: takes)
    }
  }

  /// A list without repetition, in ascending order.
  static func set<Element: Comparable & Hashable & Sendable>(of element: ValueType<Element>, _ takes: String) -> Self
  where Value == [Element] {
    Self(takes: takes, isList: true) { (node, file) throws(Flaw) in
      let values = try elements(of: node, file: file, element: element, takes: takes)
      var seen: Set<Element> = []
      if let twice = values.first(where: { !seen.insert($0).inserted }) { throw Flaw("\(twice) stands twice") }
      return values.sorted()
    }
  }

  private static func elements<Element>(
    of node: Node, file: String, element: ValueType<Element>, takes: String
  ) throws(Flaw) -> [Element] {
    guard case .sequence(let sequence) = node else {
      throw Flaw("\(node.quoted) is not \(takes)" + (node.plain.map { "; write [\($0)]" } ?? ""))
    }
    var values: [Element] = []
    for item in sequence { values.append(try element.read(item, file)) }
    return values
  }
}
