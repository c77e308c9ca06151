package import Ansatz

/// An invertible model of a shower's total and layers' energies: affine coupling blocks, trained by likelihood.
///
/// Each block scales and shifts one half of the numbers by what a circuit, or Dense layers in its place, make of the other
/// half and of the energy label. Voxels follow by the parametric simulator's shapes.
package struct CouplingSettings: Codable, Hashable, Sendable {
  /// Blocks, one after the other.
  package var blocks = 8
  /// What scales and shifts come from; nil for Dense layers.
  package var circuit: Circuit?
  /// The values of the Dense layer between a block's inputs and its outputs, where there is no circuit.
  package var hidden = 4
  /// Events of a mini-batch.
  package var batchSize = 100
  /// Adam's rate.
  package var learningRate: Float = 1e-3

  /// A model's shape and training.
  package init(
    blocks: Int = 8, circuit: Circuit? = nil, hidden: Int = 4, batchSize: Int = 100, learningRate: Float = 1e-3
  ) {
    (self.blocks, self.circuit, self.hidden) = (blocks, circuit, hidden)
    (self.batchSize, self.learningRate) = (batchSize, learningRate)
  }

  /// The qubits that a circuit has where the file does not say: what seven layers and the total need.
  package static let usualQubits = 8

  /// Why it is none, as a clause naming the key; nil when it is one.
  package var flaw: String? {
    Bounds.flaw("blocks", blocks, Bounds.couplingBlocks) ?? circuit?.flaw ?? Bounds.flaw("hidden", hidden, Bounds.layer)
      ?? Bounds.flaw("batch_size", batchSize, Bounds.batchSize)
      ?? Bounds.flaw("learning_rate", learningRate, Bounds.learningRate)
  }

  /// Why it does not fit a detector, as a clause naming the key; nil when it does.
  package func flaw(layers: Int) -> String? {
    let needed = CouplingShape(numbers: 1 + layers, conditions: 0).outputs
    guard let circuit, circuit.qubits < needed else { return nil }
    return
      "circuit.qubits: \(circuit.qubits) read-outs are too few for scale and shift of half of \(1 + layers) numbers; "
      + "\(needed) are needed"
  }

  /// Events of each energy that the shapes of its showers take.
  package static let leastEvents = 2 * ParametricSettings().bins

  /// Why so many events of each energy are too few, as a clause; nil when they are enough.
  package func flaw(eventsPerEnergy events: Int) -> String? {
    guard events < Self.leastEvents else { return nil }
    return
      "\(events) \(events == 1 ? "event" : "events") of each energy are fewer than the \(Self.leastEvents) that a coupling "
      + "model takes"
  }

  /// The trained numbers but for the circuits' angles.
  package func parameterCount(layers: Int, energies: Int) -> Int {
    let shape = CouplingShape(numbers: 1 + layers, conditions: energies > 1 ? 1 : 0)
    return (0..<blocks).reduce(0) { count, block in
      let (inputs, outputs) = (shape.inputs(of: block), 2 * shape.active(in: block).count)
      let inside = circuit.map { 2 * $0.qubits } ?? inputs * hidden + hidden + hidden * outputs + outputs
      return count + inside + 2 * outputs
    }
  }

  /// The trained angles of all blocks.
  package var angleCount: Int { blocks * (circuit?.angleCount ?? 0) }

  /// A variant's `canonical`; what is at its default is left out, but for what scales and shifts come from.
  var canonical: String {
    (["coupling", circuit?.canonical ?? "hidden \(hidden)"] + departures.map { "\($0.key) \($0.value)" })
      .joined(separator: ", ")
  }

  /// A variant's `name`: `coupling-4`, `coupling-ry-rz-cnot1-x3-q8-ring`.
  var name: String {
    (["coupling", circuit?.name ?? "\(hidden)"] + departures.map { "\($0.key)\($0.value)" }).joined(separator: "-")
  }

  private var departures: [(key: String, value: String)] {
    let usual = CouplingSettings()
    return [
      ("blocks", "\(blocks)", "\(usual.blocks)"), ("batch", "\(batchSize)", "\(usual.batchSize)"),
      ("rate", "\(learningRate)", "\(usual.learningRate)"),
    ].filter { $0.1 != $0.2 }.map { ($0.0, $0.1) }
  }
}

/// Which of a coupling model's numbers each block changes.
package struct CouplingShape: Hashable, Sendable {
  /// The numbers of an event.
  package let numbers: Int
  /// What is known of an event besides: the energy label, or nothing.
  package let conditions: Int

  package init(numbers: Int, conditions: Int) { (self.numbers, self.conditions) = (numbers, conditions) }

  /// The numbers that a block changes: half of them, in a window that moves on by one after every second block; the other
  /// half in the block between.
  package func active(in block: Int) -> [Int] {
    let (half, first) = (numbers / 2, block / 2)
    let window = block % 2 == 0 ? 0..<half : half..<numbers
    return window.map { (first + $0) % numbers }.sorted()
  }

  /// The numbers that a block leaves as they are.
  package func passive(in block: Int) -> [Int] {
    let active = Set(active(in: block))
    return (0..<numbers).filter { !active.contains($0) }
  }

  /// What a block's scales and shifts are made of.
  package func inputs(of block: Int) -> Int { numbers - active(in: block).count + conditions }

  /// The most outputs of a block: a scale and a shift of each number.
  package var outputs: Int { 2 * ((numbers + 1) / 2) }
}
