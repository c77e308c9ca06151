package import Ansatz

/// The study group's QINN by itself: showers to latents and back by shared weights, trained so that what goes there comes
/// back, and so that latents are normal.
package struct INNSettings: Codable, Hashable, Sendable {
  /// Qubits of each block, and so the numbers that every shower goes through.
  package var qubits = 6
  /// Blocks, one after the other.
  package var blocks = 1
  /// Layers of rotations and CNOTs in each block.
  package var layers = 2
  /// Events of a mini-batch.
  package var batchSize = 256
  /// Adam's rate.
  package var learningRate: Float = 1e-4
  /// The factor of the reconstruction's mean square error, in MeV².
  package var reconstructionWeight: Float = 1
  /// The factor of the latents' distance from normal ones.
  package var latentWeight: Float = 0.1

  /// The group's, but for the qubits of their larger default.
  package init(
    qubits: Int = 6, blocks: Int = 1, layers: Int = 2, batchSize: Int = 256, learningRate: Float = 1e-4,
    reconstructionWeight: Float = 1, latentWeight: Float = 0.1
  ) {
    (self.qubits, self.blocks, self.layers) = (qubits, blocks, layers)
    (self.batchSize, self.learningRate) = (batchSize, learningRate)
    (self.reconstructionWeight, self.latentWeight) = (reconstructionWeight, latentWeight)
  }

  /// The circuit of a block: inputs by RY, turned on by a third of the qubits from block to block; then layers of RZ, RY and
  /// RX on every qubit and a ring of CNOTs.
  /// - Parameters:
  ///   - block: Its number.
  ///   - inverse: Whether what follows the encoding is undone in place of being done.
  /// - Returns: It, without a flaw where the settings have none.
  package func circuit(_ block: Int, inverse: Bool) -> Circuit {
    Circuit(
      qubits: qubits, cnot: qubits > 1 ? [1] : [], repetitions: layers, ring: true, rotations: [.z, .y, .x],
      encoding: .y, inputShift: max(1, qubits / 3) * block % qubits, inverse: inverse)
  }

  /// Why it is none, as a clause naming the key; nil when it is one.
  package var flaw: String? {
    Bounds.flaw("qubits", qubits, 1...Circuit.qubitLimit) ?? Bounds.flaw("blocks", blocks, Bounds.innBlocks)
      ?? Bounds.flaw("layers", layers, Bounds.innLayers) ?? Bounds.flaw("batch_size", batchSize, Bounds.innBatch)
      ?? Bounds.flaw("learning_rate", learningRate, Bounds.learningRate)
      ?? Bounds.flaw("reconstruction_weight", reconstructionWeight, Bounds.penaltyWeight)
      ?? Bounds.flaw("latent_weight", latentWeight, Bounds.penaltyWeight)
  }

  /// Why it cannot be trained at these energies, as a clause; nil when it can.
  package func flaw(energies: Int) -> String? {
    energies == 1 ? nil : "\(energies) incident energies: a QINN by itself is told none, and makes MeV; give it one"
  }

  /// The trained numbers but for the circuits' angles.
  package func parameterCount(voxels: Int) -> Int { voxels * qubits + qubits + qubits * voxels + voxels }

  /// The trained angles of all blocks; there and back share them.
  package var angleCount: Int { blocks * circuit(0, inverse: false).angleCount }

  /// A variant's `canonical`; what is at its default is left out.
  var canonical: String {
    (["qinn by itself"] + departures.map { "\($0.key) \($0.value)" }).joined(separator: ", ")
  }

  /// A variant's `name`: `qinn`, `qinn-qubits4`.
  var name: String { (["qinn"] + departures.map { "\($0.key)\($0.value)" }).joined(separator: "-") }

  private var departures: [(key: String, value: String)] {
    let usual = INNSettings()
    return [
      ("qubits", "\(qubits)", "\(usual.qubits)"), ("blocks", "\(blocks)", "\(usual.blocks)"),
      ("layers", "\(layers)", "\(usual.layers)"), ("batch", "\(batchSize)", "\(usual.batchSize)"),
      ("rate", "\(learningRate)", "\(usual.learningRate)"),
      ("reconstruction", "\(reconstructionWeight)", "\(usual.reconstructionWeight)"),
      ("latents", "\(latentWeight)", "\(usual.latentWeight)"),
    ].filter { $0.1 != $0.2 }.map { ($0.0, $0.1) }
  }
}
