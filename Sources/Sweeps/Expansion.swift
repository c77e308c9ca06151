import Experiment
import Storage

/// Expands an outline into a plan.
struct Expansion {
  private let outline: SweepOutline
  private let problems: Problems
  /// Whether some of the file could not be read: what follows from its absence is not told then.
  private let isPartial: Bool
  private var variants: [PlannedVariant] = []
  private var ids: [String] = []
  private var names: [String] = []
  /// The section that each variant stands in.
  private var sections: [Int] = []
  /// What variants are compared with, and where the file says so.
  private var comparisons: [(variant: Int, baseline: Comparisons.Choice, reference: Comparisons.Choice)] = []
  private var tableNumbers = Numbering<String>()
  private var tables: [Table] = []
  /// The files of events, each of another name.
  private var sources: [String] = []
  /// The item that each variant comes from.
  private var origins: [Int] = []
  private var itemCount = 0
  /// Variants that the section has at most.
  private var count = 0
  /// The item's points that are not among the variants yet.
  private var waiting: [Point] = []
  /// The rules that have left a variant out.
  private var usedRules = Set<Place>()
  /// Variants that are called by the name spelled from what they are.
  private var unnamed: [Int] = []

  /// What a table has.
  private struct Table {
    var labels: Set<String>
    /// Each identity's variant.
    var identities: [String: Int]

    init(capacity: Int) {
      labels = .init(minimumCapacity: capacity)
      identities = .init(minimumCapacity: capacity)
    }
  }

  private struct Point: Sendable {
    var draft: Draft
    /// The number of the value on each of the item's axes.
    var chosen: [Int]
    /// Why it is not trained, where the file says so.
    var skip: String?
  }

  /// What a point is, once everything that takes time is computed.
  private enum Described: Sendable {
    case flawed(key: String, clause: String)
    case planned(name: String, id: String)

    init(_ point: Point) {
      if point.skip == nil, let flaw = point.draft.flaw {
        self = .flawed(key: flaw.key, clause: flaw.clause)
      } else {
        let planned = point.draft.planned(label: "", skip: point.skip)
        self = .planned(name: planned.name, id: planned.id)
      }
    }
  }

  init(_ outline: SweepOutline, problems: Problems) {
    self.outline = outline
    self.problems = problems
    isPartial = !problems.isEmpty
  }

  consuming func expand(limit: Int) throws(SweepError) -> ExpandedSweep {
    try check(limit: limit)
    for index in outline.sections.indices { expand(section: index) }
    if problems.isEmpty { checkBudgets() }
    findComparisons()
    try problems.check()
    shortenNames()
    let plan = SweepPlan(name: outline.name, seeds: outline.seeds, variants: variants)
    return ExpandedSweep(
      plan: plan, ids: ids, names: names, remarks: outline.remarks(usedRules: usedRules, and: skippedComparisons))
  }

  /// What rows that are trained are compared with and is trained in no table, where the file says so.
  private var skippedComparisons: [(place: Place, text: String)] {
    var labels: [String: String] = [:]
    for (index, id) in ids.enumerated() where variants[index].skip != nil { labels[id] = variants[index].label }
    if labels.isEmpty { return [] }
    for (index, id) in ids.enumerated() where variants[index].skip == nil { labels[id] = nil }
    return comparisons.filter { variants[$0.variant].skip == nil }.flatMap { index, baseline, reference in
      [
        ("baseline", "⟨χ²⟩c", baseline.place, variants[index].baseline),
        ("reference", "⟨χ²⟩c′", reference.place, variants[index].reference),
      ].compactMap { key, mean, place, id in
        id.flatMap { labels[$0] }.map {
          (place, "\(key): '\($0)' is skipped, so \(mean) stays empty; train it, or name another row")
        }
      }
    }
  }

  /// Labels that are spelled names go without the settings in which all of the sweep's networks depart from the study.
  private mutating func shortenNames() {
    let networks = variants.indices.filter { variants[$0].variant.kind == .gan }
    guard !unnamed.isEmpty, let tail = SweepPlan.commonDepartures(of: networks.map { names[$0] }) else { return }
    for index in unnamed where variants[index].label.hasSuffix(tail) {
      let label = String(variants[index].label.dropLast(tail.count))
      let number = tableNumbers.number(of: variants[index].table)
      if tables[number].labels.insert(label).inserted { variants[index].label = label }
    }
  }

  private mutating func findComparisons() {
    guard !comparisons.isEmpty else { return }
    let named = Set(comparisons.flatMap { [$0.baseline.label, $0.reference.label].compactMap(\.self) })
    // A row with a problem of its own is not missing.
    let flawed = problems.isEmpty ? nil : Set(outline.sections.flatMap(\.items).compactMap(\.label))
    let resolver = Comparisons(
      variants: variants, ids: ids, names: names, sections: sections, named: named, flawed: flawed, problems: problems)
    let found = comparisons.map { variant, baseline, reference in
      (
        variant, resolver.id(baseline, of: variant, key: "baseline"),
        resolver.id(reference, of: variant, key: "reference")
      )
    }
    for (variant, baseline, reference) in found {
      variants[variant].baseline = baseline
      variants[variant].reference = reference
    }
  }

