import Foundation
import Ledger

extension Chart.Axis {
  /// The axis of χ²/NDF that shows some curves; nil when there is nothing to show.
  static func reduced(_ curves: [Curve]) -> Self? { decades("χ²/NDF", curves.flatMap(\.reduced)) }

  /// A logarithmic axis that shows some numbers, as far as they have a place on one; nil when none has.
  static func decades(_ title: String, _ values: [Double], isLabelled: Bool = true) -> Self? {
    let values = values.filter { $0.isFinite && $0 > 0 }
    guard let low = values.min(), let high = values.max() else { return nil }
    // Powers of ten alone may be one or none.
    let steps: [Double] = high / low < 5 ? [1, 1.5, 2, 3, 4, 5, 6, 7, 8, 9] : high / low < 200 ? [1, 2, 5] : [1]
    let decades = Int(log10(low).rounded(.down))...Int(log10(high).rounded(.up))
    let ticks = decades.flatMap { decade in steps.map { $0 * pow(10, Double(decade)) } }
    // Room above and below: a mark on the lowest point is seen whole.
    return Self(
      title: title, range: low * 0.85...high * 1.1, isLogarithmic: true,
      ticks: ticks.map { Tick(value: $0, text: isLabelled ? Cell.number($0).text : "") })
  }
}

extension Chart.Mark {
  /// A curve over its checkpoints.
  static func line(_ curve: Curve, _ title: String, _ colour: String, dash: Int) -> Self {
    let points = zip(curve.checkpoints, curve.reduced).map { Chart.Point(x: Double($0), y: $1) }
    return Self(title: title, colour: colour, kind: .line(points, dash: dash))
  }

  /// One of several lines, from 0.
  static func line(_ points: [Chart.Point], _ title: String, _ index: Int) -> Self {
    let (colour, dash) = Plot.style(index)
    return Self(title: title, colour: colour, kind: .line(points, dash: dash))
  }

  /// What lies between two curves of the same checkpoints.
  static func ribbon(_ low: Curve, _ high: Curve, _ colour: String) -> Self {
    let highs = Dictionary(zip(high.checkpoints, high.reduced), uniquingKeysWith: { $1 })
    let spans = zip(low.checkpoints, low.reduced).compactMap { checkpoint, low in
      highs[checkpoint].map { Chart.Span(x: Double(checkpoint), low: low, high: $0) }
    }
    return Self(colour: colour, kind: .ribbon(spans))
  }
}

extension Chart {
  /// Curves over the checkpoints, with what stands behind and before them; nil when there is nothing to show.
  init?(_ curves: [Curve], _ marks: [Mark]) {
    guard let axis = Axis.reduced(curves) else { return nil }
    let checkpoints = curves.flatMap(\.checkpoints).map(Double.init)
    let range = (checkpoints.min() ?? 0)...(checkpoints.max() ?? 0)
    panels = [Panel(x: .checkpoints(range), y: axis, marks: marks)]
  }

  /// The best χ²/NDF of each seed of each row, with mean and standard deviation.
  init(spreadOf rows: [RowResult]) {
    var (means, seeds): ([Point], [Point]) = ([], [])
    for (index, row) in rows.enumerated() {
      let values = Sample(row.runs.compactMap { $0.curve.best?.reduced })
      if let mean = values.mean { means.append(Point(x: Double(index) - 0.1, y: mean, error: values.deviation ?? 0)) }
      seeds += values.values.map { Point(x: Double(index) + 0.1, y: $0) }
    }
    let top = (means.map { $0.y + $0.error } + seeds.map(\.y)).filter(\.isFinite).max() ?? 1
    panels = [
      Panel(
        x: .names(rows.map(\.row.label)), y: .numbers("best χ²/NDF", 0...top * 1.08),
        marks: [
          Mark(title: "mean ± std", colour: "#888888", kind: .points(means, .ring)),
          Mark(title: "each seed", colour: Plot.colours[0], kind: .points(seeds, .dot)),
        ])
    ]
  }
}
