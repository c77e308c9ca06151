import Glibc

/// What the latter half of a run's curve says of how it goes on.
struct LearningCurve {
  /// The value at a later checkpoint if it goes on falling as it does, a power law; nil where it does not fall beyond
  /// doubt.
  private(set) var falling: (@Sendable (Int) -> Double)?
  /// Whether E_tot/E is away from 1, and comes nearer beyond doubt.
  private(set) var isResponseComing = false

  /// A response so near to 1 has arrived.
  static let arrived = 0.02
  /// Standard deviations of a slope from zero that are beyond doubt.
  static let doubt = 2.0

  init(_ curve: [CurveValue], upTo checkpoint: Int) {
    let points = curve.filter { $0.checkpoint <= checkpoint && $0.checkpoint >= max(1, checkpoint / 2) }
    if let line = Self.line(points.filter { $0.value > 0 }.map { (Double($0.checkpoint), $0.value) }) {
      falling = { exp(line.level + line.slope * log(Double($0))) }
    }
    let distances = points.compactMap { point in
      point.response.map { (Double(point.checkpoint), abs($0 - 1)) }
    }
    isResponseComing =
      distances.last.map { $0.1 > Self.arrived } ?? false
      && Self.line(distances.filter { $0.1 > 0 && $0.1.isFinite }) != nil
  }

  /// The line through logarithms of values against those of checkpoints, where it falls beyond doubt.
  private static func line(_ points: [(x: Double, y: Double)]) -> (level: Double, slope: Double)? {
    let logs = points.filter(\.y.isFinite).map { (x: log($0.x), y: log($0.y)) }
    let count = Double(logs.count)
    guard count >= 3 else { return nil }
    let (x, y) = (logs.reduce(0) { $0 + $1.x } / count, logs.reduce(0) { $0 + $1.y } / count)
    let spread = logs.reduce(0) { $0 + ($1.x - x) * ($1.x - x) }
    guard spread > 0 else { return nil }
    let slope = logs.reduce(0) { $0 + ($1.x - x) * ($1.y - y) } / spread
    let rest = logs.reduce(0) { sum, point in
      let difference = point.y - y - slope * (point.x - x)
      return sum + difference * difference
    }
    let uncertainty = (rest / (count - 2) / spread).squareRoot()
    guard slope < 0, slope < -doubt * uncertainty else { return nil }
    return (y - slope * x, slope)
  }
}
