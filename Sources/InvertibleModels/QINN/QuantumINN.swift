import Ansatz
package import Experiment
import Glibc
package import NeuralNetwork
import Simulator

/// The study group's QINN by itself: a map of showers to latents and one back that share their weights.
///
/// There: Dense → tanh → [circuit → tanh]… → Dense. Back: the same Dense layers, the circuits undone gate by gate, in the
/// other order, and softplus at the end. It is called invertible and is no bijection: ⟨Z⟩ does not fix a state, and all
/// voxels go through one number for each qubit. How far it is from one is what `Inversion` says.
package final class QuantumINN {
  /// The voxels of a shower, and so the latents.
  package let voxels: Int
  /// All that is trained.
  package let parameters = Parameters()

  private let settings: INNSettings
  private let qubits: Int
  private let capacity: Int
  private let first: Dense
  private let last: Dense
  private let blocks: [Block]
  private let there: Pass
  private let back: Pass
  private let gradients: AlignedBuffer
  private let scratch: AlignedBuffer
  /// The gradients by hidden values, and by what they were made of.
  private let hiddenErrors: Rows
  private let nextErrors: Rows
  private let normal: Rows

  private struct Block {
    let angles: Parameters.Slice
    let done: CircuitSimulator
    let undone: CircuitSimulator
  }

  /// What one way through keeps.
  private struct Pass {
    let input: Rows
    /// The values after the first tanh, and after that of each block.
    let hidden: [Rows]
    let output: Rows
    /// The gradient by the output.
    let errors: Rows

    init(rows: Int, input: Rows, voxels: Int, qubits: Int, blocks: Int) {
      self.input = input
      hidden = (0...blocks).map { _ in Rows(rows: rows, columns: qubits) }
      output = Rows(rows: rows, columns: voxels)
      errors = Rows(rows: rows, columns: voxels)
    }
  }

  /// A model whose parameters are still zero: `initialise` or a state that is read sets them.
  /// - Parameters:
  ///   - settings: Its shape.
  ///   - voxels: Of a shower.
  ///   - capacity: The most showers of one call to the kernels.
  package init(_ settings: INNSettings, voxels: Int, capacity: Int) {
    (self.settings, self.voxels, qubits) = (settings, voxels, settings.qubits)
    // As many rows at least as a Jacobian takes.
    let (qubits, rows, team, parameters) = (settings.qubits, max(capacity, settings.qubits), Team(), parameters)
    self.capacity = rows
    first = Dense("qinn/dense_0", inputs: voxels, outputs: qubits, in: parameters, team: team)
    blocks = (0..<settings.blocks).map { number in
      let (done, undone) = (settings.circuit(number, inverse: false), settings.circuit(number, inverse: true))
      return Block(
        angles: parameters.vector("qinn/block_\(number)/angles", shape: done.angleShape),
        done: CircuitSimulator(done, batchCapacity: rows), undone: CircuitSimulator(undone, batchCapacity: rows))
    }
    last = Dense("qinn/dense_1", inputs: qubits, outputs: voxels, in: parameters, team: team)
    there = Pass(
      rows: rows, input: Rows(rows: rows, columns: voxels), voxels: voxels, qubits: qubits, blocks: blocks.count)
    back = Pass(rows: rows, input: there.output, voxels: voxels, qubits: qubits, blocks: blocks.count)
    gradients = AlignedBuffer(count: parameters.storage)
    scratch = AlignedBuffer(count: max(first.bias.storage, last.bias.storage))
    hiddenErrors = Rows(rows: rows, columns: qubits)
    nextErrors = Rows(rows: rows, columns: qubits)
    normal = Rows(rows: rows, columns: voxels)
  }

  /// The start: Dense layers as PyTorch's, kernels and biases in U(±1/√inputs); angles in N(0, 0.01²).
  package func initialise(_ randomness: Randomness) {
    for (number, layer) in [first, last].enumerated() {
      let limit = 1 / Float(layer.inputs).squareRoot()
      for (part, slice) in [layer.kernel, layer.bias].enumerated() {
        var values = [Float](repeating: 0, count: slice.count)
        randomness.fill(
          &values, uniformIn: -limit, limit, .generatorKernels, iteration: 2 * number + part)
        parameters.set(slice, to: values, in: parameters.values)
      }
    }
    for (number, block) in blocks.enumerated() {
      var values = [Float](repeating: 0, count: block.angles.count)
      values.withUnsafeMutableBufferPointer {
        randomness.fill($0, mean: 0, spread: 0.01, .generatorAngles, iteration: number)
      }
      parameters.set(block.angles, to: values, in: parameters.values)
    }
  }

  // MARK: There and back

  /// Latents of showers (MeV), `[events, voxels]` both.
  package func forward(_ showers: [Float]) -> [Float] { portions(showers, there, undone: false) }

  /// Showers (MeV) of latents, `[events, voxels]` both.
  package func inverse(_ latents: [Float]) -> [Float] { portions(latents, back, undone: true) }

  private func portions(_ values: [Float], _ pass: Pass, undone: Bool) -> [Float] {
    var result = values
    let events = values.count / voxels
    for start in stride(from: 0, to: events, by: capacity) {
      let count = min(capacity, events - start)
      set(pass.input, to: values[(start * voxels)..<((start + count) * voxels)])
      run(pass, undone: undone, count: count)
      for row in 0..<count {
        for voxel in 0..<voxels { result[(start + row) * voxels + voxel] = pass.output[row][voxel] }
      }
    }
    return result
  }

  private func set(_ rows: Rows, to values: ArraySlice<Float>) {
    for row in 0..<values.count / voxels {
      for voxel in 0..<voxels { rows[row][voxel] = values[values.startIndex + row * voxels + voxel] }
    }
  }

  /// The blocks in a way's order.
  private func order(undone: Bool) -> [Block] { undone ? blocks.reversed() : blocks }

  private func run(_ pass: Pass, undone: Bool, count: Int) {
    first.forward(pass.input, pass.hidden[0], rows: 0..<count, parameters: parameters, relu: false)
    pass.hidden[0].applyTanh(count)
    for (place, block) in order(undone: undone).enumerated() {
      let (from, to) = (pass.hidden[place], pass.hidden[place + 1])
      (undone ? block.undone : block.done).forward(
        inputs: from[0], angles: parameters.values + block.angles.offset, batch: count, rowStride: from.stride,
        expectations: to[0])
      to.applyTanh(count)
    }
    last.forward(pass.hidden[blocks.count], pass.output, rows: 0..<count, parameters: parameters, relu: false)
    guard undone else { return }
    for row in 0..<count {
      let values = pass.output[row]
      // softplus, without overflow
      for voxel in 0..<voxels { values[voxel] = max(values[voxel], 0) + log1pf(expf(-abs(values[voxel]))) }
    }
  }

  /// Adds to the gradients what follows from those by a way's output; overwrites that by its input, unless it is nil.
  private func runBackwards(_ pass: Pass, undone: Bool, count: Int, inputErrors: Rows?) {
    let rows = 0..<count
    if undone {
      for row in rows {
        // softplus's slope, of its value
        for voxel in 0..<voxels { pass.errors[row][voxel] *= -expm1f(-pass.output[row][voxel]) }
      }
    }
    use(last, pass.hidden[blocks.count], pass.errors, rows)
    last.backward(pass.errors, hiddenErrors, rows: rows, parameters: parameters)
    for (place, block) in order(undone: undone).enumerated().reversed() {
      hiddenErrors.multiplyByTanhSlope(of: pass.hidden[place + 1], count)
      let from = pass.hidden[place]
      (undone ? block.undone : block.done).backward(
        inputs: from[0], angles: parameters.values + block.angles.offset, weights: hiddenErrors[0], batch: count,
        rowStride: from.stride, angleGradients: gradients.pointer + block.angles.offset, inputGradients: nextErrors[0])
      for row in rows {
        for qubit in 0..<qubits { hiddenErrors[row][qubit] = nextErrors[row][qubit] }
      }
    }
    hiddenErrors.multiplyByTanhSlope(of: pass.hidden[0], count)
    use(first, pass.input, hiddenErrors, rows)
    if let inputErrors { first.backward(hiddenErrors, inputErrors, rows: rows, parameters: parameters) }
  }

  private func use(_ layer: Dense, _ x: Rows, _ errors: Rows, _ rows: Range<Int>) {
    _ = layer.use(
      x, errors, rows: rows, biasRows: rows, parameters: parameters, as: .add(gradients.pointer),
      scratch: scratch.pointer, norm: false)
  }

  // MARK: Training

  /// The loss of a mini-batch, and its gradient by all parameters: w_r · mean((x̂ - x)²), x̂ what comes back of x, plus w_p
  /// times the distance of the latents from normal ones.
  /// - Parameters:
  ///   - showers: `[events, voxels]`, MeV, two at least.
  ///   - normals: As many standard normal numbers.
  /// - Returns: The loss, and the gradient in the parameters' layout, valid until the next call.
  package func lossAndGradient(
    _ showers: [Float], normals: [Float]
  ) -> (loss: Double, gradient: UnsafeMutablePointer<Float>) {
    let count = showers.count / voxels
    precondition((2...capacity).contains(count) && normals.count == showers.count, "\(count) showers for \(capacity)")
    set(there.input, to: showers[...])
    set(normal, to: normals[...])
    run(there, undone: false, count: count)
    run(back, undone: true, count: count)
    gradients.pointer.update(repeating: 0, count: gradients.count)
    var square = 0.0
    let factor = 2 * settings.reconstructionWeight / Float(showers.count)
    for row in 0..<count {
      for voxel in 0..<voxels {
        let missed = back.output[row][voxel] - there.input[row][voxel]
        square += Double(missed) * Double(missed)
        back.errors[row][voxel] = factor * missed
      }
    }
    runBackwards(back, undone: true, count: count, inputErrors: there.errors)
    let distance = LatentDistance.add(
      of: there.output, from: normal, count: count, weight: settings.latentWeight, to: there.errors)
    runBackwards(there, undone: false, count: count, inputErrors: nil)
    return (
      Double(settings.reconstructionWeight) * square / Double(showers.count)
        + Double(settings.latentWeight) * distance, gradients.pointer
    )
  }

  /// A step of Adam along the last gradient.
  package func step(_ adam: AdamStep) {
    adam.move(parameters.storage, by: gradients.pointer, parameters.values, parameters.m, parameters.v)
  }

  /// The Euclidean norm of the last gradient.
  package var gradientNorm: Double { gradients.norm }

  // MARK: What it is not

  /// Jᵀ J of the map there at a shower, J = ∂z/∂x, but for the directions in which J is zero: a matrix of as many rows as
  /// qubits whose eigenvalues are the squares of J's singular values.
  /// - Returns: `[qubits, qubits]`, row-major, symmetric.
  package func jacobianSquare(at shower: ArraySlice<Float>) -> [Double] {
    set(there.input, to: shower)
    run(there, undone: false, count: 1)
    // Rows of the hidden values' Jacobian by the first Dense layer's outputs, the whole stack of blocks backwards from each.
    for row in 0..<qubits {
      for qubit in 0..<qubits { hiddenErrors[row][qubit] = row == qubit ? 1 : 0 }
    }
    for (place, block) in blocks.enumerated().reversed() {
      let (from, to) = (there.hidden[place], there.hidden[place + 1])
      for row in 0..<qubits {
        for qubit in 0..<qubits {
          hiddenErrors[row][qubit] *= 1 - to[0][qubit] * to[0][qubit]
          if row > 0 { from[row][qubit] = from[0][qubit] }
        }
      }
      block.done.backward(
        inputs: from[0], angles: parameters.values + block.angles.offset, weights: hiddenErrors[0], batch: qubits,
        rowStride: from.stride, angleGradients: nil, inputGradients: nextErrors[0])
      for row in 0..<qubits {
        for qubit in 0..<qubits { hiddenErrors[row][qubit] = nextErrors[row][qubit] }
      }
    }
    var core = SmallMatrix(qubits, qubits)
    for row in 0..<qubits {
      for qubit in 0..<qubits {
        let h = Double(there.hidden[0][0][qubit])
        core[row, qubit] = Double(hiddenErrors[row][qubit]) * (1 - h * h)
      }
    }
    // J = A core B with A of the last layer and B of the first one: J Jᵀ has the eigenvalues of Gᵀ core B Bᵀ coreᵀ G with
    // Aᵀ A = G Gᵀ.
    let (kernels, values) = ([first.kernel, last.kernel], parameters.values)
    let (b, a) = (parameters.elements(of: kernels[0], in: values), parameters.elements(of: kernels[1], in: values))
    var (ofFirst, ofLast) = (SmallMatrix(qubits, qubits), SmallMatrix(qubits, qubits))
    for i in 0..<qubits {
      for j in 0..<qubits {
        for voxel in 0..<voxels {
          ofFirst[i, j] += Double(b[voxel * qubits + i]) * Double(b[voxel * qubits + j])
          ofLast[i, j] += Double(a[i * voxels + voxel]) * Double(a[j * voxels + voxel])
        }
      }
    }
    let left = ofLast.choleskyFactor.transposed * core
    return (left * ofFirst * left.transposed).values
  }
}

