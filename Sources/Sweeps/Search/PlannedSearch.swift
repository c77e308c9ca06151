package import Experiment
package import Search
import Storage

/// A search of a sweep file: what is to be found, and what each of its points trains.
package struct PlannedSearch: Sendable {
  /// What the search is to do.
  package let specification: SearchSpecification
  /// The seeds of a trial, as many as the last rung has.
  package let seeds: [UInt64]
  private let base: Draft
  private let parameters: [SearchOutline.Searched]
  /// Why no point can be trained; nil when some can.
  let flaw: String?

  /// Points that a search may try.
  static let trials = 1...10_000
  /// Trials of which one goes on.
  static let factors = 2...100
  /// Hours of a core.
  static let budgets = 1e-3...1e9
  /// Runs at HTCondor at a time.
  static let parallel = 1...10_000
  /// Parameters of a space, at most.
  static let mostParameters = 32
  /// Events, of all energies, that distances and classifiers take.
  private static let leastEvents = 20

  init(_ search: SearchOutline, _ outline: SweepOutline) {
    specification = search.specification
    parameters = search.parameters
    let count = specification.replicates.last ?? 1
    seeds = search.hasSeeds ? outline.seeds : Array(1...UInt64(count))
    var base = Draft()
    for setting in outline.settings { setting.apply(&base) }
    self.base = base
    if base.simulator == .parametric {
      flaw = "kind: a parametric simulator is fitted once, so that there is nothing to go on with from rung to rung"
    } else if let (key, label) = base.namedRow {
      flaw = "\(key): a search has its trials alone, and no row '\(label)' to compare them with; leave it out"
    } else if seeds.count < count {
      flaw = "seeds: \(seeds.count) are fewer than the \(count) of search.replicates"
    } else {
      flaw = Self.flaw(of: specification.objective.metric, base) ?? Self.flaw(of: specification, parameters, base)
    }
  }

  /// Why trials cannot be judged by a metric: the events are too few for it.
  private static func flaw(of metric: Metric?, _ base: Draft) -> String? {
    guard let metric, [.fpd, .kpd, .aucLow, .aucHigh].contains(metric) else { return nil }
    let row = base.planned(label: "", skip: nil)
    let each = row.evaluate?.heldOut ?? row.dataset.eventsPerEnergy
    let (events, overflows) = each.multipliedReportingOverflow(by: row.dataset.energies.count)
    guard !overflows, events < leastEvents else { return nil }
    let key = row.evaluate?.heldOut == nil ? "dataset.events" : "evaluate.held_out"
    return "search.objective: \(metric.rawValue) takes \(leastEvents) held-out events or more, and there are \(events) "
      + "by \(key)"
  }

  /// What is wrong with all of the first hundred points, said of the first.
  private static func flaw(
    of specification: SearchSpecification, _ parameters: [SearchOutline.Searched], _ base: Draft
  ) -> String? {
    var first: String?
    for number in 0..<100 {
      let point = SearchPlanner.example(number, of: specification)
      guard let draft = draft(of: point, parameters, base, specification.rungs) else { continue }
      guard let flaw = draft.flaw else { return nil }
      first = first ?? Flaw.said(of: flaw.key, flaw.clause)
    }
    return "search.space: no point can be trained: \(first ?? "no key takes its values")"
  }

  private static func draft(
    of point: Point, _ parameters: [SearchOutline.Searched], _ base: Draft, _ rungs: [Int]
  ) -> Draft? {
    var draft = base
    for searched in parameters {
      guard let value = point[searched.parameter.name] else { continue }
      guard searched.apply(value, to: &draft) else { return nil }
    }
    // The rungs are the budget.
    draft.budget = Budget(checkpoints: rungs.last)
    return draft.complete
  }

  /// The row of a trial, as it is sent to a rung.
  /// - Parameters:
  ///   - number: The trial's, from 0.
  ///   - point: What it tries.
  ///   - rung: The rung's number, from 0.
  /// - Returns: The row; nil where the point cannot be trained.
  package func variant(_ number: Int, at point: Point, to rung: Int) -> PlannedVariant? {
    guard let draft = Self.draft(of: point, parameters, base, specification.rungs), draft.flaw == nil else {
      return nil
    }
    var variant = draft.planned(label: SearchDecision.label(number), skip: nil)
    variant.budget = Budget(checkpoints: specification.rungs[rung])
    variant.seeds = Array(seeds.prefix(specification.replicates[rung]))
    return variant
  }

  /// A sweep of points that the search may try, trained to the end.
  package func example(_ name: String, points: Int = 20) -> SweepPlan {
    let last = specification.rungs.count - 1
    return SweepPlan(
      name: name, seeds: seeds,
      variants: Array(examples(to: last).prefix(points)))
  }

  /// The rows of the points that can be trained, of the first thousand that the search would try without knowing anything.
  private func examples(to rung: Int) -> some Sequence<PlannedVariant> {
    (0..<1000).lazy.compactMap { variant($0, at: SearchPlanner.example($0, of: specification), to: rung) }
  }

  /// What all trials have in common, by what twenty of them would be.
  /// - Parameter dataset: The data that they are trained on.
  /// - Returns: The same for the same.
  package func base(trainedOn dataset: DatasetDescription) -> SearchBase {
    let runs = examples(to: 0).prefix(20).map { $0.trained.runID(seed: 0, dataset: dataset) }
    return SearchBase(models: SHA256.hexDigest(of: runs.joined(separator: "\n")), seeds: seeds)
  }

  /// Events of each energy by which trials are judged; nil for as many as were trained on.
  package var heldOut: Int? { base.planned(label: "", skip: nil).evaluate?.heldOut }

  /// The data that every trial is trained on.
  package var dataset: DatasetRequest { base.planned(label: "", skip: nil).dataset }

  /// What decides: a point must be one that can be trained, and compute no family of functions that a trial has, settings
  /// of what it does not have aside.
  package var planner: SearchPlanner {
    @Sendable func model(_ point: Point) -> PlannedVariant? {
      guard let draft = Self.draft(of: point, parameters, base, specification.rungs), draft.flaw == nil else {
        return nil
      }
      return draft.essential.planned(label: "", skip: nil)
    }
    return SearchPlanner(specification) { point, tried in
      guard !tried.contains(point), let candidate = model(point) else { return false }
      let rows = tried.compactMap(model) + [candidate]
      return Equivalence(SweepPlan(name: "", seeds: [], variants: rows)).partners.last == .some(nil)
        && !rows.dropLast().contains { $0.id == candidate.id }
    }
  }
}
