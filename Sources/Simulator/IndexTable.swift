import Ansatz

/// A linear map of basis states as the kernels look it up: map(b) = high[b / 16] ^ low[b % 16].
struct IndexTable {
  let high: [UInt32]
  let low: [UInt32]

  /// - Parameters:
  ///   - map: The map to look up.
  ///   - wires: At least as many as the map has qubits; it leaves the others alone.
  init(_ map: ParityMap, wires: Int) {
    let mapped: UInt32 = (1 << UInt32(map.rows.count)) - 1
    func image(_ index: UInt32) -> UInt32 { map(index & mapped) | (index & ~mapped) }
    low = (0..<16).map(image)
    high = (0..<(1 << UInt32(wires - 4))).map { image($0 << 4) }
  }
}
