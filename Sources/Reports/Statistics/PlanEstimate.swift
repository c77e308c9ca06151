package import Experiment
package import Ledger
import Records

/// What a plan would cost: time, disk and files of each variant and of the whole.
package struct PlanEstimate {
  /// One variant of the plan; nil for a skipped one.
  package struct Row: Hashable, Sendable {
    /// Wall clock seconds from one checkpoint to the next, its evaluation and its files included.
    package var secondsPerCheckpoint: Double
    /// Checkpoints after the first that one start gets done within the walltime.
    package var withinWalltime: Int
    /// The last checkpoint of the budget.
    package var lastCheckpoint: Int?
    /// Wall clock seconds of one run, all its starts together.
    package var seconds: Double?
    /// The bytes of one run, at its end.
    package var bytes: Int?
    /// The files of one run, at its end.
    package var files: Int?
    /// Whether the shape was measured, not only fitted.
    package var isMeasured: Bool
    /// The checkpoint that was asked for and is not reached within the walltime.
    package var missed: Int?
  }

  /// The estimates of the plan's variants, in its order; nil for a skipped one and for what nothing is known of.
  package let rows: [Row?]
  private let plan: SweepPlan
  private let ids: [String]
  private let walltime: Double
  private let threads: Int
  private let source: String
  private let errors: [Double]

  /// - Parameters:
  ///   - plan: The sweep whose cost is estimated.
  ///   - ids: Of the plan's variants: rows of the same are trained once.
  ///   - voxels: Per shower, of a variant's data.
  ///   - samples: What trainings were measured to take.
  ///   - walltime: Seconds of one start, of which its margin is not used for training.
  ///   - target: The checkpoint to be reached within it; nil for that of each variant's budget.
  ///   - threads: Of each run, each on a core.
  ///   - source: Where the rates are from, for a sentence.
  ///   - recorded: Runs to hold the estimate against.
  package init(
    _ plan: SweepPlan, ids: [String], voxels: (DatasetRequest) -> Int, samples: [CostModel.Sample], walltime: Double,
    target: Int?, threads: Int = 1, source: String, recorded: [RecordedRate]
  ) {
    (self.plan, self.ids, self.walltime, self.threads, self.source) = (plan, ids, walltime, threads, source)
    // Of other kinds than GANs only what has run is known.
    let others = recorded.filter { $0.shape.variant.kind != .gan }.map {
      CostModel.Sample(shape: $0.shape, rate: $0.rate)
    }
    let model = CostModel(samples.filter { $0.shape.variant.kind == .gan } + others)
    var rates: [TrainingShape: TrainingRate] = [:]
    rows = plan.variants.map { variant in
      guard variant.skip == nil else { return nil }
      let shape = TrainingShape(variant, voxels: voxels(variant.dataset))
      guard let rate = rates[shape] ?? model.rate(of: shape) else { return nil }
      rates[shape] = rate
      return Row(variant, rate, isMeasured: model.isKnown(shape), walltime: walltime, target: target)
    }
    errors = recorded.compactMap { run in
      // A recorded run does not bear witness for itself.
      let sample = CostModel.Sample(shape: run.shape, rate: run.rate)
      let others = samples.filter { $0 != sample }
      guard let expected = CostModel(others).rate(of: run.shape), run.shape.variant.kind == .gan else { return nil }
      return expected.perCheckpoint(interval: run.interval) / run.rate.perCheckpoint(interval: run.interval)
    }.sorted()
  }

  /// The shapes of a plan's variants, but for skipped ones and what is no GAN.
  package static func shapes(of plan: SweepPlan, voxels: (DatasetRequest) -> Int) -> Set<TrainingShape> {
    var shapes: Set<TrainingShape> = []
    for variant in plan.variants where variant.skip == nil && variant.variant.kind == .gan {
      shapes.insert(TrainingShape(variant, voxels: voxels(variant.dataset)))
    }
    return shapes
  }
}

extension SimulatorKind {
  /// Why there is no estimate of one.
  fileprivate var unknownCost: String {
    self == .parametric ? "fitted at once, in seconds" : "only a GAN is timed; known once one of these has run"
  }
}

extension TrainingShape {
  init(_ planned: PlannedVariant, voxels: Int) {
    self.init(
      variant: planned.variant, settings: planned.settings, voxels: voxels,
      events: planned.dataset.energies.count * planned.dataset.eventsPerEnergy)
  }
}

