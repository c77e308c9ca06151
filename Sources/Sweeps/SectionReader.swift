import Yams

extension SweepReader {
  func sections(_ tables: Entry) -> [SweepOutline.Section] {
    let reader = EntryReader(file: tables.place.file, problems: problems)
    guard case .mapping(let mapping) = tables.node, !mapping.isEmpty else {
      problems.add("tables: \(tables.node.quoted) is not a group of sections, one for each table", at: tables.place)
      return []
    }
    return mapping.compactMap { key, value in
      guard let name = reader.name(key) else { return nil }
      guard case .mapping(let keys) = value else {
        problems.add("table '\(name)': \(value.quoted) is not a group of keys", at: reader.place(key))
        return nil
      }
      return section(reader.entries(of: keys, at: .table), name: name, at: reader.place(key))
    }
  }

  func section(_ entries: Entries, name: String?, at place: Place) -> SweepOutline.Section {
    var items = entries.structure["variants"].map { self.items($0, "variants") } ?? []
    if let grid = entries.structure["grid"] {
      items.append(.init(place: grid.place, settings: [], axes: axes(grid)))
    }
    let noTable = Setting(key: "table", place: place) { $0.table = "" }
    items += (entries.structure["comparisons"].map { self.items($0, "comparisons") } ?? []).map { item in
      var item = item
      item.settings.insert(noTable, at: 0)
      return item
    }
    if items.isEmpty && problems.isEmpty {
      let owner = name.map { "table '\($0)'" } ?? "the sweep"
      problems.add("\(owner) has neither variants nor a grid, so there is nothing to train", at: place)
    }
    return SweepOutline.Section(
      place: place, name: name, settings: name == nil ? [] : entries.settings, items: items,
      rules: entries.structure["skip"].map(rules) ?? [])
  }

  private func items(_ list: Entry, _ key: String) -> [SweepOutline.Item] {
    let reader = EntryReader(file: list.place.file, problems: problems)
    guard case .sequence(let sequence) = list.node, !sequence.isEmpty else {
      problems.add("\(key): \(emptyOr(list.node)) is not a list of variants", at: list.place)
      return []
    }
    return sequence.compactMap { node in
      guard case .mapping(let mapping) = node else {
        problems.add(
          "\(key): \(node.quoted) is not a variant; a variant is a group of keys, such as {hidden: [50, 200]}",
          at: reader.place(node))
        return nil
      }
      let entries = reader.entries(of: mapping, at: .variant)
      return SweepOutline.Item(
        place: reader.place(node), label: text("label", entries.structure["label"], reader),
        skip: text("skip", entries.structure["skip"], reader), settings: entries.settings,
        axes: entries.structure["grid"].map(axes) ?? [])
    }
  }

  private func text(_ key: String, _ entry: Entry?, _ reader: EntryReader) -> String? {
    guard let entry else { return nil }
    do throws(Flaw) {
      return try ValueType.text("text").read(entry.node, reader.file)
    } catch {
      problems.add("\(key): \(error.text)", at: entry.place)
      return nil
    }
  }

  // MARK: Grids

  private func axes(_ grid: Entry) -> [SweepOutline.Axis] {
    let reader = EntryReader(file: grid.place.file, problems: problems)
    guard case .mapping(let mapping) = grid.node, !mapping.isEmpty else {
      problems.add("grid: \(emptyOr(grid.node)) is not a group of keys with lists of values", at: grid.place)
      return []
    }
    return axes(of: mapping, under: "", reader)
  }

  private func axes(of mapping: Node.Mapping, under group: String, _ reader: EntryReader) -> [SweepOutline.Axis] {
    mapping.flatMap { keyNode, value -> [SweepOutline.Axis] in
      guard let name = reader.name(keyNode) else { return [] }
      let key = group + name
      let place = reader.place(keyNode)
      guard SweepKey.setting[key] != nil || SweepKey.groups.contains(key) else {
        problems.add("grid: " + reader.unknown(key, structural: []), at: place)
        return []
      }
      if case .mapping(let inner) = value, SweepKey.groups.contains(key) {
        return axes(of: inner, under: key + ".", reader)
      }
      guard case .sequence(let values) = value else {
        problems.add("grid: \(key): \(value.quoted) is not a list of values, such as [\(value.example)]", at: place)
        return []
      }
      if values.isEmpty { problems.add("grid: \(key): the list of values is empty, so the grid is", at: place) }
      if let known = SweepKey.setting[key], known.isList, values.contains(where: { $0.sequence == nil }) {
        let example = "\(key): [[\(value.example)]]"
        problems.add("grid: \(key): each value is \(known.takes); for one value write \(example)", at: place)
        return []
      }
      let read = values.compactMap { node in
        reader.settings(key, node).map { (settings: $0, text: node.label(of: key)) }
      }
      return [SweepOutline.Axis(key: key, place: place, values: read)]
    }
  }

