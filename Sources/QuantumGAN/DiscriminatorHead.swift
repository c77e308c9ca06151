internal import Ansatz
internal import Experiment
internal import NeuralNetwork
internal import Simulator

/// What turns a discriminator's last hidden layer into one number. Rows 0 ..< 2·batch are the events of the loss.
protocol DiscriminatorHead: AnyObject {
  func initialise(_ initialisation: Initialisation, layer: Int)
  /// `outputs[row]` = D of the row.
  func forward(_ x: Rows, rows: Range<Int>, parameters: Parameters, outputs: UnsafeMutablePointer<Float>)
  /// `errors[row]` = `weights[row]` · ∂D/∂x, zero where x (behind a ReLU) is not above zero. What the head's own
  /// parameters get from rows below `lossRows` is remembered for `use`.
  func backward(
    _ x: Rows, rows: Range<Int>, lossRows: Int, weights: UnsafePointer<Float>, parameters: Parameters, errors: Rows)
  /// Uses the gradient of the head's parameters; rows `tangents` of `x` are the tangents of the penalty.
  ///
  /// A last bias stays as it is: mean D(fake) - mean D(real) leaves it out, and so do gradients. Summed, the loss's
  /// weights ±1/batch would leave a rounding error, which Adam makes a drift of.
  /// - Returns: The sum of its squares if `norm`, else 0.
  func use(_ x: Rows, tangents: Range<Int>, parameters: Parameters, as use: GradientUse, norm: Bool) -> Double
}

/// Dense to one number.
final class DenseHead: DiscriminatorHead {
  private let parameters: Parameters
  private let dense: Dense
  private let sums: Rows
  private let errors: Rows
  private let scratch = AlignedBuffer(count: 16)

  init(layer: Int, inputs: Int, rows: Int, parameters: Parameters, team: Team) {
    dense = Dense("discriminator/dense_\(layer)", inputs: inputs, outputs: 1, in: parameters, team: team)
    sums = Rows(rows: rows, columns: 1)
    errors = Rows(rows: rows, columns: 1)
    self.parameters = parameters
  }

  func initialise(_ initialisation: Initialisation, layer: Int) {
    initialisation.kernel(dense.kernel, layer: layer, .discriminatorKernels, in: parameters)
  }

  func forward(_ x: Rows, rows: Range<Int>, parameters: Parameters, outputs: UnsafeMutablePointer<Float>) {
    dense.forward(x, sums, rows: rows, parameters: parameters, relu: false)
    for row in rows { outputs[row] = sums[row][0] }
  }

  func backward(
    _ x: Rows, rows: Range<Int>, lossRows: Int, weights: UnsafePointer<Float>, parameters: Parameters, errors: Rows
  ) {
    for row in rows { self.errors[row][0] = weights[row] }
    dense.backward(self.errors, errors, rows: rows, parameters: parameters, mask: x)
  }

  func use(_ x: Rows, tangents: Range<Int>, parameters: Parameters, as use: GradientUse, norm: Bool) -> Double {
    dense.use(
      x, errors, rows: 0..<tangents.upperBound, biasRows: 0..<0, parameters: parameters, as: use,
      scratch: scratch.pointer, norm: norm)
  }
}

/// A circuit whose inputs are the last hidden layer: D = s·⟨Z_q⟩, or Dense of several ⟨Z⟩.
final class CircuitHead: DiscriminatorHead {
  private let simulator: CircuitSimulator
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
  /// `[rows, qubits]`, without padding, as the simulator takes them.
  private let inputs: AlignedBuffer
  private let expectations: AlignedBuffer
  private let weights: AlignedBuffer
  private let gradients: AlignedBuffer
  private let unused: AlignedBuffer

