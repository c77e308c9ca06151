import Experiment
import Ledger
import Records
import Testing

@testable import Reports

@Suite struct PlanEstimateTests {
  private let request = DatasetRequest(source: "/data/pions.hdf5", energies: [65536], eventsPerEnergy: 1000)
  private let rate = TrainingRate(
    iteration: 0.01, evaluation: 0.5, checkpointing: 0.5, fullBytes: 10_000_000, generatorBytes: 1_000_000)

  private func planned(
    _ label: String, budget: Budget, keep: Retention = .init(), skip: String? = nil, hidden: [Int] = [50, 200]
  ) -> PlannedVariant {
    PlannedVariant(
      label: label, variant: Variant(generator: .init(hidden: hidden)), settings: .init(), dataset: request,
      budget: budget, keep: keep, skip: skip)
  }

  private func estimate(
    _ variants: [PlannedVariant], target: Int? = nil, threads: Int = 1, recorded: [RecordedRate] = []
  ) -> PlanEstimate {
    let shape = TrainingShape(variant: variants[0].variant, settings: .init(), voxels: 533, events: 1000)
    return PlanEstimate(
      SweepPlan(name: "small", seeds: [1, 2], variants: variants), ids: variants.map(\.id), voxels: { _ in 533 },
      samples: [.init(shape: shape, rate: rate)], walltime: 3600, target: target, threads: threads, source: "made up",
      recorded: recorded)
  }

  @Test("Rates of nothing, and the largest budgets, are counted up to a limit")
  func limits() throws {
    let rate = TrainingRate(iteration: 0, evaluation: 0, checkpointing: 0, fullBytes: 1, generatorBytes: 1)
    let budgets = [Budget(trainingSeconds: 315_360_000), Budget(checkpoints: 100_000_000)]
    let variants = budgets.enumerated().map { planned("\($0)", budget: $1, hidden: [5 + $0]) }
    let estimate = PlanEstimate(
      SweepPlan(name: "small", seeds: [1], variants: variants), ids: variants.map(\.id), voxels: { _ in 533 },
      samples: [.init(shape: TrainingShape(variants[0], voxels: 533), rate: rate)], walltime: 3600, target: nil,
      source: "made up", recorded: [])
    #expect(estimate.rows.map { $0?.lastCheckpoint } == [100_000_000, 100_000_000])
    #expect(estimate.rows.map { $0?.withinWalltime } == [1_000_000_000_000_000, 1_000_000_000_000_000])
    #expect(!estimate.table.render(.table).isEmpty)
    // More bytes than an Int counts, of files as large as a journal may say.
    let large = TrainingRate(
      iteration: 0, evaluation: 0, checkpointing: 0, fullBytes: .max >> 8, generatorBytes: .max >> 8)
    let kept = planned("a", budget: budgets[1], keep: .init(full: 1_000_000))
    let row = PlanEstimate(
      SweepPlan(name: "small", seeds: [1], variants: [kept]), ids: [kept.id], voxels: { _ in 533 },
      samples: [.init(shape: TrainingShape(kept, voxels: 533), rate: large)], walltime: 3600, target: nil,
      source: "made up", recorded: []
    ).rows[0]
    #expect(row?.bytes == 1_000_000_000_000_000)
    // A journal of each start, of ten thousand seeds: more than an Int counts.
    let slow = TrainingRate(iteration: 1e30, evaluation: 0, checkpointing: 0, fullBytes: 1, generatorBytes: 1)
    let long = PlanEstimate(
      SweepPlan(name: "small", seeds: (0..<10_000).map(UInt64.init), variants: [kept]), ids: [kept.id],
      voxels: { _ in 533 }, samples: [.init(shape: TrainingShape(kept, voxels: 533), rate: slow)], walltime: 3600,
      target: nil, source: "made up", recorded: [])
    #expect(long.rows[0]?.files ?? 0 > 1_000_000_000_000_000)
    #expect(long.table.render(.csv).contains(",1000000000000000,"))
  }

  @Test("A budget of checkpoints: time, disk and files of the run, and what one start gets done")
  func checkpoints() throws {
    let row = try #require(estimate([planned("a", budget: Budget(checkpoints: 1000), keep: .init(full: 3))]).rows[0])
    // 1000 iterations, an evaluation and a checkpoint; before them checkpoint 0.
    #expect(row.secondsPerCheckpoint == 11)
    #expect(row.withinWalltime == 327)
    #expect(row.lastCheckpoint == 1000 && row.seconds == 11_001)
    #expect(row.bytes == 3 * 10_000_000 + 1001 * 1_000_000)
    #expect(row.files == 3 + 1001 + 2 + 4, "job description, log, and journals of four starts")
    #expect(row.missed == 1000 && row.isMeasured)
  }