  // MARK: Rules

  func rules(_ list: Entry) -> [SweepOutline.Rule] {
    let reader = EntryReader(file: list.place.file, problems: problems)
    guard case .sequence(let sequence) = list.node else {
      problems.add("skip: \(list.node.quoted) is not a list of rules {where: …, reason: …}", at: list.place)
      return []
    }
    if sequence.count > SweepFile.ruleLimit {
      problems.add("skip: \(sequence.count) rules are more than \(SweepFile.ruleLimit)", at: list.place)
      return []
    }
    return sequence.compactMap { node in
      guard case .mapping(let mapping) = node, case .mapping(let conditions) = node["where"] ?? Node(""),
        let why = node["reason"], mapping.count == 2
      else {
        problems.add("skip: a rule is {where: {key: value …}, reason: text}", at: reader.place(node))
        return nil
      }
      guard let reason = text("skip: reason", Entry(place: reader.place(node), node: why), reader) else { return nil }
      if conditions.isEmpty {
        problems.add("skip: a rule with nothing under where would skip every variant", at: reader.place(node))
      }
      return SweepOutline.Rule(
        place: reader.place(node), conditions: self.conditions(conditions, under: "", reader), reason: reason)
    }
  }

  /// The conditions of a rule: per key the settings of each value that matches.
  private func conditions(_ mapping: Node.Mapping, under group: String, _ reader: EntryReader) -> [[[Setting]]] {
    mapping.flatMap { keyNode, value -> [[[Setting]]] in
      guard let name = reader.name(keyNode) else { return [] }
      let key = group + name
      if key == "label", value.scalar != nil {
        let entry = Entry(place: reader.place(value), node: value)
        guard let label = text("skip: label", entry, reader) else { return [] }
        return [[[Setting(key: key, place: reader.place(value)) { $0.label = label }]]]
      }
      if let known = SweepKey.setting[key] {
        // Of a list-valued key only a list of lists is a list of values.
        if case .sequence(let list) = value, !known.isList || list.allSatisfy({ $0.sequence != nil }), !list.isEmpty {
          return [list.compactMap { reader.settings(key, $0) }]
        }
        return [[reader.settings(key, value)].compactMap(\.self)]
      }
      guard SweepKey.groups.contains(key) else {
        problems.add("skip: " + reader.unknown(key, structural: []), at: reader.place(keyNode))
        return []
      }
      if case .mapping(let inner) = value { return conditions(inner, under: key + ".", reader) }
      return [[reader.settings(key, value)].compactMap(\.self)]
    }
  }

  private func emptyOr(_ node: Node) -> String {
    node.sequence?.isEmpty == true ? "an empty list" : node.mapping?.isEmpty == true ? "an empty group" : node.quoted
  }
}

extension Node {
  /// The value as it stands in brackets: `1`, `50, 200`.
  var text: String {
    switch self {
    case .scalar(let scalar): scalar.string
    case .sequence(let list): list.map(\.text).joined(separator: ", ")
    case .mapping(let keys): keys.map { "\($0.text)=\($1.text)" }.joined(separator: ", ")
    case .alias: "…"
    }
  }

  /// The value as a sentence shows it in brackets; a long one is left out.
  fileprivate var example: String {
    let text = text
    return text.count > 200 ? "…" : text
  }

  /// A key's value as the label of a row has it: `+1 +2`, `2x`, `no RZ`, `batch size 20`.
  fileprivate func label(of key: String) -> String {
    let name = key.split(separator: ".").last.map(String.init) ?? key
    let spaced = name.replacing("_", with: " ")
    let values = sequence?.map(\.text)
    let plain =
      switch (name, self) {
      case ("circuit", let node) where node.isNone: "no circuit"
      case (_, .mapping(let keys)): keys.map { $1.label(of: "\(key).\($0.text)") }.joined(separator: ", ")
      case ("cnot", _): values?.isEmpty == false ? values!.map { "+\($0)" }.joined(separator: " ") : "no CNOT"
      case ("repetitions", _): "\(text)x"
      case ("rz", _): text.lowercased() == "true" ? "RZ" : "no RZ"
      case ("hidden", _): (values ?? [text]).joined(separator: "-")
      case ("energies", _): (values ?? [text]).joined(separator: " ") + " MeV"
      case ("events", _): "\(text) events"
      default: "\(spaced) \((values ?? [text]).joined(separator: " "))"
      }
    // The discriminator's circuit has the same keys as the generator's.
    return key.hasPrefix("discriminator.") && mapping == nil ? "D \(plain)" : plain
  }
}
