import Glibc

/// A rotation of one qubit as a unit quaternion: w − i (x X + y Y + z Z), its phase left aside.
struct Turn {
  var (w, x, y, z): (Double, Double, Double, Double)

  static let identity = Turn(w: 1, x: 0, y: 0, z: 0)
  static func rx(_ t: Double) -> Turn { Turn(w: cos(t / 2), x: sin(t / 2), y: 0, z: 0) }
  static func ry(_ t: Double) -> Turn { Turn(w: cos(t / 2), x: 0, y: sin(t / 2), z: 0) }
  static func rz(_ t: Double) -> Turn { Turn(w: cos(t / 2), x: 0, y: 0, z: sin(t / 2)) }
  static func about(_ axis: Axis, _ t: Double) -> Turn {
    switch axis {
    case .x: rx(t)
    case .y: ry(t)
    case .z: rz(t)
    }
  }
  /// The Hadamard gate.
  static let h = Turn(w: 0, x: 0.5.squareRoot(), y: 0, z: 0.5.squareRoot())

  /// This after another.
  func after(_ first: Turn) -> Turn {
    Turn(
      w: w * first.w - x * first.x - y * first.y - z * first.z,
      x: w * first.x + x * first.w + y * first.z - z * first.y,
      y: w * first.y + y * first.w + z * first.x - x * first.z,
      z: w * first.z + z * first.w + x * first.y - y * first.x)
  }

  /// What undoes it.
  var inverse: Turn { Turn(w: w, x: -x, y: -y, z: -z) }

  /// The axis, 1 … 3 for X, Y, Z, that Z is turned onto, or nearest to.
  var axisOfZ: Int {
    let image = [2 * (x * z + w * y), 2 * (y * z - w * x), w * w + z * z - x * x - y * y].map(abs)
    return 1 + image.indices.max { image[$0] < image[$1] }!
  }

  /// The angles of RZ(last) RY(middle) RZ(first), the middle one in 0 … π.
  private var angles: (first: Double, middle: Double, last: Double) {
    let (sum, difference) = (2 * atan2(z, w), 2 * atan2(-x, y))
    let middle = 2 * atan2((x * x + y * y).squareRoot(), (w * w + z * z).squareRoot())
    return ((sum - difference) / 2, middle, (sum + difference) / 2)
  }

  /// RZ with an SX (or once an X, where a half turn takes no more) between each two of them, in order.
  var native: (rz: [Double], isX: Bool) {
    let (first, middle, last) = angles
    if middle < 1e-9 { return ([first + last], false) }
    if abs(middle - .pi / 2) < 1e-9 { return ([first - .pi / 2, last + .pi / 2], false) }
    if abs(middle - .pi) < 1e-9 { return ([first + .pi, last], true) }
    return ([first, middle + .pi, last + .pi], false)
  }
}
