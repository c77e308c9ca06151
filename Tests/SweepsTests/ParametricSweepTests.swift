import Experiment
import Sweeps
import Testing

@Suite struct ParametricSweepTests {
  @Test func `a parametric variant has nothing of networks, training and budget`() throws {
    let plan = try plan(
      frame + """
        training: {batch_size: 20, checkpoint_interval: 50}
        baseline: same-hidden
        variants:
          - {label: Classical}
          - {label: parametric, kind: parametric}
          - {label: coarse, kind: parametric, parametric: {bins: 2, components: 3, quantiles: 5}}
        """)
    let parametric = try #require(plan["parametric"])
    #expect(parametric.variant == Variant(parametric: .init()))
    #expect(parametric.name == "parametric")
    #expect(parametric.budget == Budget(checkpoints: 1) && parametric.settings.checkpointInterval == 1)
    #expect(parametric.baseline == nil && plan["Classical"]?.baseline != nil)
    #expect(plan["coarse"]?.variant.parametric == ParametricSettings(bins: 2, components: 3, quantiles: 5))
    #expect(plan["Classical"]?.variant.parametric == nil)
    // Whatever networks the sweep has, it is the same fit.
    #expect(try Self.id(hidden: "[7]") == parametric.id)
  }

  private static func id(hidden: String) throws -> String? {
    let text = frame.replacing("[50, 200]", with: hidden) + "variants: [{label: parametric, kind: parametric}]\n"
    return try plan(text)["parametric"]?.id
  }

  @Test func `a grid has kinds, and networks make no more of a parametric one`() throws {
    let grid = frame + "grid: {kind: [gan, parametric]}\n"
    #expect(try plan(grid).variants.map(\.name) == ["classical-50-200", "parametric"])
    let twice = frame + "grid: {kind: [parametric], circuit.rz: [false, true]}\n"
    #expect(
      try problems(twice) == [
        "4: grid: two points are the same variant, parametric; are values repeated, or does one key undo another?"
      ])
  }

  @Test func `a rule about networks leaves a parametric variant alone`() throws {
    let plan = try plan(
      frame + """
        skip: [{where: {hidden: [50, 200]}, reason: not now}, {where: {parametric.bins: 3}, reason: too coarse}]
        variants: [{label: a}, {label: b, kind: parametric}, {label: c, kind: parametric, parametric.bins: 3}]
        """)
    #expect(plan.variants.map(\.skip) == ["not now", nil, "too coarse"])
  }

  @Test func `what cannot be fitted is named with its line`() throws {
    #expect(
      try problems(frame + "variants:\n  - {kind: fit}\n") == [
        "5: kind: fit is not one of gan, parametric, coupling, qinn"
      ])
    #expect(
      try problems(frame + "variants:\n  - kind: parametric\n    parametric.bins: 501\n")
        == [
          "4: dataset.events: 1000 events of each energy are fewer than two for each of the 501 bins (parametric.bins)"
        ].map { $0.replacing("4:", with: "1:") })
    #expect(try problems(frame + "parametric: {quantiles: 1}\nvariants: [{}]\n").count == 1)
  }
}
