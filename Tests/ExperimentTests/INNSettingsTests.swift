import Ansatz
import Experiment
import Testing

@Suite struct INNSettingsTests {
  @Test func `a QINN by itself has an identity of its own keys`() throws {
    let usual = Variant(inn: .init())
    #expect(usual.canonical == "qinn by itself" && usual.name == "qinn" && usual.kind == .qinn)
    let other = Variant(
      inn: .init(qubits: 4, blocks: 3, layers: 1, batchSize: 32, learningRate: 0.001, latentWeight: 1))
    #expect(
      other.canonical == "qinn by itself, qubits 4, blocks 3, layers 1, batch 32, rate 0.001, latents 1.0")
    #expect(usual.angleCount == 36 && other.angleCount == 36)
    #expect(usual.generatorParameters(voxels: 533, energies: 1, geometry: nil) == 533 * 12 + 6 + 533)
    let again: Variant = try CanonicalJSON.value(from: CanonicalJSON.data(other))
    #expect(again == other)
    #expect(!String(decoding: try CanonicalJSON.data(Variant()), as: UTF8.self).contains("inn"))
  }

  @Test func `a block is the group's, its inputs turned on by a third of the qubits`() {
    let settings = INNSettings(blocks: 4)
    let circuits = (0..<4).map { settings.circuit($0, inverse: $0 % 2 == 1) }
    #expect(circuits.map(\.inputShift) == [0, 2, 4, 0] && circuits.map(\.inverse) == [false, true, false, true])
    #expect(circuits.allSatisfy { $0.flaw == nil && $0.ring && $0.rotations == [.z, .y, .x] && $0.encoding == .y })
    #expect(INNSettings(qubits: 1).circuit(0, inverse: false).flaw == nil)
  }

  @Test func `what cannot be trained is refused with the key`() {
    #expect(INNSettings().flaw == nil && INNSettings().flaw(energies: 1) == nil)
    #expect(INNSettings(qubits: 25).flaw == "qubits: 25 is not in 1 … 24")
    #expect(INNSettings(blocks: 0).flaw == "blocks: 0 is not in 1 … 16")
    #expect(INNSettings(layers: 0).flaw == "layers: 0 is not in 1 … 64")
    #expect(INNSettings(batchSize: 1).flaw == "batch_size: 1 is not in 2 … 4096")
    #expect(
      INNSettings().flaw(energies: 2)
        == "2 incident energies: a QINN by itself is told none, and makes MeV; give it one")
    var both = Variant(inn: .init())
    both.generator.hidden = [5]
    #expect(both.flaw == "inn: a QINN by itself has no other networks")
  }
}
