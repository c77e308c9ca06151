/// What is unusual about events that can be used all the same: counted, told, and kept as provenance.
package struct EventOddities: Hashable, Sendable {
  /// Events without energy in any voxel.
  package var emptyEvents = 0
  /// Voxels with energy below zero, over all events.
  package var negativeVoxels = 0
  /// Incident energies, beyond the first of each group, that are taken for the same as another one.
  package var mergedEnergies = 0

  package init() {}

  /// A sentence for each kind.
  package var sentences: [String] {
    func count(_ number: Int, _ one: String, _ many: String) -> String? {
      number == 0 ? nil : number == 1 ? "1 \(one)" : "\(number) \(many)"
    }
    return [
      count(emptyEvents, "event is wholly empty", "events are wholly empty"),
      count(negativeVoxels, "voxel has negative energy", "voxels have negative energy"),
      count(mergedEnergies, "incident energy counts", "incident energies count").map {
        "\($0) as another one, which differs by less than one part in ten thousand"
      },
    ].compactMap { $0 }
  }
}

extension DatasetDescription {
  /// What is unusual about the events; older descriptions say nothing.
  package var oddities: EventOddities {
    get {
      var oddities = EventOddities()
      oddities.emptyEvents = emptyEvents ?? 0
      oddities.negativeVoxels = negativeVoxels ?? 0
      oddities.mergedEnergies = mergedEnergies ?? 0
      return oddities
    }
    set {
      func unlessZero(_ count: Int) -> Int? { count == 0 ? nil : count }
      emptyEvents = unlessZero(newValue.emptyEvents)
      negativeVoxels = unlessZero(newValue.negativeVoxels)
      mergedEnergies = unlessZero(newValue.mergedEnergies)
    }
  }
}
