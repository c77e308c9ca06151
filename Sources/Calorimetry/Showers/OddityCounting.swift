import Experiment

extension EventOddities {
  /// Counts showers in.
  /// - Parameters:
  ///   - showers: `[events, voxels]`, MeV.
  ///   - voxels: The voxels of a shower.
  mutating func add(_ showers: some RandomAccessCollection<Float>, voxels: Int) {
    var start = showers.startIndex
    while start < showers.endIndex {
      let end = showers.index(start, offsetBy: voxels)
      var isEmpty = true
      for value in showers[start..<end] where value != 0 {
        isEmpty = false
        if value < 0 { negativeVoxels += 1 }
      }
      if isEmpty { emptyEvents += 1 }
      start = end
    }
  }
}
