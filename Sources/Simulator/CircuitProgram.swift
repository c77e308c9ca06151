import Ansatz

/// A circuit as the kernels carry it out: a product state, then moves from state to state.
///
/// RX(t) is RZ(−π/2) RY(t) RZ(π/2), so that behind the first stage the kernels turn about Y and Z only. What is diagonal before
/// the last CNOTs does nothing and is left out.
struct CircuitProgram {
  /// One rotation of every qubit.
  struct Turn {
    /// Behind the first stage Y or Z.
    var axis: Axis
    /// The flat number of the first qubit's angle; nil for the inputs.
    var angles: Int?
    /// The place of its signs among a sample's masks.
    var signs: Int
  }

  /// A move from one state to another, or in place.
  ///
  /// States are numbered; nil is the one that nothing is kept in.
  enum Move {
    /// The CNOTs of a stage, and a rotation about Y that follows at once; the state after both is kept.
    case permute(from: Int?, to: Int, turn: Int?)
    /// A rotation about Y, in place; the state after it is kept.
    case rotate(turn: Int, state: Int)
    /// A rotation about Z; the state before it is kept.
    case phase(turn: Int, from: Int, to: Int?)
    /// RZ(π/2) of every qubit, or back.
    case quarter(back: Bool, from: Int, to: Int?)
    /// The same state again, to be turned in place.
    case copy(from: Int, to: Int)
  }

  /// The rotations, stage by stage.
  private(set) var turns: [Turn] = []
  /// How many of them are in the first stage.
  private(set) var first = 0
  /// What follows the first stage, from state 0 on.
  private(set) var moves: [Move] = []
  /// The number of states that are kept.
  private(set) var states = 1
  /// The state before the last CNOTs.
  private(set) var final = 0

  init(_ circuit: Circuit) {
    let stages = circuit.stages
    // Whether the current state is wanted as it is, and whether it is the one that nothing is kept in.
    var (isKept, isPassing) = (true, false)
    for (number, stage) in stages.enumerated() {
      let isLast = number == stages.count - 1
      var rotations = stage.rotations
      if isLast { while rotations.last?.axis == .z { rotations.removeLast() } }
      if number > 0 {
        moves.append(.permute(from: isPassing ? nil : final, to: states, turn: nil))
        (final, states, isKept, isPassing) = (states, states + 1, false, false)
      }
      for (place, rotation) in rotations.enumerated() {
        let index = turns.count
        turns.append(Turn(rotation, circuit, stage: number))
        if number == 0 { continue }
        // What only CNOTs take next need not be kept.
        let isPassed = place == rotations.count - 1
        func move(_ make: (_ from: Int, _ to: Int?) -> Move) {
          moves.append(make(final, isPassed ? nil : states))
          if !isPassed { (final, states) = (states, states + 1) }
          (isKept, isPassing) = (false, isPassed)
        }
        switch rotation.axis {
        case .z: move { .phase(turn: index, from: $0, to: $1) }
        case .y:
          if case .permute(let from, let to, nil) = moves.last {
            moves[moves.count - 1] = .permute(from: from, to: to, turn: index)
          } else {
            if isKept {
              moves.append(.copy(from: final, to: states))
              (final, states) = (states, states + 1)
            }
            moves.append(.rotate(turn: index, state: final))
          }
          isKept = true
        case .x:
          turns[index].axis = .y
          let to = isKept ? states : final
          moves.append(.quarter(back: false, from: final, to: to))
          (final, states) = (to, max(states, to + 1))
          moves.append(.rotate(turn: index, state: final))
          isKept = true
          if !(isLast && isPassed) { move { .quarter(back: true, from: $0, to: $1) } }
        }
      }
      if number == 0 { first = turns.count }
    }
  }
}

extension CircuitProgram.Turn {
  fileprivate init(_ rotation: Stage.Rotation, _ circuit: Circuit, stage: Int) {
    self.init(axis: rotation.axis, angles: nil, signs: SampleSigns.place(circuit, stage, rotation: nil))
    if case .angles(let index, let repetition) = rotation.source {
      angles = circuit.angle(0, rotation: index, repetition: repetition)
      signs = SampleSigns.place(circuit, stage, rotation: index)
    }
  }
}
