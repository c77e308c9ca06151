import Ansatz

/// One- and two-qubit channels in order, on qubits that begin in |0⟩, and the joint distribution that they end in.
///
/// Qubits are taken up when their first pair is met and left when their last is done, and pairs are carried out in an
/// order that leaves qubits as early as can be. Of a qubit that is left only ⟨𝟙⟩ and ⟨Z⟩ matter, and one that is not
/// taken up is a factor: so a chain of CNOTs costs about 2^qubits, not 4^qubits.
struct ChannelSequence {
  /// One channel of two qubits.
  private struct Pair {
    var first: Int
    var second: Int
    var matrix: PairTransferMatrix
    /// What was done to each of them alone since its last pair.
    var firstBefore: TransferMatrix
    var secondBefore: TransferMatrix
  }

  /// What is done to the tensor, in order.
  private enum Move {
    case pair(Int)
    /// Leaves a qubit.
    case leave(Int)
  }

  private let qubits: Int
  private var pairs: [Pair] = []
  private var pending: [TransferMatrix]

  init(qubits: Int) {
    self.qubits = qubits
    pending = Array(repeating: .identity, count: qubits)
  }

  /// Appends a channel of one qubit.
  mutating func append(_ matrix: TransferMatrix, to qubit: Int) { pending[qubit] = matrix.after(pending[qubit]) }

  /// Appends a channel of two qubits.
  mutating func append(_ matrix: PairTransferMatrix, to first: Int, _ second: Int) {
    pairs.append(
      Pair(
        first: first, second: second, matrix: matrix, firstBefore: pending[first], secondBefore: pending[second]))
    pending[first] = .identity
    pending[second] = .identity
  }

  /// ⟨∏ Z_i⟩ over every set of qubits, bit i of the set being qubit i.
  /// - Returns: `[2^qubits]`, the first being 1.
  func zProducts() -> [Double] {
    var tensor = ChannelTensor(qubits: qubits)
    for move in moves {
      switch move {
      case .pair(let index):
        let pair = pairs[index]
        tensor.apply(pair.firstBefore, to: pair.first)
        tensor.apply(pair.secondBefore, to: pair.second)
        tensor.apply(pair.matrix, to: pair.first, pair.second)
      case .leave(let qubit): tensor.leave(qubit, by: pending[qubit])
      }
    }
    return tensor.zProducts
  }

  /// The pairs that the end of one qubit after the other depends on and that are not done yet.
  private var moves: [Move] {
    var previous = [(first: Int, second: Int)]()
    var last = [Int](repeating: -1, count: qubits)
    for (index, pair) in pairs.enumerated() {
      previous.append((last[pair.first], last[pair.second]))
      last[pair.first] = index
      last[pair.second] = index
    }
    var (moves, done) = ([Move](), [Bool](repeating: false, count: pairs.count))
    for qubit in 0..<qubits {
      if last[qubit] >= 0 {
        var needed = [Bool](repeating: false, count: last[qubit] + 1)
        needed[last[qubit]] = true
        for index in needed.indices.reversed() where needed[index] && !done[index] {
          for earlier in [previous[index].first, previous[index].second] where earlier >= 0 { needed[earlier] = true }
        }
        for index in needed.indices where needed[index] && !done[index] {
          moves.append(.pair(index))
          done[index] = true
        }
      }
      moves.append(.leave(qubit))
    }
    return moves
  }
}
