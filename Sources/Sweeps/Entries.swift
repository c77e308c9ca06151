import Experiment
import Yams

/// What one key of a file does to a variant, and where it stands.
struct Setting: Sendable {
  var key: String
  var place: Place
  var apply: SweepKey.Change
}

/// A key that gives the file its structure, such as `variants`, with what stands under it.
struct Entry {
  var place: Place
  var node: Node
}

/// The keys of one mapping of a sweep file.
struct Entries {
  /// The variant's keys, in the file's order.
  var settings: [Setting] = []
  var structure: [String: Entry] = [:]
}

/// Turns mappings of one sweep file into entries, noting what is wrong with them.
struct EntryReader {
  let file: String
  let problems: Problems

  func place(_ node: Node) -> Place { Place(file: file, line: node.mark?.line ?? 1) }

  func entries(of mapping: Node.Mapping, at level: SweepKey.Level) -> Entries {
    var entries = Entries()
    read(mapping, under: "", structural: SweepKey.structural[level] ?? [], into: &entries)
    return entries
  }

  /// The settings in a mapping that has variants' keys only, such as what follows `where`.
  func settings(of mapping: Node.Mapping, under group: String) -> [Setting] {
    var entries = Entries()
    read(mapping, under: group, structural: [], into: &entries)
    return entries.settings
  }

  private func read(_ mapping: Node.Mapping, under group: String, structural: Set<String>, into entries: inout Entries)
  {
    for (keyNode, value) in mapping {
      guard let name = name(keyNode) else { continue }
      let key = group + name
      if group.isEmpty, structural.contains(key) {
        entries.structure[key] = Entry(place: place(keyNode), node: value)
      } else if entries.settings.contains(where: { $0.key == key }) {
        problems.add("\(key) stands here twice", at: place(keyNode))
      } else if let known = SweepKey.setting[key] {
        if let setting = setting(known, value) { entries.settings.append(setting) }
      } else if SweepKey.groups.contains(key) {
        read(group: key, value, at: place(keyNode), into: &entries)
      } else {
        problems.add(unknown(key, structural: structural), at: place(keyNode))
      }
    }
    for circuit in ["circuit.", "discriminator.circuit.", "coupling.circuit."] {
      let both = entries.settings.filter { [circuit + "rz", circuit + "rotations"].contains($0.key) }
      if both.count == 2, group.isEmpty || group == circuit {
        problems.add("\(both[1].key): rz and rotations both say what turns; give one of them", at: both[1].place)
      }
    }
  }

  private func read(group: String, _ value: Node, at place: Place, into entries: inout Entries) {
    if let set = Draft.circuit(group, present: !value.isNone) {
      entries.settings.append(Setting(key: group, place: place, apply: set))
      if value.isNone { return }
    }
    guard case .mapping(let mapping) = value else {
      problems.add("\(group): \(value.quoted) is not a group of keys", at: self.place(value))
      return
    }
    read(mapping, under: group + ".", structural: [], into: &entries)
  }

  /// The values of one key: a setting each, or for a group of keys a mapping each.
  func settings(_ key: String, _ value: Node) -> [Setting]? {
    if let known = SweepKey.setting[key] { return setting(known, value).map { [$0] } }
    var entries = Entries()
    read(group: key, value, at: place(value), into: &entries)
    return entries.settings
  }

  private func setting(_ key: SweepKey, _ value: Node) -> Setting? {
    do throws(Flaw) {
      if value.scalar?.string == "", value.scalar?.style == .plain {
        throw Flaw("has no value; it takes \(key.takes)")
      }
      guard let apply = try key.change?(value, file) else { return nil }
      return Setting(key: key.name, place: place(value), apply: apply)
    } catch {
      problems.add(Flaw.said(of: key.name, error.text), at: place(value))
      return nil
    }
  }

  /// A mapping's key as text, dots and all.
  func name(_ node: Node) -> String? {
    if let word = node.word {
      problems.add("\(word) is not a key; write it in quotes", at: place(node))
      return nil
    }
    if case .scalar(let scalar) = node, !scalar.string.isEmpty { return scalar.string }
    problems.add("\(node.quoted) is not a key", at: place(node))
    return nil
  }

  /// What is said of a key that does not exist (here), with the one that was probably meant.
  func unknown(_ key: String, structural: Set<String>) -> String {
    if key.hasSuffix("<<") {
      return "merge keys (<<) are not read; keys that variants share go to the top or the table"
    }
    if let level = SweepKey.Level.allCases.first(where: { SweepKey.structural[$0]?.contains(key) == true }) {
      return "'\(key)' does not belong here; it stands \(level.position)"
    }
    let last = key.split(separator: ".").last.map(String.init) ?? key
    let names = SweepKey.setting.keys.sorted()
    // The right name in the wrong group comes first, that of a GAN before others, then a misspelling of the whole, then one of its
    // last part.
    let meant =
      (names.filter(SweepKey.ofNetworks.contains) + names).first { $0.hasSuffix("." + last) || $0 == last }
      ?? nearest(to: key, among: names + structural.sorted() + SweepKey.groups.sorted())
      ?? names.min(by: { distance($0, last) < distance($1, last) }).flatMap { candidate in
        nearest(to: last, among: [tail(candidate)]) == nil ? nil : candidate
      }
    let hint = meant.map { "; did you mean \($0)?" } ?? "; `qcalo plan --keys` lists the keys"
    return "unknown key '\(key)'\(hint)"
  }

  private func tail(_ name: String) -> String { name.split(separator: ".").last.map(String.init) ?? name }
  private func distance(_ name: String, _ word: String) -> Int { editDistance(tail(name), word) }
}

extension SweepKey.Level {
  fileprivate var position: String {
    switch self {
    case .sweep: "at the top of the file"
    case .table: "in a table's section"
    case .variant: "in a variant"
    }
  }
}