extension PlanEstimate.Row {
  fileprivate init(
    _ planned: PlannedVariant, _ rate: TrainingRate, isMeasured: Bool, walltime: Double, target: Int?
  ) {
    self.isMeasured = isMeasured
    let interval = planned.settings.checkpointInterval
    secondsPerCheckpoint = rate.perCheckpoint(interval: interval)
    // Checkpoint 0 is evaluated and written before anything is trained.
    let first = rate.evaluation + rate.checkpointing
    withinWalltime = max(0, Int(saturating: (walltime - first) / secondsPerCheckpoint))
    guard let length = rate.length(of: planned.budget, interval: interval) else { return }
    let last = length.lastCheckpoint
    lastCheckpoint = last
    seconds = length.seconds
    let generators = planned.keep.generators(through: last)
    let full = min(planned.keep.full, last + 1)
    bytes = Int(saturating: Double(full) * Double(rate.fullBytes) + Double(generators) * Double(rate.generatorBytes))
    // Job description, the worker's log, and a journal of each start.
    files = full + generators + 2 + max(1, Int(saturating: (length.seconds / walltime).rounded(.up)))
    let wanted = target ?? planned.budget.checkpoints
    // A checkpoint to reach is missed where the time is used up before it, too.
    let byTime = rate.length(of: Budget(trainingSeconds: planned.budget.trainingSeconds), interval: interval)
    missed = wanted.flatMap { $0 > min(withinWalltime, byTime?.lastCheckpoint ?? .max) ? $0 : nil }
  }
}

extension PlanEstimate {
  /// The estimate for people and programs.
  package var table: TextTable {
    let hasTables = plan.variants.contains { !$0.table.isEmpty }
    var columns: [Column] = [
      Column("Label", key: "label"), Column(detail: "id"), Column("s/checkpoint", key: "seconds_per_checkpoint"),
      Column("In the walltime", key: "checkpoints_in_walltime"), Column("Budget ends at", key: "last_checkpoint"),
      Column("Core-hours", key: "core_hours"), Column("Disk, MB", key: "disk_mb"), Column("Files", key: "files"),
      Column("By", key: "by"), Column("Warning", key: "warning"),
    ]
    if hasTables { columns.insert(Column("Table", key: "table"), at: 0) }
    let (seeds, cores) = (Double(plan.seeds.count), Double(threads))
    let cells = zip(plan.variants, zip(ids, rows)).map { planned, row -> [Cell] in
      var cells: [Cell] = hasTables ? [.text(planned.table)] : []
      cells += [.text(planned.label), .text(row.0)]
      guard let row = row.1 else {
        return cells + .init(repeating: .missing, count: 7) + [
          Cell(planned.skip.map { "skipped: \($0)" } ?? planned.variant.kind.unknownCost)
        ]
      }
      return cells + [
        .number(row.secondsPerCheckpoint), .integer(row.withinWalltime), Cell(row.lastCheckpoint),
        Cell(row.seconds.map { $0 * cores * seeds / 3600 }), Cell(row.bytes.map { Double($0) * seeds / 1e6 }),
        Cell(row.files.map { Int(saturating: Double($0) * seeds) }), row.isMeasured ? "measured" : "fit",
        Cell(row.missed.map { "does not reach checkpoint \($0) within the walltime" }),
      ]
    }
    return TextTable(title: "Estimate of \(plan.name)", key: "variants", columns: columns, rows: cells, notes: notes)
  }

  private var notes: [String] {
    // Rows of several tables that are the same variant are one run.
    let trained = Dictionary(zip(ids, rows).compactMap { id, row in row.map { (id, $0) } }, uniquingKeysWith: { $1 })
    func sum(_ value: (Row) -> Double) -> Double {
      trained.values.map(value).sorted().reduce(0, +) * Double(plan.seeds.count)
    }
    func text(_ value: Double) -> String { Cell.number(value).text }
    let runs = trained.count * plan.seeds.count
    var notes = [
      "\(runs) \(runs == 1 ? "run" : "runs") from nothing, \(threads == 1 ? "one core" : "\(threads) cores") each: "
        + "\(text(sum { $0.seconds ?? 0 } * Double(threads) / 3600)) core-hours, "
        + "\(text(sum { Double($0.bytes ?? 0) } / 1e9)) GB, \(Int(saturating: sum { Double($0.files ?? 0) })) files; core-hours, disk "
        + "and files of a row are of all its seeds.",
      "Rates: \(source). A walltime of \(duration(walltime)) is left after the margin.",
    ]
    if errors.isEmpty {
      notes.append("No run to compare with is recorded: the error is not known.")
    } else {
      let count = errors.count
      let median = (errors[(count - 1) / 2] + errors[count / 2]) / 2
      notes.append(
        "Against \(count) recorded \(count == 1 ? "run" : "runs"): estimated over real seconds per checkpoint "
          + "\(text(median)) (median), \(text(errors[0])) to \(text(errors[count - 1]))."
          + ((0.8...1.25).contains(median) ? "" : " `--rates ledger` goes by what the runs took."))
    }
    let missed = rows.count { $0?.missed != nil }
    if missed > 0 {
      notes.append(
        missed == 1
          ? "1 variant does not reach its checkpoint in one start."
          : "\(missed) variants do not reach their checkpoint in one start.")
    }
    return notes
  }
}
