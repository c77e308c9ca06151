import Glibc
import NeuralNetwork

extension AlignedBuffer {
  /// The Euclidean norm.
  var norm: Double {
    (0..<count).reduce(0.0) { $0 + Double(pointer[$1]) * Double(pointer[$1]) }.squareRoot()
  }
}

extension Rows {
  /// Puts tanh of each number in its place.
  func applyTanh(_ count: Int) {
    for row in 0..<count {
      for column in 0..<columns { self[row][column] = tanhf(self[row][column]) }
    }
  }

  /// Multiplies gradients by tanh's values with its slope there: those by what it was taken of.
  func multiplyByTanhSlope(of values: Rows, _ count: Int) {
    for row in 0..<count {
      for column in 0..<columns { self[row][column] *= 1 - values[row][column] * values[row][column] }
    }
  }
}
