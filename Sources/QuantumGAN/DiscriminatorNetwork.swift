import Experiment
import NeuralNetwork

/// Voxels and label → [Dense → ReLU]… → head → one number, with the gradient penalty's second derivatives.
///
/// A step works on groups of `batch` rows: real, generated, [curved,] and tangent rows. With x̂ the interpolated
/// events, g = ∂D/∂x̂ and the penalty P = λ · mean((‖g‖ - 1)²), let u = ∂P/∂g; then ∂P = ∂(Σ u·g) with u held constant:
/// - *tangent* rows: first x̂ and its activations, then v_l, u pushed forward through the layers. Layer l's kernel gets
///   Σ v_{l-1}ᵀ δ_l, δ being the errors that g is made of. With piecewise linear layers this is all.
/// - *curved* rows: only with a circuit as the head, whose gradient changes with its inputs. The second derivative's
///   error goes back through the layers as any other, with x̂'s own activations.
/// - Source: the penalty is Gulrajani et al., arXiv:1704.00028, eq. 3; its derivative is by hand.
final class DiscriminatorNetwork {
  let parameters = Parameters()
  private let batch: Int
  private let voxels: Int
  private var layers: [Dense] = []
  private let head: any DiscriminatorHead
  /// `activations[l]` are the inputs of layer l, the last those of the head; `errors[l]` the gradient with respect to
  /// `activations[l]`, for l > 0 before its ReLU.
  private var activations: [Rows] = []
  private var errors: [Rows] = []
  private let outputs: AlignedBuffer
  private let weights: AlignedBuffer
  private let scratch: AlignedBuffer
  /// The rows of the loss, of the curved and of the tangent group, and those that δ is computed for.
  private let lossRows: Range<Int>
  private let curved: Range<Int>?
  private let tangents: Range<Int>
  private let errorRows: [Range<Int>]

  init(_ architecture: DiscriminatorArchitecture, voxels: Int, batch: Int, team: Team) {
    precondition(architecture.flaw == nil, architecture.flaw ?? "")
    self.batch = batch
    self.voxels = voxels
    let isCurved = architecture.circuit != nil
    lossRows = 0..<2 * batch
    curved = isCurved ? 2 * batch..<3 * batch : nil
    tangents = isCurved ? 3 * batch..<4 * batch : 2 * batch..<3 * batch
    errorRows = isCurved ? [lossRows, tangents] : [0..<3 * batch]
    let rows = tangents.upperBound
    var width = voxels + 1
    activations.append(Rows(rows: rows, columns: width))
    errors.append(Rows(rows: rows, columns: width))
    for (number, size) in architecture.hidden.enumerated() {
      layers.append(
        Dense("discriminator/dense_\(number)", inputs: width, outputs: size, in: parameters, team: team))
      activations.append(Rows(rows: rows, columns: size))
      errors.append(Rows(rows: rows, columns: size))
      width = size
    }
    head =
      if let circuit = architecture.circuit {
        CircuitHead(circuit, architecture: architecture, rows: rows, parameters: parameters, team: team)
      } else {
        DenseHead(layer: layers.count, inputs: width, rows: rows, parameters: parameters, team: team)
      }
    outputs = AlignedBuffer(count: rows)
    weights = AlignedBuffer(count: rows)
    scratch = AlignedBuffer(count: architecture.hidden.max()!)
  }

  func initialise(_ initialisation: Initialisation) {
    for (number, layer) in layers.enumerated() {
      let beforeCircuit = curved != nil && number == layers.count - 1
      initialisation.kernel(
        layer.kernel, layer: number, .discriminatorKernels, in: parameters,
        scale: beforeCircuit ? initialisation.settings.circuitInputScale : 1)
    }
    head.initialise(initialisation, layer: layers.count)
  }

  /// Sets an event of the input.
  func setInput(_ row: Int, voxels: UnsafePointer<Float>, label: Float) {
    activations[0][row].update(from: voxels, count: self.voxels)
    activations[0][row][self.voxels] = label
  }

  /// One step on real events (input rows 0 ..< batch) and generated ones (batch ..< 2·batch).
  /// - Parameters:
  ///   - mixing: `[batch]`: a of x̂ = a·real + (1 - a)·generated.
  ///   - penaltyWeight: λ.
  ///   - use: What is done with the gradient.
  ///   - norm: Whether the sum of its squares is wanted.
  /// - Returns: The loss with the penalty, the penalty, and the sum of the gradient's squares if `norm`.
  func step(
    mixing: [Float], penaltyWeight: Float, as use: GradientUse, norm: Bool
  ) -> (loss: Double, penalty: Double, squares: Double) {
    forward(mixing: mixing)
    head.forward(activations.last!, rows: lossRows, parameters: parameters, outputs: outputs.pointer)
    let share = 1 / Float(batch)
    for row in 0..<batch { (weights.pointer[row], weights.pointer[batch + row]) = (-share, share) }
    for row in tangents { weights.pointer[row] = 1 }
    let loss = lossRows.reduce(0) { $0 + Double(weights.pointer[$1]) * Double(outputs.pointer[$1]) }

    for rows in errorRows { backward(rows) }
    layers[0].backward(errors[1], errors[0], rows: tangents, parameters: parameters)
    if let curved { keepInterpolated(curved, mixing: mixing) }
    let penalty = penalise(weight: penaltyWeight)
    for (l, layer) in layers.enumerated() {
      layer.forward(
        activations[l], activations[l + 1], rows: tangents, parameters: parameters, relu: false, biased: false,
        mask: activations[l + 1])
    }
    if let curved {
      head.bend(activations.last!, curved: curved, tangents: tangents, errors: errors.last!)
      backwardHidden(curved)
    }

    var squares = 0.0
    for (l, layer) in layers.enumerated() {
      squares += layer.use(
        activations[l], errors[l + 1], rows: 0..<tangents.upperBound, biasRows: 0..<tangents.lowerBound,
        parameters: parameters, as: use, scratch: scratch.pointer, norm: norm)
    }
    squares += head.use(activations.last!, tangents: tangents, parameters: parameters, as: use, norm: norm)
    return (loss + penalty, penalty, squares)
  }