  init(
    _ circuit: Circuit, architecture: DiscriminatorArchitecture, rows: Int, parameters: Parameters
  ) {
    self.architecture = architecture
    self.parameters = parameters
    qubits = circuit.qubits
    simulator = CircuitSimulator(circuit, batchCapacity: rows)
    angles = parameters.vector(
      "discriminator/circuit/angles", shape: [circuit.repetitions, circuit.rz ? 2 : 1, circuit.qubits])
    let analysis = CircuitAnalysis(circuit, readout: architecture.readout)
    (inert, unread) = (analysis.inertAngles, analysis.unreadInputs)
    let readouts = architecture.readout.count
    kernel = architecture.finalDense ? parameters.vector("discriminator/final/kernel", shape: [readouts, 1]) : nil
    bias = architecture.finalDense ? parameters.vector("discriminator/final/bias", shape: [1]) : nil
    angleGradient = AlignedBuffer(count: angles.storage)
    unused = AlignedBuffer(count: angles.storage)
    inputs = AlignedBuffer(count: rows * qubits)
    expectations = AlignedBuffer(count: rows * qubits)
    weights = AlignedBuffer(count: rows * qubits)
    gradients = AlignedBuffer(count: rows * qubits)
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

  private func gather(_ x: Rows, _ rows: Range<Int>) {
    for (i, row) in rows.enumerated() { (inputs.pointer + i * qubits).update(from: x[row], count: qubits) }
  }

  func forward(_ x: Rows, rows: Range<Int>, parameters: Parameters, outputs: UnsafeMutablePointer<Float>) {
    gather(x, rows)
    simulator.forward(
      inputs: inputs.pointer, angles: parameters.values + angles.offset, batch: rows.count,
      expectations: expectations.pointer + rows.lowerBound * qubits)
    for row in rows {
      outputs[row] = bias.map { parameters.values[$0.offset] } ?? 0
      for (j, qubit) in architecture.readout.enumerated() {
        outputs[row] += factor(j) * expectations.pointer[row * qubits + qubit]
      }
    }
  }

  func backward(
    _ x: Rows, rows: Range<Int>, lossRows: Int, weights coefficients: UnsafePointer<Float>, parameters: Parameters,
    errors: Rows
  ) {
    gather(x, rows)
    weights.pointer.update(repeating: 0, count: rows.count * qubits)
    for (i, row) in rows.enumerated() {
      for (j, qubit) in architecture.readout.enumerated() {
        weights.pointer[i * qubits + qubit] = coefficients[row] * factor(j)
      }
    }
    let ofLoss = rows.upperBound <= lossRows
    if rows.lowerBound == 0 {
      angleGradient.pointer.update(repeating: 0, count: angleGradient.count)
      kernelGradient.pointer.update(repeating: 0, count: kernelGradient.count)
    }
    simulator.backward(
      inputs: inputs.pointer, angles: parameters.values + angles.offset, weights: weights.pointer, batch: rows.count,
      angleGradients: ofLoss ? angleGradient.pointer : unused.pointer, inputGradients: gradients.pointer)
    scatter(errors, rows, behind: x)
    guard ofLoss, kernel != nil else { return }
    for row in rows {
      for (j, qubit) in architecture.readout.enumerated() {
        kernelGradient.pointer[j] += coefficients[row] * expectations.pointer[row * qubits + qubit]
      }
    }
  }

  private func scatter(_ errors: Rows, _ rows: Range<Int>, behind x: Rows) {
    for (i, row) in rows.enumerated() {
      for qubit in 0..<qubits {
        errors[row][qubit] = x[row][qubit] > 0 ? gradients.pointer[i * qubits + qubit] : 0
      }
      for qubit in unread { errors[row][qubit] = 0 }
    }
  }

  /// The penalty's second derivative: with x the inputs in rows `curved` and v the tangents in rows `tangents`, the
  /// gradient of Σ v·∂D/∂x with respect to x, into `errors` of the curved rows, and to the head's parameters.
  func bend(_ x: Rows, curved: Range<Int>, tangents: Range<Int>, errors: Rows) {
    let count = curved.count
    let values = parameters.values + angles.offset
    gather(x, curved)
    withUnsafeTemporaryAllocation(of: Float.self, capacity: count * qubits) { tangent in
      let v = tangent.baseAddress!
      for (i, row) in tangents.enumerated() { (v + i * qubits).update(from: x[row], count: qubits) }
      if kernel != nil {
        // ∂/∂w_j: the derivative of ⟨Z_j⟩ along v.
        for (j, qubit) in architecture.readout.enumerated() {
          for i in 0..<count * qubits { weights.pointer[i] = i % qubits == qubit ? 1 : 0 }
          simulator.backward(
            inputs: inputs.pointer, angles: values, weights: weights.pointer, batch: count,
            angleGradients: unused.pointer, inputGradients: gradients.pointer)
          for i in 0..<count * qubits { kernelGradient.pointer[j] += v[i] * gradients.pointer[i] }
        }
      }
      weights.pointer.update(repeating: 0, count: count * qubits)
      for i in 0..<count {
        for (j, qubit) in architecture.readout.enumerated() { weights.pointer[i * qubits + qubit] = factor(j) }
      }
      simulator.secondOrder(
        inputs: inputs.pointer, angles: values, weights: weights.pointer, tangent: v, batch: count,
        angleGradients: angleGradient.pointer, inputGradients: gradients.pointer)
    }
    scatter(errors, curved, behind: x)
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
