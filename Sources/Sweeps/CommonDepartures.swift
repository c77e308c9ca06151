package import Experiment

extension SweepPlan {
  /// The settings at the end of variants' names, `-batch_size=20-beta1=0.9`, that all of them have; nil for none.
  /// - Complexity: O(names).
  package static func commonDepartures(of names: [String]) -> String? {
    guard var tail = names.first.flatMap(departures) else { return nil }
    for name in names {
      while !name.hasSuffix(tail) {
        guard let shorter = departures(tail.dropFirst()) else { return nil }
        tail = shorter
      }
    }
    return tail
  }

  /// The first setting, `-key=value`, and what follows.
  private static func departures(_ name: some StringProtocol) -> String? {
    guard let equals = name.firstIndex(of: "="), let hyphen = name[..<equals].lastIndex(of: "-") else { return nil }
    return String(name[hyphen...])
  }
}
