import Ansatz
import Experiment
import Sweeps
import Testing

@Suite struct QINNSweepTests {
  @Test func `a stage is a group of keys, and none takes it away`() throws {
    let plan = try plan(
      frame + """
        variants:
          - {label: exact, qinn: {}}
          - {label: frozen, qinn: {training: frozen_straight_through}}
          - {label: dense, qinn.blocks_of: dense}
          - label: other
            qinn: {qubits: 4, layers: 1, blocks: 1, outputs: 20, direction: forward}
          - {label: Classical, qinn: none}
        """)
    func stage(_ label: String) -> QINNSettings? { plan[label]?.variant.generator.qinn }
    #expect(stage("exact") == QINNSettings() && stage("Classical") == nil)
    #expect(stage("frozen") == QINNSettings(training: .frozenStraightThrough))
    #expect(stage("dense") == QINNSettings(blocksOf: .dense))
    #expect(stage("other") == QINNSettings(qubits: 4, layers: 1, blocks: 1, outputs: 20, direction: .forward))
    #expect(Set(plan.variants.map(\.id)).count == 5)
  }

  @Test func `a stage of Dense blocks is no classical baseline`() throws {
    let plan = try plan(
      frame + """
        variants:
          - {label: Classical}
          - {label: dense, qinn: {blocks_of: dense}}
          - {label: exact, qinn: {}, baseline: same-hidden}
        """)
    #expect(plan["exact"]?.baseline == plan["Classical"]?.id)
  }

  @Test func `what cannot be is told with its line`() throws {
    #expect(
      try problems(frame + "variants: [{qinn: {}, circuit: {}}]\n") == [
        "4: circuit: a QINN stage (qinn) stands in a circuit's place; leave one of them out"
      ])
    #expect(
      try problems(frame + "variants: [{qinn: {training: never}}]\n") == [
        "4: qinn.training: never is not one of exact, frozen_straight_through"
      ])
    #expect(try problems(frame + "variants: [{qinn: 3}]\n") == ["4: qinn: 3 is not a group of keys"])
  }
}
