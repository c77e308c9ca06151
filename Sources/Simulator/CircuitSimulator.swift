package import Ansatz
import CKernels

/// ⟨Z_i⟩ of a circuit for a batch of inputs, and its adjoint gradients, in single precision.
///
/// Owns its scratch memory: nothing is allocated after `init` (and the first call with signs), and one simulator belongs to
/// one network on one thread.
/// What a sample gives depends on that sample alone, to the bit, not on its neighbours in the batch.
///
/// What makes it fast: the first encoding and rotations act on |0…0⟩, so their result is built as a product; the CNOTs
/// of a repetition are one permutation of the amplitudes; RY is real, so it acts on the planes of real and imaginary
/// parts alike; the RZ of a repetition are one diagonal, shared by the batch. The last RZ is inert and left out, and
/// the last CNOTs only say which parities of |ψ|² are read.
/// - Source: adjoint differentiation, Jones & Gacon, arXiv:2009.02823.
package final class CircuitSimulator {
  /// The circuit simulated.
  package let circuit: Circuit
  /// The most samples that one call may bring.
  package let batchCapacity: Int

  let kernels: statevector_kernels
  /// The qubits, padded to what the kernels need with idle ones.
  let wires: Int
  let forwards: IndexTable
  let backwards: IndexTable
  let masks: [UInt32]

  // Of the angles, for all samples of a call.
  private var thetas: [[HalfAngle]]
  private var phis: [[HalfAngle]]
  /// cos and sin per wire: of repetition r at 2r, of its inverse at 2r + 1; the sample's own encoding comes last.
  private let rotations: AlignedFloats
  /// The diagonal of each repetition's RZ, and last that of RZ(π/2) on all, which turns RY into RX.
  private let phases: AlignedFloats

  // Of the current sample.
  var factors: [QubitFactor]
  let factorStates: AlignedFloats
  let stages: AlignedFloats
  let states: AlignedFloats
  let adjoint: AlignedFloats
  let work: AlignedFloats
  let diagonal: AlignedFloats
  let scratch: AlignedFloats
  let contraction: AlignedFloats
  let rowGradients: AlignedFloats
  let tangents: Tangents
  /// The current sample's signs; nil for none.
  private var signs: UnsafePointer<UInt32>?
  /// The rotations and phases of a sample whose signs are its own; made when first needed.
  private lazy var own = OwnTurns(wires: wires, repetitions: circuit.repetitions)

  /// - Precondition: The circuit has no flaw.
  package init(_ circuit: Circuit, batchCapacity: Int) {
    precondition(circuit.flaw == nil, circuit.flaw ?? "")
    precondition(circuit.qubits <= STATEVECTOR_WIRES_LIMIT, "\(circuit.qubits) qubits are more than the kernels take")
    self.circuit = circuit
    self.batchCapacity = batchCapacity
    kernels = statevector_kernels_in_use().pointee
    wires = max(circuit.qubits, STATEVECTOR_WIRES)
    let map = circuit.parityMap
    forwards = IndexTable(ParityMap(undoing: circuit.cnots, qubits: circuit.qubits), wires: wires)
    backwards = IndexTable(map, wires: wires)
    masks = map.rows
    let (size, repetitions) = (1 << wires, circuit.repetitions)
    let still = [HalfAngle](repeating: HalfAngle(of: 0), count: circuit.qubits)
    thetas = Array(repeating: still, count: repetitions)
    phis = thetas
    rotations = AlignedFloats(count: 2 * wires * (2 * repetitions + 2))
    phases = AlignedFloats(count: 2 * size * (repetitions + 1))
    factors = still.map { QubitFactor(x: $0, theta: $0, phi: nil) }
    factorStates = AlignedFloats(count: 4 * wires)
    stages = AlignedFloats(count: 2 * size)
    states = AlignedFloats(count: 2 * size * (2 * repetitions))
    adjoint = AlignedFloats(count: 2 * size)
    work = AlignedFloats(count: 2 * size)
    diagonal = AlignedFloats(count: size)
    scratch = AlignedFloats(count: size)
    contraction = AlignedFloats(count: 4 * wires)
    rowGradients = AlignedFloats(count: wires)
    tangents = Tangents(wires: wires, repetitions: repetitions)
    // Idle wires stay at |0⟩ for good.
    for wire in 0..<wires {
      setFactor(factorStates.pointer, wire, SIMD4(1, 0, 0, 0))
      setFactor(tangents.factorStates.pointer, wire, .zero)
      for slot in 0..<(2 * repetitions + 2) { setRotation(slot, wire, HalfAngle(of: 0)) }
      tangents.inputs.pointer[wire] = 0
    }
    buildPhases(
      [HalfAngle](repeating: HalfAngle(of: .pi / 2), count: circuit.qubits), factorStates.pointer, stages.pointer,
      quarterTurn)
  }

  /// ⟨Z_i⟩ of every qubit and sample.
  ///
  /// - Parameters:
  ///   - inputs: `[batch, qubits]`, row-major.
  ///   - angles: `[circuit.angleCount]`, numbered by `circuit.theta` and `circuit.phi`.
  ///   - batch: The number of samples, at most `batchCapacity`.
  ///   - rowStride: Floats from one sample's row to the next, of all that has such rows; as many as qubits if nil.
  ///   - signs: `[batch, 1 + 3 repetitions]`, each sample's `SampleSigns.masks`; none has another sign if nil.
  ///   - expectations: `[batch, qubits]`, written.
  /// - Complexity: O(batch · repetitions · qubits · 2^qubits), no allocation.
  package func forward(
    inputs: UnsafePointer<Float>, angles: UnsafePointer<Float>, batch: Int, rowStride: Int? = nil,
    signs: UnsafePointer<UInt32>? = nil, expectations: UnsafeMutablePointer<Float>
  ) {
    forRows(batch, rowStride, angles, signs) { _, row in
      let final = run(inputs + row)
      kernels.expectations(
        UInt32(wires), final, masks, UInt32(circuit.qubits), scratch.pointer, expectations + row)
      guard readoutSigns != 0 else { return }
      for qubit in 0..<circuit.qubits { expectations[row + qubit] *= SampleSigns.sign(readoutSigns, qubit) }
    }
  }

  /// The gradient of Σ_b Σ_i weights[b, i] ⟨Z_i⟩ of sample b.
  ///
  /// - Parameters:
  ///   - inputs: `[batch, qubits]`, as in `forward`, which need not have been called.
  ///   - angles: As in `forward`.
  ///   - weights: `[batch, qubits]`.
  ///   - batch: As in `forward`.
  ///   - rowStride: As in `forward`.
  ///   - signs: As in `forward`.
  ///   - angleGradients: `[circuit.angleCount]`, added to; not computed if nil.
  ///   - angleStride: Floats from where one sample's gradients by the angles are added to where the next one's are; 0 for all
  ///     in one place.
  ///   - inputGradients: `[batch, qubits]`, overwritten; not computed if nil.
  /// - Complexity: As `forward`.
  package func backward(
    inputs: UnsafePointer<Float>, angles: UnsafePointer<Float>, weights: UnsafePointer<Float>, batch: Int,
    rowStride: Int? = nil, signs: UnsafePointer<UInt32>? = nil, angleGradients: UnsafeMutablePointer<Float>?,
    angleStride: Int = 0, inputGradients: UnsafeMutablePointer<Float>?
  ) {
    forRows(batch, rowStride, angles, signs) { sample, row in
      let final = run(inputs + row)
      startAdjoint(weights + row, final)
      let inputGradient = inputGradients.map { $0 + row }
      inputGradient?.update(repeating: 0, count: circuit.qubits)
      runBackwards(angleGradients.map { $0 + sample * angleStride }, inputGradient)
    }
  }

  /// Calls `body` with each sample and where its row begins, the angles being ready.
  func forRows(
    _ batch: Int, _ stride: Int?, _ angles: UnsafePointer<Float>, _ signs: UnsafePointer<UInt32>?,
    _ body: (_ sample: Int, _ row: Int) -> Void
  ) {
    let stride = stride ?? circuit.qubits
    precondition(batch <= batchCapacity, "\(batch) samples in a simulator for \(batchCapacity)")
    precondition(stride >= circuit.qubits, "rows of \(circuit.qubits) qubits, \(stride) floats apart")
    prepare(angles)
    for sample in 0..<batch {
      self.signs = signs.map { $0 + sample * (1 + 3 * circuit.repetitions) }
      body(sample, sample * stride)
    }
  }

  // MARK: - One sample

  /// The state after the last rotations, before the last CNOTs.
  func run(_ inputs: UnsafePointer<Float>) -> UnsafeMutablePointer<Float> {
    for qubit in 0..<circuit.qubits {
      let x = HalfAngle(of: inputs[qubit])
      setRotation(2 * circuit.repetitions, qubit, x)
      setRotation(2 * circuit.repetitions + 1, qubit, x.inverse)
      let signs = SIMD3(
        SampleSigns.sign(inputSigns(0), qubit), SampleSigns.sign(thetaSigns(0), qubit),
        SampleSigns.sign(phiSigns(0), qubit))
      factors[qubit] = QubitFactor(
        x: x.times(signs.x), theta: thetas[0][qubit].times(signs.y),
        phi: hasPhase(0) ? phis[0][qubit].times(signs.z) : nil, signs: signs)
      setFactor(factorStates.pointer, qubit, factors[qubit].state)
    }
    if signs != nil { turnOwn(inputs) }
    let wires = UInt32(self.wires)
    kernels.product(wires, factorStates.pointer, stages.pointer, rotated(0))
    for repetition in 1..<max(circuit.repetitions, 1) {
      var before = rotated(repetition - 1)
      if repetition > 1 && hasPhase(repetition - 1) {
        kernels.phase(wires, phase(repetition - 1), 0, before, work.pointer)
        before = work.pointer
      }
      let after = rotated(repetition)
      if circuit.reupload {
        let encoded = encoded(repetition)
        kernels.permute(wires, forwards.high, forwards.low, before, encoded)
        // RX(x) = RZ(-π/2) RY(x) RZ(π/2)
        kernels.phase(wires, quarterTurn, 0, encoded, encoded)
        kernels.rotate(wires, encoding(repetition), encoded)
        kernels.phase(wires, quarterTurn, 1, encoded, after)
      } else {
        kernels.permute(wires, forwards.high, forwards.low, before, after)
      }
      kernels.rotate(wires, rotation(repetition), after)
    }
    return rotated(circuit.repetitions - 1)
  }

  /// The read-out operator, the weighted sum of the Z_i, applied to the final state.
  func startAdjoint(_ weights: UnsafePointer<Float>, _ final: UnsafePointer<Float>) {
    var weights = weights
    if readoutSigns != 0 {
      for qubit in 0..<circuit.qubits {
        rowGradients.pointer[qubit] = SampleSigns.sign(readoutSigns, qubit) * weights[qubit]
      }
      weights = UnsafePointer(rowGradients.pointer)
    }
    kernels.observable(UInt32(wires), masks, UInt32(circuit.qubits), weights, diagonal.pointer)
    kernels.scale(UInt32(wires), diagonal.pointer, final, adjoint.pointer)
  }

  private func runBackwards(
    _ angleGradients: UnsafeMutablePointer<Float>?, _ inputGradients: UnsafeMutablePointer<Float>?
  ) {
    let wires = UInt32(self.wires)
    var lambda = adjoint.pointer
    var spare = work.pointer
    for repetition in stride(from: circuit.repetitions - 1, to: 0, by: -1) {
      let state = rotated(repetition)
      if hasPhase(repetition) {
        kernels.phase(wires, phase(repetition), 1, lambda, lambda)
        collect(into: angleGradients.map { $0 + circuit.phi(0, repetition: repetition) }, phiSigns(repetition)) {
          kernels.phase_gradients(wires, state, lambda, scratch.pointer, $0)
        }
      }
      collect(into: angleGradients.map { $0 + circuit.theta(0, repetition: repetition) }, thetaSigns(repetition)) {
        kernels.rotation_gradients(wires, state, lambda, $0)
      }
      kernels.rotate(wires, inverseRotation(repetition), lambda)
      if circuit.reupload {
        kernels.phase(wires, quarterTurn, 0, lambda, lambda)
        collect(into: inputGradients, inputSigns(repetition)) {
          kernels.rotation_gradients(wires, encoded(repetition), lambda, $0)
        }
        kernels.rotate(wires, inverseEncoding(repetition), lambda)
        kernels.phase(wires, quarterTurn, 1, lambda, lambda)
      }
      kernels.permute(wires, backwards.high, backwards.low, lambda, spare)
      swap(&lambda, &spare)
    }
    kernels.contract(wires, factorStates.pointer, stages.pointer, lambda, contraction.pointer)
    for qubit in 0..<circuit.qubits {
      let (rest, factor) = (getFactor(contraction.pointer, qubit), factors[qubit])
      inputGradients?[qubit] += response(rest, factor.byInput)
      angleGradients?[circuit.theta(qubit, repetition: 0)] += response(rest, factor.byTheta)
      if hasPhase(0) { angleGradients?[circuit.phi(qubit, repetition: 0)] += response(rest, factor.byPhi) }
    }
  }

  /// Adds what the body adds to a row of wires, with signs, to the row of qubits, if there is one.
  func collect(
    into row: UnsafeMutablePointer<Float>?, _ signs: UInt32, _ body: (UnsafeMutablePointer<Float>) -> Void
  ) {
    guard let row else { return }
    rowGradients.pointer.update(repeating: 0, count: wires)
    body(rowGradients.pointer)
    for qubit in 0..<circuit.qubits { row[qubit] += SampleSigns.sign(signs, qubit) * rowGradients.pointer[qubit] }
  }

  // MARK: - A sample's own signs

  var readoutSigns: UInt32 { signs?[0] ?? 0 }
  func inputSigns(_ repetition: Int) -> UInt32 { signs?[1 + 3 * repetition] ?? 0 }
  func thetaSigns(_ repetition: Int) -> UInt32 { signs?[2 + 3 * repetition] ?? 0 }
  func phiSigns(_ repetition: Int) -> UInt32 { signs?[3 + 3 * repetition] ?? 0 }

  /// Makes the later repetitions' rotations and phases where they have signs of their own.
  private func turnOwn(_ inputs: UnsafePointer<Float>) {
    for repetition in 1..<max(circuit.repetitions, 1) {
      if thetaSigns(repetition) != 0 {
        own.set(own.rotation(repetition), thetas[repetition], thetaSigns(repetition))
      }
      if circuit.reupload && inputSigns(repetition) != 0 {
        own.set(own.encoding(repetition), factors.map { $0.x.times($0.signs.x) }, inputSigns(repetition))
      }
      if hasPhase(repetition) && phiSigns(repetition) != 0 {
        let halves = phis[repetition].enumerated().map { $1.times(SampleSigns.sign(phiSigns(repetition), $0)) }
        buildPhases(halves, own.factors.pointer, own.stages.pointer, own.phase(repetition))
      }
    }
  }

  // MARK: - Angles

  /// Whether a repetition's RZ does anything: the last one does not.
  func hasPhase(_ repetition: Int) -> Bool { circuit.rz && repetition < circuit.repetitions - 1 }

  func prepare(_ angles: UnsafePointer<Float>) {
    for repetition in 0..<circuit.repetitions {
      for qubit in 0..<circuit.qubits {
        let half = HalfAngle(of: angles[circuit.theta(qubit, repetition: repetition)])
        thetas[repetition][qubit] = half
        setRotation(2 * repetition, qubit, half)
        setRotation(2 * repetition + 1, qubit, half.inverse)
        if hasPhase(repetition) {
          phis[repetition][qubit] = HalfAngle(of: angles[circuit.phi(qubit, repetition: repetition)])
        }
      }
      if repetition > 0 && hasPhase(repetition) {
        buildPhases(phis[repetition], factorStates.pointer, stages.pointer, sharedPhase(repetition))
      }
    }
  }

  /// The diagonal of RZ on all qubits: the product of (e^{-iφ/2}, e^{iφ/2}).
  private func buildPhases(
    _ halves: [HalfAngle], _ factors: UnsafeMutablePointer<Float>, _ stages: UnsafeMutablePointer<Float>,
    _ diagonal: UnsafeMutablePointer<Float>
  ) {
    for (qubit, half) in halves.enumerated() {
      setFactor(factors, qubit, SIMD4(half.cosine, -half.sine, half.cosine, half.sine))
    }
    kernels.product(UInt32(wires), factors, stages, diagonal)
  }

  private func setRotation(_ slot: Int, _ wire: Int, _ half: HalfAngle) {
    rotations.pointer[2 * (slot * wires + wire)] = half.cosine
    rotations.pointer[2 * (slot * wires + wire) + 1] = half.sine
  }

  // MARK: - Where things are

  /// The state after a repetition's RY.
  func rotated(_ repetition: Int) -> UnsafeMutablePointer<Float> { states.pointer + (2 << wires) * 2 * repetition }
  /// The state of a later repetition after the RY that stands for the encoding's RX.
  func encoded(_ repetition: Int) -> UnsafeMutablePointer<Float> {
    states.pointer + (2 << wires) * (2 * repetition - 1)
  }
  private func sharedPhase(_ repetition: Int) -> UnsafeMutablePointer<Float> {
    phases.pointer + (2 << wires) * repetition
  }
  private func sharedRotation(_ repetition: Int) -> UnsafeMutablePointer<Float> {
    rotations.pointer + 2 * wires * 2 * repetition
  }
  var quarterTurn: UnsafeMutablePointer<Float> { sharedPhase(circuit.repetitions) }
  func phase(_ repetition: Int) -> UnsafeMutablePointer<Float> {
    phiSigns(repetition) == 0 ? sharedPhase(repetition) : own.phase(repetition)
  }
  func rotation(_ repetition: Int) -> UnsafeMutablePointer<Float> {
    thetaSigns(repetition) == 0 ? sharedRotation(repetition) : own.rotation(repetition)
  }
  func inverseRotation(_ repetition: Int) -> UnsafeMutablePointer<Float> { rotation(repetition) + 2 * wires }
  func encoding(_ repetition: Int) -> UnsafeMutablePointer<Float> {
    inputSigns(repetition) == 0 ? sharedRotation(circuit.repetitions) : own.encoding(repetition)
  }
  func inverseEncoding(_ repetition: Int) -> UnsafeMutablePointer<Float> { encoding(repetition) + 2 * wires }

  func setFactor(_ factors: UnsafeMutablePointer<Float>, _ wire: Int, _ value: SIMD4<Float>) {
    UnsafeMutableRawPointer(factors + 4 * wire).storeBytes(of: value, as: SIMD4<Float>.self)
  }
  func getFactor(_ factors: UnsafePointer<Float>, _ wire: Int) -> SIMD4<Float> {
    UnsafeRawPointer(factors + 4 * wire).load(as: SIMD4<Float>.self)
  }
}

