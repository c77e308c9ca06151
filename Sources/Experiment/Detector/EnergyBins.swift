import Glibc

/// Bins of incident energy, for showers whose energies are continuous: each bin counts as one energy.
///
/// In JSON the list of its edges.
package struct EnergyBins: Codable, Hashable, Sendable {
  /// MeV, ascending, one more than there are bins.
  package let edges: [Double]

  /// The bins between edges.
  /// - Precondition: They have no `flaw(of:)`.
  package init(edges: [Double]) {
    precondition(Self.flaw(of: edges) == nil, Self.flaw(of: edges) ?? "")
    self.edges = edges
  }

  package init(from decoder: any Decoder) throws {
    let values = try decoder.singleValueContainer()
    edges = try values.decode([Double].self)
    if let flaw = Self.flaw(of: edges) { throw DecodingError.dataCorruptedError(in: values, debugDescription: flaw) }
  }

  package func encode(to encoder: any Encoder) throws {
    var values = encoder.singleValueContainer()
    try values.encode(edges)
  }

  /// The energy that stands for each bin (MeV): √(low · high), to four digits.
  package var middles: [Double] {
    zip(edges, edges.dropFirst()).map { low, high in
      let middle = (low * high).squareRoot()
      // Powers of ten above 1 are exact; a division by one rounds once.
      let exponent = 3 - Int(log10(middle).rounded(.down))
      let scale = pow(10, Double(abs(exponent)))
      return exponent < 0 ? (middle / scale).rounded() * scale : (middle * scale).rounded() / scale
    }
  }

  /// The number of the bin that an energy is in, closed below and open above, the last one closed; nil beyond the ends.
  package func bin(of energy: Double) -> Int? {
    guard energy >= edges[0], energy <= edges[edges.count - 1] else { return nil }
    return (edges.dropFirst().dropLast().firstIndex { energy < $0 } ?? edges.count - 1) - 1
  }

  /// Why these are no edges of bins, as a clause; nil when they are.
  package static func flaw(of edges: [Double]) -> String? {
    if edges.count < 2 { return "bins have at least two edges, such as [1000, 10000]" }
    if edges.count > Bounds.energies + 1 { return "\(edges.count - 1) bins are more than \(Bounds.energies)" }
    if let flaw = edges.lazy.compactMap({ Bounds.flaw("an edge", $0, Bounds.energy) }).first { return flaw }
    // Narrower ones are discrete energies, and their middles would be the same number.
    return zip(edges, edges.dropFirst()).allSatisfy { $1 >= 1.01 * $0 }
      ? nil : "the edges of bins ascend, each by a hundredth or more"
  }
}
