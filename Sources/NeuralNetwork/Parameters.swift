import CKernels

/// The trained numbers of one network in one flat buffer, with Adam's two moments beside it.
///
/// Slices have names; kernels stand in the panels that the products want (see dense.h), vectors padded to 16.
/// A checkpoint, a gradient check and Adam all go over the same slices.
package final class Parameters {
  /// A named array among the parameters.
  package struct Slice: Sendable {
    /// The name, as checkpoints have it.
    package let name: String
    /// `[inputs, outputs]` of a kernel, `[size]` or any other shape of a vector.
    package let shape: [Int]
    /// The float at which the slice starts in the flat buffer.
    package let offset: Int
    /// The floats it takes there, padding included.
    package let storage: Int
    let isKernel: Bool

    /// The number of parameters, padding left out.
    package var count: Int { shape.reduce(1, *) }

    /// Where element `index` (row-major) stands in the flat buffer.
    package func position(_ index: Int) -> Int {
      guard isKernel else { return offset + index }
      let shape = dense_shape(inputs: self.shape[0], outputs: self.shape[1])
      return offset + dense_weight_index(shape, index / shape.outputs, index % shape.outputs)
    }
  }

  /// The slices, in the order of their declaration.
  package private(set) var slices: [Slice] = []
  /// Floats of the flat buffer, padding included.
  package private(set) var storage = 0
  private var buffers: (values: AlignedBuffer, m: AlignedBuffer, v: AlignedBuffer)?

  /// No parameters yet; slices are declared next.
  package init() {}

  /// Adds a kernel `[inputs, outputs]`; returns its slice.
  package func kernel(_ name: String, inputs: Int, outputs: Int) -> Slice {
    let count = dense_weight_count(dense_shape(inputs: inputs, outputs: outputs))
    return add(Slice(name: name, shape: [inputs, outputs], offset: storage, storage: count, isKernel: true))
  }

  /// Adds a vector (a bias, an affine's factor, a circuit's angles); returns its slice.
  package func vector(_ name: String, shape: [Int]) -> Slice {
    let count = kernel_padded(shape.reduce(1, *))
    return add(Slice(name: name, shape: shape, offset: storage, storage: count, isKernel: false))
  }

  private func add(_ slice: Slice) -> Slice {
    precondition(buffers == nil, "\(slice.name): parameters are declared before they are used")
    slices.append(slice)
    storage += slice.storage
    return slice
  }

  private var allocated: (values: AlignedBuffer, m: AlignedBuffer, v: AlignedBuffer) {
    if let buffers { return buffers }
    let new = (AlignedBuffer(count: storage), AlignedBuffer(count: storage), AlignedBuffer(count: storage))
    buffers = new
    return new
  }

  /// The flat buffer of the parameters, `storage` floats.
  package var values: UnsafeMutablePointer<Float> { allocated.values.pointer }
  /// Adam's first moments (running means of the gradient), in the layout of `values`.
  package var m: UnsafeMutablePointer<Float> { allocated.m.pointer }
  /// Adam's second moments (running means of the gradient's square), in the layout of `values`.
  package var v: UnsafeMutablePointer<Float> { allocated.v.pointer }

  /// A slice's elements, row-major, from a buffer in this layout.
  package func elements(of slice: Slice, in buffer: UnsafePointer<Float>) -> [Float] {
    guard slice.isKernel else { return Array(UnsafeBufferPointer(start: buffer + slice.offset, count: slice.count)) }
    return (0..<slice.count).map { buffer[slice.position($0)] }
  }

  /// Sets a slice's elements, row-major, in a buffer in this layout.
  package func set(_ slice: Slice, to elements: [Float], in buffer: UnsafeMutablePointer<Float>) {
    precondition(elements.count == slice.count, "\(slice.name): \(elements.count) elements for \(slice.shape)")
    for index in elements.indices { buffer[slice.position(index)] = elements[index] }
  }

  /// Whether every parameter and both of its moments are finite.
  ///
  /// A parameter whose second moment is infinite stands still, and is finite itself.
  package var isFinite: Bool {
    // x · 0 is zero for a finite x, and not a number else; sixteen sums let the loop vectorise.
    [values, m, v].allSatisfy { buffer in
      var sums = SIMD16<Float>(repeating: 0)
      let vectors = UnsafeRawPointer(buffer).assumingMemoryBound(to: SIMD16<Float>.self)
      for i in 0..<storage / 16 { sums += vectors[i] * 0 }
      return sums.sum() == 0
    }
  }
}
