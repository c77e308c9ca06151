package import Experiment
import Ledger
import Records

/// Where in their training two runs are compared.
package enum ComparisonPoint: Hashable, Sendable {
  /// The lowest χ²/NDF.
  case best
  /// The mean over the window around the own best checkpoint.
  case window
  /// The mean over the last checkpoints up to this iteration.
  case iterations(Int)
  /// The mean over the last checkpoints up to so many seconds of training.
  case seconds(Double)

  /// A metric of fresh showers of the best checkpoint.
  case metric(Metric)

  /// How many checkpoints up to an iteration or a time are averaged: one alone scatters by a quarter.
  package static let trailing = 10

  /// `best`, `window`, `iterations=N` or `seconds=T`; nil for anything else.
  package init?(_ text: String) {
    let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
    switch (parts.first, parts.count > 1 ? parts[1] : nil) {
    case ("best", nil): self = .best
    case ("window", nil): self = .window
    case ("iterations", let value?):
      guard let count = Int(value), count > 0 else { return nil }
      self = .iterations(count)
    case ("seconds", let value?):
      guard let seconds = Double(value), seconds > 0, seconds.isFinite else { return nil }
      self = .seconds(seconds)
    default: return nil
    }
  }

  /// What is compared, as a heading has it.
  var title: String {
    switch self {
    case .best: "best χ²/NDF"
    case .window: "mean χ²/NDF over the window around the best checkpoint"
    case .iterations(let count):
      "mean χ²/NDF over the last checkpoints, at most \(Self.trailing), up to iteration \(count)"
    case .seconds(let seconds):
      "mean χ²/NDF over the last checkpoints, at most \(Self.trailing), up to \(duration(seconds)) of training"
    case .metric(let metric): "\(metric.comparedTitle) of fresh showers of the best checkpoint"
    }
  }

  /// What is compared, as a column of a table and an axis have it.
  var heading: String {
    switch self {
    case .best: "best χ²/NDF"
    case .window: "window's χ²/NDF"
    case .iterations(let count): "χ²/NDF up to iteration \(count)"
    case .seconds(let seconds): "χ²/NDF up to \(duration(seconds))"
    case .metric(let metric): metric.comparedTitle
    }
  }

  /// Whether more is better.
  var isBetterHigh: Bool {
    if case .metric(let metric) = self { metric.isBetterHigh } else { false }
  }

  /// What a difference is of: the value itself, or how far it is from ½ where that is best.
  func compared(_ value: Double) -> Double {
    if case .metric(let metric) = self, metric.isBestAtHalf { metric.badness(of: value) } else { value }
  }

  /// A run's value; nil where it has not come so far.
  /// - Parameters:
  ///   - points: The run's curve.
  ///   - limit: For the best: only the checkpoints up to this one, all that the other run has too.
  /// - Returns: The χ²/NDF; nil where there is none.
  func value(of points: [CurvePoint], upTo limit: Int) -> Double? {
    switch self {
    case .best: return points.curve(upTo: limit).best?.reduced
    case .window:
      let curve = points.curve(upTo: .max)
      return Window(curve)?.mean(of: curve).mean
    case .iterations(let count):
      guard let last = points.last, last.iteration >= count else { return nil }
      return Self.trailing(points.filter { $0.iteration <= count })
    case .seconds(let seconds):
      guard let last = points.last, last.trainingSeconds >= seconds else { return nil }
      return Self.trailing(points.filter { $0.trainingSeconds <= seconds })
    case .metric: return nil
    }
  }

  /// A run's metric at its best checkpoint, as tables show it; nil where it was not computed.
  static func value(of metric: Metric, run: String, _ points: [CurvePoint], in ledger: Ledger) throws -> Double? {
    guard let best = points.curve(upTo: .max).best?.checkpoint else { return nil }
    return try ledger.metrics(of: run)[best]?.values[metric].map { $0.value * metric.scale }
  }

  private static func trailing(_ points: [CurvePoint]) -> Double? {
    // The untrained network is nobody's result.
    Sample(points.filter { $0.checkpoint > 0 }.compactMap(\.reduced).suffix(trailing)).mean
  }
}

extension Metric {
  /// What differences of it are of, as a heading has it.
  var comparedTitle: String { isBestAtHalf ? "distance from ½ of \(title)" : title }
}

extension [CurvePoint] {
  func curve(upTo limit: Int) -> Curve {
    let kept = filter { $0.checkpoint <= limit }
    return Curve(checkpoints: kept.map(\.checkpoint), reduced: kept.map { $0.reduced ?? .nan })
  }
}
