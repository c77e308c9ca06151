import CKernels
import Experiment
import NeuralNetwork

/// Latent (and label) → features → [Dense → affine → ReLU]… → Dense → ReLU → voxels, for up to `capacity` events.
final class GeneratorNetwork {
  let architecture: GeneratorArchitecture
  let parameters = Parameters()
  private let features: FeatureMap
  private var blocks: [Block] = []
  private let output: Dense
  private let capacity: Int
  /// The inputs, the features (the inputs themselves where they are the same), and the voxels, with the errors.
  private let inputs: Rows
  private let first: Rows
  private let firstErrors: Rows
  let voxels: Rows
  private let voxelErrors: Rows
  private let scratch: AlignedBuffer

  /// A hidden layer: Dense, then y = γ·x/√(1 + ε) + β per neuron, then ReLU.
  private struct Block {
    let dense: Dense
    let affine: Affine?
    /// Dense's output (only with an affine), the block's output, and the loss's gradient with respect to the former.
    let sums: Rows
    let activations: Rows
    let errors: Rows
  }

  /// γ and β of a block, and the gradients of the last call.
  private struct Affine {
    let gamma: Parameters.Slice
    let beta: Parameters.Slice
    let gammaGradient: AlignedBuffer
    let betaGradient: AlignedBuffer

    init(_ name: String, size: Int, in parameters: Parameters) {
      gamma = parameters.vector("\(name)/gamma", shape: [size])
      beta = parameters.vector("\(name)/beta", shape: [size])
      gammaGradient = AlignedBuffer(count: gamma.storage)
      betaGradient = AlignedBuffer(count: beta.storage)
    }
  }

  /// Keras' BatchNormalization with its initial moving statistics: 1 / √(1 + 0.001).
  static let normalisation = 1 / Float(1.001).squareRoot()

  init(_ architecture: GeneratorArchitecture, affine: Bool, voxels: Int, capacity: Int, team: Team) {
    precondition(architecture.flaw == nil, architecture.flaw ?? "")
    self.architecture = architecture
    self.capacity = capacity
    features = FeatureMap(architecture, capacity: capacity, parameters: parameters, team: team)
    inputs = Rows(rows: capacity, columns: architecture.inputs)
    first = features.isIdentity ? inputs : Rows(rows: capacity, columns: architecture.featureCount)
    firstErrors = Rows(rows: capacity, columns: architecture.featureCount)
    var width = architecture.featureCount
    for (number, size) in architecture.hidden.enumerated() {
      let dense = Dense("generator/dense_\(number)", inputs: width, outputs: size, in: parameters, team: team)
      blocks.append(
        Block(
          dense: dense,
          affine: affine ? Affine("generator/affine_\(number)", size: size, in: parameters) : nil,
          sums: Rows(rows: capacity, columns: size), activations: Rows(rows: capacity, columns: size),
          errors: Rows(rows: capacity, columns: size)))
      width = size
    }
    output = Dense(
      "generator/dense_\(architecture.hidden.count)", inputs: width, outputs: voxels, in: parameters, team: team)
    self.voxels = Rows(rows: capacity, columns: voxels)
    voxelErrors = Rows(rows: capacity, columns: voxels)
    scratch = AlignedBuffer(count: (architecture.hidden + [voxels]).max()!)
  }

  func initialise(_ initialisation: Initialisation) {
    features.initialise(initialisation, parameters: parameters)
    for (number, block) in blocks.enumerated() {
      initialisation.kernel(block.dense.kernel, layer: number, .generatorKernels, in: parameters)
      if let gamma = block.affine?.gamma {
        parameters.set(gamma, to: Array(repeating: 1, count: gamma.count), in: parameters.values)
      }
    }
    initialisation.kernel(output.kernel, layer: blocks.count, .generatorKernels, in: parameters)
  }

  /// Sets what an event is made from: its latents, and its label when conditioned.
  func setInput(_ row: Int, latents: UnsafePointer<Float>, label: Float) {
    inputs[row].update(from: latents, count: architecture.latent)
    if architecture.conditioned { inputs[row][architecture.latent] = label }
  }

  /// Says what the trajectories and shots of an event are drawn by, where its circuit is measured.
  func setSeed(_ row: Int, _ seed: @autoclosure () -> UInt64) { features.setSeed(row, seed()) }

