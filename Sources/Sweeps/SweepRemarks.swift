import Ansatz
import Experiment

extension SweepOutline {
  /// More variants than this are not looked through for keys without effect.
  private static let limit = 2000

  /// What is no error and yet hardly meant: rules that leave nothing out, keys without effect and what else was found,
  /// each with its line.
  func remarks(usedRules: Set<Place>, and others: [(place: Place, text: String)]) -> [String] {
    var said = Set<String>()
    var remarks = others.filter { said.insert("\($0)").inserted }
    var seen = Set<Place>()
    for rule in sections.flatMap(\.rules) where !usedRules.contains(rule.place) && seen.insert(rule.place).inserted {
      remarks.append((rule.place, "skip: this rule leaves no variant out"))
    }
    let points = sections.flatMap(\.items).reduce(0) { $0 + $1.axes.reduce(1) { $0 * $1.values.count } }
    if points <= Self.limit {
      remarks += idle.map { ($0.place, "\($0.key) has no effect: no variant here has it in the end") }
    }
    return remarks.sorted { ($0.place.file, $0.place.line) < ($1.place.file, $1.place.line) }
      .map { "\($0.place.file):\($0.place.line): \($0.text)" }
  }

  /// The settings without which every variant that they are of would be the same, because a later one takes their place
  /// or the variant has nothing of the kind; what a file that is extended says may matter to that alone.
  private var idle: [Setting] {
    var found: [Setting] = []
    /// Looks at some settings of a level, of each of whose variants `chains` has what stands before and after them.
    func look(_ level: [Setting], _ chains: [(before: [Setting], after: [Setting])]) {
      for (index, setting) in level.enumerated() {
        let isIdle = chains.allSatisfy { before, after in
          let without = before + level[..<index] + level[(index + 1)...] + after
          let whole = before + level + after
          guard Self.outcome(whole) == Self.outcome(without) else { return false }
          // What a default says again is no mistake.
          let draft = Self.draft(whole)
          return Self.draft(whole + [setting]) != draft || Self.draft(without) != draft
        }
        if isIdle, !chains.isEmpty, setting.place.file == file { found.append(setting) }
      }
    }
    look(
      settings,
      sections.flatMap { section in
        section.items.flatMap { item in item.points.map { ([], section.settings + item.settings + $0) } }
      })
    for section in sections {
      look(section.settings, section.items.flatMap { item in item.points.map { (settings, item.settings + $0) } })
      for item in section.items {
        look(item.settings, item.points.map { (settings + section.settings, $0) })
      }
    }
    return found
  }

  private static func draft(_ settings: [Setting]) -> Draft {
    var draft = Draft()
    for setting in settings { setting.apply(&draft) }
    return draft
  }

  /// All that a variant's settings come to; settings of circuits that it does not have count for nothing.
  private static func outcome(_ settings: [Setting]) -> Outcome {
    var draft = draft(settings).complete
    draft.label = nil
    draft = draft.essential
    return Outcome(
      planned: draft.planned(label: "", skip: nil), baseline: draft.baseline, reference: draft.reference)
  }

  private struct Outcome: Equatable {
    var planned: PlannedVariant
    var baseline: Draft.Comparison
    var reference: Draft.Comparison
  }
}

extension SweepOutline.Item {
  /// The settings of each of the grid's points, none for a row without a grid.
  fileprivate var points: [[Setting]] {
    axes.reduce([[]]) { points, axis in points.flatMap { point in axis.values.map { point + $0.settings } } }
  }
}
