package import Experiment
package import NeuralNetwork
package import ParametricSimulation
import QuantumGAN

/// A coupling model as a simulator of showers: the flow of total and layers' energies, how these are made numbers, and the
/// shapes by which voxels follow.
package final class CouplingModel {
  /// What is trained.
  package let flow: CouplingFlow
  /// A shower as the flow's numbers.
  package let numbers: ShowerNumbers
  private let shapes: ShowerShapes
  private let quantities: ShowerQuantities
  private let settings: CouplingSettings
  /// The values of the training events that numbers are made of; none in a model that was read.
  private let events: [[Double]]
  private let labels: [Float]
  private let randomness: Randomness

  /// Showers that are mapped at a time.
  private static let portion = 256

  /// The untrained model of some events: its scales, tables and shapes are fitted, its flow is the identity.
  /// - Parameters:
  ///   - showers: `[events, voxels]`, fractions of the kinetic energy.
  ///   - labels: The energy label of each event.
  ///   - energyIndex: The number of each event's energy.
  ///   - energies: MeV, ascending.
  ///   - quantities: How the voxels lie.
  ///   - settings: The flow's shape and training.
  ///   - seed: Of the start, the training and the order of equal values.
  /// - Precondition: Two events at least for each energy, and settings without a flaw for so many layers.
  package init(
    fitting showers: [Float], labels: [Float], energyIndex: [Int], energies: [Double], quantities: ShowerQuantities,
    settings: CouplingSettings, seed: UInt64
  ) {
    let voxels = quantities.voxels
    events = labels.indices.map { quantities.values(of: showers[$0 * voxels..<($0 + 1) * voxels]) }
    (self.labels, self.quantities, self.settings) = (labels, quantities, settings)
    numbers = ShowerNumbers(fitting: events, quantities: quantities)
    shapes = ShowerShapes(
      fitting: showers, energyIndex: energyIndex, energies: energies, quantities: quantities, seed: seed)
    randomness = Randomness(seed: seed)
    flow = Self.flow(settings, numbers: numbers.count, energies: energies.count)
    flow.initialise(randomness)
  }

  /// Reads a model that generates.
  /// - Parameters:
  ///   - state: The arrays of `generatorState`.
  ///   - energies: That it was trained at (MeV), ascending.
  ///   - quantities: How the voxels lie.
  ///   - settings: The flow's shape.
  /// - Throws: `InputError` when an array is missing or has another shape.
  package init(
    state: [NamedArray], energies: [Double], quantities: ShowerQuantities, settings: CouplingSettings
  ) throws(InputError) {
    (events, labels, randomness) = ([], [], Randomness(seed: 0))
    (self.quantities, self.settings) = (quantities, settings)
    numbers = try ShowerNumbers(state: state, quantities: quantities)
    shapes = try ShowerShapes(state: state, energies: energies, quantities: quantities)
    flow = Self.flow(settings, numbers: numbers.count, energies: energies.count)
    try flow.parameters.restore(state, moments: false)
  }

  /// A flow is told the energy where there are several.
  private static func flow(_ settings: CouplingSettings, numbers: Int, energies: Int) -> CouplingFlow {
    CouplingFlow(
      settings, numbers: numbers, conditions: energies > 1 ? 1 : 0, capacity: max(settings.batchSize, portion))
  }

  // MARK: Training

  /// One step of Adam on a mini-batch, its events drawn from all, their atoms and blur drawn anew.
  /// - Parameters:
  ///   - iteration: The steps done before.
  ///   - norm: Whether the gradient's norm is wanted.
  /// - Returns: The mean of -log p, in nats, and the norm; 0 where not asked for.
  package func step(iteration: Int, norm: Bool) -> (loss: Double, norm: Double) {
    let chosen = randomness.integers(settings.batchSize, below: labels.count, .shuffle, iteration: iteration)
    let batch = numbers(of: chosen, iteration: iteration)
    let loss = flow.lossAndGradient(batch, labels: chosen.map { labels[$0] }).loss
    flow.step(
      AdamStep(
        learningRate: settings.learningRate, beta1: Self.beta1, beta2: Self.beta2, epsilon: Self.epsilon,
        step: iteration + 1))
    return (loss, norm ? flow.gradientNorm : 0)
  }

  private static let beta1: Float = 0.9
  private static let beta2: Float = 0.999
  private static let epsilon: Float = 1e-7

  /// The numbers `[events, numbers]` of some training events, with an iteration's draws.
  func numbers(of chosen: [Int], iteration: Int) -> [Float] {
    let (count, layers) = (numbers.count, numbers.count - 1)
    var blur = [Float](repeating: 0, count: chosen.count * layers)
    blur.withUnsafeMutableBufferPointer {
      randomness.fill($0, mean: 0, spread: 1, .blur, iteration: iteration)
    }
    var batch = [Float](repeating: 0, count: chosen.count * count)
    batch.withUnsafeMutableBufferPointer { batch in
      for (row, event) in chosen.enumerated() {
        numbers.write(
          events[event],
          draws: { randomness.uniform(.dequantisation, iteration: iteration, index: row * layers + $0) },
          blur: { blur[row * layers + $0] }, to: batch.baseAddress! + row * count)
      }
    }
    return batch
  }

  /// Some training events there and back, at an iteration's draws, with the flow's Jacobian at the first ones.
  /// - Parameters:
  ///   - count: How many go there and back, at most.
  ///   - jacobians: At how many of them the Jacobian is taken, at most.
  ///   - iteration: Whose draws they have.
  /// - Returns: The events' numbers, what came back of them, and Jᵀ J at each of the first.
  package func roundTrip(
    events count: Int, jacobians: Int, iteration: Int
  ) -> (there: [Float], back: [Float], jacobianSquares: [[Double]]) {
    let chosen = Array(events.indices.prefix(count))
    let (there, labels) = (numbers(of: chosen, iteration: iteration), chosen.map { self.labels[$0] })
    let back = flow.inverse(flow.forward(there, labels: labels).z, labels: labels)
    return (
      there, back,
      labels.indices.prefix(jacobians).map {
        flow.jacobianSquare(at: there[$0 * flow.numbers..<($0 + 1) * flow.numbers], label: labels[$0])
      }
    )
  }

  // MARK: Its state

  /// The flow with Adam's moments, and what was fitted.
  package var state: [NamedArray] { flow.parameters.arrays(moments: true) + fits }
  /// What is needed to generate.
  package var generatorState: [NamedArray] { flow.parameters.arrays(moments: false) + fits }
  private var fits: [NamedArray] { numbers.state + shapes.state }

  /// Goes to where `state` was read; what was fitted follows from the events.
  /// - Throws: `InputError` when an array is missing or has another shape; nothing is changed then.
  package func restore(_ state: [NamedArray]) throws(InputError) {
    try flow.parameters.restore(state, moments: true)
  }

  // MARK: Showers

  /// The normal numbers that a shower takes: the flow's latents, then those of its shape; an even number, since they are
  /// drawn in pairs.
  private var normals: Int { (flow.numbers + shapes.normals + 1) / 2 * 2 }

  /// Generates showers, each a function of the seed, the purpose, the iteration and its number.
  /// - Parameters:
  ///   - incident: The incident energy of each event (MeV).
  ///   - labels: The energy label of each.
  ///   - first: The number of the first event.
  ///   - seed: Of all draws.
  ///   - purpose: What the showers are for.
  ///   - iteration: The checkpoint's.
  /// - Returns: `[events, voxels]`, fractions of the kinetic energy.
  package func showers(
    incident: [Double], labels: [Float], from first: Int, seed: UInt64, _ purpose: Randomness.Purpose, iteration: Int
  ) -> [Float] {
    let randomness = Randomness(seed: seed)
    var showers = [Float](repeating: 0, count: incident.count * quantities.voxels)
    for start in stride(from: 0, to: incident.count, by: Self.portion) {
      let events = start..<min(start + Self.portion, incident.count)
      var drawn = [Float](repeating: 0, count: events.count * normals)
      drawn.withUnsafeMutableBufferPointer {
        randomness.fill($0, mean: 0, spread: 1, purpose, iteration: iteration, from: (first + start) * normals)
      }
      let latents = events.indices.flatMap { event in
        drawn[(event - start) * normals..<(event - start) * normals + flow.numbers]
      }
      let numbers = flow.inverse(latents, labels: Array(labels[events]))
      showers.withUnsafeMutableBufferPointer { showers in
        drawn.withUnsafeBufferPointer { drawn in
          for event in events {
            let row = event - start
            let (total, layers) = numbers.withUnsafeBufferPointer {
              self.numbers.values($0.baseAddress! + row * flow.numbers)
            }
            shapes.shower(
              of: incident[event], total: total, layers: layers, drawn.baseAddress! + row * normals + flow.numbers,
              into: showers.baseAddress! + event * quantities.voxels)
          }
        }
      }
    }
    return showers
  }
}