  /// Generates events from input rows 0 ..< count into the same rows of `voxels`, fractions of the kinetic energy.
  func forward(count: Int) {
    precondition(count <= capacity, "\(count) events at once, of \(capacity)")
    features.forward(inputs, count: count, parameters: parameters, into: first)
    forwardLayers(count: count)
  }

  /// Sets the features of an event, in the place of what its inputs give.
  /// - Precondition: They are not the inputs themselves.
  func setFeatures(_ row: Int, _ values: UnsafePointer<Float>) {
    precondition(!features.isIdentity, "features that are the inputs")
    first[row].update(from: values, count: architecture.featureCount)
  }

  /// The angles of the simulated circuit between inputs and features; nil where there is none.
  var circuitAngles: [Float]? {
    guard features.isSimulated, let angles = features.angles else { return nil }
    return Array(UnsafeBufferPointer(start: parameters.values + angles.offset, count: angles.count))
  }

  /// Generates events from the features of rows 0 ..< count.
  func forwardLayers(count: Int) {
    let rows = 0..<count
    var below = first
    for block in blocks {
      if let affine = block.affine {
        block.dense.forward(below, block.sums, rows: rows, parameters: parameters, relu: false)
        let (gamma, beta) = (parameters.values + affine.gamma.offset, parameters.values + affine.beta.offset)
        for row in rows {
          dense_affine(
            block.dense.outputs, Self.normalisation, gamma, beta, block.sums[row], block.activations[row])
        }
      } else {
        block.dense.forward(below, block.activations, rows: rows, parameters: parameters, relu: true)
      }
      below = block.activations
    }
    output.forward(below, voxels, rows: rows, parameters: parameters, relu: true)
  }

  /// Uses the gradient of the loss for the events that `forward` made last.
  /// - Parameters:
  ///   - errors: Its rows are the loss's gradient with respect to the voxels; further columns are not looked at.
  ///   - count: The number of events.
  ///   - use: What is done with the gradient.
  ///   - norm: Whether the sum of its squares is wanted.
  /// - Returns: The sum of the gradient's squares if `norm`, else 0.
  func use(errors: Rows, count: Int, as use: GradientUse, norm: Bool) -> Double {
    let rows = 0..<count
    for row in rows {
      let (from, fired, to) = (errors[row], voxels[row], voxelErrors[row])
      for i in 0..<output.outputs { to[i] = fired[i] > 0 ? from[i] : 0 }
    }
    // All errors first: they need the parameters as they are.
    var (above, errorsAbove) = (output, voxelErrors)
    for block in blocks.reversed() {
      above.backward(errorsAbove, block.errors, rows: rows, parameters: parameters, mask: block.activations)
      if let affine = block.affine { pullBack(block, affine, rows: rows) }
      (above, errorsAbove) = (block.dense, block.errors)
    }
    if features.wantsErrors { above.backward(errorsAbove, firstErrors, rows: rows, parameters: parameters) }
    var square = 0.0
    var below = first
    for block in blocks {
      square += block.dense.use(
        below, block.errors, rows: rows, biasRows: rows, parameters: parameters, as: use, scratch: scratch.pointer,
        norm: norm)
      if let affine = block.affine {
        square += NeuralNetwork.use(
          affine.gammaGradient.pointer, of: affine.gamma, parameters: parameters, as: use, norm: norm)
        square += NeuralNetwork.use(
          affine.betaGradient.pointer, of: affine.beta, parameters: parameters, as: use, norm: norm)
      }
      below = block.activations
    }
    square += output.use(
      below, voxelErrors, rows: rows, biasRows: rows, parameters: parameters, as: use, scratch: scratch.pointer,
      norm: norm)
    return square
      + features.use(
        inputs, features: first, errors: firstErrors, count: count, parameters: parameters, as: use, norm: norm)
  }

  /// Turns the gradient with respect to a block's y into those of γ, β and Dense's output, in place.
  private func pullBack(_ block: Block, _ affine: Affine, rows: Range<Int>) {
    let gamma = parameters.values + affine.gamma.offset
    let (gammas, betas) = (affine.gammaGradient.pointer, affine.betaGradient.pointer)
    for i in 0..<block.dense.outputs { (gammas[i], betas[i]) = (0, 0) }
    for row in rows {
      let (errors, sums) = (block.errors[row], block.sums[row])
      for i in 0..<block.dense.outputs {
        gammas[i] += errors[i] * sums[i] * Self.normalisation
        betas[i] += errors[i]
        errors[i] *= gamma[i] * Self.normalisation
      }
    }
  }
}
