import NeuralNetwork

/// One kind of product of a discriminator step, through all hidden layers of the study's discriminator.
package final class DenseKernel: Kernel {
  /// What is computed; the numbers of rows are those of a batch of ten.
  package enum Product: String, CaseIterable, Sendable {
    /// Real and generated rows through the first layer, with the interpolated ones through the others.
    case forward = "forward"
    /// The errors of all rows down to the first layer's sums, and on to the voxels for the interpolated ones.
    case backward = "backward"
    /// The penalty's tangents forward, where the activations that they take the place of are above zero.
    case tangents = "tangents"
    /// The gradient of every weight, and its step of Adam.
    case step = "gradient and Adam"
  }

  struct Layer {
    let dense: Dense
    let (x, e, y, dx): (Rows, Rows, Rows, Rows)
    let rows: Int
  }

  /// What is computed.
  package let product: Product
  private let sizes: [Int]
  private let allRows: Int?
  /// The threads that share it.
  package let threads: Int
  /// Whether the inputs have a ReLU's zeros.
  package let rectified: Bool
  let parameters = Parameters()
  let layers: [Layer]
  private let start: [[Float]]
  private let scratch: AlignedBuffer
  /// Steps that move the weights by about as much as they are, so that a wrong step shows.
  let adam = AdamStep(learningRate: 0.1, beta1: 0.5, beta2: 0.999, epsilon: 1e-7, step: 1000)

  /// - Parameters:
  ///   - product: What is computed.
  ///   - sizes: Of the input and the hidden layers.
  ///   - threads: The threads that share it.
  ///   - rectified: Whether layers have inputs of which half are zero, as a ReLU makes them.
  ///   - allRows: The rows of every layer; nil for those of a discriminator step with a batch of ten.
  package init(
    _ product: Product, sizes: [Int] = [534, 800, 400, 200], threads: Int = 1, rectified: Bool = false,
    rows allRows: Int? = nil
  ) {
    self.product = product
    self.allRows = allRows
    self.sizes = sizes
    self.threads = threads
    self.rectified = rectified
    let team = Team(threads: threads)
    let (batch, parameters) = (10, parameters)
    var draw = Draw(seed: 7)
    layers = zip(sizes, sizes.dropFirst()).enumerated().map { number, size in
      let ofStep =
        switch product {
        case .forward: number == 0 ? 2 * batch : 3 * batch
        case .backward: number == 0 ? batch : 3 * batch
        case .tangents: batch
        case .step: 3 * batch
        }
      let rows = allRows ?? ofStep
      return Layer(
        dense: Dense("layer_\(number)", inputs: size.0, outputs: size.1, in: parameters, team: team),
        x: Rows(rows: rows, columns: size.0), e: Rows(rows: rows, columns: size.1),
        y: Rows(rows: rows, columns: size.1), dx: Rows(rows: rows, columns: size.0), rows: rows)
    }
    scratch = AlignedBuffer(count: sizes.max()! + 16)
    for layer in layers {
      for row in 0..<layer.rows {
        for i in 0..<layer.dense.inputs { layer.x[row][i] = rectified ? max(0, draw()) : draw() }
        for i in 0..<layer.dense.outputs { (layer.e[row][i], layer.y[row][i]) = (draw(), draw()) }
      }
      let kernel = layer.dense.kernel
      parameters.set(kernel, to: draw(count: kernel.count), in: parameters.values)
      parameters.set(kernel, to: draw(count: kernel.count), in: parameters.m)
      parameters.set(kernel, to: draw(count: kernel.count, 0.5, 1.5), in: parameters.v)
    }
    start = layers.map { parameters.elements(of: $0.dense.kernel, in: parameters.values) }
  }

  /// The product and the layers, or of those of a step the product alone.
  package var label: String {
    guard let allRows else { return product.rawValue }
    return "\(product.rawValue), \(layerSizes), \(allRows) rows"
  }

  private var layerSizes: String { sizes.map { "\($0)" }.joined(separator: "-") }

  /// The product, the threads and the zeros.
  package var name: String {
    "\(allRows == nil ? "\(product.rawValue), \(layerSizes)" : label)\(rectified ? ", after ReLU" : "")"
      + (threads == 1 ? "" : ", \(threads) threads")
  }

  /// Multiplications and additions of a run.
  package var operations: Double? {
    layers.reduce(0) { $0 + 2 * Double($1.rows * $1.dense.inputs * $1.dense.outputs) }
  }

  /// Sums of up to 800 products in single precision.
  package var tolerance: Double { 2e-5 }

  /// Computes once.
  package func run() {
    for layer in layers {
      let rows = 0..<layer.rows
      switch product {
      case .forward, .tangents:
        layer.dense.forward(
          layer.x, layer.y, rows: rows, parameters: parameters, relu: false, biased: false,
          mask: product == .tangents ? layer.y : nil)
      case .backward:
        layer.dense.backward(
          layer.e, layer.dx, rows: rows, parameters: parameters, mask: rectified ? layer.x : nil)
      case .step:
        _ = layer.dense.use(
          layer.x, layer.e, rows: rows, biasRows: 0..<0, parameters: parameters, as: .step(adam),
          scratch: scratch.pointer, norm: false)
      }
    }
  }

  /// The results of the last run.
  package func found() -> [Float] {
    layers.enumerated().flatMap { number, layer in
      switch product {
      case .forward, .tangents: Self.values(layer.y, layer.rows)
      case .backward: Self.values(layer.dx, layer.rows)
      case .step:
        // How far the weights have moved.
        zip(parameters.elements(of: layer.dense.kernel, in: parameters.values), start[number]).map { $0 - $1 }
      }
    }
  }

  private static func values(_ rows: Rows, _ count: Int) -> [Float] {
    (0..<count).flatMap { row in (0..<rows.columns).map { rows[row][$0] } }
  }

  /// The same by plain loops.
  package func expected() -> [Double] {
    layers.enumerated().flatMap { number, layer in
      let (inputs, outputs) = (layer.dense.inputs, layer.dense.outputs)
      let (x, e) = (Self.values(layer.x, layer.rows), Self.values(layer.e, layer.rows))
      let w = start[number]
      switch product {
      case .forward, .tangents:
        let y = Self.values(layer.y, layer.rows)
        let all = sums(layer.rows, outputs, inputs) { Double(x[$0 * inputs + $2]) * Double(w[$2 * outputs + $1]) }
        return product == .forward ? all : zip(all, y).map { $1 > 0 ? $0 : 0 }
      case .backward:
        let all = sums(layer.rows, inputs, outputs) { Double(e[$0 * outputs + $2]) * Double(w[$1 * outputs + $2]) }
        return rectified ? zip(all, x).map { $1 > 0 ? $0 : 0 } : all
      case .step:
        let gradient = sums(inputs, outputs, layer.rows) {
          Double(x[$2 * inputs + $0]) * Double(e[$2 * outputs + $1])
        }
        let kernel = layer.dense.kernel
        return moves(
          gradient, parameters.elements(of: kernel, in: parameters.m),
          parameters.elements(of: kernel, in: parameters.v))
      }
    }
  }

  /// Σ_k term(i, j, k), `[rows, columns]`.
  private func sums(_ rows: Int, _ columns: Int, _ count: Int, _ term: (Int, Int, Int) -> Double) -> [Double] {
    (0..<rows * columns).map { index in
      var sum = 0.0
      for k in 0..<count { sum += term(index / columns, index % columns, k) }
      return sum
    }
  }

  /// Plain Adam as Keras has it: what is added to the weights.
  private func moves(_ gradient: [Double], _ m: [Float], _ v: [Float]) -> [Double] {
    // β^t of the thousandth step: 0.5^1000 is nothing beside one.
    var remaining = 1.0
    for _ in 0..<1000 { remaining *= Double(Float(0.999)) }
    let rate = Double(Float(0.1)) * (1 - remaining).squareRoot()
    return gradient.indices.map { i in
      let first = 0.5 * Double(m[i]) + 0.5 * gradient[i]
      let second = 0.999 * Double(v[i]) + 0.001 * gradient[i] * gradient[i]
      return -rate * first / (second.squareRoot() + 1e-7)
    }
  }
}
