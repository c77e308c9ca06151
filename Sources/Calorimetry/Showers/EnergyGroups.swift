import Experiment

/// The events of a file by their incident energy.
struct EnergyGroups: Sendable {
  /// The distinct incident energies (MeV), ascending.
  let energies: [Double]
  /// The events of each.
  let counts: [Int]
  /// The different values that count as each.
  let values: [Int]
  /// The number of the energy of each event; -1 where it is in no group.
  let index: [Int]

  /// Groups energies by bins where there are some, else as discrete ones.
  init(_ values: [Float], in bins: EnergyBins?) {
    if let bins { self.init(values, bins: bins) } else { self.init(values) }
  }

  /// Groups energies by bins; what is beyond their ends is in no group, and a bin without events is none.
  private init(_ values: [Float], bins: EnergyBins) {
    let middles = bins.middles
    let found = values.map { bins.bin(of: Double($0)) }
    var sizes = [Int](repeating: 0, count: middles.count)
    for case let bin? in found { sizes[bin] += 1 }
    let filled = middles.indices.filter { sizes[$0] > 0 }
    let group = Dictionary(uniqueKeysWithValues: filled.enumerated().map { ($1, $0) })
    energies = filled.map { middles[$0] }
    counts = filled.map { sizes[$0] }
    self.values = filled.map { _ in 1 }
    index = found.map { $0.flatMap { group[$0] } ?? -1 }
  }

  /// Groups energies that are the same within `IncidentEnergy.tolerance`; a group is named by its least.
  ///
  /// What is not a positive number is in no group: its index is -1.
  init(_ values: [Float]) {
    var (energies, different): ([Double], [Int]) = ([], [])
    for value in Set(values).filter({ $0 > 0 && $0.isFinite }).sorted() {
      let energy = Double(value)
      if let last = energies.last, IncidentEnergy.same(last, energy) {
        different[different.count - 1] += 1
      } else {
        energies.append(energy)
        different.append(1)
      }
    }
    var counts = [Int](repeating: 0, count: energies.count)
    index = values.map { value in
      guard value > 0, value.isFinite else { return -1 }
      // The last energy that is not above the value.
      var (low, high) = (0, energies.count)
      while high - low > 1 {
        let middle = (low + high) / 2
        if energies[middle] <= Double(value) { low = middle } else { high = middle }
      }
      counts[low] += 1
      return low
    }
    self.energies = energies
    self.counts = counts
    self.values = different
  }

  /// The values beyond the first of some groups.
  func merged(in groups: some Sequence<Int>) -> Int { groups.reduce(0) { $0 + values[$1] - 1 } }

  /// The group of an energy that a user named; nil when there is none.
  func group(of energy: Double) -> Int? { energies.firstIndex { IncidentEnergy.same($0, energy) } }

  /// "4096 (600 events), 65536 (2000 events)", at most twenty of them.
  var summary: String {
    let shown = zip(energies, counts).prefix(20).map {
      "\(energyName($0)) (\($1) \($1 == 1 ? "event" : "events"))"
    }
    return (shown + (energies.count > 20 ? ["… \(energies.count) energies in all"] : [])).joined(separator: ", ")
  }
}
