import Ansatz
import Experiment
import Sweeps
import Testing

@Suite struct CouplingSweepTests {
  @Test func `a coupling variant has its own keys, the budget and the interval, and nothing of networks`() throws {
    let plan = try plan(
      frame + """
        training: {batch_size: 20, checkpoint_interval: 50}
        baseline: same-hidden
        variants:
          - {label: Classical}
          - {label: coupling, kind: coupling}
          - label: quantum
            kind: coupling
            coupling: {blocks: 6, circuit: {repetitions: 3, ring: true, reupload: true}, learning_rate: 0.002}
        """)
    let dense = try #require(plan["coupling"])
    #expect(dense.variant == Variant(coupling: .init()) && dense.variant.kind == .coupling)
    #expect(dense.name == "coupling-4-checkpoint_interval=50" && dense.settings.batchSize == 10)
    #expect(dense.budget == plan["Classical"]?.budget && dense.baseline == nil)
    let quantum = try #require(plan["quantum"]?.variant.coupling)
    let circuit = Circuit(qubits: 8, cnot: [1], repetitions: 3, ring: true, reupload: true)
    #expect(quantum == CouplingSettings(blocks: 6, circuit: circuit, learningRate: 0.002))
    #expect(plan["quantum"]?.variant.name == "coupling-ry-rz-cnot1-x3-q8-ring-reupload-blocks6-rate0.002")
    // Whatever networks the sweep has, it is the same model.
    #expect(try Self.id(hidden: "[7]") == Self.id(hidden: "[50, 200]"))
  }

  private static func id(hidden: String) throws -> String? {
    let text = frame.replacing("[50, 200]", with: hidden) + "variants: [{label: a, kind: coupling}]\n"
    return try plan(text)["a"]?.id
  }

  @Test func `a QINN by itself has its own keys, and one energy`() throws {
    let plan = try plan(
      frame + "training.checkpoint_interval: 5\nvariants: [{label: a, kind: qinn, inn: {qubits: 4, layers: 3}}]\n")
    #expect(plan["a"]?.variant == Variant(inn: .init(qubits: 4, layers: 3)))
    #expect(
      plan["a"]?.settings.checkpointInterval == 5 && plan["a"]?.name == "qinn-qubits4-layers3-checkpoint_interval=5")
    #expect(
      try problems(frame.replacing("[65536]", with: "[4096, 65536]") + "variants: [{kind: qinn}]\n")
        == ["1: dataset.energies: 2 incident energies: a QINN by itself is told none, and makes MeV; give it one"])
    #expect(
      try problems(frame + "variants:\n  - {kind: qinn, inn.batch_size: 1}\n").first?.contains("inn.batch_size") == true
    )
  }

  @Test func `a circuit can be taken away again`() throws {
    let text =
      frame + """
        kind: coupling
        coupling.circuit: {repetitions: 2}
        variants: [{label: a}, {label: b, coupling.circuit: none}, {label: c, coupling.circuit.qubits: 9}]
        """
    let circuits = try plan(text).variants.map(\.variant.circuit?.qubits)
    #expect(circuits == [8, nil, 9])
  }

  @Test func `what cannot be trained is named with its line`() throws {
    #expect(
      try problems(frame + "variants:\n  - {kind: coupling, coupling.circuit.repetitions: 0}\n").count == 1)
    #expect(
      try problems(
        frame + "dataset.geometry: dataset_1_pions\nvariants:\n  - kind: coupling\n    coupling.circuit.qubits: 6\n")
        == [
          "7: coupling.circuit.qubits: 6 read-outs are too few for scale and shift of half of 8 numbers; 8 are needed"
        ])
    #expect(
      try problems(frame.replacing("events: 1000", with: "events: 1") + "variants: [{kind: coupling}]\n")
        == ["1: dataset.events: 1 event of each energy are fewer than the 10 that a coupling model takes"])
  }
}
