package import Ansatz
import Glibc
import Storage

/// One Pauli error: a product of X and Z on some qubits, right after a gate.
package struct PauliError: Hashable, Sendable {
  /// The index of the gate in `Circuit.gates`; of a placed circuit with its CNOTs as those of neighbours.
  package var gate: Int
  /// The qubits with an X (or a Y), bit i being qubit i.
  package var x: UInt32
  /// The qubits with a Z (or a Y).
  package var z: UInt32

  package init(gate: Int, x: UInt32, z: UInt32) {
    self.gate = gate
    self.x = x
    self.z = z
  }
}

/// The Pauli errors of a circuit under noise, as chances: what trajectories are drawn from.
///
/// Depolarising is of this kind, so its trajectories are unbiased. Of relaxation this is the Pauli twirl (what decoheres and
/// mixes, without the pull towards |0⟩), of a CNOT's over-rotation alike. An over-rotation of RX and RY is no error
/// of this kind: it turns their angles, which is left to whoever gives them.
package struct PauliErrors: Sendable {
  /// The circuit whose errors these are.
  package let circuit: Circuit

  /// A gate after which something can happen.
  private struct Place {
    var gate: Int
    /// −log(1 − p) of all places up to this one, p being the chance that anything happens at it.
    var hazard: Double
    /// What can happen, with the chances up to it of all that can, the last being 1.
    var kinds: [(chance: Double, x: UInt32, z: UInt32)]
  }

  private let places: [Place]
  private let steps: [Step]

  /// A gate, a rotation with the place of its signs among the masks.
  private enum Step {
    case turn(Axis, Int, signs: Int)
    case cnot(Int, Int)
  }

  /// - Precondition: Neither has a flaw; the circuit is not inverse.
  package init(_ circuit: Circuit, noise: NoiseModel) {
    precondition(circuit.flaw == nil && !circuit.inverse, circuit.flaw ?? "an inverse circuit")
    precondition(noise.flaw == nil, noise.flaw ?? "")
    var making = Making()
    for (repetition, stage) in circuit.stages.enumerated() {
      for rotation in stage.rotations {
        for qubit in 0..<circuit.qubits {
          making.turn(rotation, qubit, circuit, repetition)
          if rotation.axis != .z { making.add(Self.afterRotation(noise.qubit(qubit)), qubit, qubit) }
        }
      }
      for (control, target) in stage.cnots {
        making.steps.append(.cnot(control, target))
        making.add(Self.afterPair(noise, control, target), control, target)
      }
    }
    self.init(circuit, making)
  }

  /// The errors of a circuit on a device: each gate's, where it comes in the circuit.
  ///
  /// Of the SX between two gates of two qubits depolarising can come after the last as well; so does the relaxation during
  /// them here, which is no more than an approximation.
  package init(_ placed: PlacedCircuit) {
    let (circuit, noise) = (placed.circuit, placed.noise)
    let stages = circuit.stages
    var making = Making()
    var rotated = 0
    func rotate(through repetition: Int) {
      for next in rotated..<max(rotated, repetition + 1) {
        for rotation in stages[next].rotations {
          for qubit in 0..<circuit.qubits { making.turn(rotation, qubit, circuit, next) }
        }
      }
      rotated = max(rotated, repetition + 1)
    }
    let (rungs, sxAtEnd) = placed.rungs
    for rung in rungs {
      rotate(through: rung.repetition)
      let (control, target) = (rung.control, rung.target)
      making.add(Self.afterSX(noise.qubit(control), times: rung.sx.control, rung.axesBefore.control), control, control)
      making.add(Self.afterSX(noise.qubit(target), times: rung.sx.target, rung.axesBefore.target), target, target)
      making.steps.append(.cnot(control, target))
      making.add(Self.afterPair(noise, control, target, axes: rung.axesAfter), control, target)
    }
    rotate(through: circuit.repetitions - 1)
    for (qubit, times) in sxAtEnd.enumerated() {
      making.add(Self.afterSX(noise.qubit(qubit), times: times, Self.z), qubit, qubit)
    }
    self.init(circuit, making)
  }

  private init(_ circuit: Circuit, _ making: Making) {
    (self.circuit, places, steps) = (circuit, making.places, making.steps)
  }

  /// The places and steps so far.
  private struct Making {
    var places: [Place] = []
    var steps: [Step] = []

    /// Adds a rotation of a qubit.
    mutating func turn(_ rotation: Stage.Rotation, _ qubit: Int, _ circuit: Circuit, _ repetition: Int) {
      var index: Int?
      if case .angles(let rotation, _) = rotation.source { index = rotation }
      steps.append(.turn(rotation.axis, qubit, signs: SampleSigns.place(circuit, repetition, rotation: index)))
    }

    /// Adds what can happen after the last step, by the chances of all Pauli products on two qubits, or on one, twice named.
    mutating func add(_ chances: [Double], _ first: Int, _ second: Int) {
      let all = chances.dropFirst().reduce(0, +)
      guard all > 0 else { return }
      let hazard = (places.last?.hazard ?? 0) - log1p(-min(all, 1 - 0x1p-40))
      var (sum, kinds) = (0.0, [(chance: Double, x: UInt32, z: UInt32)]())
      for (pauli, chance) in chances.enumerated().dropFirst() where chance > 0 {
        sum += chance
        var (x, z): (UInt32, UInt32) = (0, 0)
        for (digit, qubit) in [(pauli & 3, first), (pauli >> 2, second)] {
          if digit == 1 || digit == 2 { x |= 1 << UInt32(qubit) }
          if digit == 2 || digit == 3 { z |= 1 << UInt32(qubit) }
        }
        kinds.append((sum / all, x, z))
      }
      places.append(Place(gate: steps.count - 1, hazard: hazard, kinds: kinds))
    }
  }

  /// The chance that a trajectory has no error.
  package var chanceOfNone: Double { exp(-(places.last?.hazard ?? 0)) }

  /// The errors of one trajectory, in order of gates: a pure function of the seed.
  /// - Parameters:
  ///   - seed: The seed.
  ///   - some: Whether it is one of the trajectories that have an error.
  /// - Returns: The errors.
  package func draw(seed: UInt64, some: Bool = false) -> [PauliError] {
    var errors: [PauliError] = []
    draw(seed: seed, some: some, into: &errors)
    return errors
  }

  /// The same in place of what is there, which costs no new array.
  func draw(seed: UInt64, some: Bool, into errors: inout [PauliError]) {
    errors.removeAll(keepingCapacity: true)
    guard let all = places.last?.hazard else { return }
    var random = SplitMix64(state: seed)
    var reached = 0.0
    if some { reached = min(-log1p(random.unit() * expm1(-all)), all.nextDown) }
    while true {
      // To the next error as far as an exponential gap: 1 + errors draws in all.
      if !some || !errors.isEmpty { reached -= log1p(-random.unit()) }
      guard reached < all else { return }
      var (low, high) = (0, places.count - 1)
      while low < high {
        let middle = (low + high) / 2
        if places[middle].hazard > reached { high = middle } else { low = middle + 1 }
      }
      let chance = random.unit()
      let kind = places[low].kinds.first { chance < $0.chance } ?? places[low].kinds.last!
      errors.append(PauliError(gate: places[low].gate, x: kind.x, z: kind.z))
      reached = places[low].hazard
    }
  }

  /// What errors, in order of gates, do to the circuit.
  /// - Complexity: O(gates) after the first error.
  package func signs(of errors: [PauliError]) -> SampleSigns {
    var signs = SampleSigns(circuit)
    signs.withMasks { write(errors, to: $0) }
    return signs
  }

  /// Writes the same as `SampleSigns.masks`.
  func write(_ errors: [PauliError], to masks: UnsafeMutablePointer<UInt32>) {
    masks.update(repeating: 0, count: SampleSigns.width(circuit))
    guard var next = errors.first?.gate else { return }
    var (x, z): (UInt32, UInt32) = (0, 0)
    var error = 0
    for gate in next..<steps.count {
      switch steps[gate] {
      case .turn(let axis, let qubit, let place):
        // Anticommuting with the rotation's Pauli matrix turns it round.
        let mind = axis == .x ? z : axis == .y ? x ^ z : x
        masks[place] |= mind & 1 << UInt32(qubit)
      case .cnot(let control, let target):
        x ^= (x >> UInt32(control) & 1) << UInt32(target)
        z ^= (z >> UInt32(target) & 1) << UInt32(control)
      }
      while gate == next {
        x ^= errors[error].x
        z ^= errors[error].z
        error += 1
        next = error < errors.count ? errors[error].gate : -1
      }
    }
    masks[0] = x
  }

  // MARK: - Chances, in the order 𝟙, X, Y, Z; of two qubits 4 · second + first

  private static let z = 3

  private static func afterRotation(_ qubit: NoiseModel.QubitNoise) -> [Double] {
    afterSX(qubit, times: 1, z)
  }

  /// The errors after so many gates of one qubit, Z of the device being the circuit's axis.
  private static func afterSX(_ qubit: NoiseModel.QubitNoise, times: Int, _ axis: Int) -> [Double] {
    let strength = 1 - pow(1 - qubit.gate.depolarizing, Double(times))
    return after(depolarizing(strength, 4), twirled(qubit, during: Double(times) * qubit.gate.duration, axis))
  }

  private static func afterPair(
    _ noise: NoiseModel, _ control: Int, _ target: Int, axes: (control: Int, target: Int) = (z, z)
  ) -> [Double] {
    let pair = noise.pair(control, target)
    let first = twirled(noise.qubit(control), during: pair.duration, axes.control)
    let second = twirled(noise.qubit(target), during: pair.duration, axes.target)
    let relaxed = (0..<16).map { first[$0 & 3] * second[$0 >> 2] }
    // e^{−iδΠ} after the CNOT, δ = πε: Z on the control, X on the target, or both, by sin²(δ/2)/4 each.
    let turned = pow(sin(.pi * pair.overRotation / 2), 2) / 4
    var over = [Double](repeating: 0, count: 16)
    over[0] = 1 - 3 * turned
    for pauli in [3, 4, 7] { over[pauli] = turned }
    return after(after(over, depolarizing(pair.depolarizing, 16)), relaxed)
  }

  private static func depolarizing(_ p: Double, _ paulis: Int) -> [Double] {
    (0..<paulis).map { $0 == 0 ? 1 - p + p / Double(paulis) : p / Double(paulis) }
  }

  /// Relaxation onto one of the axes X, Y, Z (1 … 3).
  private static func twirled(_ qubit: NoiseModel.QubitNoise, during time: Double, _ axis: Int) -> [Double] {
    guard let relaxation = qubit.relaxation, time > 0 else { return [1, 0, 0, 0] }
    let (lost, coherent) = (-expm1(-time / (1000 * relaxation.t1)), exp(-time / (1000 * relaxation.t2)))
    let flip = lost / 4
    // At T2 = 2 T1 no dephasing is left: not below 0 by rounding.
    let phase = max(0, (1 - coherent) / 2 - flip)
    return (0...3).map { $0 == 0 ? 1 - 2 * flip - phase : $0 == axis ? phase : flip }
  }

  /// One channel after another; in this numbering the product of two Paulis, but for its phase, follows from their bits.
  private static func after(_ one: [Double], _ other: [Double]) -> [Double] {
    // 𝟙, X, Y, Z as (x, z) bits: 00, 10, 11, 01, so that products add bits.
    func product(_ a: Int, _ b: Int) -> Int {
      var result = 0
      for shift in [0, 2] {
        let bits = [0b00, 0b01, 0b11, 0b10]
        result |= bits.firstIndex(of: bits[a >> shift & 3] ^ bits[b >> shift & 3])! << shift
      }
      return result
    }
    var sums = [Double](repeating: 0, count: one.count)
    for (a, p) in one.enumerated() {
      for (b, q) in other.enumerated() { sums[product(a, b)] += p * q }
    }
    return sums
  }
}