  /// Counts before anything is expanded.
  private func check(limit: Int) throws(SweepError) {
    var total = 0.0
    for item in outline.sections.flatMap(\.items) {
      let points = item.axes.reduce(1.0) { $0 * Double($1.values.count) }
      total += points
      guard total > Double(limit) else { continue }
      let product = item.axes.map { "\($0.values.count)" }.joined(separator: " · ")
      let which = item.axes.isEmpty ? "the sweep" : "grid: \(product) is \(Self.rounded(points)), and the sweep"
      problems.add(
        "\(which) has more variants than the limit of \(limit); narrow it, or raise the limit with --limit",
        at: item.axes.first?.place ?? item.place)
      try problems.check()
    }
  }

  private static func rounded(_ count: Double) -> String { count < 1e15 ? "\(Int(count))" : "\(count)" }

  // MARK: Points

  private mutating func expand(section index: Int) {
    let section = outline.sections[index]
    var base = Draft()
    for setting in outline.settings { setting.apply(&base) }
    if let name = section.name { base.table = name }
    for setting in section.settings { setting.apply(&base) }
    count = section.items.reduce(0) { $0 + $1.axes.reduce(1) { $0 * $1.values.count } }
    variants.reserveCapacity(variants.count + count)
    for item in section.items {
      var draft = base
      draft.label = item.label
      for setting in item.settings { setting.apply(&draft) }
      points(of: item, from: 0, draft, [], section: index)
      addWaiting(item, section: index)
      itemCount += 1
    }
  }

  /// Goes through a grid's axes, the last one fastest.
  private mutating func points(
    of item: SweepOutline.Item, from axis: Int, _ draft: Draft, _ chosen: [Int], section: Int
  ) {
    guard axis < item.axes.count else {
      let draft = draft.complete
      let rule = outline.sections[section].rules.first { Self.matches($0, draft) }
      if let rule { usedRules.insert(rule.place) }
      waiting.append(Point(draft: draft, chosen: chosen, skip: item.skip ?? rule?.reason))
      if waiting.count == Self.portion { addWaiting(item, section: section) }
      return
    }
    for (number, value) in item.axes[axis].values.enumerated() {
      var point = draft
      for setting in value.settings { setting.apply(&point) }
      points(of: item, from: axis + 1, point, chosen + [number], section: section)
    }
  }

  /// Few enough to take little memory, enough to keep every core busy.
  private static let portion = 8192

  /// Names and identities are computed on all cores.
  private mutating func addWaiting(_ item: SweepOutline.Item, section: Int) {
    let points = waiting
    waiting.removeAll(keepingCapacity: true)
    let described = concurrentMap(points.indices) { Described(points[$0]) }
    for (index, model) in described.enumerated() {
      let point = points[index]
      switch model {
      case .flawed(let key, let clause):
        if isPartial, clause.hasPrefix("is not given") { continue }
        let place = source(of: key, item, point.chosen, section: section)?.place ?? item.place
        problems.add(Flaw.said(of: key, clause), at: place)
      case .planned(let name, let id):
        add(point, name: name, id: id, item, section: section)
      }
    }
  }

  private mutating func add(_ point: Point, name: String, id: String, _ item: SweepOutline.Item, section: Int) {
    let (draft, chosen) = (point.draft, point.chosen)
    var planned = draft.planned(label: label(item, draft, chosen) ?? name, skip: point.skip)
    if let other = otherSource(than: planned.dataset.source) {
      return problems.add(
        "dataset.source: \(planned.dataset.source) and \(other) have the same file name, by which a sweep tells its data "
          + "apart; rename one of the files",
        at: source(of: "dataset.source", item, chosen, section: section)?.place ?? item.place)
    }
    let number = tableNumbers.number(of: planned.table)
    if number == tables.count { tables.append(Table(capacity: count)) }
    // Values that read alike, or another grid's, are told apart by the whole name.
    if !item.axes.isEmpty, tables[number].labels.contains(planned.label), tables[number].identities[id] == nil {
      planned.label = (draft.label ?? name) + suffix(item, chosen)
    }
    if let first = tables[number].identities.updateValue(variants.count, forKey: id) {
      tables[number].identities[id] = first
      // A grid's point that a row has is that row.
      if item.axes.isEmpty || origins[first] == itemCount {
        repeated(planned, as: first, item)
      } else if !isPartial, planned.skip == nil, variants[first].skip == nil, Self.isOtherwise(variants[first], planned)
      {
        problems.add(
          "grid: '\(planned.label)' is the same run as '\(variants[first].label)' but with another budget, keep or "
            + "evaluate; a run has one",
          at: item.axes.first?.place ?? item.place)
      }
      return
    }
    guard tables[number].labels.insert(planned.label).inserted else {
      tables[number].identities[id] = nil
      let table = planned.table.isEmpty ? "" : " in table '\(planned.table)'"
      return problems.add(
        "label '\(planned.label)' stands twice\(table); give each row a label of its own", at: item.place)
    }
    func choice(_ key: String, _ comparison: Draft.Comparison) -> Comparisons.Choice {
      guard comparison != .none else { return .init(comparison, item.place) }
      return .init(comparison, source(of: key, item, chosen, section: section)?.place ?? item.place)
    }
    if draft.isCompared, draft.baseline != .none || draft.reference != .none {
      comparisons.append(
        (variants.count, choice("baseline", draft.baseline), choice("reference", draft.reference)))
    }
    sections.append(section)
    if planned.label == name { unnamed.append(variants.count) }
    variants.append(planned)
    ids.append(id)
    names.append(name)
    origins.append(itemCount)
  }

