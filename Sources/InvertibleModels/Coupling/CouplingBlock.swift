import Ansatz
import Experiment
import Glibc
import NeuralNetwork
import Simulator

/// One affine coupling block: x → x · exp(s) + t of half of the numbers, s and t of the others and the condition.
///
/// Of the conditioner's outputs h, the first half gives s = α h + γ, the second t likewise; α and γ are trained and start
/// at zero.
final class CouplingBlock {
  let conditioner: any Conditioner
  private let parameters: Parameters
  private let active: [Int]
  private let passive: [Int]
  private let conditions: Int
  private let factors: Parameters.Slice
  private let offsets: Parameters.Slice
  /// What `forward` kept: the conditioner's inputs and outputs, x of the active numbers, and exp(s).
  private let inputs: Rows
  private let outputs: Rows
  private let before: Rows
  private let scales: Rows
  /// The gradients by inputs and outputs.
  private let inputErrors: Rows
  private let outputErrors: Rows

  init(
    _ number: Int, _ shape: CouplingShape, _ settings: CouplingSettings, simulator: CircuitSimulator?, rows: Int,
    in parameters: Parameters, team: Team
  ) {
    (active, passive) = (shape.active(in: number), shape.passive(in: number))
    (conditions, self.parameters) = (shape.conditions, parameters)
    let (name, inputCount, outputCount) = ("coupling/block_\(number)", shape.inputs(of: number), 2 * active.count)
    if let circuit = settings.circuit, let simulator {
      conditioner = CircuitConditioner(
        circuit, simulator: simulator, inputs: inputCount, name: name, rows: rows, in: parameters)
    } else {
      conditioner = DenseConditioner(
        inputs: inputCount, hidden: settings.hidden, outputs: outputCount, name: name, rows: rows, in: parameters,
        team: team)
    }
    factors = parameters.vector("\(name)/affine/factors", shape: [outputCount])
    offsets = parameters.vector("\(name)/affine/offsets", shape: [outputCount])
    // A circuit may have more qubits than there are outputs: those are not read.
    let width = settings.circuit?.qubits ?? outputCount
    (inputs, inputErrors) = (Rows(rows: rows, columns: inputCount), Rows(rows: rows, columns: inputCount))
    (outputs, outputErrors) = (Rows(rows: rows, columns: width), Rows(rows: rows, columns: width))
    (before, scales) = (Rows(rows: rows, columns: active.count), Rows(rows: rows, columns: active.count))
  }

  /// The conditioner's outputs of the passive numbers.
  private func condition(_ values: Rows, labels: [Float], count: Int) {
    for row in 0..<count {
      for (place, number) in passive.enumerated() { inputs[row][place] = values[row][number] }
      if conditions == 1 { inputs[row][passive.count] = labels[row] }
    }
    conditioner.forward(inputs, count: count, outputs: outputs)
  }

  /// Output number `index` with its factor and offset: s of the active numbers, then t.
  private func affine(_ row: Int, _ index: Int) -> Float {
    let values = parameters.values
    return values[factors.offset + index] * outputs[row][index] + values[offsets.offset + index]
  }

  /// Maps rows in place, and notes each row's Σ s, in row order.
  func forward(_ values: Rows, labels: [Float], count: Int, note: (_ row: Int, _ logDeterminant: Double) -> Void) {
    condition(values, labels: labels, count: count)
    for row in 0..<count {
      var sum = 0.0
      for (place, number) in active.enumerated() {
        let s = affine(row, place)
        sum += Double(s)
        before[row][place] = values[row][number]
        scales[row][place] = expf(s)
        values[row][number] = values[row][number] * scales[row][place] + affine(row, active.count + place)
      }
      note(row, sum)
    }
  }

  /// Maps rows back in place.
  func inverse(_ values: Rows, labels: [Float], count: Int) {
    condition(values, labels: labels, count: count)
    for row in 0..<count {
      for (place, number) in active.enumerated() {
        values[row][number] =
          (values[row][number] - affine(row, active.count + place)) * expf(-affine(row, place))
      }
    }
  }

  /// Turns the gradient by the mapped numbers, in place, into that by the numbers that `forward` was given, for a loss of
  /// which -`perEvent` · Σ s is a part; adds to the gradients, which are in the parameters' layout.
  func backward(_ errors: Rows, count: Int, perEvent: Float, gradients: UnsafeMutablePointer<Float>) {
    let values = parameters.values
    for row in 0..<count {
      for place in 0..<inputErrors.columns { inputErrors[row][place] = 0 }
      for (place, number) in active.enumerated() {
        let error = errors[row][number]
        for (index, by) in [
          (place, error * before[row][place] * scales[row][place] - perEvent), (active.count + place, error),
        ] {
          gradients[factors.offset + index] += by * outputs[row][index]
          gradients[offsets.offset + index] += by
          outputErrors[row][index] = by * values[factors.offset + index]
        }
        errors[row][number] = error * scales[row][place]
      }
    }
    conditioner.backward(
      inputs, outputs: outputs, errors: outputErrors, count: count, gradients: gradients, inputErrors: inputErrors)
    for row in 0..<count {
      for (place, number) in passive.enumerated() { errors[row][number] += inputErrors[row][place] }
    }
  }
}