  @Test("A budget of training time ends before the checkpoints do, and no generators are kept if none are asked for")
  func time() throws {
    let keep = Retention(full: 2, generatorEvery: 0)
    let variant = planned("a", budget: Budget(checkpoints: 300, trainingSeconds: 2000), keep: keep)
    let row = try #require(estimate([variant]).rows[0])
    #expect(row.lastCheckpoint == 200 && row.seconds == 2201 && row.bytes == 20_000_000)
    // Four seconds more than the last checkpoint's.
    let between = planned("a", budget: Budget(checkpoints: 300, trainingSeconds: 2004), keep: keep)
    #expect(try #require(estimate([between]).rows[0]).seconds == 2205)
    #expect(row.missed == 300)
    #expect(try #require(estimate([variant], target: 200).rows[0]).missed == nil)
    #expect(try #require(estimate([variant], target: 201).rows[0]).missed == 201)
  }

  @Test("The whole counts each run once and leaves out what is skipped; warnings stand beside their rows")
  func whole() {
    let same = planned("a", budget: Budget(checkpoints: 100))
    let table = estimate([same, same, planned("b", budget: Budget(checkpoints: 1), skip: "not today")], target: 400)
      .table
    #expect(table.rows.count == 3)
    #expect(table.rows[2].last == "skipped: not today")
    #expect(table.rows[0].last == "does not reach checkpoint 400 within the walltime")
    #expect(table.notes[0].hasPrefix("2 runs from nothing, one core each: 0.612 core-hours, 0.242 GB, 212 files"))
    #expect(table.notes.contains("No run to compare with is recorded: the error is not known."))
    #expect(table.notes.last == "2 variants do not reach their checkpoint in one start.")
    let one = estimate([
      planned("a", budget: Budget(checkpoints: 100)), planned("b", budget: Budget(checkpoints: 1000)),
    ])
    #expect(one.table.notes.last == "1 variant does not reach its checkpoint in one start.")
  }

  @Test("What is no GAN is known once one of its shape has run, and counts as one then")
  func otherKinds() throws {
    let budget = Budget(checkpoints: 100)
    let coupling = PlannedVariant(
      label: "c", variant: Variant(coupling: .init()), settings: .init(), dataset: request, budget: budget)
    let parametric = PlannedVariant(
      label: "p", variant: Variant(parametric: .init()), settings: .init(), dataset: request, budget: budget)
    let variants = [planned("a", budget: budget), coupling, parametric]
    let unknown = estimate(variants).table
    #expect(
      unknown.rows.map(\.last) == [
        .missing, "only a GAN is timed; known once one of these has run", "fitted at once, in seconds",
      ])
    var slow = rate
    slow.iteration = 0.1
    let run = RecordedRate(
      run: "r", shape: TrainingShape(coupling, voxels: 533), interval: 1000, rate: slow, processor: "EPYC")
    let known = estimate(variants, recorded: [run])
    let row = try #require(known.rows[1])
    #expect(row.secondsPerCheckpoint == 101 && row.seconds == 10_101 && row.isMeasured)
    #expect(known.rows[0] == estimate(variants).rows[0] && known.rows[2] == nil)
    #expect(known.table.notes.contains("No run to compare with is recorded: the error is not known."))
  }

  @Test("Core-hours are of all threads")
  func threads() {
    let variant = planned("a", budget: Budget(checkpoints: 100))
    let (one, two) = (estimate([variant]).table, estimate([variant], threads: 2).table)
    #expect(one.notes[0].contains("one core each: 0.612 core-hours"))
    #expect(two.notes[0].contains("2 cores each: 1.22 core-hours"), "\(two.notes[0])")
    let column = one.columns.firstIndex { $0.key == "core_hours" }
    #expect(column.map { (one.rows[0][$0].text, two.rows[0][$0].text) } ?? ("", "") == ("0.612", "1.22"))
  }

  @Test("The error is that of runs which the estimate was not made from")
  func error() {
    let variant = planned("a", budget: Budget(checkpoints: 100))
    let shape = TrainingShape(variant: variant.variant, settings: .init(), voxels: 533, events: 1000)
    func run(_ name: String, _ iteration: Double) -> RecordedRate {
      var rate = rate
      rate.iteration = iteration
      return RecordedRate(run: name, shape: shape, interval: 1000, rate: rate, processor: "EPYC")
    }
    let notes = estimate([variant], recorded: [run("r", 0.01), run("s", 0.021), run("t", 0.00875)]).table.notes
    // The first is the sample itself.
    #expect(
      notes.contains(
        "Against 2 recorded runs: estimated over real seconds per checkpoint 0.814 (median), 0.500 to 1.13."),
      "\(notes)")
  }
}