  /// A file of events in another folder that has this one's name, by which identities know it; nil for none.
  private mutating func otherSource(than path: String) -> String? {
    func name(_ path: String) -> Substring? { path.split(separator: "/").last }
    if sources.contains(path) { return nil }
    if let other = sources.first(where: { name($0) == name(path) }) { return other }
    sources.append(path)
    return nil
  }

  private func repeated(_ planned: PlannedVariant, as first: Int, _ item: SweepOutline.Item) {
    if isPartial { return }
    if item.axes.isEmpty {
      problems.add(
        "'\(planned.label)' is the same model as '\(variants[first].label)' (\(planned.name)); leave one out",
        at: item.place)
    } else {
      problems.add(
        "grid: two points are the same variant, \(planned.name); are values repeated, or does one key undo another?",
        at: item.axes.first?.place ?? item.place)
    }
  }

  /// The row's own label with what varies in its grid; nil for a row that has neither.
  private func label(_ item: SweepOutline.Item, _ draft: Draft, _ chosen: [Int]) -> String? {
    let varied = zip(item.axes, chosen).filter { $0.0.values.count > 1 }.map { $0.values[$1].text }
    let parts = [draft.label].compactMap(\.self) + varied
    return parts.isEmpty ? nil : parts.joined(separator: ", ")
  }

  /// What tells a grid's rows apart where neither what varies nor the name does: all values for a labelled row, else the
  /// dataset's.
  private func suffix(_ item: SweepOutline.Item, _ chosen: [Int]) -> String {
    zip(item.axes, chosen).compactMap { axis, number in
      guard item.label != nil || axis.key.hasPrefix("dataset") else { return nil }
      let key = axis.key.split(separator: ".").last ?? ""
      return "-\(key)=\(axis.values[number].text.split(separator: ", ").joined(separator: "_"))"
    }.joined()
  }

  /// The setting that a key's value comes from: the innermost of grid, variant, section and file.
  private func source(
    of key: String, _ item: SweepOutline.Item, _ chosen: [Int], section: Int
  ) -> Setting? {
    let levels =
      zip(item.axes, chosen).map { $0.values[$1].settings }.reversed()
      + [item.settings, outline.sections[section].settings, outline.settings]
    func covers(_ setting: Setting) -> Bool {
      setting.key == key || key.hasPrefix(setting.key + ".") || setting.key.hasPrefix(key + ".")
        || (setting.key == "training.learning_rate" && key.hasSuffix("learning_rate"))
    }
    for level in levels {
      if let setting = level.last(where: { $0.key == key }) ?? level.last(where: covers) { return setting }
    }
    return nil
  }

  /// A variant has a value when setting it changes nothing.
  private static func matches(_ rule: SweepOutline.Rule, _ complete: Draft) -> Bool {
    rule.conditions.allSatisfy { values in
      values.contains { settings in
        // What a kind has nothing of is no value of it.
        guard settings.allSatisfy({ SweepKey.has(complete.simulator, $0.key) }) else { return false }
        var changed = complete
        for setting in settings { setting.apply(&changed) }
        return changed.complete == complete
      }
    }
  }

  /// One run has one budget, whatever tables it stands in; a row that is not trained asks for none.
  private func checkBudgets() {
    guard tables.count > 1 else { return }
    var first: [String: Int] = [:]
    for (index, id) in ids.enumerated() where variants[index].skip == nil {
      guard let other = first[id] else {
        first[id] = index
        continue
      }
      let (a, b) = (variants[other], variants[index])
      if Self.isOtherwise(a, b) {
        problems.add(
          "'\(b.label)' is the same run as '\(a.label)' of table '\(a.table)' but with another budget, keep or evaluate; "
            + "a run has one",
          at: outline.sections[sections[index]].place)
      }
    }
  }

  private static func isOtherwise(_ a: PlannedVariant, _ b: PlannedVariant) -> Bool {
    a.budget != b.budget || a.keep != b.keep || a.evaluate != b.evaluate
  }
}
