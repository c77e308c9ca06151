import CKernels

/// How Adam moves the parameters, in Keras' form, with the step's number in it.
package struct AdamStep {
  let parameters: dense_adam

  /// - Parameters:
  ///   - learningRate: Adam's α.
  ///   - beta1: The decay of the first moment.
  ///   - beta2: The decay of the second moment.
  ///   - epsilon: Keras' ε, outside the root.
  ///   - step: The number of this step, from 1.
  package init(learningRate: Float, beta1: Float, beta2: Float, epsilon: Float, step: Int) {
    precondition(step >= 1, "Adam's steps count from 1, not \(step)")
    // In double precision: at float's, 1 - β2^t would lose half its digits in the first steps.
    let (b1, b2) = (power(Double(beta1), step), power(Double(beta2), step))
    let rate = Double(learningRate) * (1 - b2).squareRoot() / (1 - b1)
    parameters = dense_adam(beta1: beta1, beta2: beta2, epsilon: epsilon, rate: Float(rate))
  }
}

extension AdamStep {
  /// Moves `count` parameters, a multiple of 16, with a given gradient.
  package func move(
    _ count: Int, by gradient: UnsafePointer<Float>, _ values: UnsafeMutablePointer<Float>,
    _ m: UnsafeMutablePointer<Float>, _ v: UnsafeMutablePointer<Float>
  ) {
    dense_adam_step(parameters, count, gradient, values, m, v)
  }
}

/// x to a whole power, by squaring: the same bits everywhere, unlike a C library's pow.
package func power(_ x: Double, _ exponent: Int) -> Double {
  var (result, factor, rest) = (1.0, x, exponent)
  while rest > 0 {
    if rest & 1 == 1 { result *= factor }
    factor *= factor
    rest >>= 1
  }
  return result
}

/// What is done with a gradient once it is known.
package enum GradientUse {
  /// The parameters move by a step of Adam, and the gradient is never stored.
  case step(AdamStep)
  /// The gradient is added to a flat buffer in the parameters' layout.
  case add(UnsafeMutablePointer<Float>)
}

