import Ansatz
import Experiment
import Testing

@Suite struct QINNSettingsTests {
  private func variant(_ qinn: QINNSettings?, latent: Int = 10) -> Variant {
    Variant(generator: .init(latent: latent, hidden: [50, 200], qinn: qinn))
  }

  @Test func `what is at its default is neither in the name nor in the identity`() {
    #expect(variant(.init()).name == "qinn-50-200")
    #expect(variant(.init()).canonical == "generator: qinn, hidden [50, 200]")
    let other = variant(
      .init(
        qubits: 8, layers: 3, blocks: 1, outputs: 50, direction: .forward, training: .frozenStraightThrough,
        blocksOf: .dense))
    #expect(other.name == "qinn-q8-x3-b1-o50-forward-dense-frozen-50-200")
    #expect(
      other.canonical
        == "generator: qinn(qubits 8, layers 3, blocks 1, outputs 50, direction forward, blocks_of dense, "
        + "training frozen_straight_through), hidden [50, 200]")
    #expect(variant(nil).canonical == "generator: classical, hidden [50, 200]")
  }

  @Test func `its circuits are the group's blocks, the last one first and undone from latents to data`() {
    let circuits = QINNSettings(qubits: 6, layers: 2, blocks: 3).circuits
    #expect(circuits.map(\.inputShift) == [4, 2, 0] && circuits.allSatisfy { $0.inverse && $0.ring })
    #expect(circuits.allSatisfy { $0.rotations == [.z, .y, .x] && $0.encoding == .y && $0.repetitions == 2 })
    let forward = QINNSettings(qubits: 2, blocks: 3, direction: .forward).circuits
    #expect(forward.map(\.inputShift) == [0, 1, 0] && forward.allSatisfy { !$0.inverse && $0.cnots.count == 2 })
    #expect(QINNSettings(qubits: 1, blocks: 1).circuits[0].flaw == nil)
    #expect(QINNSettings(blocksOf: .dense).circuits.isEmpty)
  }

  @Test func `only what is trained is counted`() {
    let exact = variant(.init()).generator
    #expect(exact.angleCount == 2 * 36)
    // Dense 10 → 6 and 6 → 100, then the layers with their affine.
    #expect(exact.parameterCount(voxels: 533) == 66 + 700 + (100 * 50 + 150) + (50 * 200 + 600) + (200 * 533 + 533))
    let dense = variant(.init(blocksOf: .dense)).generator
    #expect(dense.angleCount == 0 && dense.parameterCount(voxels: 533) == exact.parameterCount(voxels: 533) + 2 * 42)
    let frozen = variant(.init(training: .frozenStraightThrough)).generator
    #expect(frozen.angleCount == 0 && frozen.parameterCount(voxels: 533) == exact.parameterCount(voxels: 533) - 766)
  }

  @Test func `what cannot be one says why`() {
    #expect(variant(.init(qubits: 25)).flaw == "generator: qubits: 25 is not in 1 … 24")
    #expect(variant(.init(layers: 0)).flaw == "generator: layers: 0 is not in 1 … 64")
    #expect(variant(.init(blocks: 17)).flaw == "generator: blocks: 17 is not in 1 … 16")
    #expect(variant(.init(outputs: 0)).flaw?.hasPrefix("generator: outputs: 0 is not in 1") == true)
    var both = variant(.init())
    both.generator.circuit = Circuit()
    #expect(both.flaw == "generator: a QINN stage (qinn) stands in a circuit's place; leave one of them out")
    #expect(variant(.init()).flaw == nil)
  }
}
