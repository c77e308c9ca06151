import Ansatz

/// Deterministic numbers in -1 … 1, so that a failing case fails again.
struct Numbers {
  private var state: UInt64

  init(seed: Int) { state = UInt64(seed) &* 0x9E37_79B9_7F4A_7C15 &+ 1 }

  mutating func next() -> Double {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return Double(state >> 11) / Double(1 << 52) - 1
  }

  mutating func list(_ count: Int, scale: Double = 3) -> [Double] { (0..<count).map { _ in scale * next() } }
}

/// Circuits of every shape: few and many qubits, rings, blocked order, re-uploading, no CNOTs.
let oddCircuits: [Circuit] =
  (1...12).flatMap { qubits -> [Circuit] in
    let distances = [1, 2, 3, 4].filter { $0 < qubits }
    return [
      Circuit(qubits: qubits, cnot: Array(distances.prefix(1)), rz: true, repetitions: 2),
      Circuit(qubits: qubits, cnot: distances, rz: false, repetitions: 1, order: .blocked),
      Circuit(
        qubits: qubits, cnot: Array(distances.suffix(2)), rz: true, repetitions: 3, ring: true,
        reupload: qubits % 2 == 0
      ),
    ]
  } + [
    Circuit(qubits: 5, cnot: [], rz: true, repetitions: 2),
    Circuit(qubits: 3, cnot: [], rz: false, repetitions: 1),
    Circuit(qubits: 4, cnot: [1], rz: false, repetitions: 4, reupload: true),
    Circuit(qubits: 7, cnot: [1, 6], rz: true, repetitions: 2, order: .blocked, ring: true, reupload: true),
  ]

/// Circuits with rotations, encodings and inputs other than the study's, inverse ones among them.
let turnedCircuits: [Circuit] = [
  Circuit(qubits: 6, repetitions: 2, ring: true, rotations: [.z, .y, .x], encoding: .y, inputShift: 4),
  Circuit(qubits: 6, repetitions: 2, ring: true, rotations: [.z, .y, .x], encoding: .y, inputShift: 4, inverse: true),
  Circuit(qubits: 5, cnot: [1, 2], repetitions: 3, reupload: true, rotations: [.x, .z], inputShift: 2),
  Circuit(qubits: 4, cnot: [1], repetitions: 2, rotations: [.y, .x, .y, .z], encoding: .y),
  Circuit(qubits: 3, cnot: [2], repetitions: 3, reupload: true, rotations: [.y, .x], encoding: .y),
  Circuit(qubits: 4, cnot: [1, 3], repetitions: 2, order: .blocked, ring: true, rotations: [.x], inputShift: 1),
  Circuit(qubits: 2, cnot: [1], repetitions: 2, rotations: [.z, .x, .z, .y, .z], inputShift: 1),
  Circuit(qubits: 4, cnot: [1], repetitions: 3, rotations: [.x, .y], inverse: true),
  Circuit(qubits: 9, cnot: [1, 2], repetitions: 2, rotations: [.z, .x, .y], encoding: .y, inputShift: 3),
  Circuit(qubits: 3, cnot: [], repetitions: 2, rotations: [.x, .z, .x]),
  Circuit(qubits: 1, cnot: [], repetitions: 3, rotations: [.x, .y]),
]
