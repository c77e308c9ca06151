import Ansatz
import NeuralNetwork
import Simulator

/// What makes a block's outputs, each in -1 … 1, of its inputs: a circuit or Dense layers.
protocol Conditioner {
  /// Draws what is random at the start; the rest is set.
  func initialise(_ randomness: Randomness, block: Int)
  /// The outputs of the first rows of `inputs`.
  func forward(_ inputs: Rows, count: Int, outputs: Rows)
  /// The gradients that follow from those by the outputs.
  /// - Parameters:
  ///   - inputs: As in `forward`, which was called last with them.
  ///   - outputs: What it made.
  ///   - errors: The gradient by each output.
  ///   - count: Rows.
  ///   - gradients: Added to, in the parameters' layout.
  ///   - inputErrors: The gradient by each input; added to.
  func backward(
    _ inputs: Rows, outputs: Rows, errors: Rows, count: Int, gradients: UnsafeMutablePointer<Float>, inputErrors: Rows)
}

/// ⟨Z⟩ of a circuit.
///
/// Each qubit encodes one input, one after the other and again from the first, by a factor and a shift of its own.
final class CircuitConditioner: Conditioner {
  private let circuit: Circuit
  private let simulator: CircuitSimulator
  private let parameters: Parameters
  private let inputCount: Int
  private let factors: Parameters.Slice
  private let shifts: Parameters.Slice
  private let angles: Parameters.Slice
  /// What the qubits encode, and the gradients by it.
  private let encoded: Rows
  private let encodedErrors: Rows

  /// What declares its parameters; the simulator is one for all blocks, with room for `rows`.
  init(
    _ circuit: Circuit, simulator: CircuitSimulator, inputs: Int, name: String, rows: Int, in parameters: Parameters
  ) {
    (self.circuit, self.simulator, self.parameters, inputCount) = (circuit, simulator, parameters, inputs)
    factors = parameters.vector("\(name)/encoding/factors", shape: [circuit.qubits])
    shifts = parameters.vector("\(name)/encoding/shifts", shape: [circuit.qubits])
    angles = parameters.vector(
      "\(name)/circuit/angles",
      shape: circuit.angleShape)
    encoded = Rows(rows: rows, columns: circuit.qubits)
    encodedErrors = Rows(rows: rows, columns: circuit.qubits)
  }

  /// Angles start by Glorot's rule, as PennyLane's KerasLayer has it of `[repetitions, qubits]`.
  func initialise(_ randomness: Randomness, block: Int) {
    let limit = (6 / Float(circuit.repetitions + circuit.qubits)).squareRoot()
    var values = [Float](repeating: 0, count: angles.count)
    randomness.fill(&values, uniformIn: -limit, limit, .generatorAngles, iteration: block)
    parameters.set(angles, to: values, in: parameters.values)
    parameters.set(factors, to: Array(repeating: 1, count: factors.count), in: parameters.values)
  }

  func forward(_ inputs: Rows, count: Int, outputs: Rows) {
    let values = parameters.values
    for row in 0..<count {
      let (from, to) = (inputs[row], encoded[row])
      for qubit in 0..<circuit.qubits {
        to[qubit] = values[factors.offset + qubit] * from[qubit % inputCount] + values[shifts.offset + qubit]
      }
    }
    simulator.forward(
      inputs: encoded[0], angles: values + angles.offset, batch: count, rowStride: encoded.stride,
      expectations: outputs[0])
  }

  func backward(
    _ inputs: Rows, outputs: Rows, errors: Rows, count: Int, gradients: UnsafeMutablePointer<Float>, inputErrors: Rows
  ) {
    let values = parameters.values
    simulator.backward(
      inputs: encoded[0], angles: values + angles.offset, weights: errors[0], batch: count, rowStride: encoded.stride,
      angleGradients: gradients + angles.offset, inputGradients: encodedErrors[0])
    for row in 0..<count {
      let (from, by, to) = (inputs[row], encodedErrors[row], inputErrors[row])
      for qubit in 0..<circuit.qubits {
        gradients[factors.offset + qubit] += by[qubit] * from[qubit % inputCount]
        gradients[shifts.offset + qubit] += by[qubit]
        to[qubit % inputCount] += by[qubit] * values[factors.offset + qubit]
      }
    }
  }
}

/// The control: Dense → tanh → Dense → tanh.
final class DenseConditioner: Conditioner {
  private let layers: [Dense]
  private let parameters: Parameters
  private let hidden: Rows
  private let hiddenErrors: Rows
  private let outputErrors: Rows
  private let dInputs: Rows
  private let scratch: AlignedBuffer

  init(inputs: Int, hidden: Int, outputs: Int, name: String, rows: Int, in parameters: Parameters, team: Team) {
    self.parameters = parameters
    layers = [
      Dense("\(name)/dense_0", inputs: inputs, outputs: hidden, in: parameters, team: team),
      Dense("\(name)/dense_1", inputs: hidden, outputs: outputs, in: parameters, team: team),
    ]
    self.hidden = Rows(rows: rows, columns: hidden)
    hiddenErrors = Rows(rows: rows, columns: hidden)
    outputErrors = Rows(rows: rows, columns: outputs)
    dInputs = Rows(rows: rows, columns: inputs)
    scratch = AlignedBuffer(count: layers.map(\.bias.storage).max() ?? 0)
  }

  /// Kernels start by Glorot's rule, biases at zero.
  func initialise(_ randomness: Randomness, block: Int) {
    for (number, layer) in layers.enumerated() {
      let limit = (6 / Float(layer.inputs + layer.outputs)).squareRoot()
      var values = [Float](repeating: 0, count: layer.kernel.count)
      randomness.fill(
        &values, uniformIn: -limit, limit, .generatorKernels, iteration: block * layers.count + number)
      parameters.set(layer.kernel, to: values, in: parameters.values)
    }
  }

  func forward(_ inputs: Rows, count: Int, outputs: Rows) {
    layers[0].forward(inputs, hidden, rows: 0..<count, parameters: parameters, relu: false)
    hidden.applyTanh(count)
    layers[1].forward(hidden, outputs, rows: 0..<count, parameters: parameters, relu: false)
    outputs.applyTanh(count)
  }

  func backward(
    _ inputs: Rows, outputs: Rows, errors: Rows, count: Int, gradients: UnsafeMutablePointer<Float>, inputErrors: Rows
  ) {
    let rows = 0..<count
    for row in rows {
      for column in 0..<outputs.columns { outputErrors[row][column] = errors[row][column] }
    }
    outputErrors.multiplyByTanhSlope(of: outputs, count)
    _ = layers[1].use(
      hidden, outputErrors, rows: rows, biasRows: rows, parameters: parameters, as: .add(gradients),
      scratch: scratch.pointer, norm: false)
    layers[1].backward(outputErrors, hiddenErrors, rows: rows, parameters: parameters)
    hiddenErrors.multiplyByTanhSlope(of: hidden, count)
    _ = layers[0].use(
      inputs, hiddenErrors, rows: rows, biasRows: rows, parameters: parameters, as: .add(gradients),
      scratch: scratch.pointer, norm: false)
    layers[0].backward(hiddenErrors, dInputs, rows: rows, parameters: parameters)
    for row in rows {
      for column in 0..<dInputs.columns { inputErrors[row][column] += dInputs[row][column] }
    }
  }
}
