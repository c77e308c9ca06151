import CKernels
import NeuralNetwork

/// A `DenseKernel`'s products by OpenBLAS: the same numbers, with weights `[inputs, outputs]` row-major.
///
/// The tangents' mask and Adam follow in passes of their own.
final class OpenBLASKernel: Kernel {
  static let suffix = ", OpenBLAS"

  private let ours: DenseKernel
  private let library: OpenBLAS
  private let (weights, gradient, m, v): (AlignedBuffer, AlignedBuffer, AlignedBuffer, AlignedBuffer)
  private let start: [Float]
  private let unmasked: [Rows]

  /// - Parameters:
  ///   - ours: What is computed, before its first run.
  ///   - library: By whom.
  init(_ ours: DenseKernel, library: OpenBLAS) {
    (self.ours, self.library) = (ours, library)
    func copy(_ buffer: UnsafePointer<Float>) -> AlignedBuffer {
      let values = ours.layers.flatMap { ours.parameters.elements(of: $0.dense.kernel, in: buffer) }
      // Whole vectors, as Adam takes them.
      let copy = AlignedBuffer(count: kernel_padded(values.count))
      copy.pointer.update(from: values, count: values.count)
      return copy
    }
    weights = copy(ours.parameters.values)
    (m, v) = (copy(ours.parameters.m), copy(ours.parameters.v))
    gradient = AlignedBuffer(count: weights.count)
    start = Array(UnsafeBufferPointer(start: weights.pointer, count: weights.count))
    unmasked = ours.layers.map { Rows(rows: $0.rows, columns: $0.dense.outputs) }
  }

  var name: String { ours.name + Self.suffix }
  /// What is computed, and by whom.
  var label: String { ours.label + Self.suffix }
  var operations: Double? { ours.operations }
  var tolerance: Double { ours.tolerance }

  func run() {
    var at = 0
    for (layer, unmasked) in zip(ours.layers, unmasked) {
      let (inputs, outputs, rows) = (layer.dense.inputs, layer.dense.outputs, layer.rows)
      let w = OpenBLAS.Matrix(numbers: weights.pointer + at, stride: outputs)
      let (x, e) = (Self.matrix(layer.x), Self.matrix(layer.e))
      switch ours.product {
      case .forward: library.product(rows, outputs, inputs, x, w, into: layer.y)
      case .tangents:
        library.product(rows, outputs, inputs, x, w, into: unmasked)
        for row in 0..<rows {
          let (from, to) = (unmasked[row], layer.y[row])
          for i in 0..<outputs { to[i] = to[i] > 0 ? from[i] : 0 }
        }
      case .backward: library.product(rows, inputs, outputs, e, w.transposed, into: layer.dx)
      case .step:
        library.product(inputs, outputs, rows, x.transposed, e, into: gradient.pointer + at, stride: outputs)
      }
      at += inputs * outputs
    }
    if ours.product == .step {
      ours.adam.move(weights.count, by: gradient.pointer, weights.pointer, m.pointer, v.pointer)
    }
  }

  private static func matrix(_ rows: Rows) -> OpenBLAS.Matrix { .init(numbers: rows[0], stride: rows.stride) }

  func found() -> [Float] {
    guard ours.product == .step else { return ours.found() }
    let count = ours.layers.reduce(0) { $0 + $1.dense.inputs * $1.dense.outputs }
    return (0..<count).map { weights.pointer[$0] - start[$0] }
  }

  func expected() -> [Double] { ours.expected() }
}