  /// The generator's loss -mean D of the events in input rows 0 ..< batch, and its gradient with respect to them.
  func judge() -> (loss: Double, errors: Rows) {
    let rows = 0..<batch
    for (l, layer) in layers.enumerated() {
      layer.forward(activations[l], activations[l + 1], rows: rows, parameters: parameters, relu: true)
    }
    head.forward(activations.last!, rows: rows, parameters: parameters, outputs: outputs.pointer)
    for row in rows { weights.pointer[row] = -1 / Float(batch) }
    backward(rows)
    layers[0].backward(errors[1], errors[0], rows: rows, parameters: parameters)
    return (rows.reduce(0) { $0 - Double(outputs.pointer[$1]) } / Double(batch), errors[0])
  }

  /// Activations of the real, generated and interpolated rows.
  ///
  /// The first layer's sums are linear in its input, so those of x̂ are mixed from those of its ends.
  private func forward(mixing: [Float]) {
    layers[0].forward(activations[0], activations[1], rows: lossRows, parameters: parameters, relu: false)
    let width = activations[1].stride
    for i in 0..<batch {
      mix(activations[1][i], activations[1][batch + i], mixing[i], width, into: activations[1][tangents.lowerBound + i])
    }
    for row in [lossRows, tangents].joined() {
      let sums = activations[1][row]
      for column in 0..<width { sums[column] = max(0, sums[column]) }
    }
    for (l, layer) in layers.enumerated().dropFirst() {
      for rows in errorRows {
        layer.forward(activations[l], activations[l + 1], rows: rows, parameters: parameters, relu: true)
      }
    }
  }

  private func mix(
    _ real: UnsafePointer<Float>, _ generated: UnsafePointer<Float>, _ share: Float, _ count: Int,
    into mixed: UnsafeMutablePointer<Float>
  ) {
    for i in 0..<count { mixed[i] = share * real[i] + (1 - share) * generated[i] }
  }

  /// Errors of the head's weighted outputs with respect to the sums of every hidden layer.
  private func backward(_ rows: Range<Int>) {
    head.backward(
      activations.last!, rows: rows, lossRows: lossRows.upperBound, weights: weights.pointer, parameters: parameters,
      errors: errors.last!)
    backwardHidden(rows)
  }

  private func backwardHidden(_ rows: Range<Int>) {
    for l in layers.indices.dropFirst().reversed() {
      layers[l].backward(errors[l + 1], errors[l], rows: rows, parameters: parameters, mask: activations[l])
    }
  }

  /// Copies x̂ and its activations to the curved rows, before the tangents overwrite them.
  private func keepInterpolated(_ curved: Range<Int>, mixing: [Float]) {
    let width = activations[0].stride
    for i in 0..<batch {
      mix(activations[0][i], activations[0][batch + i], mixing[i], width, into: activations[0][curved.lowerBound + i])
      for rows in activations.dropFirst() {
        rows[curved.lowerBound + i].update(from: rows[tangents.lowerBound + i], count: rows.stride)
      }
    }
  }

  /// The penalty of g in the errors of the input, and u = ∂P/∂g in the input's tangent rows.
  ///
  /// Only voxels count, not the label. Where g vanishes u is zero, a subgradient.
  private func penalise(weight: Float) -> Double {
    var penalty = 0.0
    for row in tangents {
      let (g, u) = (errors[0][row], activations[0][row])
      g[voxels] = 0
      let norm = length(g, errors[0].stride)
      let excess = norm - 1
      penalty += Double(excess) * Double(excess)
      let factor = norm > 0 ? 2 * weight / Float(batch) * excess / norm : 0
      for i in 0..<errors[0].stride { u[i] = factor * g[i] }
    }
    return penalty * Double(weight) / Double(batch)
  }

  /// ‖x‖₂ of `count` floats, a multiple of 16.
  private func length(_ x: UnsafePointer<Float>, _ count: Int) -> Float {
    var sums = SIMD16<Float>(repeating: 0)
    x.withMemoryRebound(to: SIMD16<Float>.self, capacity: count / 16) { vectors in
      for i in 0..<count / 16 { sums += vectors[i] * vectors[i] }
    }
    return sums.sum().squareRoot()
  }
}
