package import Ansatz
import Storage

/// ⟨Z_i⟩ of a circuit for a batch of inputs as a noisy machine finds them in so many shots, and gradients, in single precision.
///
/// Of each sample the trajectory without errors is simulated, and some with errors; the mean goes by how often either comes, so
/// that it is unbiased for Pauli noise whatever their number. Shots are drawn of the mean's bit strings, each of which has
/// a bit of every qubit. All draws follow from a seed for each sample.
package final class MeasuredSimulator {
  /// The circuit.
  package let circuit: Circuit
  /// The most samples that one call may bring.
  package let batchCapacity: Int
  /// The trajectories of a sample, the one without errors among them.
  package let trajectories: Int

  private let simulator: CircuitSimulator
  private let errors: PauliErrors
  private let readout: [NoiseModel.Readout]
  private let shots: Int?
  /// What each qubit's rotations are more than they should be, as a factor.
  private let turns: [Float]
  private let shares: (without: Float, with: Float)
  private let sampler: ShotSampler
  /// The samples that are simulated together.
  private let portion: Int
  // Of all trajectories of a portion.
  private var inputs: [Float]
  private var signs: [UInt32]
  private var values: [Float]
  private var angles: [Float]
  private var seeds: [UInt64]

  /// - Parameters:
  ///   - circuit: The circuit.
  ///   - errors: What trajectories are drawn from.
  ///   - noise: What over-rotates its RX and RY, and confuses its read-out.
  ///   - trajectories: How many of each sample have errors.
  ///   - shots: How many are drawn of each sample; nil for expectations.
  ///   - batchCapacity: The most samples of a call.
  package init(
    _ circuit: Circuit, errors: PauliErrors, noise: NoiseModel, trajectories: Int, shots: Int?, batchCapacity: Int
  ) {
    precondition(errors.circuit == circuit, "errors of another circuit")
    (self.circuit, self.errors, self.shots, self.batchCapacity) = (circuit, errors, shots, batchCapacity)
    let chance = errors.chanceOfNone
    self.trajectories = chance < 1 ? 1 + trajectories : 1
    shares = (Float(chance), Float((1 - chance) / Double(trajectories)))
    readout = (0..<circuit.qubits).map { noise.qubit($0).readout }
    turns = (0..<circuit.qubits).map { Float(1 + noise.qubit($0).gate.overRotation) }
    portion = max(1, min(batchCapacity, 1024 / self.trajectories))
    let rows = portion * self.trajectories
    simulator = CircuitSimulator(circuit, batchCapacity: rows)
    sampler = ShotSampler(simulator)
    inputs = Array(repeating: 0, count: rows * circuit.qubits)
    values = inputs
    signs = Array(repeating: 0, count: rows * SampleSigns.width(circuit))
    angles = Array(repeating: 0, count: circuit.angleCount)
    seeds = Array(repeating: 0, count: portion)
  }

  /// A circuit under noise of its own gates, or without any.
  package convenience init(
    _ circuit: Circuit, noise: NoiseModel, trajectories: Int, shots: Int?, batchCapacity: Int
  ) {
    self.init(
      circuit, errors: PauliErrors(circuit, noise: noise), noise: noise, trajectories: trajectories, shots: shots,
      batchCapacity: batchCapacity)
  }

  /// A circuit on a device.
  package convenience init(_ placed: PlacedCircuit, trajectories: Int, shots: Int?, batchCapacity: Int) {
    self.init(
      placed.circuit, errors: PauliErrors(placed), noise: placed.noise, trajectories: trajectories, shots: shots,
      batchCapacity: batchCapacity)
  }

  /// ⟨Z_i⟩ of every qubit and sample, as measured.
  /// - Parameters:
  ///   - inputs: `[batch, qubits]`, row-major.
  ///   - angles: `[circuit.angleCount]`.
  ///   - batch: The number of samples, at most `batchCapacity`.
  ///   - rowStride: Floats from one sample's row to the next, of all that has such rows.
  ///   - seeds: `[batch]`, of each sample's trajectories and shots.
  ///   - expectations: `[batch, qubits]`, written.
  package func forward(
    inputs: UnsafePointer<Float>, angles: UnsafePointer<Float>, batch: Int, rowStride: Int,
    seeds: UnsafePointer<UInt64>, expectations: UnsafeMutablePointer<Float>
  ) {
    turn(angles)
    forPortions(batch) { first, count in
      prepare(inputs + first * rowStride, count, rowStride, seeds + first)
      measure(count, rowStride, expectations + first * rowStride)
    }
  }

  /// The gradient of Σ_b Σ_i weights[b, i] ⟨Z_i⟩ of sample b by the angles: of the trajectories that `forward` draws by the same
  /// seeds, exactly, whatever shots say.
  /// - Parameters:
  ///   - inputs: As in `forward`.
  ///   - angles: As in `forward`.
  ///   - weights: `[batch, qubits]`.
  ///   - batch: As in `forward`.
  ///   - rowStride: As in `forward`.
  ///   - seeds: As in `forward`.
  ///   - angleGradients: `[circuit.angleCount]`, added to.
  package func backward(
    inputs: UnsafePointer<Float>, angles: UnsafePointer<Float>, weights: UnsafePointer<Float>, batch: Int,
    rowStride: Int, seeds: UnsafePointer<UInt64>, angleGradients: UnsafeMutablePointer<Float>
  ) {
    turn(angles)
    let qubits = circuit.qubits
    var gradients = [Float](repeating: 0, count: circuit.angleCount)
    forPortions(batch) { first, count in
      prepare(inputs + first * rowStride, count, rowStride, seeds + first)
      for row in 0..<count * trajectories {
        let share = share(row % trajectories)
        for qubit in 0..<qubits {
          values[row * qubits + qubit] =
            share * contraction(qubit) * weights[(first + row / trajectories) * rowStride + qubit]
        }
      }
      simulator.backward(
        inputs: self.inputs, angles: self.angles, weights: values, batch: count * trajectories, signs: signs,
        angleGradients: &gradients, inputGradients: nil)
    }
    forTurned { gradients[$0] *= turns[$1] }
    for index in gradients.indices { angleGradients[index] += gradients[index] }
  }

  /// The same gradient as a device finds it: from circuits with each angle a quarter turn on and back, with trajectories and
  /// shots of their own.
  package func shiftedBackward(
    inputs: UnsafePointer<Float>, angles: UnsafePointer<Float>, weights: UnsafePointer<Float>, batch: Int,
    rowStride: Int, seeds: UnsafePointer<UInt64>, angleGradients: UnsafeMutablePointer<Float>
  ) {
    let qubits = circuit.qubits
    var sources = (0..<batch).map { SplitMix64(state: ~seeds[$0]) }
    var found = [Float](repeating: 0, count: batch * qubits)
    let rotations = circuit.rotations
    for repetition in 0..<circuit.repetitions {
      for (rotation, axis) in rotations.enumerated() {
        // The last RZ is inert.
        if axis == .z, rotation == rotations.count - 1, repetition == circuit.repetitions - 1 { continue }
        for qubit in 0..<qubits {
          let angle = circuit.angle(qubit, rotation: rotation, repetition: repetition)
          var sum: Float = 0
          for sign: Float in [1, -1] {
            let own = sources.indices.map { sources[$0].next() }
            turn(angles)
            self.angles[angle] += sign * .pi / 2
            found.withUnsafeMutableBufferPointer { found in
              own.withUnsafeBufferPointer { own in
                forPortions(batch) { first, count in
                  prepare(inputs + first * rowStride, count, rowStride, own.baseAddress! + first)
                  measure(count, qubits, found.baseAddress! + first * qubits)
                }
              }
            }
            for sample in 0..<batch {
              for place in 0..<qubits {
                sum += sign / 2 * weights[sample * rowStride + place] * found[sample * qubits + place]
              }
            }
          }
          angleGradients[angle] += sum * (axis == .z ? 1 : turns[qubit])
        }
      }
    }
  }

  // MARK: - One sample

  /// The probability of every measured bit string of one sample, bit i being qubit i: the mean over its trajectories, the
  /// read-out's confusion included.
  /// - Parameters:
  ///   - inputs: One per qubit.
  ///   - angles: In the circuit's flat numbering.
  ///   - seed: Of the trajectories.
  /// - Returns: `[2^qubits]`; sums to 1, but for rounding.
  package func probabilities(inputs: [Double], angles: [Double], seed: UInt64) -> [Double] {
    let inputs = inputs.map(Float.init)
    prepare(inputs, 1, circuit.qubits, [seed])
    turn(angles.map(Float.init))
    sampler.clear()
    simulator.forRows(trajectories, nil, self.angles, signs) { _, row in
      self.inputs.withUnsafeBufferPointer {
        sampler.add(simulator.run($0.baseAddress! + row), share: share(row / circuit.qubits))
      }
    }
    var chances = sampler.strings
    for (qubit, readout) in readout.enumerated() {
      for zero in chances.indices where zero >> qubit & 1 == 0 {
        let one = zero | 1 << qubit
        let (p0, p1) = (chances[zero], chances[one])
        chances[zero] = (1 - readout.oneGivenZero) * p0 + readout.zeroGivenOne * p1
        chances[one] = readout.oneGivenZero * p0 + (1 - readout.zeroGivenOne) * p1
      }
    }
    return chances
  }

  /// ⟨Z_i⟩ of one sample before the read-out's confusion: the mean over its trajectories, with its standard error.
  /// - Parameters:
  ///   - inputs: One per qubit.
  ///   - angles: In the circuit's flat numbering.
  ///   - seed: Of the trajectories.
  /// - Returns: The means and their errors, one per qubit; no errors where only one trajectory has errors.
  package func expectations(
    inputs: [Double], angles: [Double], seed: UInt64
  ) -> (means: [Double], errors: [Double]?) {
    let inputs = inputs.map(Float.init)
    prepare(inputs, 1, circuit.qubits, [seed])
    turn(angles.map(Float.init))
    simulator.forward(
      inputs: self.inputs, angles: self.angles, batch: trajectories, signs: signs, expectations: &values)
    var (means, errors): ([Double], [Double]) = ([], [])
    let count = Double(trajectories - 1)
    for qubit in 0..<circuit.qubits {
      let found = (1..<trajectories).map { Double(values[$0 * circuit.qubits + qubit]) }
      let mean = found.reduce(0, +) / max(count, 1)
      let variance = found.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / max(count - 1, 1)
      means.append(Double(shares.without) * Double(values[qubit]) + count * Double(shares.with) * mean)
      errors.append(Double(shares.with) * (count * variance).squareRoot())
    }
    return (means, trajectories == 2 ? nil : errors)
  }

  // MARK: - Trajectories

  /// Calls `body` with the first sample and the number of each portion.
  private func forPortions(_ batch: Int, _ body: (_ first: Int, _ count: Int) -> Void) {
    precondition(batch <= batchCapacity, "\(batch) samples in a simulator for \(batchCapacity)")
    for first in stride(from: 0, to: batch, by: portion) { body(first, min(portion, batch - first)) }
  }

  private func share(_ trajectory: Int) -> Float { trajectory == 0 ? shares.without : shares.with }

  /// How much of a ⟨Z⟩ the read-out leaves.
  private func contraction(_ qubit: Int) -> Float {
    Float(1 - readout[qubit].oneGivenZero - readout[qubit].zeroGivenOne)
  }

  /// Draws the trajectories of all samples, and lays out their inputs.
  private func prepare(
    _ inputs: UnsafePointer<Float>, _ batch: Int, _ stride: Int, _ seeds: UnsafePointer<UInt64>
  ) {
    let (qubits, width) = (circuit.qubits, SampleSigns.width(circuit))
    var drawn: [PauliError] = []
    self.inputs.withUnsafeMutableBufferPointer { rows in
      signs.withUnsafeMutableBufferPointer { signs in
        for sample in 0..<batch {
          var random = SplitMix64(state: seeds[sample])
          for trajectory in 0..<trajectories {
            let row = sample * trajectories + trajectory
            for qubit in 0..<qubits { rows[row * qubits + qubit] = turns[qubit] * inputs[sample * stride + qubit] }
            drawn.removeAll(keepingCapacity: true)
            if trajectory > 0 { errors.draw(seed: random.next(), some: true, into: &drawn) }
            errors.write(drawn, to: signs.baseAddress! + row * width)
          }
          self.seeds[sample] = random.next()
        }
      }
    }
  }

  /// Calls `body` with each angle that over-rotation is of, and its qubit: RZ is virtual.
  private func forTurned(_ body: (_ angle: Int, _ qubit: Int) -> Void) {
    for repetition in 0..<circuit.repetitions {
      for (rotation, axis) in circuit.rotations.enumerated() where axis != .z {
        for qubit in 0..<circuit.qubits {
          body(circuit.angle(qubit, rotation: rotation, repetition: repetition), qubit)
        }
      }
    }
  }

  private func turn(_ angles: UnsafePointer<Float>) {
    for index in 0..<circuit.angleCount { self.angles[index] = angles[index] }
    forTurned { self.angles[$0] *= turns[$1] }
  }

  /// What is measured of the samples that are laid out.
  private func measure(_ batch: Int, _ stride: Int, _ expectations: UnsafeMutablePointer<Float>) {
    let qubits = circuit.qubits
    guard let shots else {
      simulator.forward(
        inputs: inputs, angles: angles, batch: batch * trajectories, signs: signs, expectations: &values)
      for sample in 0..<batch {
        for qubit in 0..<qubits {
          var mean: Float = 0
          for trajectory in 0..<trajectories {
            mean += share(trajectory) * values[(sample * trajectories + trajectory) * qubits + qubit]
          }
          let offset = Float(readout[qubit].zeroGivenOne - readout[qubit].oneGivenZero)
          expectations[sample * stride + qubit] = offset + contraction(qubit) * mean
        }
      }
      return
    }
    simulator.forRows(batch * trajectories, nil, angles, signs) { _, row in
      let trajectory = row / qubits % trajectories
      if trajectory == 0 { sampler.clear() }
      inputs.withUnsafeBufferPointer { inputs in
        sampler.add(simulator.run(inputs.baseAddress! + row), share: share(trajectory))
      }
      guard trajectory == trajectories - 1 else { return }
      let sample = row / qubits / trajectories
      var random = SplitMix64(state: seeds[sample])
      sampler.draw(shots, &random)
      sampler.read(shots, readout, &random, expectations + sample * stride)
    }
  }
}
