import Ansatz
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

extension Axis {
  /// -iP of a qubit's state (re0, im0, re1, im1).
  @inline(__always) fileprivate func turned(_ v: SIMD4<Float>) -> SIMD4<Float> {
    switch self {
    case .x: SIMD4(v.w, -v.z, v.y, -v.x)
    case .y: SIMD4(-v.z, -v.w, v.x, v.y)
    case .z: SIMD4(v.y, -v.x, -v.w, v.z)
    }
  }
}

/// One-qubit states (re0, im0, re1, im1) before the first CNOTs: rotations of |0⟩, the first of which encodes the input, and
/// their derivatives.
struct FirstStage: ~Copyable {
  private let axes: [Axis]
  private let turns: UnsafeMutablePointer<Turn>
  private let count: Int

  private struct Turn {
    var half: HalfAngle
    /// 1 or −1: that of the sample and of an angle that is undone.
    var sign: Float
    /// The state after the rotation.
    var state: SIMD4<Float>
  }

  init(axes: [Axis], qubits: Int) {
    (self.axes, count) = (axes, axes.count * qubits)
    turns = .allocate(capacity: count)
    turns.initialize(repeating: Turn(half: HalfAngle(of: 0), sign: 1, state: .zero), count: count)
  }

  deinit { turns.deallocate() }

  /// Turns a qubit by half an angle, which has the sign already, after the rotations of lower numbers.
  @inline(__always) func turn(_ qubit: Int, _ number: Int, by half: HalfAngle, sign: Float) {
    let at = qubit * axes.count + number
    let before = number == 0 ? SIMD4<Float>(1, 0, 0, 0) : turns[at - 1].state
    turns[at] = Turn(half: half, sign: sign, state: half.cosine * before + half.sine * axes[number].turned(before))
  }

  /// The half angle of a rotation, with its sign.
  func half(_ qubit: Int, _ number: Int) -> HalfAngle { turns[qubit * axes.count + number].half }

  /// A qubit's state.
  func state(_ qubit: Int) -> SIMD4<Float> { turns[(qubit + 1) * axes.count - 1].state }

  /// The state's derivative by the angle of a rotation.
  @inline(__always) func derivative(_ qubit: Int, by number: Int) -> SIMD4<Float> {
    let at = qubit * axes.count + number
    let moved = 0.5 * axes[number].turned(turns[at].state)
    return turns[at].sign * carried(moved, qubit, from: number, twice: nil)
  }

  /// The second derivative, by the input and by the angle of a rotation.
  func derivative(_ qubit: Int, byInputAnd number: Int) -> SIMD4<Float> {
    if number == 0 { return -0.25 * state(qubit) }
    let at = qubit * axes.count
    let moved = 0.5 * axes[0].turned(turns[at].state)
    return turns[at].sign * turns[at + number].sign * carried(moved, qubit, from: 0, twice: number)
  }

  /// What later rotations make of a state after one of them, differentiated by one of the later ones if asked for.
  @inline(__always) private func carried(
    _ state: SIMD4<Float>, _ qubit: Int, from number: Int, twice: Int?
  ) -> SIMD4<Float> {
    var state = state
    for later in number + 1..<max(axes.count, number + 1) {
      let half = turns[qubit * axes.count + later].half
      state = half.cosine * state + half.sine * axes[later].turned(state)
      if later == twice { state = 0.5 * axes[later].turned(state) }
    }
    return state
  }
}

/// 2 Re Σ_a l_a v_a: the derivative of an expectation where this qubit's state moves by v, and l is the rest.
func response(_ l: SIMD4<Float>, _ v: SIMD4<Float>) -> Float {
  let products = l * v
  return 2 * ((products.x - products.y) + (products.z - products.w))
}
