/// The mean and the standard deviation (of a sample: n - 1) of a few numbers.
public struct Sample: Hashable, Sendable {
  public let values: [Double]

  public init(_ values: [Double]) { self.values = values }

  /// nil for no values.
  public var mean: Double? { values.isEmpty ? nil : values.reduce(0, +) / Double(values.count) }

  /// nil for fewer than two values.
  public var deviation: Double? {
    guard values.count > 1, let mean else { return nil }
    return (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count - 1)).squareRoot()
  }

  /// One value as it is, several as mean and standard deviation.
  func cell(mark: String = "") -> Cell {
    guard let mean else { return .missing }
    return deviation.map { .spread(mean: mean, deviation: $0) } ?? .number(mean, mark: mark)
  }
}
