import Ansatz
package import Experiment
import Glibc
package import NeuralNetwork
import Simulator

/// Affine coupling blocks: an invertible map of some numbers to as many, whose inverse and Jacobian's determinant are exact.
///
/// A block leaves half of the numbers as they are and maps each other one to z = x · exp(s) + t, where s and t are of what
/// a circuit or Dense layers make of the first half and the condition. At the start it is the identity.
/// - Source: Dinh, Sohl-Dickstein & Bengio, "Density estimation using Real NVP", arXiv:1605.08803.
package final class CouplingFlow {
  /// The numbers of an event.
  package var numbers: Int { shape.numbers }
  /// All that is trained.
  package let parameters = Parameters()

  private let shape: CouplingShape
  private let capacity: Int
  private let blocks: [CouplingBlock]
  /// An event's numbers on their way, and the gradients by them.
  private let values: Rows
  private let errors: Rows
  private var labels: [Float]
  private let gradients: AlignedBuffer

  /// A flow whose parameters are still zero: `initialise` or a state that is read sets them.
  /// - Parameters:
  ///   - settings: Its shape.
  ///   - numbers: Of an event, at least two.
  ///   - conditions: 1 where it is told the energy label, else 0.
  ///   - capacity: The most events of one call to the kernels.
  /// - Precondition: The settings have no flaw with so many numbers.
  package init(_ settings: CouplingSettings, numbers: Int, conditions: Int, capacity: Int) {
    precondition(numbers >= 2 && (0...1).contains(conditions), "\(numbers) numbers, \(conditions) conditions")
    // As many rows at least as a Jacobian takes.
    let capacity = max(capacity, numbers)
    let shape = CouplingShape(numbers: numbers, conditions: conditions)
    let simulator = settings.circuit.map { CircuitSimulator($0, batchCapacity: capacity) }
    let team = Team()
    let parameters = parameters
    blocks = (0..<settings.blocks).map { number in
      CouplingBlock(
        number, shape, settings, simulator: simulator, rows: capacity, in: parameters, team: team)
    }
    (self.shape, self.capacity) = (shape, capacity)
    values = Rows(rows: capacity, columns: numbers)
    errors = Rows(rows: capacity, columns: numbers)
    labels = .init(repeating: 0, count: capacity)
    gradients = AlignedBuffer(count: parameters.storage)
  }

  /// The start: circuits and kernels drawn, every block the identity.
  package func initialise(_ randomness: Randomness) {
    for (number, block) in blocks.enumerated() { block.conditioner.initialise(randomness, block: number) }
  }

  /// Maps events to latents.
  /// - Parameters:
  ///   - x: `[events, numbers]`.
  ///   - labels: The energy label of each; not looked at without conditions.
  /// - Returns: The latents `[events, numbers]`, and of each event log |det ∂z/∂x|.
  package func forward(_ x: [Float], labels: [Float]) -> (z: [Float], logDeterminants: [Double]) {
    var logDeterminants = [Double](repeating: 0, count: labels.count)
    let z = portions(of: x, labels) { first, count in
      for block in blocks {
        block.forward(values, labels: self.labels, count: count) { logDeterminants[first + $0] += $1 }
      }
    }
    return (z, logDeterminants)
  }

  /// Maps latents to events: `forward` undone.
  /// - Parameters:
  ///   - z: `[events, numbers]`.
  ///   - labels: As in `forward`.
  /// - Returns: The events, `[events, numbers]`.
  package func inverse(_ z: [Float], labels: [Float]) -> [Float] {
    portions(of: z, labels) { _, count in
      for block in blocks.reversed() { block.inverse(values, labels: self.labels, count: count) }
    }
  }

  /// Has a body work in place on as many events as there is room for, after each other.
  private func portions(
    of numbers: [Float], _ labels: [Float], _ body: (_ first: Int, _ count: Int) -> Void
  ) -> [Float] {
    precondition(numbers.count == labels.count * self.numbers, "\(numbers.count) numbers of \(labels.count) events")
    var result = numbers
    for first in stride(from: 0, to: labels.count, by: capacity) {
      let count = min(capacity, labels.count - first)
      set(numbers[(first * self.numbers)...], labels[first..<first + count])
      body(first, count)
      for row in 0..<count {
        for number in 0..<self.numbers { result[(first + row) * self.numbers + number] = values[row][number] }
      }
    }
    return result
  }

  private func set(_ numbers: ArraySlice<Float>, _ labels: ArraySlice<Float>) {
    for (row, label) in labels.enumerated() {
      self.labels[row] = label
      for number in 0..<self.numbers {
        values[row][number] = numbers[numbers.startIndex + row * self.numbers + number]
      }
    }
  }

  /// -log p of an event of a standard normal distribution's latents.
  private func loss(_ z: UnsafePointer<Float>, _ logDeterminant: Double) -> Double {
    let square = (0..<numbers).reduce(0.0) { $0 + Double(z[$1]) * Double(z[$1]) }
    return 0.5 * square - logDeterminant + 0.5 * Double(numbers) * log(2 * Double.pi)
  }

  /// -log p of events, in nats.
  package func negativeLogLikelihood(_ x: [Float], labels: [Float]) -> [Double] {
    let (z, logDeterminants) = forward(x, labels: labels)
    return z.withUnsafeBufferPointer { z in
      logDeterminants.indices.map { loss(z.baseAddress! + $0 * numbers, logDeterminants[$0]) }
    }
  }

  /// The mean of -log p of a mini-batch, and its gradient by all parameters.
  /// - Parameters:
  ///   - x: `[events, numbers]`, as many events as there is room for at most.
  ///   - labels: As in `forward`.
  /// - Returns: The mean, and the gradient in the parameters' layout, valid until the next call.
  package func lossAndGradient(_ x: [Float], labels: [Float]) -> (loss: Double, gradient: UnsafeMutablePointer<Float>) {
    let count = labels.count
    precondition(count <= capacity && x.count == count * numbers, "\(count) events in a flow for \(capacity)")
    set(x[...], labels[...])
    var logDeterminants = [Double](repeating: 0, count: count)
    for block in blocks { block.forward(values, labels: self.labels, count: count) { logDeterminants[$0] += $1 } }
    let mean = 1 / Float(count)
    gradients.pointer.update(repeating: 0, count: gradients.count)
    var sum = 0.0
    for row in 0..<count {
      sum += loss(values[row], logDeterminants[row])
      for number in 0..<numbers { errors[row][number] = mean * values[row][number] }
    }
    for block in blocks.reversed() {
      block.backward(errors, count: count, perEvent: mean, gradients: gradients.pointer)
    }
    return (sum / Double(count), gradients.pointer)
  }

  /// Jᵀ J at an event, J = ∂z/∂x: a matrix whose eigenvalues are the squares of J's singular values.
  /// - Parameters:
  ///   - x: The event's numbers.
  ///   - label: Its energy label.
  /// - Returns: `[numbers, numbers]`, row-major, symmetric.
  package func jacobianSquare(at x: ArraySlice<Float>, label: Float) -> [Double] {
    let rows = (0..<numbers).flatMap { _ in x }
    set(rows[...], [Float](repeating: label, count: numbers)[...])
    for block in blocks { block.forward(values, labels: labels, count: numbers) { _, _ in } }
    for row in 0..<numbers {
      for number in 0..<numbers { errors[row][number] = row == number ? 1 : 0 }
    }
    for block in blocks.reversed() { block.backward(errors, count: numbers, perEvent: 0, gradients: gradients.pointer) }
    var jacobian = SmallMatrix(numbers, numbers)
    for row in 0..<numbers {
      for number in 0..<numbers { jacobian[row, number] = Double(errors[row][number]) }
    }
    return (jacobian.transposed * jacobian).values
  }

  /// A step of Adam along the last gradient.
  package func step(_ adam: AdamStep) {
    adam.move(parameters.storage, by: gradients.pointer, parameters.values, parameters.m, parameters.v)
  }

  /// The Euclidean norm of the last gradient.
  package var gradientNorm: Double { gradients.norm }
}
