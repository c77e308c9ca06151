package import Experiment
import Glibc
import NeuralNetwork

/// OpenBLAS's product of matrices, loaded when it is asked for: a peer, and no part of the program.
package final class OpenBLAS: Sendable {
  private typealias Multiply =
    @convention(c) (
      Int32, Int32, Int32, Int32, Int32, Int32, Float, UnsafePointer<Float>, Int32, UnsafePointer<Float>, Int32, Float,
      UnsafeMutablePointer<Float>, Int32
    ) -> Void

  private let multiply: Multiply
  private let setThreads: @convention(c) (Int32) -> Void
  /// Its version, and the processor that it takes this one for: `OPENBLAS_CORETYPE` sets that right.
  package let name: String

  /// - Parameter path: The library's file; nil for where the system finds it.
  /// - Throws: `InputError` where there is none.
  package init(path: String? = nil) throws(InputError) {
    let names = path.map { [$0] } ?? ["libopenblas.so.0", "libopenblas.so"]
    guard let library = names.lazy.compactMap({ dlopen($0, RTLD_NOW | RTLD_LOCAL) }).first else {
      throw InputError("there is no \(names[0]) to compare with; scripts/setup installs it (Debian: libopenblas0)")
    }
    guard let product = dlsym(library, "cblas_sgemm"), let threads = dlsym(library, "openblas_set_num_threads") else {
      throw InputError("\(names[0]) has no cblas_sgemm; a build of OpenBLAS with it is needed to compare with")
    }
    multiply = unsafeBitCast(product, to: Multiply.self)
    setThreads = unsafeBitCast(threads, to: (@convention(c) (Int32) -> Void).self)
    func told(_ symbol: String) -> String? {
      dlsym(library, symbol).flatMap {
        unsafeBitCast($0, to: (@convention(c) () -> UnsafePointer<CChar>?).self)().map { String(cString: $0) }
      }
    }
    let version = told("openblas_get_config")?.split(separator: " ").prefix(2).joined(separator: " ")
    name = "\(version ?? "OpenBLAS"), kernels for \(told("openblas_get_corename") ?? "an unknown processor")"
    setThreads(1)
  }

  /// A matrix, row-major with rows `stride` floats apart, or its transpose.
  struct Matrix {
    var numbers: UnsafePointer<Float>
    var stride: Int
    var isTransposed = false

    var transposed: Matrix { Matrix(numbers: numbers, stride: stride, isTransposed: !isTransposed) }
  }

  /// c = a b, `[rows, columns]`, each a sum of `count` products.
  func product(_ rows: Int, _ columns: Int, _ count: Int, _ a: Matrix, _ b: Matrix, into c: Rows) {
    product(rows, columns, count, a, b, into: c[0], stride: c.stride)
  }

  /// c = a b, `[rows, columns]` with rows `stride` floats apart, each a sum of `count` products.
  func product(
    _ rows: Int, _ columns: Int, _ count: Int, _ a: Matrix, _ b: Matrix, into c: UnsafeMutablePointer<Float>,
    stride: Int
  ) {
    let (rowMajor, plain, transposed): (Int32, Int32, Int32) = (101, 111, 112)
    multiply(
      rowMajor, a.isTransposed ? transposed : plain, b.isTransposed ? transposed : plain, Int32(rows), Int32(columns),
      Int32(count), 1, a.numbers, Int32(a.stride), b.numbers, Int32(b.stride), 0, c, Int32(stride))
  }
}
