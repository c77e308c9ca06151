import Experiment
import Foundation
import Yams

/// What a key takes: how it reads in docs/sweep-files.md, and how a YAML node becomes a value.
struct ValueType<Value: Sendable>: Sendable {
  /// "a whole number", "a list of energies (MeV)".
  var takes: String
  /// What values it takes, in words: "1 … 1024"; "" where `takes` says it.
  var bound = ""
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

  /// The text of an unquoted scalar that YAML takes for nothing or for a flag: `~`, `null`, `false`.
  var word: String? { plain.flatMap { CoreSchema.isNull($0) || CoreSchema.flag($0) != nil ? $0 : nil } }

  /// Whether it says that there is none: `none`, `null`, `~` or nothing at all.
  var isNone: Bool {
    guard case .scalar(let scalar) = self, scalar.style == .plain else { return false }
    return scalar.string == "none" || CoreSchema.isNull(scalar.string)
  }

  /// Number-like text in quotes is a common slip; the message says so.
  func isNot(_ kind: String) -> Flaw {
    if case .scalar(let scalar) = self, scalar.style != .plain, Double(scalar.string) != nil {
      return Flaw("\(quoted) is text, not \(kind); leave out the quotes")
    }
    return Flaw("\(quoted) is not \(kind)")
  }
}

extension ValueType where Value == Int {
  /// A whole number in a range; `kind` says what a number beyond the range is not, up to the range.
  static func whole(_ range: ClosedRange<Int>, isNot kind: String = "in") -> Self {
    let bound = Bounds.text(range)
    return Self(takes: "a whole number", bound: bound) { (node, _) throws(Flaw) in
      guard let text = node.plain, DecimalNumber.isWhole(text) else { throw node.isNot("a whole number") }
      guard let value = Int(text), range.contains(value) else { throw Flaw("\(text) is not \(kind) \(bound)") }
      return value
    }
  }
}

extension ValueType where Value == Float {
  static func number(_ range: ClosedRange<Double>) -> Self {
    let (bound, smallest) = (Bounds.text(range), "0 or at least \(Bounds.least)")
    let whole = range.contains(0) ? "\(bound), \(smallest)" : bound
    return Self(takes: "a number", bound: whole) { (node, _) throws(Flaw) in
      guard let text = node.plain, let number = DecimalNumber(text), let value = Float(text) else {
        throw node.isNot("a number")
      }
      guard range.contains(number.value) else { throw Flaw("\(text) is not in \(bound)") }
      guard number.isZero || abs(number.value) >= Bounds.least else { throw Flaw("\(text) is not \(smallest)") }
      return value
    }
  }
}

extension ValueType where Value == Double {
  static let energy = Self(takes: "an energy (MeV)", bound: Bounds.text(Bounds.energy)) { (node, _) throws(Flaw) in
    guard let text = node.plain, let number = DecimalNumber(text) else {
      throw node.isNot("an energy; energies are positive, in MeV")
    }
    guard Bounds.energy.contains(number.value) else {
      throw Flaw("\(text) is not in \(Bounds.text(Bounds.energy)) MeV")
    }
    return number.value
  }

  /// A length of time in seconds.
  static let duration = Self(takes: "a time: 24h, 90m, 1h30m, 600s", bound: Bounds.timeText) { (node, _) throws(Flaw) in
    guard let text = node.plain else { throw node.isNot("a length of time; write \(lengthsOfTime)") }
    if let flaw = timeFlaw(text) { throw Flaw("\(text) \(flaw)") }
    return lengthOfTime(text) ?? 0
  }
}

extension ValueType where Value == EnergyBins {
  static let bins = Self(
    takes: "a list of edges (MeV)", bound: "\(Bounds.text(Bounds.energy)), at most \(Bounds.energies + 1)", isList: true
  ) { (node, file) throws(Flaw) in
    let list = ValueType<Double>.energy
    let edges = try ValueType<[Double]>.list(of: list, "a list of edges (MeV)", atMost: Bounds.energies + 1)
      .read(node, file)
    if let flaw = EnergyBins.flaw(of: edges) { throw Flaw(flaw) }
    return EnergyBins(edges: edges)
  }
}