/// A Dense layer: a kernel `[inputs, outputs]` and a bias, as slices of a network's parameters.
package struct Dense {
  /// The number of inputs.
  package let inputs: Int
  /// The number of outputs.
  package let outputs: Int
  /// The weights `[inputs, outputs]`.
  package let kernel: Parameters.Slice
  /// The biases `[outputs]`.
  package let bias: Parameters.Slice
  private let shape: dense_shape
  private let team: Team

  /// Declares the layer's slices `name/kernel` and `name/bias`.
  package init(_ name: String, inputs: Int, outputs: Int, in parameters: Parameters, team: Team) {
    self.inputs = inputs
    self.outputs = outputs
    self.team = team
    kernel = parameters.kernel("\(name)/kernel", inputs: inputs, outputs: outputs)
    bias = parameters.vector("\(name)/bias", shape: [outputs])
    shape = dense_shape(inputs: inputs, outputs: outputs)
  }

  /// y = x W + b for the given rows, then ReLU if `relu`; without the bias if not `biased`.
  ///
  /// With a mask, y is zero where the mask is not above zero; `y` may be the mask itself.
  package func forward(
    _ x: Rows, _ y: Rows, rows: Range<Int>, parameters: Parameters, relu: Bool, biased: Bool = true,
    mask: Rows? = nil
  ) {
    assert(x.columns >= inputs && y.columns == outputs && rows.upperBound <= min(x.rows, y.rows))
    let values = parameters.values
    let (kernel, bias) = (values + kernel.offset, biased ? values + bias.offset : nil)
    let (from, to) = (x[rows.lowerBound], y[rows.lowerBound])
    let mask = mask.map { $0[rows.lowerBound] }
    team.split(dense_panels(shape), work: rows.count * inputs * outputs) { begin, end in
      dense_forward(
        shape, begin, end, kernel, bias, rows.count, from, x.stride, relu ? dense_relu : dense_plain, mask, to,
        y.stride)
    }
  }

  /// dx = e Wᵀ for the given rows; zero where the mask is not above zero.
  package func backward(_ e: Rows, _ dx: Rows, rows: Range<Int>, parameters: Parameters, mask: Rows? = nil) {
    assert(e.columns == outputs && dx.columns >= inputs && rows.upperBound <= min(e.rows, dx.rows))
    let kernel = parameters.values + kernel.offset
    let (from, to) = (e[rows.lowerBound], dx[rows.lowerBound])
    let mask = mask.map { $0[rows.lowerBound] }
    team.split(dense_blocks(shape), work: rows.count * inputs * outputs) { begin, end in
      dense_backward(shape, begin, end, kernel, rows.count, from, e.stride, mask, to, dx.stride)
    }
  }

  /// Uses the kernel's gradient Σ_rows xᵀ e and the bias' gradient Σ_biasRows e.
  /// - Returns: The sum of the gradient's squares if `norm`, else 0.
  package func use(
    _ x: Rows, _ e: Rows, rows: Range<Int>, biasRows: Range<Int>, parameters: Parameters, as use: GradientUse,
    scratch: UnsafeMutablePointer<Float>, norm: Bool
  ) -> Double {
    assert(x.columns >= inputs && e.columns == outputs)
    let (from, error) = (x[rows.lowerBound], e[rows.lowerBound])
    for column in 0..<bias.storage { scratch[column] = 0 }
    for row in biasRows {
      let values = e[row]
      for column in 0..<bias.storage { scratch[column] += values[column] }
    }
    var square = 0.0
    switch use {
    case .step(let adam):
      let (w, m, v) = (parameters.values, parameters.m, parameters.v)
      let update = { [shape] (begin: Int, end: Int) in
        dense_update(
          shape, begin, end, adam.parameters, rows.count, from, x.stride, error, e.stride, w + kernel.offset,
          m + kernel.offset, v + kernel.offset, norm ? 1 : 0)
      }
      let (panels, work) = (dense_panels(shape), rows.count * inputs * outputs)
      if norm {
        // Summed panel by panel, whoever computes them, so that the sum is the same for any number of threads.
        square = team.sum(panels, work: work, update)
      } else {
        team.split(panels, work: work) { _ = update($0, $1) }
      }
    case .add(let gradients):
      dense_gradient(
        shape, 0, dense_panels(shape), rows.count, from, x.stride, error, e.stride, gradients + kernel.offset)
    }
    return square + NeuralNetwork.use(scratch, of: bias, parameters: parameters, as: use, norm: norm)
  }
}

/// Uses the gradient of a vector slice, padded to the slice's storage with zeros.
/// - Returns: The sum of the gradient's squares if `norm`, else 0.
package func use(
  _ gradient: UnsafePointer<Float>, of slice: Parameters.Slice, parameters: Parameters, as use: GradientUse, norm: Bool
) -> Double {
  switch use {
  case .step(let adam): step(slice, gradient: gradient, parameters: parameters, adam: adam)
  case .add(let gradients): for i in 0..<slice.count { gradients[slice.offset + i] += gradient[i] }
  }
  return norm ? squares(gradient, slice.count) : 0
}

/// Adam on a vector slice, `gradient` being its gradient padded to the slice's storage with zeros.
private func step(
  _ slice: Parameters.Slice, gradient: UnsafePointer<Float>, parameters: Parameters, adam: AdamStep
) {
  adam.move(
    slice.storage, by: gradient, parameters.values + slice.offset, parameters.m + slice.offset,
    parameters.v + slice.offset)
}

/// Σ x².
private func squares(_ x: UnsafePointer<Float>, _ count: Int) -> Double {
  (0..<count).reduce(0) { $0 + Double(x[$1]) * Double(x[$1]) }
}

/// The instruction set of the products, and of circuits: "avx512", "avx2", "neon" or "generic".
package var kernelName: String { String(cString: instruction_set_name()) }

/// Has every thread of this process use an instruction set, by that name.
/// - Returns: Whether the processor has it; if not, nothing changes.
package func useKernels(_ name: String) -> Bool { instruction_set_choose(name) != 0 }
