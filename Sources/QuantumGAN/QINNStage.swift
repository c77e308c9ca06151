import Ansatz
import Experiment
import Glibc
import NeuralNetwork
import Simulator

/// Dense → tanh → blocks, each with tanh behind it → Dense (→ softplus), before a generator's hidden layers.
///
/// A block is a circuit or, as a control, a Dense layer.
final class QINNStage {
  private let settings: QINNSettings
  private let entry: Dense
  private let exit: Dense
  private var blocks: [Block] = []
  /// What each block is given, and last what the exit is: behind tanh; with the loss's gradients by them.
  private let activations: [Rows]
  private let errors: [Rows]
  private let scratch: AlignedBuffer

  private enum Block {
    case circuit(SharedCircuit, angles: Parameters.Slice, gradient: AlignedBuffer)
    case dense(Dense)
  }

  init(_ settings: QINNSettings, inputs: Int, capacity: Int, parameters: Parameters, team: Team) {
    self.settings = settings
    let qubits = settings.qubits
    entry = Dense("generator/qinn/entry", inputs: inputs, outputs: qubits, in: parameters, team: team)
    let circuits = settings.circuits
    for number in 0..<settings.blocks {
      let name = "generator/qinn/block_\(number)"
      switch settings.blocksOf {
      case .circuit:
        let angles = parameters.vector("\(name)/angles", shape: circuits[number].angleShape)
        blocks.append(
          .circuit(
            SharedCircuit(circuits[number], batchCapacity: capacity, team: team), angles: angles,
            gradient: AlignedBuffer(count: angles.storage)))
      case .dense: blocks.append(.dense(Dense(name, inputs: qubits, outputs: qubits, in: parameters, team: team)))
      }
    }
    exit = Dense("generator/qinn/exit", inputs: qubits, outputs: settings.outputs, in: parameters, team: team)
    activations = (0...settings.blocks).map { _ in Rows(rows: capacity, columns: qubits) }
    errors = (0...settings.blocks).map { _ in Rows(rows: capacity, columns: qubits) }
    scratch = AlignedBuffer(count: max(qubits, settings.outputs))
  }

  /// Whether the loss's gradient by what it gives is wanted.
  var isTrained: Bool { settings.training == .exact }

  /// Draws the start that the group's has: Dense layers as PyTorch's, angles around zero.
  func initialise(_ initialisation: Initialisation, parameters: Parameters) {
    initialisation.linear(entry, layer: 0, in: parameters)
    initialisation.linear(exit, layer: 1, in: parameters)
    for (number, block) in blocks.enumerated() {
      switch block {
      case .circuit(_, let angles, _): initialisation.smallAngles(angles, block: number, in: parameters)
      case .dense(let dense): initialisation.linear(dense, layer: 2 + number, in: parameters)
      }
    }
  }

  /// What the hidden layers are given, `[count, outputs]`, of inputs `[count, inputs]`.
  func forward(_ inputs: Rows, count: Int, parameters: Parameters, into outputs: Rows) {
    let rows = 0..<count
    entry.forward(inputs, activations[0], rows: rows, parameters: parameters, relu: false)
    squash(activations[0], rows)
    for (number, block) in blocks.enumerated() {
      let (from, to) = (activations[number], activations[number + 1])
      switch block {
      case .circuit(let circuit, let angles, _):
        circuit.forward(
          inputs: from[0], angles: parameters.values + angles.offset, batch: count, rowStride: from.stride,
          expectations: to[0])
      case .dense(let dense): dense.forward(from, to, rows: rows, parameters: parameters, relu: false)
      }
      squash(to, rows)
    }
    exit.forward(activations[settings.blocks], outputs, rows: rows, parameters: parameters, relu: false)
    guard settings.direction == .inverse else { return }
    for row in rows {
      for column in 0..<settings.outputs { outputs[row][column] = Self.softplus(outputs[row][column]) }
    }
  }

  /// log(1 + eˣ).
  private static func softplus(_ x: Float) -> Float { max(x, 0) + log1pf(expf(-abs(x))) }

