import Glibc

/// cos and sin of half an angle.
struct HalfAngle {
  var cosine: Float
  var sine: Float

  init(of angle: Float) {
    cosine = cosf(0.5 * angle)
    sine = sinf(0.5 * angle)
  }

  /// cos and sin of half the angle with the other sign.
  var inverse: HalfAngle { times(-1) }

  /// cos and sin of half the angle times 1 or −1.
  func times(_ sign: Float) -> HalfAngle {
    var half = self
    half.sine *= sign
    return half
  }
}

/// One qubit's state (re0, im0, re1, im1) before the first CNOTs, RZ(±φ) RY(±θ) RX(±x)|0⟩, and its derivatives.
struct QubitFactor {
  /// The half angles, with their signs.
  var x: HalfAngle
  var theta: HalfAngle
  /// nil where there is no RZ, or an inert one.
  var phi: HalfAngle?
  /// The signs of x, θ and φ, each 1 or −1.
  var signs = SIMD3<Float>(1, 1, 1)

  var state: SIMD4<Float> { phased(rotated) }
  /// ∂state/∂x.
  var byInput: SIMD4<Float> { signs.x * phased(rotatedByInput) }
  /// ∂state/∂θ.
  var byTheta: SIMD4<Float> { signs.y * phased(Self.turn(rotated)) }
  /// ∂state/∂φ.
  var byPhi: SIMD4<Float> { signs.z * Self.twist(state) }
  /// ∂²state/∂x².
  var byInputTwice: SIMD4<Float> { -0.25 * state }
  /// ∂²state/∂x∂θ.
  var byInputAndTheta: SIMD4<Float> { signs.x * signs.y * phased(Self.turn(rotatedByInput)) }
  /// ∂²state/∂x∂φ.
  var byInputAndPhi: SIMD4<Float> { signs.z * Self.twist(byInput) }

  /// RY RX|0⟩, with RX|0⟩ = (cos x/2, -i sin x/2).
  private var rotated: SIMD4<Float> {
    SIMD4(theta.cosine * x.cosine, theta.sine * x.sine, theta.sine * x.cosine, -theta.cosine * x.sine)
  }

  private var rotatedByInput: SIMD4<Float> {
    0.5 * SIMD4(-theta.cosine * x.sine, theta.sine * x.cosine, -theta.sine * x.sine, -theta.cosine * x.cosine)
  }

  /// -iY/2, the derivative of RY.
  private static func turn(_ v: SIMD4<Float>) -> SIMD4<Float> { 0.5 * SIMD4(-v.z, -v.w, v.x, v.y) }
  /// -iZ/2, the derivative of RZ.
  private static func twist(_ v: SIMD4<Float>) -> SIMD4<Float> { 0.5 * SIMD4(v.y, -v.x, -v.w, v.z) }

  private func phased(_ v: SIMD4<Float>) -> SIMD4<Float> {
    guard let phi else { return v }
    return phi.cosine * v + phi.sine * SIMD4(v.y, -v.x, -v.w, v.z)
  }
}

/// 2 Re Σ_a l_a v_a: the derivative of an expectation where this qubit's state moves by v, and l is the rest.
func response(_ l: SIMD4<Float>, _ v: SIMD4<Float>) -> Float {
  let products = l * v
  return 2 * ((products.x - products.y) + (products.z - products.w))
}
