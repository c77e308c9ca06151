import Glibc

extension Device {
  /// A circuit placed on the chain of qubits that errs least, as calibrated: gates and read-out by their errors.
  ///
  /// A circuit without CNOTs takes the best qubits wherever they are.
  /// - Parameter circuit: The circuit; without a flaw.
  /// - Returns: Nil when no such chain is found, and for an inverse circuit.
  package func place(_ circuit: Circuit) -> PlacedCircuit? {
    if circuit.inverse || qubits.count(where: { $0.sx != nil }) < circuit.qubits { return nil }
    let best = circuit.cnot.isEmpty ? bestQubits(circuit) : ChainSearch(self, circuit).best
    return best.map { PlacedCircuit(circuit, on: $0, of: self) }
  }

  /// Why a circuit cannot be placed on these qubits, a clause; nil when it can.
  package func flaw(of chain: [Int], for circuit: Circuit) -> String? {
    if circuit.inverse { return "an inverse circuit is not carried out on a device" }
    if chain.count != circuit.qubits { return "\(chain.count) qubits for the circuit's \(circuit.qubits)" }
    if Set(chain).count != chain.count { return "name each qubit once" }
    if let qubit = chain.first(where: { !qubits.indices.contains($0) }) { return "\(name) has no qubit \(qubit)" }
    if let qubit = chain.first(where: { qubits[$0].sx == nil }) { return "qubit \(qubit) cannot be used" }
    if circuit.cnot.isEmpty { return nil }
    return zip(chain, chain.dropFirst()).first { isNative($0, $1) == nil }.map {
      "qubits \($0) and \($1) are not coupled, or their coupler is broken"
    }
  }

  private func bestQubits(_ circuit: Circuit) -> [Int]? {
    let usable = qubits.indices.filter { qubits[$0].sx != nil }
    return Array(usable.sorted { (cost($0, sx: 2), $0) < (cost($1, sx: 2), $1) }.prefix(circuit.qubits)).sorted()
  }

  /// What a qubit with so many SX does to the fidelity, as −log.
  fileprivate func cost(_ qubit: Int, sx: Double) -> Double {
    guard let gate = qubits[qubit].sx else { return .infinity }
    let readout = (qubits[qubit].readout.oneGivenZero + qubits[qubit].readout.zeroGivenOne) / 2
    return -sx * log1p(-gate.error) - log1p(-readout)
  }
}

/// The search of all chains, depth first, giving up those that cannot become better than the best so far.
private struct ChainSearch {
  private let device: Device
  private let neighbours: [[(qubit: Int, cost: Double)]]
  /// How often the circuit uses the link before a place, and SX on it.
  private let links: [Double]
  private let sx: [Double]
  /// The least that the places from one on can cost.
  private var least: [Double]
  private var steps = 0
  private var bestCost = Double.infinity
  private(set) var best: [Int]?
  /// Chains of a device with far more couplings than there are now are not all tried.
  private static let stepLimit = 2_000_000

  init(_ device: Device, _ circuit: Circuit) {
    self.device = device
    let cnots = NeighbourCNOTs.chain(circuit.cnots)
    var (links, sx) = ([Double](repeating: 0, count: circuit.qubits), [Double](repeating: 2, count: circuit.qubits))
    for (control, target) in cnots {
      links[max(control, target)] += Double(circuit.repetitions)
      for place in [control, target] { sx[place] += 2 * Double(circuit.repetitions) }
    }
    (self.links, self.sx) = (links, sx)
    neighbours = device.qubits.indices.map { qubit in
      device.qubits.indices.compactMap { other in
        guard device.qubits[other].sx != nil, let coupling = device.coupling(qubit, other) else { return nil }
        return (other, -log1p(-coupling.error))
      }.sorted { ($0.cost, $0.qubit) < ($1.cost, $1.qubit) }
    }
    let cheapest = neighbours.joined().map(\.cost).min() ?? 0
    least = [0]
    for place in stride(from: circuit.qubits - 1, to: -1, by: -1) {
      let qubit = device.qubits.indices.map { device.cost($0, sx: sx[place]) }.min() ?? 0
      least.insert(least[0] + links[place] * cheapest + qubit, at: 0)
    }
    for qubit in device.qubits.indices where device.qubits[qubit].sx != nil {
      extend([qubit], device.cost(qubit, sx: sx[0]))
    }
  }

  private mutating func extend(_ chain: [Int], _ cost: Double) {
    steps += 1
    guard cost + least[chain.count] < bestCost, steps < Self.stepLimit else { return }
    guard chain.count < sx.count else {
      (best, bestCost) = (chain, cost)
      return
    }
    for (next, error) in neighbours[chain.last!] where !chain.contains(next) {
      extend(chain + [next], cost + links[chain.count] * error + device.cost(next, sx: sx[chain.count]))
    }
  }
}