  /// Uses the gradient of all its parameters.
  /// - Parameters:
  ///   - inputs: What `forward` was given last.
  ///   - outputs: What it gave.
  ///   - above: The loss's gradient by these; changed.
  ///   - count: The number of events.
  ///   - parameters: The network's.
  ///   - use: What is done with the gradient.
  ///   - norm: Whether the sum of its squares is wanted.
  /// - Returns: The sum of its squares if `norm`, else 0.
  func use(
    _ inputs: Rows, outputs: Rows, errors above: Rows, count: Int, parameters: Parameters, as use: GradientUse,
    norm: Bool
  ) -> Double {
    guard isTrained else { return 0 }
    let rows = 0..<count
    if settings.direction == .inverse {
      // The derivative of softplus is 1 − e^{−y} of its value y.
      for row in rows {
        for column in 0..<settings.outputs { above[row][column] *= -expm1f(-outputs[row][column]) }
      }
    }
    // All errors first: they need the parameters as they are.
    exit.backward(above, errors[settings.blocks], rows: rows, parameters: parameters)
    for (number, block) in blocks.enumerated().reversed() {
      let (x, e) = (activations[number], errors[number + 1])
      unsquash(e, activations[number + 1], rows)
      switch block {
      case .circuit(let circuit, let angles, let gradient):
        gradient.pointer.update(repeating: 0, count: gradient.count)
        circuit.backward(
          inputs: x[0], angles: parameters.values + angles.offset, weights: e[0], batch: count, rowStride: x.stride,
          angleGradients: gradient.pointer, inputGradients: errors[number][0])
      case .dense(let dense): dense.backward(e, errors[number], rows: rows, parameters: parameters)
      }
    }
    unsquash(errors[0], activations[0], rows)
    func used(_ dense: Dense, _ x: Rows, _ e: Rows) -> Double {
      dense.use(
        x, e, rows: rows, biasRows: rows, parameters: parameters, as: use, scratch: scratch.pointer, norm: norm)
    }
    var square = used(entry, inputs, errors[0])
    for (number, block) in blocks.enumerated() {
      switch block {
      case .circuit(_, let angles, let gradient):
        square += NeuralNetwork.use(gradient.pointer, of: angles, parameters: parameters, as: use, norm: norm)
      case .dense(let dense): square += used(dense, activations[number], errors[number + 1])
      }
    }
    return square + used(exit, activations[settings.blocks], above)
  }

  private func squash(_ values: Rows, _ rows: Range<Int>) {
    for row in rows {
      for column in 0..<settings.qubits { values[row][column] = tanhf(values[row][column]) }
    }
  }

  /// Makes the gradient by tanh's values that by its arguments.
  private func unsquash(_ errors: Rows, _ values: Rows, _ rows: Range<Int>) {
    for row in rows {
      for column in 0..<settings.qubits { errors[row][column] *= 1 - values[row][column] * values[row][column] }
    }
  }
}

extension Initialisation {
  /// Draws a Dense layer as PyTorch's Linear: kernel and bias from U(±1/√inputs).
  fileprivate func linear(_ dense: Dense, layer: Int, in parameters: Parameters) {
    let limit = 1 / Float(dense.inputs).squareRoot()
    for (slice, purpose) in [(dense.kernel, Randomness.Purpose.stageKernels), (dense.bias, .stageBiases)] {
      var values = [Float](repeating: 0, count: slice.count)
      randomness.fill(&values, uniformIn: -limit, limit, purpose, iteration: layer)
      parameters.set(slice, to: values, in: parameters.values)
    }
  }

  /// Draws a block's angles from N(0, 0.01²).
  fileprivate func smallAngles(_ slice: Parameters.Slice, block: Int, in parameters: Parameters) {
    var values = [Float](repeating: 0, count: slice.count)
    values.withUnsafeMutableBufferPointer {
      randomness.fill($0, mean: 0, spread: 0.01, .stageAngles, iteration: block)
    }
    parameters.set(slice, to: values, in: parameters.values)
  }
}