/// The rotations and phases of one sample, in which its signs are.
private final class OwnTurns {
  let factors: AlignedFloats
  let stages: AlignedFloats
  private let wires: Int
  /// Per repetition: its rotation and the inverse, its encoding and the inverse.
  private let rotations: AlignedFloats
  private let phases: AlignedFloats

  init(wires: Int, repetitions: Int) {
    self.wires = wires
    factors = AlignedFloats(count: 4 * wires)
    stages = AlignedFloats(count: 2 << wires)
    rotations = AlignedFloats(count: 2 * wires * 4 * repetitions)
    phases = AlignedFloats(count: (2 << wires) * repetitions)
    // Idle wires are not turned.
    for wire in 0..<wires {
      for index in 0..<4 { factors.pointer[4 * wire + index] = index == 0 ? 1 : 0 }
      for slot in 0..<(4 * repetitions) {
        rotations.pointer[2 * (slot * wires + wire)] = 1
        rotations.pointer[2 * (slot * wires + wire) + 1] = 0
      }
    }
  }

  func rotation(_ repetition: Int) -> UnsafeMutablePointer<Float> { rotations.pointer + 2 * wires * 4 * repetition }
  func encoding(_ repetition: Int) -> UnsafeMutablePointer<Float> { rotation(repetition) + 4 * wires }
  func phase(_ repetition: Int) -> UnsafeMutablePointer<Float> { phases.pointer + (2 << wires) * repetition }

  /// Writes a rotation, and its inverse behind it.
  func set(_ rotation: UnsafeMutablePointer<Float>, _ halves: [HalfAngle], _ signs: UInt32) {
    for (qubit, half) in halves.enumerated() {
      let half = half.times(SampleSigns.sign(signs, qubit))
      rotation[2 * qubit] = half.cosine
      rotation[2 * qubit + 1] = half.sine
      rotation[2 * (wires + qubit)] = half.cosine
      rotation[2 * (wires + qubit) + 1] = -half.sine
    }
  }
}
