import Experiment
import Testing

@testable import Study

@Suite struct SelectionTests {
  private static let plan: SweepPlan = {
    let request = DatasetRequest(source: "/data/pions.hdf5", energies: [65536], eventsPerEnergy: 500)
    let labels = [("Classical", "2"), ("2x", "2"), ("2x", "3")]
    return SweepPlan(
      name: "small", seeds: [1, 2],
      variants: labels.enumerated().map { row, name in
        PlannedVariant(
          label: name.0, table: name.1, variant: Variant(generator: .init(hidden: [50 + row, 200])), settings: .init(),
          dataset: request, budget: Budget(checkpoints: 3))
      })
  }()

  @Test(arguments: [
    ([], [0, 1, 2]), (["2x"], [1, 2]), (["3/2x"], [2]), (["Classical", "3/2x"], [0, 2]),
    ([plan.variants[1].id], [1]), ([plan.variants[0].name], [0]),
  ])
  func `a row is meant by its label, with its table or without, its name or its identity`(
    only: [String], rows: [Int]
  ) throws {
    let selection = Selection(only: only)
    try selection.check(against: Self.plan)
    #expect(Self.plan.variants.indices.filter { selection.selects(Self.plan.variants[$0]) } == rows)
  }

  @Test func `what selects nothing is an error that names what there is`() {
    #expect(throws: InputError("--only: no variant of small is called '4x'; there are Classical, 2x, 2x")) {
      try Selection(only: ["4x"]).check(against: Self.plan)
    }
    #expect(throws: InputError("--seeds: small has no seed 3; it has 1, 2")) {
      try Selection(seeds: [3]).check(against: Self.plan)
    }
  }

  @Test func `a sweep's runs are those of the rows and seeds that are meant, seed by seed; the plan stays whole`() {
    let dataset = DatasetDescription(
      path: "../../datasets/x.h5", sha256: String(repeating: "ab", count: 32), energies: [65536], eventsPerEnergy: 500,
      voxels: 533)
    let whole = PreparedSweep(Self.plan, [Self.plan.variants[0].dataset: dataset])
    #expect(whole.jobs.map(\.seed) == [1, 1, 1, 2, 2, 2])
    let chosen = whole.selecting(Selection(only: ["2x"], seeds: [2]))
    #expect(chosen.jobs.map { whole.labels[$0.run] } == ["2/2x", "3/2x"])
    #expect(chosen.jobs.allSatisfy { $0.seed == 2 })
    #expect(chosen.plan == Self.plan && chosen.datasets == whole.datasets)
  }
}
