import Ansatz
import Experiment
import NeuralNetwork
import Simulator

/// A circuit whose inputs are the last hidden layer: D = s·⟨Z_q⟩, or Dense of several ⟨Z⟩.
final class CircuitHead: DiscriminatorHead {
  private let circuit: SharedCircuit
  private let architecture: DiscriminatorArchitecture
  private let qubits: Int
  private let parameters: Parameters
  private let angles: Parameters.Slice
  private let kernel: Parameters.Slice?
  private let bias: Parameters.Slice?
  /// The angles and the inputs that D does not depend on: their gradients are zero, to the bit.
  private let inert: Set<Int>
  private let unread: [Int]
  /// Gradients of the angles and the final kernel, gathered during a step.
  private let angleGradient: AlignedBuffer
  private let kernelGradient = AlignedBuffer(count: 32)
  /// ⟨Z⟩ of every row, and the factors of ⟨Z⟩ in what a gradient is taken of; laid out as the inputs.
  private let expectations: Rows
  private let weights: Rows

  init(_ circuit: Circuit, architecture: DiscriminatorArchitecture, rows: Int, parameters: Parameters, team: Team) {
    self.architecture = architecture
    self.parameters = parameters
    qubits = circuit.qubits
    self.circuit = SharedCircuit(circuit, batchCapacity: rows, team: team)
    angles = parameters.vector(
      "discriminator/circuit/angles", shape: circuit.angleShape)
    let analysis = CircuitAnalysis(circuit, readout: architecture.readout)
    (inert, unread) = (analysis.inertAngles, analysis.unreadInputs)
    let readouts = architecture.readout.count
    kernel = architecture.finalDense ? parameters.vector("discriminator/final/kernel", shape: [readouts, 1]) : nil
    bias = architecture.finalDense ? parameters.vector("discriminator/final/bias", shape: [1]) : nil
    angleGradient = AlignedBuffer(count: angles.storage)
    expectations = Rows(rows: rows, columns: qubits)
    weights = Rows(rows: rows, columns: qubits)
  }

  func initialise(_ initialisation: Initialisation, layer: Int) {
    initialisation.angles(angles, .discriminatorAngles, in: parameters)
    if let kernel {
      initialisation.kernel(kernel, layer: layer, .discriminatorKernels, in: parameters)
    }
  }

  /// The factor of ⟨Z⟩ of the j-th qubit that is read.
  private func factor(_ j: Int) -> Float {
    if let kernel { return parameters.values[kernel.offset + j] }
    return architecture.outputScale
  }

  /// Sets the weight of each qubit that is read, the j-th, in each row; the others' stay zero.
  private func weigh(_ rows: Range<Int>, _ weight: (_ row: Int, _ j: Int) -> Float) {
    for row in rows {
      for (j, qubit) in architecture.readout.enumerated() { weights[row][qubit] = weight(row, j) }
    }
  }

  func forward(_ x: Rows, rows: Range<Int>, parameters: Parameters, outputs: UnsafeMutablePointer<Float>) {
    assert(x.stride == expectations.stride)
    circuit.forward(
      inputs: x[rows.lowerBound], angles: parameters.values + angles.offset, batch: rows.count, rowStride: x.stride,
      expectations: expectations[rows.lowerBound])
    for row in rows {
      outputs[row] = bias.map { parameters.values[$0.offset] } ?? 0
      for (j, qubit) in architecture.readout.enumerated() { outputs[row] += factor(j) * expectations[row][qubit] }
    }
  }

  func backward(
    _ x: Rows, rows: Range<Int>, lossRows: Int, weights coefficients: UnsafePointer<Float>, parameters: Parameters,
    errors: Rows
  ) {
    weigh(rows) { row, j in coefficients[row] * factor(j) }
    let ofLoss = rows.upperBound <= lossRows
    if rows.lowerBound == 0 {
      angleGradient.pointer.update(repeating: 0, count: angleGradient.count)
      kernelGradient.pointer.update(repeating: 0, count: kernelGradient.count)
    }
    gradient(x, rows, into: errors, angles: ofLoss)
    mask(errors, rows, behind: x)
    guard ofLoss, kernel != nil else { return }
    for row in rows {
      for (j, qubit) in architecture.readout.enumerated() {
        kernelGradient.pointer[j] += coefficients[row] * expectations[row][qubit]
      }
    }
  }

  /// The gradient of the weighted ⟨Z⟩ by the inputs, and, added to what was gathered, by the angles if asked for.
  private func gradient(_ x: Rows, _ rows: Range<Int>, into errors: Rows, angles ofAngles: Bool) {
    assert(x.stride == weights.stride && errors.stride == x.stride)
    let first = rows.lowerBound
    circuit.backward(
      inputs: x[first], angles: parameters.values + angles.offset, weights: weights[first], batch: rows.count,
      rowStride: x.stride, angleGradients: ofAngles ? angleGradient.pointer : nil, inputGradients: errors[first])
  }

  /// Sets the errors of inputs that are not above zero, behind a ReLU, or not read, to zero.
  private func mask(_ errors: Rows, _ rows: Range<Int>, behind x: Rows) {
    for row in rows {
      for qubit in 0..<qubits where !(x[row][qubit] > 0) { errors[row][qubit] = 0 }
      for qubit in unread { errors[row][qubit] = 0 }
    }
  }

  func bend(_ x: Rows, curved: Range<Int>, tangents: Range<Int>, errors: Rows) {
    if kernel != nil {
      // ∂/∂w_j: the derivative of ⟨Z_j⟩ along v.
      for j in architecture.readout.indices {
        weigh(curved) { $1 == j ? 1 : 0 }
        gradient(x, curved, into: errors, angles: false)
        for (row, tangent) in zip(curved, tangents) {
          for qubit in 0..<qubits { kernelGradient.pointer[j] += x[tangent][qubit] * errors[row][qubit] }
        }
      }
    }
    weigh(curved) { factor($1) }
    let first = curved.lowerBound
    circuit.secondOrder(
      inputs: x[first], angles: parameters.values + angles.offset, weights: weights[first],
      tangent: x[tangents.lowerBound], batch: curved.count, rowStride: x.stride,
      angleGradients: angleGradient.pointer, inputGradients: errors[first])
    mask(errors, curved, behind: x)
  }

  func use(_ x: Rows, tangents: Range<Int>, parameters: Parameters, as use: GradientUse, norm: Bool) -> Double {
    for angle in inert { angleGradient.pointer[angle] = 0 }
    var square = NeuralNetwork.use(
      angleGradient.pointer, of: angles, parameters: parameters, as: use, norm: norm)
    if let kernel {
      square += NeuralNetwork.use(kernelGradient.pointer, of: kernel, parameters: parameters, as: use, norm: norm)
    }
    return square
  }
}
