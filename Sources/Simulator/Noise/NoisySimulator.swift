package import Ansatz

/// A circuit's exact expectations and outcome probabilities under noise, in double precision.
///
/// The state is kept as the expectations of all 4^n products of Pauli matrices, which every gate and channel transforms by
/// a small real matrix: the density matrix in another basis, without complex numbers.
/// - Complexity: O(gates · 4^qubits); 8 · 4^qubits bytes, 8 MB for ten qubits.
package struct NoisySimulator {
  /// The circuit simulated.
  package let circuit: Circuit
  /// Its noise.
  package let noise: NoiseModel
  /// The most qubits: 4¹¹ numbers are 32 MB.
  package static let qubitLimit = 11

  private let pairMatrices: [NoiseModel.Pair: (low: PairTransferMatrix, high: PairTransferMatrix)]

  /// - Precondition: Neither has a flaw; at most `qubitLimit` qubits.
  package init(_ circuit: Circuit, noise: NoiseModel) {
    precondition(circuit.flaw == nil, circuit.flaw ?? "")
    precondition(noise.flaw == nil, noise.flaw ?? "")
    precondition(circuit.qubits <= Self.qubitLimit, "\(circuit.qubits) qubits; exact noise takes \(Self.qubitLimit)")
    self.circuit = circuit
    self.noise = noise
    var matrices: [NoiseModel.Pair: (low: PairTransferMatrix, high: PairTransferMatrix)] = [:]
    for (control, target) in circuit.cnots {
      let pair = NoiseModel.Pair(control, target)
      if matrices[pair] == nil {
        matrices[pair] = (Self.cnot(noise, pair.low, pair.high), Self.cnot(noise, pair.high, pair.low))
      }
    }
    pairMatrices = matrices
  }

  /// ⟨Z_i⟩ of every qubit, before the read-out's confusion.
  package func expectations(inputs: [Double], angles: [Double]) -> [Double] {
    let state = finalState(inputs, angles)
    return (0..<circuit.qubits).map { state[3 << (2 * $0)] }
  }

  /// ⟨Z_i⟩ as measured, the read-out's confusion included.
  package func measured(inputs: [Double], angles: [Double]) -> [Double] {
    expectations(inputs: inputs, angles: angles).enumerated().map { noise.qubit($0).readout.measured($1) }
  }

  /// The probability of every measured bit string, bit i being qubit i, the read-out's confusion included.
  /// - Returns: `[2^qubits]`; sums to 1.
  package func probabilities(inputs: [Double], angles: [Double]) -> [Double] {
    let state = finalState(inputs, angles)
    let (qubits, count) = (circuit.qubits, 1 << circuit.qubits)
    var values = (0..<count).map { set in
      state[(0..<qubits).reduce(0) { $0 | (set >> $1 & 1) * 3 << (2 * $1) }] / Double(count)
    }
    for qubit in 0..<qubits {
      let readout = noise.qubit(qubit).readout
      for zero in 0..<count where zero >> qubit & 1 == 0 {
        let one = zero | 1 << qubit
        let (p0, p1) = (values[zero] + values[one], values[zero] - values[one])
        values[zero] = (1 - readout.oneGivenZero) * p0 + readout.zeroGivenOne * p1
        values[one] = readout.oneGivenZero * p0 + (1 - readout.zeroGivenOne) * p1
      }
    }
    return values
  }

  // MARK: - The state

  private func finalState(_ inputs: [Double], _ angles: [Double]) -> [Double] {
    precondition(inputs.count == circuit.qubits, "\(inputs.count) inputs for \(circuit.qubits) qubits")
    precondition(angles.count == circuit.angleCount, "\(angles.count) angles, not \(circuit.angleCount)")
    // What one-qubit gates have done since the last CNOT; until the first, qubits are apart.
    var pending = [TransferMatrix](repeating: .identity, count: circuit.qubits)
    var state: [Double]?
    for gate in circuit.gates {
      switch gate {
      case .rx(let qubit, let input):
        pending[qubit] = rotation(qubit, inputs[input], TransferMatrix.rx).after(pending[qubit])
      case .ry(let qubit, let angle):
        pending[qubit] = rotation(qubit, angles[angle], TransferMatrix.ry).after(pending[qubit])
      case .rz(let qubit, let angle): pending[qubit] = TransferMatrix.rz(angles[angle]).after(pending[qubit])
      case .cnot(let control, let target):
        var now = state ?? product(&pending)
        let matrices = pairMatrices[.init(control, target)]!
        let matrix = control < target ? matrices.low : matrices.high
        apply(matrix.after(.both(pending[control], pending[target])), control, target, to: &now)
        pending[control] = .identity
        pending[target] = .identity
        state = now
      }
    }
    var final = state ?? product(&pending)
    for qubit in 0..<circuit.qubits { apply(pending[qubit], qubit, to: &final) }
    return final
  }

  private func rotation(_ qubit: Int, _ angle: Double, _ turn: (Double) -> TransferMatrix) -> TransferMatrix {
    let own = noise.qubit(qubit)
    let turned = turn((1 + own.gate.overRotation) * angle)
    return Self.decay(own, during: own.gate.duration).after(.depolarizing(own.gate.depolarizing)).after(turned)
  }

  private static func decay(_ qubit: NoiseModel.QubitNoise, during time: Double) -> TransferMatrix {
    qubit.relaxation.map { TransferMatrix.relaxation($0, during: time) } ?? .identity
  }

  private static func cnot(_ noise: NoiseModel, _ control: Int, _ target: Int) -> PairTransferMatrix {
    let pair = noise.pair(control, target)
    let decays = PairTransferMatrix.both(
      decay(noise.qubit(control), during: pair.duration), decay(noise.qubit(target), during: pair.duration))
    return decays.after(.depolarizing(pair.depolarizing)).after(.cnot(overRotation: pair.overRotation))
  }

  /// All products of the qubits' own expectations; their matrices are used up.
  private func product(_ pending: inout [TransferMatrix]) -> [Double] {
    var state = [1.0]
    for qubit in 0..<circuit.qubits {
      let own = pending[qubit](SIMD4(1, 0, 0, 1))
      state = (0..<4).flatMap { digit in state.map { own[digit] * $0 } }
      pending[qubit] = .identity
    }
    return state
  }

  private func apply(_ matrix: TransferMatrix, _ qubit: Int, to state: inout [Double]) {
    let run = 1 << (2 * qubit)
    state.withUnsafeMutableBufferPointer { state in
      for block in stride(from: 0, to: state.count, by: 4 * run) {
        for i in block..<(block + run) {
          let new = matrix(SIMD4(state[i], state[i + run], state[i + 2 * run], state[i + 3 * run]))
          for digit in 0..<4 { state[i + digit * run] = new[digit] }
        }
      }
    }
  }

  private func apply(_ matrix: PairTransferMatrix, _ first: Int, _ second: Int, to state: inout [Double]) {
    let offsets = (0..<16).map { ($0 & 3) << (2 * first) | ($0 >> 2) << (2 * second) }
    let taken = offsets[15]
    var (columns, values, ends) = ([Int](), [Double](), [Int]())
    for row in matrix.rows {
      columns += row.map { $0.column }
      values += row.map { $0.value }
      ends.append(columns.count)
    }
    withUnsafeTemporaryAllocation(of: Double.self, capacity: 16) { old in
      state.withUnsafeMutableBufferPointer { state in
        for base in 0..<state.count where base & taken == 0 {
          for k in 0..<16 { old[k] = state[base + offsets[k]] }
          var entry = 0
          for k in 0..<16 {
            var sum = 0.0
            while entry < ends[k] {
              sum += values[entry] * old[columns[entry]]
              entry += 1
            }
            state[base + offsets[k]] = sum
          }
        }
      }
    }
  }
}
