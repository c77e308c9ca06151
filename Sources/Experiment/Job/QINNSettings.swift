package import Ansatz

/// A stage of a generator as the group's QINN is one: Dense → tanh → blocks, each with tanh behind it → Dense, in the place
/// of a circuit before the hidden layers.
///
/// A block encodes its inputs by RY, permuted from block to block, then layers of RZ, RY, RX and a ring of CNOTs, and is
/// read as ⟨Z⟩ of every qubit. In the inverse direction, which is the one that the group's goes from latents to data, layers
/// are undone in place of being done, the last block comes first, and softplus follows the last Dense.
/// - Source: QC4HEP-BO/FastCaloQ, its QINNModule.
package struct QINNSettings: Codable, Hashable, Sendable {
  /// The qubits of a block.
  package var qubits = 6
  /// The layers of rotations and CNOTs in a block.
  package var layers = 2
  /// The blocks, one after the other.
  package var blocks = 2
  /// The values that the last Dense gives to the hidden layers.
  package var outputs = 100
  /// The way through the blocks.
  package var direction = Direction.inverse
  /// Whether, and how, the stage is trained.
  package var training = Training.exact
  /// What a block is.
  package var blocksOf = BlockKind.circuit

  /// The way through the blocks.
  package enum Direction: String, Codable, CaseIterable, Sendable {
    case forward, inverse
  }

  /// Whether, and how, the stage is trained.
  package enum Training: String, Codable, CaseIterable, Sendable {
    /// The stage too, by exact gradients through the blocks.
    case exact
    /// Not at all, as the group's: nothing of the stage is given a gradient, and what goes on to its inputs is the one of its
    /// outputs, straight through; here these are latents, which nothing trains.
    case frozenStraightThrough = "frozen_straight_through"
  }

  /// What a block is.
  package enum BlockKind: String, Codable, CaseIterable, Sendable {
    /// A circuit.
    case circuit
    /// A Dense layer of as many values (a control).
    case dense
  }

  package init(
    qubits: Int = 6, layers: Int = 2, blocks: Int = 2, outputs: Int = 100, direction: Direction = .inverse,
    training: Training = .exact, blocksOf: BlockKind = .circuit
  ) {
    self.qubits = qubits
    self.layers = layers
    self.blocks = blocks
    self.outputs = outputs
    self.direction = direction
    self.training = training
    self.blocksOf = blocksOf
  }

  /// The circuits of the blocks, as they follow each other; empty where blocks are Dense layers.
  ///
  /// Block k encodes its inputs rotated by k times a third of the qubits, at least one.
  package var circuits: [Circuit] {
    guard blocksOf == .circuit else { return [] }
    let blocks = (0..<blocks).map { block in
      Circuit(
        qubits: qubits, cnot: qubits > 1 ? [1] : [], repetitions: layers, ring: true, rotations: [.z, .y, .x],
        encoding: .y, inputShift: max(1, qubits / 3) * block % max(qubits, 1), inverse: direction == .inverse)
    }
    return direction == .inverse ? blocks.reversed() : blocks
  }

  /// The trained angles.
  var angleCount: Int { training == .exact ? circuits.reduce(0) { $0 + $1.angleCount } : 0 }

  /// The trained numbers of the Dense layers.
  func parameterCount(inputs: Int) -> Int {
    guard training == .exact else { return 0 }
    let between = blocksOf == .dense ? blocks * (qubits * qubits + qubits) : 0
    return (inputs + 1) * qubits + between + (qubits + 1) * outputs
  }

  /// Why it is no such stage, as a clause naming the key; nil when it is one.
  var flaw: String? {
    Bounds.flaw("qubits", qubits, 1...Circuit.qubitLimit) ?? Bounds.flaw("layers", layers, Bounds.qinnLayers)
      ?? Bounds.flaw("blocks", blocks, Bounds.qinnBlocks) ?? Bounds.flaw("outputs", outputs, Bounds.layer)
  }

  /// The part of an architecture's `canonical`; what is at its default is left out.
  var canonical: String {
    let parts = departures.map { "\($0.key) \($0.value)" }
    return parts.isEmpty ? "qinn" : "qinn(\(parts.joined(separator: ", ")))"
  }

  /// The part of an architecture's `name`: `qinn`, `qinn-q8-x3-b1-o50-forward-dense-frozen`.
  var name: String {
    var name = "qinn"
    for (_, value, letter) in departures { name += "-" + letter + (letter.count > 1 ? "" : value) }
    return name
  }

  private var departures: [(key: String, value: String, letter: String)] {
    let usual = QINNSettings()
    var parts: [(key: String, value: String, letter: String)] = []
    for (key, value, standard, letter) in [
      ("qubits", qubits, usual.qubits, "q"), ("layers", layers, usual.layers, "x"),
      ("blocks", blocks, usual.blocks, "b"), ("outputs", outputs, usual.outputs, "o"),
    ] where value != standard {
      parts.append((key, "\(value)", letter))
    }
    if direction != usual.direction { parts.append(("direction", direction.rawValue, "forward")) }
    if blocksOf != usual.blocksOf { parts.append(("blocks_of", blocksOf.rawValue, "dense")) }
    if training != usual.training { parts.append(("training", training.rawValue, "frozen")) }
    return parts
  }
}
