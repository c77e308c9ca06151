import Experiment

/// Finds the variants that `baseline` and `reference` name.
struct Comparisons {
  struct Choice {
    var comparison: Draft.Comparison
    var place: Place

    init(_ comparison: Draft.Comparison, _ place: Place) {
      self.comparison = comparison
      self.place = place
    }

    var label: String? {
      if case .label(let label) = comparison { label } else { nil }
    }
  }

  /// What makes a classical model the counterpart of another one.
  private struct Counterpart: Hashable {
    var hidden: [Int]
    var latent: Int
    var conditioned: Bool
    var dataset: DatasetRequest
  }

  private let variants: [PlannedVariant]
  private let ids: [String]
  private let sections: [Int]
  private let problems: Problems
  private var labelled: [String: [Int]] = [:]
  private var classical: [Counterpart: [Int]] = [:]

  /// The labels of a file with problems, of which some rows may be lacking; nil for one without.
  private let flawed: Set<String>?

  /// Resolves comparisons among variants; `named` are the labels that will be looked for, as the file spells them.
  ///
  /// For a label a row's spelled name may stand.
  init(
    variants: [PlannedVariant], ids: [String], names: [String], sections: [Int], named: Set<String>,
    flawed: Set<String>?, problems: Problems
  ) {
    (self.variants, self.ids, self.sections, self.problems) = (variants, ids, sections, problems)
    self.flawed = flawed
    let labels = named.union(named.compactMap { Self.split($0)?.label })
    for (index, variant) in variants.enumerated() {
      if labels.contains(variant.label) { labelled[variant.label, default: []].append(index) }
      if names[index] != variant.label, labels.contains(names[index]) {
        labelled[names[index], default: []].append(index)
      }
      let generator = variant.variant.generator
      if variant.variant.kind == .gan, generator.circuit == nil, generator.qinn == nil,
        generator.features == .standard, variant.variant.discriminator.circuit == nil
      {
        classical[Self.counterpart(of: variant), default: []].append(index)
      }
    }
  }

  private static func counterpart(of variant: PlannedVariant) -> Counterpart {
    let generator = variant.variant.generator
    return Counterpart(
      hidden: generator.hidden, latent: generator.latent, conditioned: generator.conditioned, dataset: variant.dataset)
  }

  /// The identity of what a variant is compared with.
  func id(_ choice: Choice, of index: Int, key: String) -> String? {
    switch choice.comparison {
    case .none: nil
    case .label(let label): find(label, for: index, choice.place, key)
    case .sameHidden: findCounterpart(of: index, choice.place, key)
    }
  }

  /// The row of that label: in the own section if there is one, else in the whole sweep.
  private func find(_ label: String, for index: Int, _ place: Place, _ key: String) -> String? {
    let everywhere = labelled[label] ?? inTable(label)
    let here = everywhere.filter { sections[$0] == sections[index] }
    let found = Set((here.isEmpty ? everywhere : here).map { ids[$0] })
    if found.count == 1 { return found.first }
    if found.isEmpty {
      if let flawed, flawed.contains(label) || Self.split(label).map({ flawed.contains($0.label) }) ?? false {
        return nil
      }
      let hint = nearest(to: label, among: variants.map(\.label)).map { "; did you mean '\($0)'?" } ?? ""
      problems.add("\(key): no variant is called '\(label)'\(hint)", at: place)
    } else if flawed == nil {
      let tables = everywhere.map { "'\(variants[$0].table)/\(label)'" }.joined(separator: " or ")
      problems.add("\(key): '\(label)' is more than one variant; say \(tables)", at: place)
    }
    return nil
  }

  /// `table/label`.
  private func inTable(_ text: String) -> [Int] {
    guard let (table, label) = Self.split(text) else { return [] }
    return (labelled[label] ?? []).filter { variants[$0].table == table }
  }

  private static func split(_ text: String) -> (table: String, label: String)? {
    guard let slash = text.firstIndex(of: "/") else { return nil }
    return (String(text[..<slash]), String(text[text.index(after: slash)...]))
  }

  private func findCounterpart(of index: Int, _ place: Place, _ key: String) -> String? {
    let variant = variants[index]
    let everywhere = classical[Self.counterpart(of: variant)] ?? []
    // With the same discriminator; else, as where that has a circuit, with the study's; else with any.
    let candidates =
      [variant.variant.discriminator, .init()].lazy
      .map { wanted in everywhere.filter { variants[$0].variant.discriminator == wanted } }
      .first { !$0.isEmpty } ?? everywhere
    // With the same training, but for what only a circuit knows of; else any, if there is one only.
    let alike = candidates.filter { Self.alike(variants[$0].settings, variant.settings) }
    let found = Set((alike.isEmpty ? candidates : alike).map { ids[$0] })
    if found.count == 1 { return found.first }
    if flawed != nil { return nil }
    let hidden = variant.variant.generator.hidden
    problems.add(
      "\(key): same-hidden finds \(found.isEmpty ? "no" : "more than one") classical variant with the hidden layers "
        + "\(hidden) on the same dataset; \(found.isEmpty ? "add one" : "name one by its label")",
      at: place)
    return nil
  }

  private static func alike(_ a: TrainingSettings, _ b: TrainingSettings) -> Bool {
    var a = a
    a.angles = b.angles
    a.circuitInputScale = b.circuitInputScale
    return a == b
  }
}
