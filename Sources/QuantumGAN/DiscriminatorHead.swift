import Experiment
import NeuralNetwork

/// What turns a discriminator's last hidden layer into one number.
///
/// Rows 0 ..< 2·batch are the events of the loss.
protocol DiscriminatorHead: AnyObject {
  func initialise(_ initialisation: Initialisation, layer: Int)
  /// `outputs[row]` = D of the row.
  func forward(_ x: Rows, rows: Range<Int>, parameters: Parameters, outputs: UnsafeMutablePointer<Float>)
  /// `errors[row]` = `weights[row]` · ∂D/∂x, zero where x (behind a ReLU) is not above zero. What the head's own
  /// parameters get from rows below `lossRows` is remembered for `use`.
  func backward(
    _ x: Rows, rows: Range<Int>, lossRows: Int, weights: UnsafePointer<Float>, parameters: Parameters, errors: Rows)
  /// The penalty's second derivative: with x the inputs in rows `curved` and v the tangents in rows `tangents`, the
  /// gradient of Σ v·∂D/∂x with respect to x, into `errors` of the curved rows, and to the head's parameters. Nothing
  /// where D is linear in its inputs.
  func bend(_ x: Rows, curved: Range<Int>, tangents: Range<Int>, errors: Rows)
  /// Uses the gradient of the head's parameters; rows `tangents` of `x` are the tangents of the penalty.
  ///
  /// A last bias stays as it is: mean D(fake) - mean D(real) leaves it out, and so do gradients. Summed, the loss's
  /// weights ±1/batch would leave a rounding error, which Adam makes a drift of.
  /// - Returns: The sum of its squares if `norm`, else 0.
  func use(_ x: Rows, tangents: Range<Int>, parameters: Parameters, as use: GradientUse, norm: Bool) -> Double
}

extension DiscriminatorHead {
  func bend(_ x: Rows, curved: Range<Int>, tangents: Range<Int>, errors: Rows) {}
}

/// Dense to one number.
final class DenseHead: DiscriminatorHead {
  private let parameters: Parameters
  private let dense: Dense
  private let sums: Rows
  private let errors: Rows
  private let scratch = AlignedBuffer(count: 16)

  init(layer: Int, inputs: Int, rows: Int, parameters: Parameters, team: Team) {
    dense = Dense("discriminator/dense_\(layer)", inputs: inputs, outputs: 1, in: parameters, team: team)
    sums = Rows(rows: rows, columns: 1)
    errors = Rows(rows: rows, columns: 1)
    self.parameters = parameters
  }

  func initialise(_ initialisation: Initialisation, layer: Int) {
    initialisation.kernel(dense.kernel, layer: layer, .discriminatorKernels, in: parameters)
  }

  func forward(_ x: Rows, rows: Range<Int>, parameters: Parameters, outputs: UnsafeMutablePointer<Float>) {
    dense.forward(x, sums, rows: rows, parameters: parameters, relu: false)
    for row in rows { outputs[row] = sums[row][0] }
  }

  func backward(
    _ x: Rows, rows: Range<Int>, lossRows: Int, weights: UnsafePointer<Float>, parameters: Parameters, errors: Rows
  ) {
    for row in rows { self.errors[row][0] = weights[row] }
    dense.backward(self.errors, errors, rows: rows, parameters: parameters, mask: x)
  }

  func use(_ x: Rows, tangents: Range<Int>, parameters: Parameters, as use: GradientUse, norm: Bool) -> Double {
    dense.use(
      x, errors, rows: 0..<tangents.upperBound, biasRows: 0..<0, parameters: parameters, as: use,
      scratch: scratch.pointer, norm: norm)
  }
}
