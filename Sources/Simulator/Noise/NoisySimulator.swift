package import Ansatz

/// A circuit's exact expectations and outcome probabilities under noise, in double precision.
///
/// The state is kept as the expectations of products of Pauli matrices, which every gate and channel transforms by a small
/// real matrix: the density matrix in another basis, without complex numbers.
/// - Complexity: O(gates · 4^qubits) at most; about O(gates · 2^qubits · 4^repetitions) for CNOTs of neighbours.
package struct NoisySimulator: Sendable {
  /// What is simulated.
  private enum Subject: Sendable {
    case template(Circuit)
    case placed(PlacedCircuit)
  }

  /// The number of qubits.
  package let qubits: Int
  /// The noise.
  package let noise: NoiseModel
  /// The most qubits: 4¹¹ numbers are 32 MB.
  package static let qubitLimit = 11

  private let subject: Subject
  /// The gates of pairs of qubits, each way round, followed by their noise, and folded.
  private let pairMatrices: [[Int]: PairTransferMatrix]

  /// - Parameters:
  ///   - circuit: The circuit, its gates carried out as they stand.
  ///   - noise: Follows RX, RY and CNOT.
  ///   - folds: How often each CNOT is carried out in its place, an odd number: what noise is extrapolated from.
  /// - Precondition: Neither has a flaw; at most `qubitLimit` qubits.
  package init(_ circuit: Circuit, noise: NoiseModel, folds: Int = 1) {
    precondition(circuit.flaw == nil, circuit.flaw ?? "")
    self.init(
      .template(circuit), qubits: circuit.qubits, noise: noise, folds: folds,
      pairs: circuit.cnots.map { ($0.control, $0.target) }, gate: .cx)
  }

  /// - Parameters:
  ///   - placed: A circuit in the gates of a device, with the device's noise.
  ///   - folds: How often each two-qubit gate is carried out in its place, an odd number.
  /// - Precondition: At most `qubitLimit` qubits.
  package init(_ placed: PlacedCircuit, folds: Int = 1) {
    self.init(
      .placed(placed), qubits: placed.circuit.qubits, noise: placed.noise, folds: folds, pairs: placed.nativePairs,
      gate: placed.pairGate)
  }

  private init(
    _ subject: Subject, qubits: Int, noise: NoiseModel, folds: Int, pairs: [(Int, Int)], gate: PairGate
  ) {
    precondition(noise.flaw == nil, noise.flaw ?? "")
    precondition(qubits <= Self.qubitLimit, "\(qubits) qubits; exact noise takes \(Self.qubitLimit)")
    precondition(folds > 0 && folds % 2 == 1, "\(folds) times a gate are not the gate")
    (self.subject, self.qubits, self.noise) = (subject, qubits, noise)
    var matrices: [[Int]: PairTransferMatrix] = [:]
    for (first, second) in pairs where matrices[[first, second]] == nil {
      let once = Self.noisy(gate, noise, first, second)
      matrices[[first, second]] = (1..<folds).reduce(once) { folded, _ in once.after(folded) }
    }
    pairMatrices = matrices
  }

  /// ⟨Z_i⟩ of every qubit, before the read-out's confusion.
  package func expectations(inputs: [Double], angles: [Double]) -> [Double] {
    let products = sequence(inputs, angles).zProducts()
    return (0..<qubits).map { products[1 << $0] }
  }

  /// ⟨Z_i⟩ as measured, the read-out's confusion included.
  package func measured(inputs: [Double], angles: [Double]) -> [Double] {
    expectations(inputs: inputs, angles: angles).enumerated().map { noise.qubit($0).readout.measured($1) }
  }

  /// The probability of every measured bit string, bit i being qubit i, the read-out's confusion included.
  /// - Returns: `[2^qubits]`; sums to 1.
  package func probabilities(inputs: [Double], angles: [Double]) -> [Double] {
    var values = sequence(inputs, angles).zProducts()
    // ⟨∏ Z⟩ over sets to probabilities, one qubit after the other.
    for qubit in 0..<qubits {
      let readout = noise.qubit(qubit).readout
      for zero in values.indices where zero >> qubit & 1 == 0 {
        let one = zero | 1 << qubit
        let (p0, p1) = ((values[zero] + values[one]) / 2, (values[zero] - values[one]) / 2)
        values[zero] = (1 - readout.oneGivenZero) * p0 + readout.zeroGivenOne * p1
        values[one] = readout.oneGivenZero * p0 + (1 - readout.zeroGivenOne) * p1
      }
    }
    return values
  }

  // MARK: - Gates as channels

  private func sequence(_ inputs: [Double], _ angles: [Double]) -> ChannelSequence {
    switch subject {
    case .template(let circuit):
      precondition(inputs.count == circuit.qubits, "\(inputs.count) inputs for \(circuit.qubits) qubits")
      precondition(angles.count == circuit.angleCount, "\(angles.count) angles, not \(circuit.angleCount)")
      var sequence = ChannelSequence(qubits: qubits)
      for gate in circuit.gates {
        switch gate {
        case .turn(let axis, let qubit, let amount):
          let angle = amount.value(inputs: inputs, angles: angles)
          switch axis {
          case .x: sequence.append(rotation(qubit, angle, TransferMatrix.rx), to: qubit)
          case .y: sequence.append(rotation(qubit, angle, TransferMatrix.ry), to: qubit)
          case .z: sequence.append(TransferMatrix.rz(angle), to: qubit)
          }
        case .cnot(let control, let target): sequence.append(pairMatrices[[control, target]]!, to: control, target)
        }
      }
      return sequence
    case .placed(let placed):
      let quarters = (0..<qubits).map { rotation($0, .pi / 2, TransferMatrix.rx) }
      var sequence = ChannelSequence(qubits: qubits)
      for gate in placed.gates(inputs: inputs, angles: angles) {
        switch gate {
        case .rz(let qubit, let angle): sequence.append(TransferMatrix.rz(angle), to: qubit)
        case .sx(let qubit): sequence.append(quarters[qubit], to: qubit)
        case .x(let qubit): sequence.append(rotation(qubit, .pi, TransferMatrix.rx), to: qubit)
        case .pair(let first, let second): sequence.append(pairMatrices[[first, second]]!, to: first, second)
        }
      }
      return sequence
    }
  }

  private func rotation(_ qubit: Int, _ angle: Double, _ turn: (Double) -> TransferMatrix) -> TransferMatrix {
    let own = noise.qubit(qubit)
    let turned = turn((1 + own.gate.overRotation) * angle)
    return Self.decay(own, during: own.gate.duration).after(.depolarizing(own.gate.depolarizing)).after(turned)
  }

  private static func decay(_ qubit: NoiseModel.QubitNoise, during time: Double) -> TransferMatrix {
    qubit.relaxation.map { TransferMatrix.relaxation($0, during: time) } ?? .identity
  }

  private static func noisy(_ gate: PairGate, _ noise: NoiseModel, _ first: Int, _ second: Int) -> PairTransferMatrix {
    let pair = noise.pair(first, second)
    let decays = PairTransferMatrix.both(
      decay(noise.qubit(first), during: pair.duration), decay(noise.qubit(second), during: pair.duration))
    return decays.after(.depolarizing(pair.depolarizing)).after(.gate(gate, overRotation: pair.overRotation))
  }
}