extension ValueType where Value == VoxelGeometry {
  /// A detector's name, or the path of a binning file: a path has a slash or a dot.
  static let geometry = Self(
    takes: CaloChallenge.allCases.map(\.rawValue).joined(separator: ", ") + ", or the path of a binning file (XML)",
    bound: ValueType<String>.text("a path").bound
  ) { (node, file) throws(Flaw) in
    guard let text = node.scalar?.string, text.contains("/") || text.contains(".") else {
      return try ValueType<CaloChallenge>.choice().read(node, file).geometry
    }
    do {
      return try VoxelGeometry(xml: ValueType<String>.path.read(node, file))
    } catch let flaw as Flaw {
      throw flaw
    } catch {
      throw Flaw("\(error)")
    }
  }
}

extension ValueType where Value == Bool {
  static let flag = Self(takes: "true or false") { (node, _) throws(Flaw) in
    guard let value = node.plain.flatMap(CoreSchema.flag) else {
      throw Flaw("\(node.quoted) is neither true nor false")
    }
    return value
  }
}

extension ValueType where Value == String {
  static func text(_ takes: String, atMost limit: Int = Bounds.text) -> Self {
    Self(takes: takes, bound: "\(limit) characters") { (node, _) throws(Flaw) in
      guard case .scalar(let scalar) = node, !scalar.string.isEmpty else { throw node.isNot(takes) }
      if let word = node.word { throw Flaw("\(word) is not \(takes); write it in quotes, or leave the key out") }
      guard scalar.string.unicodeScalars.allSatisfy({ $0.properties.generalCategory != .control }) else {
        throw Flaw("\(String(reflecting: scalar.string)) has a line break or another control character")
      }
      let count = scalar.string.count
      if count > limit { throw Flaw("\(scalar.string.prefix(20))… has \(count) characters; \(limit) are the most") }
      return scalar.string
    }
  }

  /// A path, relative to the sweep file; absolute once read.
  static let path = Self(
    takes: "a path, relative to the sweep file", bound: text("a path").bound
  ) { (node, file) throws(Flaw) in
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
  static func list<Element: Hashable & Sendable>(
    of element: ValueType<Element>, _ takes: String, atMost limit: Int
  ) -> Self where Value == [Element] {
    let bound = (element.bound.isEmpty ? [] : [element.bound]) + ["at most \(limit)"]
    return Self(takes: takes, bound: bound.joined(separator: ", "), isList: true) { (node, file) throws(Flaw) in
      try elements(of: node, file: file, element: element, takes: takes, atMost: limit)
    }
  }

  /// A list without repetition, in ascending order.
  static func set<Element: Comparable & Hashable & Sendable>(
    of element: ValueType<Element>, _ takes: String, atMost limit: Int, spelled: @escaping @Sendable (Element) -> String
  ) -> Self where Value == [Element] {
    Self(takes: takes, bound: "\(element.bound), at most \(limit)", isList: true) { (node, file) throws(Flaw) in
      let values = try elements(of: node, file: file, element: element, takes: takes, atMost: limit)
      var seen: Set<Element> = []
      if let twice = values.first(where: { !seen.insert($0).inserted }) {
        throw Flaw("\(spelled(twice)) stands twice")
      }
      return values.sorted()
    }
  }

  private static func elements<Element>(
    of node: Node, file: String, element: ValueType<Element>, takes: String, atMost limit: Int
  ) throws(Flaw) -> [Element] {
    guard case .sequence(let sequence) = node else {
      throw Flaw("\(node.quoted) is not \(takes)" + (node.plain.map { "; write [\($0)]" } ?? ""))
    }
    if sequence.count > limit { throw Flaw("\(sequence.count) values are more than \(limit)") }
    var values: [Element] = []
    for item in sequence { values.append(try element.read(item, file)) }
    return values
  }
}
