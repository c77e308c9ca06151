import Glibc
import NeuralNetwork

/// CaloChallenge's classifier: Dense → LeakyReLU(0.01), once into and `depth` times within the hidden width, and a Dense
/// layer to one logit.
///
/// Kernels and biases start uniform within ± 1/√inputs, and Adam's ε is inside of its correction, as PyTorch has both.
final class ClassifierNetwork {
  static let leak: Float = 0.01

  private let parameters = Parameters()
  private var layers: [Dense] = []
  /// `activations[l]` are the inputs of layer l, the last the logits; `errors[l]` the loss's gradient by them.
  private var activations: [Rows]
  private var errors: [Rows]
  private let scratch: AlignedBuffer
  private var step = 0
  let batch: Int

  /// - Parameters:
  ///   - inputs: The numbers of an event.
  ///   - hidden: The neurons of a hidden layer.
  ///   - depth: The hidden layers behind the first.
  ///   - batch: The most events at once.
  ///   - randomness: Where the start is drawn from.
  ///   - split: Which of the classifiers of one seed it is.
  init(inputs: Int, hidden: Int, depth: Int, batch: Int, randomness: Randomness, split: Int) {
    self.batch = batch
    let team = Team()
    let widths = [inputs] + [Int](repeating: hidden, count: depth + 1) + [1]
    for (number, (from, to)) in zip(widths, widths.dropFirst()).enumerated() {
      layers.append(Dense("dense_\(number)", inputs: from, outputs: to, in: parameters, team: team))
    }
    activations = widths.map { Rows(rows: batch, columns: $0) }
    errors = widths.map { Rows(rows: batch, columns: $0) }
    scratch = AlignedBuffer(count: hidden)
    var drawn = 0
    for layer in layers {
      let limit = 1 / Float(layer.inputs).squareRoot()
      for slice in [layer.kernel, layer.bias] {
        var values = [Float](repeating: 0, count: slice.count)
        randomness.fill(&values, uniformIn: -limit, limit, .classifierStart, iteration: split, from: drawn)
        drawn += slice.count
        parameters.set(slice, to: values, in: parameters.values)
      }
    }
  }

  /// The kernel and the bias of each layer.
  var weights: [(kernel: [Float], bias: [Float])] {
    layers.map { layer in
      (
        parameters.elements(of: layer.kernel, in: parameters.values),
        parameters.elements(of: layer.bias, in: parameters.values)
      )
    }
  }

  /// The logits of some events of a table `[events, inputs]`, in the order in which they are named.
  func logits(_ table: [Float], _ events: ArraySlice<Int>) -> [Float] {
    var logits: [Float] = []
    for start in stride(from: events.startIndex, to: events.endIndex, by: batch) {
      let part = events[start..<min(start + batch, events.endIndex)]
      forward(table, part)
      logits += (0..<part.count).map { activations[layers.count][$0][0] }
    }
    return logits
  }

  /// One step of Adam on the mean binary cross-entropy of some events, at most `batch`.
  /// - Parameters:
  ///   - table: The events' numbers, `[events, inputs]`.
  ///   - isReference: For each of these the class.
  ///   - events: Which of them.
  ///   - learningRate: Adam's.
  func train(_ table: [Float], isReference: [Bool], _ events: ArraySlice<Int>, learningRate: Float) {
    forward(table, events)
    let rows = 0..<events.count
    for (row, event) in zip(rows, events) {
      let probability = 1 / (1 + exp(-activations[layers.count][row][0]))
      errors[layers.count][row][0] = (probability - (isReference[event] ? 1 : 0)) / Float(events.count)
    }
    step += 1
    // Keras' form adds ε to a root that lacks the correction √(1 - β₂ᵗ).
    let correction = (1 - power(0.999, step)).squareRoot()
    let adam = AdamStep(
      learningRate: learningRate, beta1: 0.9, beta2: 0.999, epsilon: Float(1e-8 * correction), step: step)
    for (number, layer) in layers.enumerated().reversed() {
      if number > 0 {
        layer.backward(errors[number + 1], errors[number], rows: rows, parameters: parameters)
        leakBack(number, rows)
      }
      _ = layer.use(
        activations[number], errors[number + 1], rows: rows, biasRows: rows, parameters: parameters, as: .step(adam),
        scratch: scratch.pointer, norm: false)
    }
  }

  private func forward(_ table: [Float], _ events: ArraySlice<Int>) {
    precondition(events.count <= batch, "\(events.count) events in a batch of \(batch)")
    let inputs = layers[0].inputs
    table.withUnsafeBufferPointer { table in
      for (row, event) in events.enumerated() {
        activations[0][row].update(from: table.baseAddress! + event * inputs, count: inputs)
      }
    }
    let rows = 0..<events.count
    for (number, layer) in layers.enumerated() {
      layer.forward(activations[number], activations[number + 1], rows: rows, parameters: parameters, relu: false)
      guard number < layers.count - 1 else { continue }
      for row in rows {
        let values = activations[number + 1][row]
        for i in 0..<layer.outputs { values[i] = max(values[i], Self.leak * values[i]) }
      }
    }
  }

  /// The error before a layer's activation from that behind it: what leaks keeps its sign.
  private func leakBack(_ number: Int, _ rows: Range<Int>) {
    for row in rows {
      let (error, value) = (errors[number][row], activations[number][row])
      for i in 0..<layers[number].inputs { error[i] *= value[i] > 0 ? 1 : Self.leak }
    }
  }
}