// MARK: Showers

extension QuantumINN {
  /// Showers that are made at a time.
  private static let portion = 256

  /// Generates showers of normal latents, each a function of the seed, the purpose, the iteration and its number.
  /// - Parameters:
  ///   - kineticEnergies: Of each event, MeV: what the showers, which are made in MeV, are told as fractions of.
  ///   - first: The number of the first event.
  ///   - randomness: Of all draws.
  ///   - purpose: What the showers are for.
  ///   - iteration: The checkpoint's.
  /// - Returns: `[events, voxels]`, fractions of the kinetic energy.
  package func showers(
    kineticEnergies: [Double], from first: Int, _ randomness: Randomness, _ purpose: Randomness.Purpose, iteration: Int
  ) -> [Float] {
    // Normal numbers are drawn in pairs.
    let drawn = (voxels + 1) / 2 * 2
    var showers: [Float] = []
    for start in stride(from: 0, to: kineticEnergies.count, by: Self.portion) {
      let events = start..<min(start + Self.portion, kineticEnergies.count)
      var normals = [Float](repeating: 0, count: events.count * drawn)
      normals.withUnsafeMutableBufferPointer {
        randomness.fill($0, mean: 0, spread: 1, purpose, iteration: iteration, from: (first + start) * drawn)
      }
      let latents = (0..<events.count).flatMap { normals[$0 * drawn..<$0 * drawn + voxels] }
      for (place, energy) in inverse(latents).enumerated() {
        showers.append(Float(Double(energy) / kineticEnergies[start + place / voxels]))
      }
    }
    return showers
  }
}
