import Glibc

/// The numbers that the reference simulator computes with: Float, Double, and dual numbers over either.
package protocol RealScalar: Sendable {
  init(_ value: Double)
  static func + (a: Self, b: Self) -> Self
  static func - (a: Self, b: Self) -> Self
  static func * (a: Self, b: Self) -> Self
  var sine: Self { get }
  var cosine: Self { get }
}

extension RealScalar {
  static var zero: Self { Self(0) }
  static var half: Self { Self(0.5) }
  static prefix func - (a: Self) -> Self { zero - a }
}

extension Float: RealScalar {
  /// The sine of an angle in radians, by libm.
  package var sine: Float { sinf(self) }
  /// The cosine of an angle in radians, by libm.
  package var cosine: Float { cosf(self) }
}

extension Double: RealScalar {
  /// The sine of an angle in radians, by libm.
  package var sine: Double { sin(self) }
  /// The cosine of an angle in radians, by libm.
  package var cosine: Double { cos(self) }
}

/// a + bε with ε² = 0: what is computed with a = x and b = dx/dt has the derivative by t as its b.
struct Dual<Scalar: RealScalar>: RealScalar {
  var value: Scalar
  var derivative: Scalar

  init(_ value: Scalar, derivative: Scalar) {
    self.value = value
    self.derivative = derivative
  }
  init(_ value: Double) { self.init(Scalar(value), derivative: .zero) }

  static func + (a: Self, b: Self) -> Self { Self(a.value + b.value, derivative: a.derivative + b.derivative) }
  static func - (a: Self, b: Self) -> Self { Self(a.value - b.value, derivative: a.derivative - b.derivative) }
  static func * (a: Self, b: Self) -> Self {
    Self(a.value * b.value, derivative: a.value * b.derivative + a.derivative * b.value)
  }
  var sine: Self { Self(value.sine, derivative: value.cosine * derivative) }
  var cosine: Self { Self(value.cosine, derivative: -value.sine * derivative) }
}
