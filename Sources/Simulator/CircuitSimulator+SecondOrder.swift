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

  init(wires: Int, repetitions: Int) {
    let size = 1 << wires
    inputs = AlignedFloats(count: wires)
    factorStates = AlignedFloats(count: 4 * wires)
    stages = AlignedFloats(count: 2 * size)
    states = AlignedFloats(count: 2 * size * (2 * repetitions))
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
      startAdjoint(weights + row, final)
      kernels.scale(UInt32(wires), diagonal.pointer, finalTangent, tangents.adjoint.pointer)
      let inputGradient = inputGradients.map { $0 + row }
      inputGradient?.update(repeating: 0, count: circuit.qubits)
      runBackwardsTangent(tangent + row, angleGradients + sample * angleStride, inputGradient)
    }
  }

  /// The derivatives of all states that `run` left, along the tangent.
  private func runTangent(_ tangent: UnsafePointer<Float>) -> UnsafeMutablePointer<Float> {
    for qubit in 0..<circuit.qubits {
      setFactor(tangents.factorStates.pointer, qubit, tangent[qubit] * factors[qubit].byInput)
    }
    let wires = UInt32(self.wires)
    kernels.product_tangent(
      wires, factorStates.pointer, tangents.factorStates.pointer, stages.pointer, tangents.stages.pointer, moving(0))
    for repetition in 1..<max(circuit.repetitions, 1) {
      var before = moving(repetition - 1)
      if repetition > 1 && hasPhase(repetition - 1) {
        kernels.phase(wires, phase(repetition - 1), 0, before, tangents.work.pointer)
        before = tangents.work.pointer
      }
      let after = moving(repetition)
      if circuit.reupload {
        let encodedTangent = movingEncoded(repetition)
        kernels.permute(wires, forwards.high, forwards.low, before, encodedTangent)
        kernels.phase(wires, quarterTurn, 0, encodedTangent, encodedTangent)
        kernels.rotate(wires, encoding(repetition), encodedTangent)
        moveEncoding(tangent, inputSigns(repetition))
        kernels.rotate_tangent(wires, tangents.inputs.pointer, encoded(repetition), encodedTangent)
        kernels.phase(wires, quarterTurn, 1, encodedTangent, after)
      } else {
        kernels.permute(wires, forwards.high, forwards.low, before, after)
      }
      kernels.rotate(wires, rotation(repetition), after)
    }
    return moving(circuit.repetitions - 1)
  }

  /// `runBackwards` on the adjoint state and its derivative; every gradient ⟨λ|G|ψ⟩ becomes ⟨λ'|G|ψ⟩ + ⟨λ|G|ψ'⟩.
  private func runBackwardsTangent(
    _ tangent: UnsafePointer<Float>, _ angleGradients: UnsafeMutablePointer<Float>,
    _ inputGradients: UnsafeMutablePointer<Float>?
  ) {
    let wires = UInt32(self.wires)
    var (lambda, spare) = (adjoint.pointer, work.pointer)
    var (lambdaTangent, spareTangent) = (tangents.adjoint.pointer, tangents.work.pointer)
    for repetition in stride(from: circuit.repetitions - 1, to: 0, by: -1) {
      let (state, stateTangent) = (rotated(repetition), moving(repetition))
      if hasPhase(repetition) {
        kernels.phase(wires, phase(repetition), 1, lambda, lambda)
        kernels.phase(wires, phase(repetition), 1, lambdaTangent, lambdaTangent)
        collect(into: angleGradients + circuit.phi(0, repetition: repetition), phiSigns(repetition)) {
          kernels.phase_gradients(wires, state, lambdaTangent, scratch.pointer, $0)
          kernels.phase_gradients(wires, stateTangent, lambda, scratch.pointer, $0)
        }
      }
      collect(into: angleGradients + circuit.theta(0, repetition: repetition), thetaSigns(repetition)) {
        kernels.rotation_gradients(wires, state, lambdaTangent, $0)
        kernels.rotation_gradients(wires, stateTangent, lambda, $0)
      }
      kernels.rotate(wires, inverseRotation(repetition), lambda)
      kernels.rotate(wires, inverseRotation(repetition), lambdaTangent)
      if circuit.reupload {
        kernels.phase(wires, quarterTurn, 0, lambda, lambda)
        kernels.phase(wires, quarterTurn, 0, lambdaTangent, lambdaTangent)
        collect(into: inputGradients, inputSigns(repetition)) {
          kernels.rotation_gradients(wires, encoded(repetition), lambdaTangent, $0)
          kernels.rotation_gradients(wires, movingEncoded(repetition), lambda, $0)
        }
        kernels.rotate(wires, inverseEncoding(repetition), lambda)
        kernels.rotate(wires, inverseEncoding(repetition), lambdaTangent)
        // The inverse rotation's derivative has the other sign.
        moveEncoding(tangent, ~inputSigns(repetition))
        kernels.rotate_tangent(wires, tangents.inputs.pointer, lambda, lambdaTangent)
        kernels.phase(wires, quarterTurn, 1, lambda, lambda)
        kernels.phase(wires, quarterTurn, 1, lambdaTangent, lambdaTangent)
      }
      kernels.permute(wires, backwards.high, backwards.low, lambda, spare)
      kernels.permute(wires, backwards.high, backwards.low, lambdaTangent, spareTangent)
      swap(&lambda, &spare)
      swap(&lambdaTangent, &spareTangent)
    }
    kernels.contract_tangent(
      wires, factorStates.pointer, tangents.factorStates.pointer, stages.pointer, tangents.stages.pointer, lambda,
      lambdaTangent, contraction.pointer, tangents.contraction.pointer)
    for qubit in 0..<circuit.qubits {
      let (rest, factor) = (getFactor(contraction.pointer, qubit), factors[qubit])
      let restTangent = getFactor(tangents.contraction.pointer, qubit)
      let move = tangent[qubit]
      inputGradients?[qubit] += response(restTangent, factor.byInput) + move * response(rest, factor.byInputTwice)
      angleGradients[circuit.theta(qubit, repetition: 0)] +=
        response(restTangent, factor.byTheta) + move * response(rest, factor.byInputAndTheta)
      if hasPhase(0) {
        angleGradients[circuit.phi(qubit, repetition: 0)] +=
          response(restTangent, factor.byPhi) + move * response(rest, factor.byInputAndPhi)
      }
    }
  }

  /// Writes how a repetition's encoding moves along the tangent.
  private func moveEncoding(_ tangent: UnsafePointer<Float>, _ signs: UInt32) {
    for qubit in 0..<circuit.qubits { tangents.inputs.pointer[qubit] = SampleSigns.sign(signs, qubit) * tangent[qubit] }
  }

  private func moving(_ repetition: Int) -> UnsafeMutablePointer<Float> {
    tangents.states.pointer + (2 << wires) * 2 * repetition
  }
  private func movingEncoded(_ repetition: Int) -> UnsafeMutablePointer<Float> {
    tangents.states.pointer + (2 << wires) * (2 * repetition - 1)
  }
}
