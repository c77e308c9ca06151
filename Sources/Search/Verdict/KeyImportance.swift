import Storage

/// How much of the differences between trials a key explains.
package struct KeyImportance: Hashable, Sendable {
  /// The key.
  package var key: String
  /// The share of the variance at the first rung that lies between the key's values, less what chance alone gives.
  ///
  /// Of numbers it is between the thirds of their range; 0 for a key that does not matter.
  package var share: Double
  /// The interval that has the share with a chance of 68 %, by bootstrap over the trials.
  package var interval: ClosedRange<Double>
  /// The trials that it is known from: those where the key counts.
  package var trials: Int

  private static let draws = 200
  /// Fewer trials tell nothing.
  private static let fewest = 6

  /// The keys of a search, the most important first; those that too few trials tell of are left out.
  /// - Source: ε², Kelley, Proc. Nat. Acad. Sci. 21 (1935) 554.
  package static func all(_ specification: SearchSpecification, _ evidence: SearchEvidence) -> [KeyImportance] {
    let values = Ladder.values(specification, evidence).map { $0[0] }
    return specification.space.parameters.compactMap { parameter -> KeyImportance? in
      let known = evidence.trials.indices.compactMap { index -> (group: Int, value: Double)? in
        guard let value = values[index], value.isFinite, let own = evidence.trials[index].point[parameter.name] else {
          return nil
        }
        return (parameter.domain.group(of: own), value)
      }
      guard known.count >= fewest, let share = share(known) else { return nil }
      var random = SplitMix64.trial(0, seed: specification.seed ^ 0x6b6579)
      let drawn = (0..<draws).compactMap { _ in
        Self.share(known.map { _ in known[Int(random.unit() * Double(known.count))] })
      }.sorted()
      guard !drawn.isEmpty else { return nil }
      let count = Double(drawn.count)
      return KeyImportance(
        key: parameter.name, share: share, interval: drawn[Int(0.16 * count)]...drawn[Int(0.84 * count)],
        trials: known.count)
    }.sorted { ($1.share, $0.key) < ($0.share, $1.key) }
  }

  /// The share of the variance between groups, less what chance gives; nil where there is one group, or no variance.
  static func share(_ values: [(group: Int, value: Double)]) -> Double? {
    let count = Double(values.count)
    let mean = values.reduce(0) { $0 + $1.value } / count
    let total = values.reduce(0) { $0 + ($1.value - mean) * ($1.value - mean) }
    let groups = Dictionary(grouping: values, by: \.group).mapValues { $0.map(\.value) }
    let degrees = count - Double(groups.count)
    guard groups.count > 1, degrees > 0, total > 0 else { return nil }
    let within = groups.values.reduce(0) { sum, group in
      let mean = group.reduce(0, +) / Double(group.count)
      return sum + group.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    }
    return max(0, 1 - within / degrees * (count - 1) / total)
  }
}

extension Domain {
  /// The choice, or the third of the range that a number lies in.
  fileprivate func group(of value: Double) -> Int {
    isCategorical ? Int(value) : min(2, max(0, Int(3 * place(of: value))))
  }

  /// Where a value lies, 0 … 1.
  package func place(of value: Double) -> Double {
    let cell = cell(of: value)
    return (cell.lowerBound + cell.upperBound) / 2
  }
}
