import Ansatz

/// The expectations of products of Pauli matrices on the qubits that are taken up; of those that were left, of 𝟙 and Z.
///
/// A qubit's digit, 0 … 3 for 𝟙, X, Y, Z (0 … 1 for 𝟙, Z once it is left), counts its stride in the array.
struct ChannelTensor {
  private var state = [1.0]
  private var other: [Double] = []
  /// Nil for a qubit that is not taken up.
  private var strides: [Int?]

  init(qubits: Int) { strides = Array(repeating: nil, count: qubits) }

  /// Applies a channel to a qubit, which is taken up by it.
  mutating func apply(_ matrix: TransferMatrix, to qubit: Int) {
    guard let stride = strides[qubit] else { return enter(qubit, matrix(SIMD4(1, 0, 0, 1)), digits: 0..<4) }
    let count = state.count
    state.withUnsafeMutableBufferPointer { state in
      for block in Swift.stride(from: 0, to: count, by: 4 * stride) {
        for i in block..<(block + stride) {
          let new = matrix(SIMD4(state[i], state[i + stride], state[i + 2 * stride], state[i + 3 * stride]))
          state[i] = new.x
          state[i + stride] = new.y
          state[i + 2 * stride] = new.z
          state[i + 3 * stride] = new.w
        }
      }
    }
  }

  /// Applies a channel to two qubits.
  /// - Precondition: They were taken up and not left.
  mutating func apply(_ matrix: PairTransferMatrix, to first: Int, _ second: Int) {
    let (a, b) = (strides[first]!, strides[second]!)
    let (low, high, count) = (min(a, b), max(a, b), state.count)
    let offsets = (0..<16).map { ($0 & 3) * a + ($0 >> 2) * b }
    if other.count != count { other = Array(repeating: 0, count: count) }
    state.withUnsafeBufferPointer { state in
      other.withUnsafeMutableBufferPointer { other in
        for outer in stride(from: 0, to: count, by: 4 * high) {
          for base in stride(from: outer, to: outer + high, by: 4 * low) {
            for (row, entries) in matrix.rows.enumerated() {
              let to = base + offsets[row]
              guard let leading = entries.first else {
                for i in 0..<low { other[to + i] = 0 }
                continue
              }
              let from = base + offsets[leading.column]
              for i in 0..<low { other[to + i] = leading.value * state[from + i] }
              for entry in entries.dropFirst() {
                let from = base + offsets[entry.column]
                for i in 0..<low { other[to + i] += entry.value * state[from + i] }
              }
            }
          }
        }
      }
    }
    swap(&state, &other)
  }

  /// Applies a qubit's last channel and leaves the qubit.
  mutating func leave(_ qubit: Int, by matrix: TransferMatrix) {
    guard let own = strides[qubit] else { return enter(qubit, matrix(SIMD4(1, 0, 0, 1)), digits: [0, 3]) }
    let row = SIMD4(matrix[3, 0], matrix[3, 1], matrix[3, 2], matrix[3, 3])
    var left = [Double](repeating: 0, count: state.count / 2)
    for (block, start) in stride(from: 0, to: state.count, by: 4 * own).enumerated() {
      let to = block * 2 * own
      for i in 0..<own {
        let from = start + i
        left[to + i] = state[from]
        left[to + own + i] =
          (row * SIMD4(state[from], state[from + own], state[from + 2 * own], state[from + 3 * own])).sum()
      }
    }
    state = left
    for index in strides.indices { strides[index] = strides[index].map { $0 > own ? $0 / 2 : $0 } }
  }

  /// ⟨∏ Z_i⟩ over every set of qubits, bit i of the set being qubit i.
  /// - Precondition: All qubits were left.
  var zProducts: [Double] {
    let strides = strides.map { $0! }
    return (0..<state.count).map { set in
      state[strides.indices.reduce(0) { $0 + (set >> $1 & 1) * strides[$1] }]
    }
  }

  private mutating func enter(_ qubit: Int, _ own: SIMD4<Double>, digits: some Collection<Int>) {
    strides[qubit] = state.count
    let before = state
    state = []
    state.reserveCapacity(before.count * digits.count)
    for digit in digits { state += before.lazy.map { own[digit] * $0 } }
  }
}
