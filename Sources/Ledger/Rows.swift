internal import Ansatz
internal import Experiment
internal import Foundation
internal import GRDB
import Storage

/// Puts values into the ledger's tables, in one transaction.
///
/// Each method's values stand in the order of the table's columns.
struct Rows {
  let db: Database

  func insert(_ table: Table, _ values: [(any DatabaseValueConvertible)?]) throws {
    precondition(values.count == table.columns.count, "\(table.name): \(values.count) values")
    let statement = try db.cachedStatement(sql: table.insertion)
    statement.setUncheckedArguments(StatementArguments(values))
    try statement.execute()
  }

  func insert(_ sweep: RecordedSweep) throws {
    let plan = sweep.plan
    try insert(
      Schema.sweeps, [plan.name, sweep.source, list(plan.seeds.map { Int64(bitPattern: $0) }), plan.variants.count])
    let prepared = Dictionary(sweep.datasets.map { ($0.request, $0.dataset) }, uniquingKeysWith: { $1 })
    for dataset in prepared.values { try insert(dataset) }
    let partners = Equivalence(plan).partners
    for (position, row) in plan.variants.enumerated() {
      let partner = partners[position]
      let variant = try insert(row.variant, row.settings)
      let dataset = prepared[row.dataset]
      try insert(
        Schema.sweepVariants,
        [
          plan.name, position, row.id, row.table, row.label, row.name, variant, row.skip, row.baseline, row.reference,
          partner.map { plan.variants[$0.index].id }, partner?.reason, row.dataset.source,
          list(row.dataset.energies), row.dataset.eventsPerEnergy, dataset?.sha256,
          row.budget.checkpoints, row.budget.trainingSeconds,
        ])
      guard row.skip == nil, let dataset else { continue }
      for seed in plan.seeds {
        let run = JobDescription.runID(variant: row.variant, settings: row.settings, seed: seed, dataset: dataset)
        try insert(Schema.sweepRuns, [plan.name, position, Int64(bitPattern: seed), run])
        // What a job description says of the run stays.
        guard try !exists(run: run) else { continue }
        try insertRun(
          run, variant: variant, architecture: row.variant, seed: seed, dataset: dataset, described: false,
          budget: Budget())
      }
    }
  }

  func insert(_ job: JobDescription) throws {
    try insert(job.dataset)
    let variant = try insert(job.variant, job.settings)
    try insertRun(
      job.run, variant: variant, architecture: job.variant, seed: job.seed, dataset: job.dataset, described: true,
      budget: job.budget)
  }

  func exists(run: String) throws -> Bool {
    let statement = try db.cachedStatement(sql: "SELECT 1 FROM runs WHERE id = ?")
    return try Int.fetchOne(statement, arguments: [run]) != nil
  }

  private func insertRun(
    _ run: String, variant: String, architecture: Variant, seed: UInt64, dataset: DatasetDescription, described: Bool,
    budget: Budget
  ) throws {
    try insert(
      Schema.runs,
      [
        run, variant, Int64(bitPattern: seed), dataset.sha256,
        architecture.generator.parameterCount(voxels: dataset.voxels),
        architecture.discriminator.parameterCount(voxels: dataset.voxels), described, budget.checkpoints,
        budget.trainingSeconds,
      ])
  }

  private func insert(_ dataset: DatasetDescription) throws {
    try insert(
      Schema.datasets, [dataset.sha256, list(dataset.energies), dataset.eventsPerEnergy, dataset.voxels])
  }

  /// - Returns: The identity of the architecture with its settings.
  private func insert(_ variant: Variant, _ settings: TrainingSettings) throws -> String {
    let departures = settings.departures
    let id = SHA256.hexDigest(
      of: ([variant.canonical] + departures.map { "setting: \($0)" }).joined(separator: "\n"), digits: 12)
    let (generator, discriminator) = (variant.generator, variant.discriminator)
    let (circuit, judge) = (generator.circuit, discriminator.circuit)
    let name = ([variant.name] + departures.map { $0.replacing(" ", with: "=") }).joined(separator: "-")
    let distances = (1...4).map { distance in circuit.map { $0.cnot.contains(distance) } }
    try insert(
      Schema.variants,
      [
        id, name, variant.canonical, departures.joined(separator: "; "),
        circuit != nil, circuit?.qubits, circuit.map { list($0.cnot) },
        distances[0], distances[1], distances[2], distances[3],
        circuit?.rz, circuit?.repetitions, circuit?.order.rawValue, circuit?.ring, circuit?.reupload,
        circuit.map { _ in generator.trainAngles }, generator.angleCount,
        generator.latent, generator.conditioned, list(generator.hidden), generator.features.rawValue,
        list(discriminator.hidden), judge != nil, judge?.qubits, judge.map { list($0.cnot) }, judge?.rz,
        judge?.repetitions, judge.map { _ in list(discriminator.readout) }, judge.map { _ in discriminator.finalDense },
        judge.map { _ in decimal(discriminator.outputScale) },
        decimal(settings.latentMean), decimal(settings.latentSpread), decimal(settings.penaltyWeight),
        settings.penaltyAt.rawValue, settings.discriminatorSteps, settings.batchSize,
        decimal(settings.generatorLearningRate), decimal(settings.discriminatorLearningRate), decimal(settings.beta1),
        decimal(settings.beta2), decimal(settings.epsilon), settings.checkpointInterval, settings.angles.rawValue,
        settings.kernels.rawValue, decimal(settings.circuitInputScale), settings.affine,
      ])
    return id
  }
}

/// `1,2`: whole numbers without a point.
func list(_ values: [some BinaryInteger]) -> String { values.map { "\($0)" }.joined(separator: ",") }
func list(_ values: [Double]) -> String {
  values.map { Int64(exactly: $0).map { "\($0)" } ?? "\($0)" }.joined(separator: ",")
}

/// The decimal that a person wrote for it: 0.0001, not 9.999999747378752e-05.
func decimal(_ value: Float) -> Double { Double("\(value)") ?? Double(value) }
