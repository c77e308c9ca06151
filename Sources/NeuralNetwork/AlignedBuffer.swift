import CKernels
import Glibc

/// A fixed number of floats, 64-byte aligned and zero at the start, owned by the value that holds it.
///
/// What fills huge pages lies in such, where the system has them.
package final class AlignedBuffer {
  /// The number of floats.
  package let count: Int
  /// The first float, with room for whole vectors of them.
  package let pointer: UnsafeMutablePointer<Float>

  /// A buffer of `count` zeros.
  package init(count: Int) {
    precondition(count >= 0, "a buffer of \(count) floats")
    self.count = count
    let room = kernel_padded(max(count, 1))
    guard let memory = kernel_memory(room) else { fatalError("no memory for a buffer of \(room) floats") }
    pointer = memory
    pointer.initialize(repeating: 0, count: room)
  }

  deinit { free(pointer) }
}

/// Rows of floats with a padded leading dimension: activations and errors of a layer.
///
/// Padding stays zero.
package struct Rows {
  /// The number of rows.
  package let rows: Int
  /// The floats of a row that count; the rest is padding.
  package let columns: Int
  /// Floats from one row to the next, padded to 16.
  package let stride: Int
  private let buffer: AlignedBuffer

  /// Rows of zeros.
  package init(rows: Int, columns: Int) {
    self.rows = rows
    self.columns = columns
    stride = kernel_padded(columns)
    buffer = AlignedBuffer(count: rows * stride)
  }

  /// The first float of a row.
  package subscript(row: Int) -> UnsafeMutablePointer<Float> {
    assert((0..<max(rows, 1)).contains(row), "row \(row) of \(rows)")
    return buffer.pointer + row * stride
  }
}
