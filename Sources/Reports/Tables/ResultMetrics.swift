package import Experiment
import Ledger
import Records

/// What the rows of results are sorted by, the best first.
package enum ResultOrder: Hashable, Sendable {
  /// The lowest χ²/NDF in training.
  case chi2
  /// A metric of the best checkpoint.
  case metric(Metric)

  /// `chi2` or a metric's name; nil for anything else.
  package init?(_ text: String) {
    if text == "chi2" {
      self = .chi2
    } else if let metric = Metric(rawValue: text) {
      self = .metric(metric)
    } else {
      return nil
    }
  }

  /// Elements with their runs' mean, the best or the worst first; those without a value are the last in any case, in their
  /// order.
  func sorted<Element>(
    _ elements: [Element], isReversed: Bool = false, _ runs: (Element) -> [RunResult]
  ) -> [Element] {
    let values = elements.map { element -> Double? in
      switch self {
      case .chi2: Sample(runs(element).compactMap(\.curve.best?.reduced)).mean
      case .metric(let metric):
        Sample(runs(element).compactMap { ($0.metrics?.values[metric]?.value).map(metric.badness) }).mean
      }
    }
    let known = elements.indices.filter { values[$0] != nil }
      .sorted { (values[$0] ?? .infinity, $0) < (values[$1] ?? .infinity, $1) }
    let places = (isReversed ? known.reversed() : known) + elements.indices.filter { values[$0] == nil }
    return places.map { elements[$0] }
  }
}

extension SweepResults {
  /// The metrics that a run has at its best checkpoint.
  var metrics: [Metric] {
    let found = Set(rows.flatMap(\.runs).compactMap(\.metrics).flatMap(\.values.keys))
    return Metric.allCases.filter(found.contains)
  }

  /// What the metrics are of, and what they are at best.
  var metricNotes: [String] {
    let records = rows.flatMap(\.runs).compactMap(\.metrics)
    guard !records.isEmpty else { return [] }
    let floors = metrics.compactMap { metric -> String? in
      let floor = Sample(records.compactMap { $0.values[metric]?.floor }).mean
      return floor.map { "\(metric.title) \(Cell.number($0 * metric.scale).text)" }
    }
    let events = Set(records.map(\.events)).sorted().map { "\($0)" }.joined(separator: ", ")
    let against = records.allSatisfy(\.heldOut) ? "events that were not trained on" : "Geant4's events"
    return [
      "Metrics are of fresh showers of the best checkpoint (by χ² in training) against \(against), \(events) of each.",
      "Geant4 itself has: \(floors.joined(separator: ", ")).",
    ]
  }
}

extension Metric {
  /// One run's value with its own uncertainty, several runs' with their spread.
  func cell(of runs: [RunResult]) -> Cell {
    if runs.count == 1 { return cell(runs[0].metrics?.values[self]) }
    return Sample(runs.compactMap { $0.metrics?.values[self].map { $0.value * scale } }).cell()
  }
}
