import Ansatz
import CKernels

/// The derivatives of a sample's states along its tangent, beside the states themselves.
struct Tangents: ~Copyable {
  let inputs: AlignedFloats
  let factorStates: AlignedFloats
  let stages: AlignedFloats
  let states: AlignedFloats
  let adjoint: AlignedFloats
  let work: AlignedFloats
  let contraction: AlignedFloats

  init(wires: Int, states count: Int) {
    let size = 1 << wires
    inputs = AlignedFloats(count: wires)
    factorStates = AlignedFloats(count: 4 * wires)
    stages = AlignedFloats(count: 2 * size)
    states = AlignedFloats(count: 2 * size * count)
    adjoint = AlignedFloats(count: 2 * size)
    work = AlignedFloats(count: 2 * size)
    contraction = AlignedFloats(count: 4 * wires)
  }
}

extension CircuitSimulator {
  /// The second order of a gradient penalty through a circuit, exact: the adjoint sweep differentiated forwards.
  ///
  /// With d = Σ_b Σ_i tangent[b, i] ∂/∂x_i (Σ_j weights[b, j] ⟨Z_j⟩ of sample b), adds ∂d/∂angles and writes ∂d/∂x.
  ///
  /// - Parameters:
  ///   - inputs: `[batch, qubits]`.
  ///   - angles: `[circuit.angleCount]`.
  ///   - weights: `[batch, qubits]`.
  ///   - tangent: `[batch, qubits]`.
  ///   - batch: The number of samples.
  ///   - rowStride: As in `forward`.
  ///   - signs: As in `forward`.
  ///   - angleGradients: `[circuit.angleCount]`, added to.
  ///   - angleStride: As in `backward`.
  ///   - inputGradients: `[batch, qubits]`, overwritten; not computed if nil.
  /// - Complexity: About three times `backward`.
  package func secondOrder(
    inputs: UnsafePointer<Float>, angles: UnsafePointer<Float>, weights: UnsafePointer<Float>,
    tangent: UnsafePointer<Float>, batch: Int, rowStride: Int? = nil, signs: UnsafePointer<UInt32>? = nil,
    angleGradients: UnsafeMutablePointer<Float>, angleStride: Int = 0, inputGradients: UnsafeMutablePointer<Float>?
  ) {
    forRows(batch, rowStride, angles, signs) { sample, row in
      let final = run(inputs + row)
      let finalTangent = runTangent(tangent + row)
      startAdjoint(weights + row, final, tangent: finalTangent)
      let inputGradient = inputGradients.map { $0 + row }
      inputGradient?.update(repeating: 0, count: circuit.qubits)
      runBackwardsTangent(tangent + row, angleGradients + sample * angleStride, inputGradient)
    }
  }

  /// The derivatives of all states that `run` left, along the tangent.
  private func runTangent(_ tangent: UnsafePointer<Float>) -> UnsafeMutablePointer<Float> {
    for qubit in 0..<circuit.qubits {
      setFactor(
        tangents.factorStates.pointer, qubit, tangent[inputOf[qubit]] * firstStage.derivative(qubit, by: 0))
    }
    let wires = UInt32(self.wires)
    kernels.product_tangent(
      wires, factorStates.pointer, tangents.factorStates.pointer, stages.pointer, tangents.stages.pointer, moving(0))
    func encode(_ turn: Int, _ place: Int) {
      let turned = program.turns[turn]
      guard turned.angles == nil else { return }
      moveEncoding(tangent, mask(turned))
      kernels.rotate_tangent(wires, tangents.inputs.pointer, state(place), moving(place))
    }
    for move in program.moves {
      switch move {
      case .permute(let from, let to, let turn):
        kernels.permute(wires, forwards.high, forwards.low, turn.map(rotation), moving(from), moving(to))
        if let turn { encode(turn, to) }
      case .rotate(let turn, let place):
        kernels.rotate(wires, rotation(turn), moving(place))
        encode(turn, place)
      case .phase(let turn, let from, let to): kernels.phase(wires, phase(turn), 0, moving(from), moving(to))
      case .quarter(let back, let from, let to):
        kernels.phase(wires, quarterTurn, back ? 1 : 0, moving(from), moving(to))
      case .copy(let from, let to): moving(to).update(from: moving(from), count: 2 << self.wires)
      }
    }
    return moving(program.final)
  }

