package import Experiment
import Records

/// What trainings of any shape take, from those of a few that are known.
///
/// A known shape has its own rate, the mean of its samples. Of other GANs the time of an iteration is taken as a sum of
/// three parts, each in proportion: the arithmetic of the Dense layers, that of the circuits, and one for all; and so on
/// for evaluation and checkpoints. The factors are the non-negative ones that fit the samples of GANs best, in relative
/// error. Of other kinds only known shapes have one.
package struct CostModel {
  /// What one training was measured to take.
  package struct Sample: Hashable, Sendable {
    /// What was trained.
    package var shape: TrainingShape
    /// What its steps took, and what they left on the disk.
    package var rate: TrainingRate

    package init(shape: TrainingShape, rate: TrainingRate) { (self.shape, self.rate) = (shape, rate) }
  }

  private let known: [TrainingShape: TrainingRate]
  private let hasGANs: Bool
  private let iteration: [Double]
  private let evaluation: [Double]
  private let checkpointing: [Double]
  /// Bytes beside the arrays.
  private let overhead: (full: Int, generator: Int)

  /// The model of these samples; without any it knows no rate.
  package init(_ samples: [Sample]) {
    let known = Dictionary(grouping: samples, by: \.shape).mapValues { TrainingRate(meanOf: $0.map(\.rate)) }
    self.known = known
    let gans = known.filter { $0.key.variant.kind == .gan }
    func fit(_ work: (TrainingShape) -> [Double], _ path: KeyPath<TrainingRate, Double>) -> [Double] {
      Self.factors(gans.map { work($0.key) }, gans.map { $0.value[keyPath: path] })
    }
    hasGANs = !gans.isEmpty
    iteration = fit(\.iterationWork, \.iteration)
    evaluation = fit(\.evaluationWork, \.evaluation)
    checkpointing = fit(\.checkpointWork, \.checkpointing)
    let files = samples.filter { $0.shape.variant.kind == .gan }
    func mean(_ bytes: (Sample) -> Int) -> Int { files.map(bytes).reduce(0, +) / max(1, files.count) }
    overhead = (
      mean { $0.rate.fullBytes - $0.shape.fullBytes }, mean { $0.rate.generatorBytes - $0.shape.generatorBytes }
    )
  }

  /// Whether a sample has just this shape, so that its rate is measured, not fitted.
  package func isKnown(_ shape: TrainingShape) -> Bool { known[shape] != nil }

  /// The rate of a shape: the mean of its samples, or what the fit says (seconds and bytes); nil where there is nothing to go
  /// by.
  package func rate(of shape: TrainingShape) -> TrainingRate? {
    if let rate = known[shape] { return rate }
    guard hasGANs, shape.variant.kind == .gan else { return nil }
    func sum(_ factors: [Double], _ work: [Double]) -> Double { zip(factors, work).reduce(0) { $0 + $1.0 * $1.1 } }
    return TrainingRate(
      iteration: sum(iteration, shape.iterationWork), evaluation: sum(evaluation, shape.evaluationWork),
      checkpointing: sum(checkpointing, shape.checkpointWork), fullBytes: max(0, shape.fullBytes + overhead.full),
      generatorBytes: max(0, shape.generatorBytes + overhead.generator))
  }

  /// The shapes to measure, at most `limit` of them: all, or such as lie apart in what they cost.
  package static func representatives(of shapes: some Sequence<TrainingShape>, limit: Int) -> [TrainingShape] {
    let sorted = Set(shapes).map { (shape: $0, work: $0.iterationWork, name: $0.variant.canonical) }
      .sorted { ($0.work[0], $0.work[1], $0.name) < ($1.work[0], $1.work[1], $1.name) }
    guard sorted.count > limit, limit > 2 else { return sorted.prefix(limit).map(\.shape) }
    var chosen = (0..<limit - 1).map { sorted[$0 * (sorted.count - 1) / (limit - 2)].shape }
    // The circuit's share shows best where it is largest.
    if let heaviest = sorted.max(by: { $0.work[1] < $1.work[1] })?.shape {
      chosen.append(chosen.contains(heaviest) ? sorted[sorted.count / 3].shape : heaviest)
    }
    return Array(Set(chosen)).sorted { $0.variant.canonical < $1.variant.canonical }
  }

  /// The factors f ≥ 0 that make Σ_i (Σ_j x_ij f_j / y_i - 1)² least, by descent along one coordinate after the other.
  static func factors(_ rows: [[Double]], _ values: [Double]) -> [Double] {
    let relative = zip(rows, values).filter { $0.1 > 0 }.map { row, value in row.map { $0 / value } }
    let columns = (rows.first ?? []).indices.map { column in relative.map { $0[column] } }
    // Each column by its largest value, so that steps are of like size.
    let scales = columns.map { $0.max() ?? 0 }
    func product(_ a: Int, _ b: Int) -> Double {
      guard scales[a] > 0, scales[b] > 0 else { return 0 }
      return zip(columns[a], columns[b]).reduce(0) { $0 + $1.0 / scales[a] * ($1.1 / scales[b]) }
    }
    let gram = columns.indices.map { a in columns.indices.map { b in product(a, b) } }
    let target = columns.indices.map { column in
      scales[column] > 0 ? columns[column].reduce(0, +) / scales[column] : 0
    }
    var factors = [Double](repeating: 0, count: columns.count)
    for _ in 0..<10_000 {
      let before = factors
      for column in columns.indices where gram[column][column] > 0 {
        let slope = target[column] - zip(gram[column], factors).reduce(0) { $0 + $1.0 * $1.1 }
        factors[column] = max(0, factors[column] + slope / gram[column][column])
      }
      if factors == before { break }
    }
    return zip(factors, scales).map { $1 > 0 ? $0 / $1 : 0 }
  }
}

extension TrainingRate {
  fileprivate init(meanOf rates: [TrainingRate]) {
    func mean(_ path: KeyPath<TrainingRate, Double>) -> Double {
      rates.reduce(0) { $0 + $1[keyPath: path] } / Double(rates.count)
    }
    self.init(
      iteration: mean(\.iteration), evaluation: mean(\.evaluation), checkpointing: mean(\.checkpointing),
      fullBytes: rates.map(\.fullBytes).max() ?? 0, generatorBytes: rates.map(\.generatorBytes).max() ?? 0)
  }
}

extension TrainingShape {
  private var generatorParameters: Double { Double(variant.generator.parameterCount(voxels: voxels)) }

  /// The work of an iteration: products of the Dense layers, the circuits' amplitudes, one.
  fileprivate var iterationWork: [Double] {
    [multiplications, amplitudes, 1]
  }

  fileprivate var evaluationWork: [Double] {
    let events = Double(events)
    return [events * generatorParameters, events * generatorAmplitudes, events * Double(voxels)]
  }

  fileprivate var checkpointWork: [Double] { [Double(fullBytes), 1] }

  /// Float32, with two moments of each number.
  fileprivate var fullBytes: Int { 12 * parameterCount }
  fileprivate var generatorBytes: Int {
    4 * (variant.generator.parameterCount(voxels: voxels) + variant.generator.angleCount)
  }
}
