/// A part of a circuit: rotations of every qubit, one after the other, and the CNOTs behind them.
package struct Stage {
  /// One rotation of every qubit.
  package struct Rotation: Hashable, Sendable {
    /// What is turned about.
    package var axis: Axis
    /// What each qubit is turned by.
    package var source: Source
  }

  /// What a rotation turns qubits by.
  package enum Source: Hashable, Sendable {
    /// The inputs.
    case inputs
    /// The angles of a repetition's rotation.
    case angles(rotation: Int, repetition: Int)
  }

  /// The rotations, in order.
  package var rotations: [Rotation]
  /// The CNOTs behind them.
  package var cnots: [(control: Int, target: Int)]
}

extension Circuit {
  /// The circuit part by part: a repetition each; of an inverse one the encoding, then a repetition each.
  package var stages: [Stage] {
    let cnots = cnots
    let encode = Stage.Rotation(axis: encoding.axis, source: .inputs)
    func turns(_ repetition: Int) -> [Stage.Rotation] {
      rotations.enumerated().map { .init(axis: $1, source: .angles(rotation: $0, repetition: repetition)) }
    }
    if inverse {
      return [Stage(rotations: [encode], cnots: cnots.reversed())]
        + (0..<repetitions).reversed().map { repetition in
          Stage(rotations: turns(repetition).reversed(), cnots: repetition > 0 ? cnots.reversed() : [])
        }
    }
    return (0..<repetitions).map { repetition in
      Stage(rotations: (repetition == 0 || reupload ? [encode] : []) + turns(repetition), cnots: cnots)
    }
  }

  /// A stage's rotation on one qubit.
  package func gate(_ rotation: Stage.Rotation, on qubit: Int) -> Gate {
    let amount: Amount =
      switch rotation.source {
      case .inputs: .input(input(of: qubit))
      case .angles(let index, let repetition):
        inverse
          ? .undone(angle(qubit, rotation: index, repetition: repetition))
          : .angle(angle(qubit, rotation: index, repetition: repetition))
      }
    return .turn(rotation.axis, qubit: qubit, by: amount)
  }

  /// Every gate of the circuit, in order.
  package var gates: [Gate] {
    stages.flatMap { stage in
      stage.rotations.flatMap { rotation in (0..<qubits).map { gate(rotation, on: $0) } }
        + stage.cnots.map { .cnot(control: $0.control, target: $0.target) }
    }
  }

  /// What the CNOTs before the read-out do to basis states: they say whose parities are read.
  package var readoutMap: ParityMap { inverse ? ParityMap(identity: qubits) : parityMap }
}
