/// A gate of a device, on places of a chain.
package enum NativeGate: Hashable, Sendable {
  /// A virtual rotation about Z, which costs nothing.
  case rz(Int, Double)
  /// A quarter turn about X.
  case sx(Int)
  /// A half turn about X.
  case x(Int)
  /// The device's gate of two qubits, first and second.
  case pair(Int, Int)
}

/// A circuit on a chain of a device's qubits, in the device's gates.
///
/// Place i of the chain is the circuit's qubit i, from the beginning to the read-out. What stands between two gates of two
/// qubits on a qubit is at most two SX, or an X, with virtual RZ about them.
package struct PlacedCircuit: Hashable, Sendable {
  /// The circuit placed.
  package let circuit: Circuit
  /// Where it lies.
  package let place: DeviceChain
  /// The CNOTs of one repetition, of neighbours, each as control and target.
  private let cnots: [[Int]]

  /// - Parameters:
  ///   - circuit: The circuit.
  ///   - chain: As many of the device's qubits, neighbours being coupled where the circuit has CNOTs.
  ///   - device: The device.
  /// - Precondition: The circuit has no flaw; the chain is one.
  package init(_ circuit: Circuit, on chain: [Int], of device: Device) {
    self.init(circuit, on: DeviceChain(chain, of: device))
    precondition(
      cnots.isEmpty || zip(chain, chain.dropFirst()).allSatisfy { device.isNative($0, $1) != nil },
      "places of a chain that are not coupled")
  }

  /// - Precondition: The circuit has no flaw, nor has the chain for it.
  package init(_ circuit: Circuit, on place: DeviceChain) {
    precondition(circuit.flaw == nil, circuit.flaw ?? "")
    precondition(place.flaw(for: circuit) == nil, place.flaw(for: circuit) ?? "")
    (self.circuit, self.place) = (circuit, place)
    cnots = NeighbourCNOTs.chain(circuit.cnots).map { [$0.control, $0.target] }
  }

  /// The device's qubit of each of the circuit's.
  package var chain: [Int] { place.qubits }
  /// The device's gate of two qubits.
  package var pairGate: PairGate { place.gate }
  /// The noise on the chain, after each SX and each gate of two qubits, and of the read-out.
  package var noise: NoiseModel { place.noise }

  /// First and second place of every gate of two qubits that the circuit takes, in order.
  package var nativePairs: [(Int, Int)] {
    (0..<circuit.repetitions).flatMap { _ in cnots.map { native($0[0], $0[1]) } }
  }

  private func native(_ control: Int, _ target: Int) -> (Int, Int) {
    let low = min(control, target)
    return place.ascending[low] ? (low, low + 1) : (low + 1, low)
  }

  /// The circuit in native gates, without what the read-out of ⟨Z⟩ does not see.
  /// - Parameters:
  ///   - inputs: One per qubit.
  ///   - angles: In the circuit's flat numbering.
  /// - Returns: The gates in order.
  package func gates(inputs: [Double], angles: [Double]) -> [NativeGate] {
    precondition(inputs.count == circuit.qubits, "\(inputs.count) inputs for \(circuit.qubits) qubits")
    precondition(angles.count == circuit.angleCount, "\(angles.count) angles, not \(circuit.angleCount)")
    var gates: [NativeGate] = []
    var turns = [Turn](repeating: .identity, count: circuit.qubits)
    func turn(_ place: Int, _ by: Turn) { turns[place] = by.after(turns[place]) }
    func carryOut(_ place: Int, isLast: Bool = false) {
      let (angles, isX) = turns[place].native
      for (index, angle) in angles.enumerated() {
        if index > 0 { gates.append(isX ? .x(place) : .sx(place)) }
        if !(isLast && index == angles.count - 1) { gates.append(.rz(place, angle)) }
      }
      turns[place] = .identity
    }
    for stage in circuit.stages {
      for rotation in stage.rotations {
        for qubit in 0..<circuit.qubits {
          guard case .turn(let axis, _, let amount) = circuit.gate(rotation, on: qubit) else { continue }
          turn(qubit, .about(axis, amount.value(inputs: inputs, angles: angles)))
        }
      }
      for cnot in cnots {
        let (control, target) = (cnot[0], cnot[1])
        let (first, second) = native(control, target)
        let around = surrounding(control, native: first)
        turn(control, around.before.control)
        turn(target, around.before.target)
        carryOut(first)
        carryOut(second)
        gates.append(.pair(first, second))
        turn(control, around.after.control)
        turn(target, around.after.target)
      }
    }
    for place in 0..<circuit.qubits { carryOut(place, isLast: true) }
    return gates
  }

  /// What makes the native gate the CNOT: rotations of control and target before and after it.
  /// - Source: Qiskit's, to be under the same noise; others do the same with a qubit turned round during the gate.
  private func surrounding(
    _ control: Int, native first: Int
  ) -> (before: (control: Turn, target: Turn), after: (control: Turn, target: Turn)) {
    switch (pairGate, first == control) {
    case (.cx, true): ((.identity, .identity), (.identity, .identity))
    case (.cx, false): ((.h, .h), (.h, .h))
    case (.cz, _): ((.identity, .h), (.identity, .h))
    case (.ecr, true): ((.rz(-.pi / 2), .rx(-.pi / 2)), (.rx(.pi), .identity))
    case (.ecr, false):
      (
        (.ry(-.pi / 2).after(.rz(-.pi / 2)), .ry(.pi / 2).after(.rx(-.pi / 2))),
        (.rx(.pi).after(.h), .h)
      )
    }
  }

  /// A CNOT of neighbours as the device carries it out.
  package struct Rung: Hashable, Sendable {
    /// The repetition that it belongs to.
    package var repetition: Int
    /// The control's place.
    package var control: Int
    /// The target's.
    package var target: Int
    /// The SX on either since its last gate of two qubits.
    package var sx: (control: Int, target: Int) { (counts[0], counts[1]) }
    /// The axis of the circuit, 1 … 3 for X, Y, Z, that is the device's Z before the gate, of control and target.
    package var axesBefore: (control: Int, target: Int) { (axes[0], axes[1]) }
    /// The same after it.
    package var axesAfter: (control: Int, target: Int) { (axes[2], axes[3]) }

    fileprivate var counts: [Int]
    fileprivate var axes: [Int]
  }

  /// What the device does from gate to gate of two qubits, at all inputs and angles but special ones: those gates, and the
  /// SX on each place after its last one.
  package var rungs: (rungs: [Rung], sxAtEnd: [Int]) {
    let inputs = (0..<circuit.qubits).map { 0.7 + Double($0 + 2).squareRoot() }
    let angles = (0..<circuit.angleCount).map { 0.4 + Double($0 + 3).squareRoot() }
    var sx = [Int](repeating: 0, count: circuit.qubits)
    var rungs: [Rung] = []
    for gate in gates(inputs: inputs, angles: angles) {
      switch gate {
      case .rz: break
      case .sx(let place), .x(let place): sx[place] += 1
      case .pair(let first, _):
        let (control, target) = (cnots[rungs.count % cnots.count][0], cnots[rungs.count % cnots.count][1])
        let around = surrounding(control, native: first)
        rungs.append(
          Rung(
            repetition: rungs.count / cnots.count, control: control, target: target, counts: [sx[control], sx[target]],
            axes: [
              around.before.control.inverse.axisOfZ, around.before.target.inverse.axisOfZ, around.after.control.axisOfZ,
              around.after.target.axisOfZ,
            ]))
        (sx[control], sx[target]) = (0, 0)
      }
    }
    return (rungs, sx)
  }

  /// What native gates cost.
  package struct Cost: Hashable, Sendable, Encodable {
    /// The gates of two qubits.
    package var pairs = 0
    /// The SX, and X.
    package var sx = 0
    /// The virtual RZ.
    package var rz = 0
    /// The depth in SX, X and gates of two qubits.
    package var depth = 0
    /// The depth in gates of two qubits alone.
    package var pairDepth = 0
    /// The duration in ns up to the read-out, every gate as early as can be.
    package var duration = 0.0
    /// The duration of a shot in µs: circuit, read-out and the delay between shots.
    package var shot = 0.0
  }

  /// What the circuit costs at these inputs and angles: as much at all but special ones.
  package func cost(inputs: [Double], angles: [Double]) -> Cost {
    var cost = Cost()
    var (depths, pairDepths) = ([Int](repeating: 0, count: chain.count), [Int](repeating: 0, count: chain.count))
    var times = [Double](repeating: 0, count: chain.count)
    for gate in gates(inputs: inputs, angles: angles) {
      switch gate {
      case .rz: cost.rz += 1
      case .sx(let place), .x(let place):
        cost.sx += 1
        depths[place] += 1
        times[place] += noise.qubit(place).gate.duration
      case .pair(let first, let second):
        cost.pairs += 1
        let depth = max(depths[first], depths[second]) + 1
        let pairDepth = max(pairDepths[first], pairDepths[second]) + 1
        let time = max(times[first], times[second]) + noise.pair(first, second).duration
        for place in [first, second] { (depths[place], pairDepths[place], times[place]) = (depth, pairDepth, time) }
      }
    }
    cost.depth = depths.max() ?? 0
    cost.pairDepth = pairDepths.max() ?? 0
    cost.duration = times.max() ?? 0
    cost.shot = (cost.duration + place.readoutDuration) / 1000 + place.repetitionDelay
    return cost
  }
}
