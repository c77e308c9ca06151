/// The rotations and phases of one sample, in which its signs are.
final class OwnTurns {
  let factors: AlignedFloats
  let stages: AlignedFloats
  private let wires: Int
  /// The matrices of each rotation and of its inverse.
  private let rotations: AlignedFloats
  private let phases: AlignedFloats

  init(wires: Int, turns: Int, phases: Int) {
    self.wires = wires
    factors = AlignedFloats(count: 4 * wires)
    stages = AlignedFloats(count: 2 << wires)
    rotations = AlignedFloats(count: 4 * wires * turns)
    self.phases = AlignedFloats(count: (2 << wires) * max(phases, 1))
    // Idle wires are not turned.
    for wire in 0..<wires {
      for index in 0..<4 { factors.pointer[4 * wire + index] = index == 0 ? 1 : 0 }
      for slot in 0..<(2 * turns) {
        rotations.pointer[2 * (slot * wires + wire)] = 1
        rotations.pointer[2 * (slot * wires + wire) + 1] = 0
      }
    }
  }

  func rotation(_ turn: Int) -> UnsafeMutablePointer<Float> { rotations.pointer + 4 * wires * turn }
  func phase(_ slot: Int) -> UnsafeMutablePointer<Float> { phases.pointer + (2 << wires) * slot }

  /// Writes a rotation, and its inverse behind it.
  func set(_ rotation: UnsafeMutablePointer<Float>, _ halves: [HalfAngle], _ signs: UInt32) {
    for (qubit, half) in halves.enumerated() {
      let half = half.times(SampleSigns.sign(signs, qubit))
      rotation[2 * qubit] = half.cosine
      rotation[2 * qubit + 1] = half.sine
      rotation[2 * (wires + qubit)] = half.cosine
      rotation[2 * (wires + qubit) + 1] = -half.sine
    }
  }
}