  /// `runBackwards` on the adjoint state and its derivative; every gradient ⟨λ|G|ψ⟩ becomes ⟨λ'|G|ψ⟩ + ⟨λ|G|ψ'⟩.
  private func runBackwardsTangent(
    _ tangent: UnsafePointer<Float>, _ angleGradients: UnsafeMutablePointer<Float>,
    _ inputGradients: UnsafeMutablePointer<Float>?
  ) {
    let wires = UInt32(self.wires)
    var (lambda, spare) = (adjoint.pointer, work.pointer)
    var (lambdaTangent, spareTangent) = (tangents.adjoint.pointer, tangents.work.pointer)
    func turnBack(_ turn: Int, _ place: Int) {
      collect(turn, angleGradients, inputGradients) {
        kernels.rotation_gradients(wires, state(place), lambdaTangent, $0)
        kernels.rotation_gradients(wires, moving(place), lambda, $0)
      }
      kernels.rotate(wires, inverseRotation(turn), lambda)
      kernels.rotate(wires, inverseRotation(turn), lambdaTangent)
      let turned = program.turns[turn]
      guard turned.angles == nil else { return }
      // The inverse rotation's derivative has the other sign.
      moveEncoding(tangent, ~mask(turned))
      kernels.rotate_tangent(wires, tangents.inputs.pointer, lambda, lambdaTangent)
    }
    for move in program.moves.reversed() {
      switch move {
      case .permute(_, let place, let turn):
        if let turn { turnBack(turn, place) }
        kernels.permute(wires, backwards.high, backwards.low, nil, lambda, spare)
        kernels.permute(wires, backwards.high, backwards.low, nil, lambdaTangent, spareTangent)
        swap(&lambda, &spare)
        swap(&lambdaTangent, &spareTangent)
      case .rotate(let turn, let place): turnBack(turn, place)
      case .phase(let turn, let from, _):
        kernels.phase(wires, phase(turn), 1, lambda, lambda)
        kernels.phase(wires, phase(turn), 1, lambdaTangent, lambdaTangent)
        collect(turn, angleGradients, inputGradients) {
          kernels.phase_gradients(wires, state(from), lambdaTangent, scratch.pointer, $0)
          kernels.phase_gradients(wires, moving(from), lambda, scratch.pointer, $0)
        }
      case .quarter(let back, _, _):
        kernels.phase(wires, quarterTurn, back ? 0 : 1, lambda, lambda)
        kernels.phase(wires, quarterTurn, back ? 0 : 1, lambdaTangent, lambdaTangent)
      case .copy: break
      }
    }
    kernels.contract_tangent(
      wires, factorStates.pointer, tangents.factorStates.pointer, stages.pointer, tangents.stages.pointer, lambda,
      lambdaTangent, contraction.pointer, tangents.contraction.pointer)
    for qubit in 0..<circuit.qubits {
      let rest = getFactor(contraction.pointer, qubit)
      let restTangent = getFactor(tangents.contraction.pointer, qubit)
      let move = tangent[inputOf[qubit]]
      for number in 0..<program.first {
        guard let gradient = gradient(number, qubit, angleGradients, inputGradients) else { continue }
        gradient.pointee +=
          response(restTangent, firstStage.derivative(qubit, by: number))
          + move * response(rest, firstStage.derivative(qubit, byInputAnd: number))
      }
    }
  }

  /// Writes how the inputs' encoding moves along the tangent.
  private func moveEncoding(_ tangent: UnsafePointer<Float>, _ signs: UInt32) {
    for qubit in 0..<circuit.qubits {
      tangents.inputs.pointer[qubit] = SampleSigns.sign(signs, qubit) * tangent[inputOf[qubit]]
    }
  }

  private func moving(_ place: Int?) -> UnsafeMutablePointer<Float> {
    place.map { tangents.states.pointer + (2 << wires) * $0 } ?? tangents.work.pointer
  }
}
