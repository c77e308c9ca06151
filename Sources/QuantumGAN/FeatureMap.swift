import Ansatz
import Experiment
import Glibc
import NeuralNetwork
import Simulator

/// What stands between a generator's inputs and its first hidden layer: nothing, a circuit, a control of one, or a QINN stage.
final class FeatureMap {
  /// How the features come from the inputs.
  private enum Kind {
    case inputs
    case simulated(SharedCircuit)
    case measured(MeasuredSimulator, CircuitMeasurement.Gradient)
    /// Feature j is the product over `sets[j]` of cos x_i · cos θ_i: the closed form of one repetition.
    case products(sets: [[Int]])
    case stage(QINNStage)
  }

  /// The angles' slice, if there are any.
  ///
  /// Untrained ones are kept there too, and never moved.
  let angles: Parameters.Slice?
  private let kind: Kind
  private let trained: Bool
  private let gradient: AlignedBuffer
  /// What each row's trajectories and shots are drawn by; empty where nothing is drawn.
  private var seeds: [UInt64] = []

  init(_ architecture: GeneratorArchitecture, capacity: Int, parameters: Parameters, team: Team) {
    trained = architecture.trainAngles
    if let qinn = architecture.qinn {
      kind = .stage(
        QINNStage(qinn, inputs: architecture.inputs, capacity: capacity, parameters: parameters, team: team))
      (angles, gradient) = (nil, AlignedBuffer(count: 0))
      return
    }
    switch (architecture.features, architecture.circuit) {
    case (.standard, nil): kind = .inputs
    case (.standard, let circuit?):
      if let measurement = architecture.measurement {
        kind = .measured(
          MeasuredSimulator(circuit, by: measurement, batchCapacity: capacity), measurement.gradient)
        seeds = Array(repeating: 0, count: capacity)
      } else {
        kind = .simulated(SharedCircuit(circuit, batchCapacity: capacity, team: team))
      }
    case (.closedForm, let circuit?): kind = .products(sets: Self.productSets(of: circuit))
    case (.cosine, _), (.closedForm, nil): kind = .products(sets: (0..<architecture.inputs).map { [$0] })
    }
    if case .inputs = kind {
      angles = nil
    } else {
      let shape =
        architecture.circuit?.angleShape ?? [1, 1, architecture.inputs]
      angles = parameters.vector("generator/circuit/angles", shape: shape)
    }
    gradient = AlignedBuffer(count: angles?.storage ?? 0)
  }

  /// The qubits S_i of one repetition with ⟨Z_i⟩ = ∏_{j ∈ S_i} cos x_j cos θ_j: Z_i pulled back through the CNOTs.
  static func productSets(of circuit: Circuit) -> [[Int]] {
    (0..<circuit.qubits).map { qubit in
      var set: Set<Int> = [qubit]
      // Undone last gate first, Z on a target becomes Z on control and target.
      for (control, target) in circuit.cnots.reversed() where set.contains(target) {
        set.formSymmetricDifference([control])
      }
      return set.sorted()
    }
  }

  /// Whether the features are the inputs themselves: then they need no rows of their own.
  var isIdentity: Bool {
    if case .inputs = kind { true } else { false }
  }

  /// Whether the features are ⟨Z⟩ of a simulated circuit, which another device may find.
  var isSimulated: Bool {
    switch kind {
    case .simulated, .measured: true
    case .inputs, .products, .stage: false
    }
  }

  /// Whether the loss's gradient by the features is wanted.
  var wantsErrors: Bool {
    if case .stage(let stage) = kind { stage.isTrained } else { angles != nil }
  }

  func initialise(_ initialisation: Initialisation, parameters: Parameters) {
    if case .stage(let stage) = kind { stage.initialise(initialisation, parameters: parameters) }
    if let angles { initialisation.angles(angles, .generatorAngles, in: parameters) }
  }

  /// Says what a row's trajectories and shots are drawn by, if any are.
  func setSeed(_ row: Int, _ seed: @autoclosure () -> UInt64) {
    if !seeds.isEmpty { seeds[row] = seed() }
  }

  /// The features `[count, width]` of `inputs` `[count, width]`, unless they are the inputs.
  func forward(_ inputs: Rows, count: Int, parameters: Parameters, into features: Rows) {
    switch kind {
    case .inputs: break
    case .stage(let stage): stage.forward(inputs, count: count, parameters: parameters, into: features)
    case .simulated(let circuit):
      circuit.forward(
        inputs: inputs[0], angles: parameters.values + angles!.offset, batch: count, rowStride: inputs.stride,
        expectations: features[0])
    case .measured(let simulator, _):
      simulator.forward(
        inputs: inputs[0], angles: parameters.values + angles!.offset, batch: count, rowStride: inputs.stride,
        seeds: seeds, expectations: features[0])
    case .products(let sets):
      let theta = parameters.values + angles!.offset
      for row in 0..<count {
        let x = inputs[row]
        for (j, set) in sets.enumerated() {
          features[row][j] = set.reduce(1) { $0 * cosf(x[$1]) * cosf(theta[$1]) }
        }
      }
    }
  }

  /// Uses the gradient of the angles, or of all that a stage has, given the loss's gradient `errors` by the features that
  /// `forward` gave last; these errors may change.
  /// - Returns: The sum of its squares if `norm`, else 0.
  func use(
    _ inputs: Rows, features: Rows, errors: Rows, count: Int, parameters: Parameters, as use: GradientUse, norm: Bool
  ) -> Double {
    if case .stage(let stage) = kind {
      return stage.use(
        inputs, outputs: features, errors: errors, count: count, parameters: parameters, as: use, norm: norm)
    }
    guard let angles, trained else { return 0 }
    gradient.pointer.update(repeating: 0, count: gradient.count)
    let values = parameters.values + angles.offset
    switch kind {
    case .inputs, .stage: return 0
    case .simulated(let circuit):
      circuit.backward(
        inputs: inputs[0], angles: values, weights: errors[0], batch: count, rowStride: inputs.stride,
        angleGradients: gradient.pointer, inputGradients: nil)
    case .measured(let simulator, let gradient):
      let backward = gradient == .adjoint ? simulator.backward : simulator.shiftedBackward
      backward(inputs[0], values, errors[0], count, inputs.stride, seeds, self.gradient.pointer)
    case .products(let sets):
      for row in 0..<count {
        let x = inputs[row]
        for (j, set) in sets.enumerated() {
          for i in set {
            // The product without factor i, so that a vanishing cosine does no harm.
            let others = set.reduce(Float(1)) { $1 == i ? $0 : $0 * cosf(x[$1]) * cosf(values[$1]) }
            gradient.pointer[i] -= errors[row][j] * others * cosf(x[i]) * sinf(values[i])
          }
        }
      }
    }
    return NeuralNetwork.use(gradient.pointer, of: angles, parameters: parameters, as: use, norm: norm)
  }
}

extension MeasuredSimulator {
  /// A circuit as a variant has it measured.
  fileprivate convenience init(_ circuit: Circuit, by measurement: CircuitMeasurement, batchCapacity: Int) {
    if let device = measurement.device {
      self.init(
        PlacedCircuit(circuit, on: device), trajectories: measurement.trajectories, shots: measurement.shots,
        batchCapacity: batchCapacity)
    } else {
      self.init(
        circuit, noise: measurement.noise ?? NoiseModel(), trajectories: measurement.trajectories,
        shots: measurement.shots, batchCapacity: batchCapacity)
    }
  }
}
