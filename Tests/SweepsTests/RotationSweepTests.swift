import Ansatz
import Experiment
import Sweeps
import Testing

@Suite struct RotationSweepTests {
  @Test func `a circuit's rotations, encoding and inputs are keys, and change what is trained`() throws {
    let plan = try plan(
      frame + """
        circuit: {cnot: [1], repetitions: 2}
        latent: 6
        variants:
          - label: study
          - label: block
            circuit: {rotations: [z, y, x], encoding: y, ring: true, input_shift: 2}
          - label: critic
            discriminator: {hidden: [20, 4], circuit: {rotations: [x], encoding: y}}
        """)
    let circuits = plan.variants.map(\.variant.generator.circuit)
    #expect(circuits[0] == Circuit(qubits: 6, cnot: [1], repetitions: 2))
    #expect(
      circuits[1]
        == Circuit(
          qubits: 6, cnot: [1], repetitions: 2, ring: true, rotations: [.z, .y, .x], encoding: .y, inputShift: 2))
    #expect(plan.variants[2].variant.discriminator.circuit == Circuit(qubits: 4, rotations: [.x], encoding: .y))
    #expect(plan.variants[1].name.hasPrefix("rz-ry-rx-cnot1-x2-q6-ring-ency-shift2-"))
    #expect(
      plan.variants[1].variant.canonical.hasPrefix(
        "generator: circuit(qubits 6, cnot [1], rotations zyx, repetitions 2, ring, encoding y, input shift 2)"))
    #expect(Set(plan.variants.map(\.id)).count == 3)
  }

  @Test func `what cannot be is told with its line`() throws {
    let found = try problems(
      frame + """
        variants:
          - circuit: {rz: true, rotations: [z, y]}
          - circuit: {rotations: [z, z]}
          - circuit: {encoding: z}
          - circuit: {input_shift: 10}
          - circuit: {rotations: [w]}
        """)
    #expect(found.contains { $0.contains("circuit.rotations: rz and rotations both say what turns") })
    #expect(found.contains { $0.contains("z is not one of x, y") })
    #expect(found.contains { $0.contains("w is not one of x, y, z") })
    let later = try problems(
      frame + """
        variants:
          - circuit: {rotations: [z, z]}
          - circuit: {input_shift: 10}
        """)
    #expect(later.contains { $0.contains("circuit.rotations: z twice in a row is one rotation; name it once") })
    #expect(later.contains { $0.contains("circuit.input_shift: 10 is not in 0 … 9") })
  }
}
