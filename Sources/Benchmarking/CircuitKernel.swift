package import Ansatz
import NeuralNetwork
import QuantumGAN
import Simulator

/// ⟨Z⟩ of a batch of ten, alone or with the gradients by angles and inputs.
package final class CircuitKernel: Kernel {
  /// The circuit.
  package let circuit: Circuit
  /// Whether the gradients are computed too.
  package let gradients: Bool
  /// The threads that share the samples.
  package let threads: Int
  private let simulators: SharedCircuit
  private let inputs: [Float]
  private let angles: [Float]
  private let weights: [Float]
  private var expectations: [Float]
  private var angleGradients: [Float]
  private var inputGradients: [Float]

  /// The samples of a call.
  package static let batch = 10

  /// A kernel on drawn inputs, angles and weights.
  package init(_ circuit: Circuit, gradients: Bool, threads: Int = 1) {
    (self.circuit, self.gradients, self.threads) = (circuit, gradients, threads)
    let values = Self.batch * circuit.qubits
    simulators = SharedCircuit(circuit, batchCapacity: Self.batch, team: Team(threads: threads))
    var draw = Draw(seed: circuit.qubits)
    inputs = draw(count: values, -0.5, 1.5)
    angles = draw(count: circuit.angleCount)
    weights = draw(count: values)
    expectations = .init(repeating: 0, count: values)
    inputGradients = expectations
    angleGradients = .init(repeating: 0, count: circuit.angleCount)
  }

  /// What it is called beside its threads: the qubits, the repetitions and the CNOTs.
  package var label: String {
    let distances = circuit.cnot.count == 1 ? "+1" : "+1…+\(circuit.cnot.count)"
    return "\(circuit.qubits) qubits, \(circuit.repetitions)x, CNOT \(distances)" + (gradients ? ", gradients" : "")
  }
  /// The label and the threads.
  package var name: String { threads == 1 ? label : "\(label), \(threads) threads" }

  /// Not the products' kind of work.
  package var operations: Double? { nil }
  /// Single precision through 2^qubits amplitudes.
  package var tolerance: Double { 2e-5 }

  /// Computes once.
  package func run() {
    let stride = circuit.qubits
    guard gradients else {
      return simulators.forward(
        inputs: inputs, angles: angles, batch: Self.batch, rowStride: stride, expectations: &expectations)
    }
    for i in angleGradients.indices { angleGradients[i] = 0 }
    simulators.backward(
      inputs: inputs, angles: angles, weights: weights, batch: Self.batch, rowStride: stride,
      angleGradients: &angleGradients, inputGradients: &inputGradients, expectations: &expectations)
  }

  /// The samples that are checked: of large circuits a part, so that the reference takes seconds; the gradients by the angles are
  /// sums over all samples, and then left out.
  private var checked: Range<Int> { 0..<(circuit.qubits > 12 ? 1 : Self.batch) }

  /// The results of the last run, of the samples that are checked.
  package func found() -> [Float] {
    let row = checked.count * circuit.qubits
    guard gradients else { return Array(expectations.prefix(row)) }
    return Array(inputGradients.prefix(row)) + (checked.count == Self.batch ? angleGradients : [])
  }

  /// The same by the reference simulator.
  package func expected() -> [Double] {
    let reference = ReferenceSimulator<Double>(circuit)
    let angles = angles.map(Double.init)
    func row(_ values: [Float], _ sample: Int) -> [Double] {
      values[sample * circuit.qubits..<(sample + 1) * circuit.qubits].map(Double.init)
    }
    guard gradients else { return checked.flatMap { reference.expectations(inputs: row(inputs, $0), angles: angles) } }
    var byInputs: [Double] = []
    var byAngles = [Double](repeating: 0, count: angles.count)
    for sample in checked {
      let one = reference.gradients(inputs: row(inputs, sample), angles: angles, weights: row(weights, sample))
      byInputs += one.inputs
      for i in byAngles.indices { byAngles[i] += one.angles[i] }
    }
    return byInputs + (checked.count == Self.batch ? byAngles : [])
  }
}
