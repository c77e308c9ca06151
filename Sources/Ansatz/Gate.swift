/// An axis that a qubit is turned about.
package enum Axis: String, Codable, CaseIterable, Hashable, Sendable {
  case x, y, z

  /// "RX", "RY" or "RZ".
  package var gateName: String { "R" + rawValue.uppercased() }
}

/// What inputs are encoded by: RX or RY.
package enum Encoding: String, Codable, CaseIterable, Hashable, Sendable {
  case x, y

  /// The axis.
  package var axis: Axis { self == .x ? .x : .y }
}

/// One gate of a circuit; rotations are exp(-i t P / 2).
package enum Gate: Hashable, Sendable {
  case turn(Axis, qubit: Int, by: Amount)
  case cnot(control: Int, target: Int)

  /// The flat number of the trainable angle; nil for an encoding or a CNOT.
  package var angle: Int? {
    switch self {
    case .turn(_, _, .angle(let angle)), .turn(_, _, .undone(let angle)): angle
    case .turn(_, _, .input), .cnot: nil
    }
  }
}

/// What a rotation turns by.
package enum Amount: Hashable, Sendable {
  /// One of the inputs.
  case input(Int)
  /// One of the flat angles.
  case angle(Int)
  /// One of the flat angles, with the other sign.
  case undone(Int)

  /// The number.
  package func value(inputs: [Double], angles: [Double]) -> Double {
    switch self {
    case .input(let input): inputs[input]
    case .angle(let angle): angles[angle]
    case .undone(let angle): -angles[angle]
    }
  }
}
