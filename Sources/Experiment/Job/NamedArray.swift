/// One array of a network's or an optimiser's state, as checkpoints hold them.
///
/// Names are paths: `generator/circuit/angles` `[repetitions, 1 or 2, qubits]`, `generator/dense_0/kernel`
/// `[inputs, outputs]`, `generator/dense_0/bias`, `generator/affine_0/gamma`, `…/beta`, `discriminator/…` alike; Adam's
/// first and second moments are `adam/m/<name>` and `adam/v/<name>`.
package struct NamedArray: Hashable, Sendable {
  /// The path, unique in its checkpoint.
  package var name: String
  /// The extents, slowest first; [] for a single number.
  package var shape: [Int]
  /// Row-major.
  package var values: [Float]

  /// An array of this shape.
  /// - Precondition: The shape holds as many values as there are.
  package init(name: String, shape: [Int], values: [Float]) {
    precondition(shape.reduce(1, *) == values.count, "\(name): shape \(shape) does not hold \(values.count) values")
    self.name = name
    self.shape = shape
    self.values = values
  }
}
