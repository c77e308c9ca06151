package import Ansatz
import CKernels

/// ⟨Z_i⟩ of a circuit for a batch of inputs, and its adjoint gradients, in single precision.
///
/// Owns its scratch memory: nothing is allocated after `init` (and the first call with signs), and one simulator belongs to
/// one network on one thread.
/// What a sample gives depends on that sample alone, to the bit, not on its neighbours in the batch.
///
/// What makes it fast: the first stage acts on |0…0⟩, so its result is built as a product; the CNOTs of a repetition are one
/// permutation of the amplitudes; RY is real, so it acts on the planes of real and imaginary parts alike; the RZ of a
/// repetition are one diagonal, shared by the batch. What is diagonal at the end is inert and left out, and the last CNOTs
/// only say which parities of |ψ|² are read.
/// - Source: adjoint differentiation, Jones & Gacon, arXiv:2009.02823.
package final class CircuitSimulator {
  /// The circuit simulated.
  package let circuit: Circuit
  /// The most samples that one call may bring.
  package let batchCapacity: Int

  let kernels: statevector_kernels
  /// The qubits, padded to what the kernels need with idle ones.
  let wires: Int
  let program: CircuitProgram
  let forwards: IndexTable
  let backwards: IndexTable
  let masks: [UInt32]
  /// The input that each qubit encodes.
  let inputOf: [Int]

  /// The angles of each rotation, for all samples of a call; of inputs those of the sample.
  private var halves: [[HalfAngle]]
  /// 1, or −1 where angles are undone.
  private let direction: Float
  /// cos and sin per wire: of each rotation, and of its inverse; that of the inputs comes last.
  private let rotations: AlignedFloats
  /// The diagonal of each rotation about Z, and last that of RZ(π/2) on all, which turns RY into RX.
  private let phases: AlignedFloats
  /// Where a rotation's diagonal is among them.
  private let phaseSlots: [Int]

  // Of the current sample.
  let firstStage: FirstStage
  let factorStates: AlignedFloats
  let stages: AlignedFloats
  let states: AlignedFloats
  let adjoint: AlignedFloats
  let work: AlignedFloats
  let scratch: AlignedFloats
  let contraction: AlignedFloats
  let rowGradients: AlignedFloats
  let tangents: Tangents
  /// The current sample's signs; nil for none.
  private var signs: UnsafePointer<UInt32>?
  /// The rotations and phases of a sample whose signs are its own; made when first needed.
  private lazy var own = OwnTurns(wires: wires, turns: program.turns.count, phases: phaseSlots.max()! + 1)

  /// - Precondition: The circuit has no flaw.
  package init(_ circuit: Circuit, batchCapacity: Int) {
    precondition(circuit.flaw == nil, circuit.flaw ?? "")
    precondition(circuit.qubits <= STATEVECTOR_WIRES_LIMIT, "\(circuit.qubits) qubits are more than the kernels take")
    self.circuit = circuit
    self.batchCapacity = batchCapacity
    kernels = statevector_kernels_in_use().pointee
    wires = max(circuit.qubits, STATEVECTOR_WIRES)
    program = CircuitProgram(circuit)
    inputOf = (0..<circuit.qubits).map(circuit.input)
    direction = circuit.inverse ? -1 : 1
    // An inverse circuit undoes CNOTs where others do them.
    let maps = [circuit.parityMap, ParityMap(undoing: circuit.cnots, qubits: circuit.qubits)]
    forwards = IndexTable(maps[circuit.inverse ? 0 : 1], wires: wires)
    backwards = IndexTable(maps[circuit.inverse ? 1 : 0], wires: wires)
    masks = circuit.readoutMap.rows
    let (size, turns) = (1 << wires, program.turns)
    let still = [HalfAngle](repeating: HalfAngle(of: 0), count: circuit.qubits)
    halves = Array(repeating: still, count: turns.count)
    rotations = AlignedFloats(count: 4 * wires * (turns.count + 1))
    var slots: [Int] = []
    for (index, turn) in turns.enumerated() {
      slots.append((slots.last ?? -1) + (index >= program.first && turn.axis == .z ? 1 : 0))
    }
    phaseSlots = slots
    phases = AlignedFloats(count: 2 * size * (slots.last! + 2))
    firstStage = FirstStage(axes: turns[..<program.first].map(\.axis), qubits: circuit.qubits)
    factorStates = AlignedFloats(count: 4 * wires)
    stages = AlignedFloats(count: 2 * size)
    states = AlignedFloats(count: 2 * size * program.states)
    adjoint = AlignedFloats(count: 2 * size)
    work = AlignedFloats(count: 2 * size)
    scratch = AlignedFloats(count: size)
    contraction = AlignedFloats(count: 4 * wires)
    rowGradients = AlignedFloats(count: wires)
    tangents = Tangents(wires: wires, states: program.states)
    // Idle wires stay at |0⟩ for good.
    for wire in 0..<wires {
      setFactor(factorStates.pointer, wire, SIMD4(1, 0, 0, 0))
      setFactor(tangents.factorStates.pointer, wire, .zero)
      for turn in 0...turns.count { setRotation(turn, wire, HalfAngle(of: 0)) }
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
  ///   - angles: `[circuit.angleCount]`, numbered by `circuit.angle`.
  ///   - batch: The number of samples, at most `batchCapacity`.
  ///   - rowStride: Floats from one sample's row to the next, of all that has such rows; as many as qubits if nil.
  ///   - signs: `[batch, SampleSigns.width]`, each sample's `SampleSigns.masks`; none has another sign if nil.
  ///   - expectations: `[batch, qubits]`, written.
  /// - Complexity: O(batch · repetitions · qubits · 2^qubits), no allocation.
  package func forward(
    inputs: UnsafePointer<Float>, angles: UnsafePointer<Float>, batch: Int, rowStride: Int? = nil,
    signs: UnsafePointer<UInt32>? = nil, expectations: UnsafeMutablePointer<Float>
  ) {
    forRows(batch, rowStride, angles, signs) { _, row in
      read(run(inputs + row), expectations + row)
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
  ///   - expectations: As in `forward`; not computed if nil.
  /// - Complexity: As `forward`.
  package func backward(
    inputs: UnsafePointer<Float>, angles: UnsafePointer<Float>, weights: UnsafePointer<Float>, batch: Int,
    rowStride: Int? = nil, signs: UnsafePointer<UInt32>? = nil, angleGradients: UnsafeMutablePointer<Float>?,
    angleStride: Int = 0, inputGradients: UnsafeMutablePointer<Float>?, expectations: UnsafeMutablePointer<Float>? = nil
  ) {
    forRows(batch, rowStride, angles, signs) { sample, row in
      let final = run(inputs + row)
      if let expectations { read(final, expectations + row) }
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
    precondition(signs == nil || !circuit.inverse, "an inverse circuit with signs")
    prepare(angles)
    let width = SampleSigns.width(circuit)
    for sample in 0..<batch {
      self.signs = signs.map { $0 + sample * width }
      body(sample, sample * stride)
    }
  }

  // MARK: - One sample

  /// The state after the last rotations, before the last CNOTs, but for phases that do nothing there.
  func run(_ inputs: UnsafePointer<Float>) -> UnsafeMutablePointer<Float> {
    for qubit in 0..<circuit.qubits {
      let x = HalfAngle(of: inputs[inputOf[qubit]])
      setRotation(program.turns.count, qubit, x)
      for number in 0..<program.first {
        let turn = program.turns[number]
        let sign = SampleSigns.sign(mask(turn), qubit)
        let half = turn.angles == nil ? x : halves[number][qubit]
        firstStage.turn(
          qubit, number, by: half.times(sign), sign: turn.angles == nil ? sign : direction * sign)
      }
      setFactor(factorStates.pointer, qubit, firstStage.state(qubit))
    }
    if signs != nil { turnOwn() }
    let wires = UInt32(self.wires)
    kernels.product(wires, factorStates.pointer, stages.pointer, states.pointer)
    for move in program.moves {
      switch move {
      case .permute(let from, let to, let turn):
        kernels.permute(wires, forwards.high, forwards.low, turn.map(rotation), state(from), state(to))
      case .rotate(let turn, let place): kernels.rotate(wires, rotation(turn), state(place))
      case .phase(let turn, let from, let to): kernels.phase(wires, phase(turn), 0, state(from), state(to))
      // RX(x) = RZ(-π/2) RY(x) RZ(π/2)
      case .quarter(let back, let from, let to):
        kernels.phase(wires, quarterTurn, back ? 1 : 0, state(from), state(to))
      case .copy(let from, let to): state(to).update(from: state(from), count: 2 << self.wires)
      }
    }
    return state(program.final)
  }

  /// ⟨Z_i⟩ of the final state.
  private func read(_ final: UnsafePointer<Float>, _ expectations: UnsafeMutablePointer<Float>) {
    kernels.expectations(UInt32(wires), final, masks, UInt32(circuit.qubits), scratch.pointer, expectations)
    guard readoutSigns != 0 else { return }
    for qubit in 0..<circuit.qubits { expectations[qubit] *= SampleSigns.sign(readoutSigns, qubit) }
  }

  /// The read-out operator, the weighted sum of the Z_i, applied to the final state, and to its derivative if given.
  func startAdjoint(
    _ weights: UnsafePointer<Float>, _ final: UnsafePointer<Float>, tangent: UnsafePointer<Float>? = nil
  ) {
    var weights = weights
    if readoutSigns != 0 {
      for qubit in 0..<circuit.qubits {
        rowGradients.pointer[qubit] = SampleSigns.sign(readoutSigns, qubit) * weights[qubit]
      }
      weights = UnsafePointer(rowGradients.pointer)
    }
    kernels.observe(
      UInt32(wires), masks, UInt32(circuit.qubits), weights, scratch.pointer, final, adjoint.pointer, tangent,
      tangents.adjoint.pointer)
  }

  private func runBackwards(
    _ angleGradients: UnsafeMutablePointer<Float>?, _ inputGradients: UnsafeMutablePointer<Float>?
  ) {
    let wires = UInt32(self.wires)
    var lambda = adjoint.pointer
    var spare = work.pointer
    func turnBack(_ turn: Int, _ place: Int) {
      collect(turn, angleGradients, inputGradients) {
        kernels.rotation_gradients(wires, state(place), lambda, $0)
      }
      kernels.rotate(wires, inverseRotation(turn), lambda)
    }
    for index in program.moves.indices.reversed() {
      switch program.moves[index] {
      case .permute(_, let place, let turn):
        if let turn { turnBack(turn, place) }
        // The first CNOTs are undone by what contracts.
        guard index > 0 else { break }
        kernels.permute(wires, backwards.high, backwards.low, nil, lambda, spare)
        swap(&lambda, &spare)
      case .rotate(let turn, let place): turnBack(turn, place)
      case .phase(let turn, let from, _):
        kernels.phase(wires, phase(turn), 1, lambda, lambda)
        collect(turn, angleGradients, inputGradients) {
          kernels.phase_gradients(wires, state(from), lambda, scratch.pointer, $0)
        }
      case .quarter(let back, _, _): kernels.phase(wires, quarterTurn, back ? 0 : 1, lambda, lambda)
      case .copy: break
      }
    }
    let isPermuted = !program.moves.isEmpty
    kernels.contract(
      wires, factorStates.pointer, stages.pointer, backwards.high, backwards.low, isPermuted ? lambda : nil,
      isPermuted ? spare : lambda, contraction.pointer)
    for qubit in 0..<circuit.qubits {
      let rest = getFactor(contraction.pointer, qubit)
      for number in 0..<program.first {
        guard let gradient = gradient(number, qubit, angleGradients, inputGradients) else { continue }
        gradient.pointee += response(rest, firstStage.derivative(qubit, by: number))
      }
    }
  }

  /// Where the gradient by what turns a qubit is added to.
  @inline(__always) func gradient(
    _ turn: Int, _ qubit: Int, _ angleGradients: UnsafeMutablePointer<Float>?,
    _ inputGradients: UnsafeMutablePointer<Float>?
  ) -> UnsafeMutablePointer<Float>? {
    guard let first = program.turns[turn].angles else { return inputGradients.map { $0 + inputOf[qubit] } }
    return angleGradients.map { $0 + first + qubit }
  }

  /// Adds what the body adds to a row of wires, with signs, to the gradient by what turns each qubit, if it is wanted.
  func collect(
    _ turn: Int, _ angleGradients: UnsafeMutablePointer<Float>?, _ inputGradients: UnsafeMutablePointer<Float>?,
    _ body: (UnsafeMutablePointer<Float>) -> Void
  ) {
    let (signs, angles) = (mask(program.turns[turn]), program.turns[turn].angles)
    guard (angles == nil ? inputGradients : angleGradients) != nil else { return }
    rowGradients.pointer.update(repeating: 0, count: wires)
    body(rowGradients.pointer)
    let direction = angles == nil ? 1 : direction
    for qubit in 0..<circuit.qubits {
      gradient(turn, qubit, angleGradients, inputGradients)!.pointee +=
        direction * SampleSigns.sign(signs, qubit) * rowGradients.pointer[qubit]
    }
  }

  // MARK: - A sample's own signs

  var readoutSigns: UInt32 { signs?[0] ?? 0 }
  func mask(_ turn: CircuitProgram.Turn) -> UInt32 { signs?[turn.signs] ?? 0 }

  /// Makes the later stages' rotations and phases where they have signs of their own.
  private func turnOwn() {
    for (index, turn) in program.turns.enumerated().dropFirst(program.first) where mask(turn) != 0 {
      if turn.axis == .z {
        let halves = halves[index].enumerated().map { $1.times(SampleSigns.sign(mask(turn), $0)) }
        buildPhases(halves, own.factors.pointer, own.stages.pointer, own.phase(phaseSlots[index]))
      } else {
        let halves = turn.angles == nil ? (0..<circuit.qubits).map(inputHalf) : halves[index]
        own.set(own.rotation(index), halves, mask(turn))
      }
    }
  }

  /// The half angle of the input that a qubit encodes, without signs.
  private func inputHalf(_ qubit: Int) -> HalfAngle {
    let place = rotations.pointer + 4 * wires * program.turns.count + 2 * qubit
    var half = HalfAngle(of: 0)
    (half.cosine, half.sine) = (place[0], place[1])
    return half
  }

  // MARK: - Angles

  func prepare(_ angles: UnsafePointer<Float>) {
    for (index, turn) in program.turns.enumerated() {
      guard let first = turn.angles else { continue }
      for qubit in 0..<circuit.qubits {
        let half = HalfAngle(of: direction * angles[first + qubit])
        halves[index][qubit] = half
        if turn.axis == .y { setRotation(index, qubit, half) }
      }
      if turn.axis == .z && index >= program.first {
        buildPhases(halves[index], factorStates.pointer, stages.pointer, sharedPhase(phaseSlots[index]))
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

  /// Writes one qubit of a rotation and of its inverse.
  private func setRotation(_ turn: Int, _ wire: Int, _ half: HalfAngle) {
    let place = rotations.pointer + 4 * wires * turn + 2 * wire
    (place[0], place[1]) = (half.cosine, half.sine)
    (place[2 * wires], place[2 * wires + 1]) = (half.cosine, -half.sine)
  }

  // MARK: - Where things are

  /// A state of the program; the one that nothing is kept in if nil.
  func state(_ place: Int?) -> UnsafeMutablePointer<Float> {
    place.map { states.pointer + (2 << wires) * $0 } ?? work.pointer
  }
  private func sharedPhase(_ slot: Int) -> UnsafeMutablePointer<Float> { phases.pointer + (2 << wires) * slot }
  var quarterTurn: UnsafeMutablePointer<Float> { sharedPhase(phaseSlots.last! + 1) }
  func phase(_ turn: Int) -> UnsafeMutablePointer<Float> {
    mask(program.turns[turn]) == 0 ? sharedPhase(phaseSlots[turn]) : own.phase(phaseSlots[turn])
  }
  func rotation(_ turn: Int) -> UnsafeMutablePointer<Float> {
    let of = program.turns[turn]
    if mask(of) != 0 { return own.rotation(turn) }
    return rotations.pointer + 4 * wires * (of.angles == nil ? program.turns.count : turn)
  }
  func inverseRotation(_ turn: Int) -> UnsafeMutablePointer<Float> { rotation(turn) + 2 * wires }

  func setFactor(_ factors: UnsafeMutablePointer<Float>, _ wire: Int, _ value: SIMD4<Float>) {
    UnsafeMutableRawPointer(factors + 4 * wire).storeBytes(of: value, as: SIMD4<Float>.self)
  }
  func getFactor(_ factors: UnsafePointer<Float>, _ wire: Int) -> SIMD4<Float> {
    UnsafeRawPointer(factors + 4 * wire).load(as: SIMD4<Float>.self)
  }
}
