import Ansatz
import Experiment
import Foundation
import GRDB

/// Puts values into the ledger's tables, in one transaction.
struct RowWriter {
  let db: Database

  /// Puts one row in.
  /// - Precondition: `fields` has the table's columns, in their order.
  func insert(_ table: Table, _ fields: Fields) throws {
    precondition(fields.names == table.columnNames, "\(table.name): the columns are \(fields.names)")
    let statement = try db.cachedStatement(sql: table.insertion)
    statement.setUncheckedArguments(StatementArguments(fields.values))
    try statement.execute()
  }

  func insert(_ sweep: RecordedSweep) throws {
    let plan = sweep.plan
    try insert(
      Schema.sweeps,
      [
        "name": plan.name, "source": sweep.source, "seeds": list(plan.seeds.map { Int64(bitPattern: $0) }),
        "variants": plan.variants.count,
      ])
    let prepared = Dictionary(sweep.datasets.map { ($0.request, $0.dataset) }, uniquingKeysWith: { $1 })
    for dataset in prepared.values { try insert(dataset) }
    let partners = Equivalence(plan).partners
    for (position, row) in plan.variants.enumerated() {
      let partner = partners[position]
      let variant = try insert(row.trained)
      let dataset = prepared[row.dataset]
      try insert(
        Schema.sweepVariants,
        [
          "sweep": plan.name, "position": position, "id": row.id, "paper_table": row.table, "label": row.label,
          "name": row.name, "variant": variant, "skip": row.skip, "baseline": row.baseline, "reference": row.reference,
          "same_family_as": partner.map { plan.variants[$0.index].id }, "same_because": partner?.reason,
          "source": row.dataset.source, "energies": list(row.dataset.energies),
          "events_per_energy": row.dataset.eventsPerEnergy, "dataset": dataset?.sha256,
          "budget_checkpoints": row.budget.checkpoints, "budget_seconds": row.budget.trainingSeconds,
        ])
      guard row.skip == nil, let dataset else { continue }
      for seed in plan.seeds(of: row) {
        let run = row.trained.runID(seed: seed, dataset: dataset)
        try insert(
          Schema.sweepRuns,
          ["sweep": plan.name, "position": position, "seed": Int64(bitPattern: seed), "run": run])
        // What a job description says of the run stays.
        guard try !Ledger.has(run: run, db) else { continue }
        try insertRun(
          run, variant: variant, architecture: row.variant, seed: seed, dataset: dataset, described: false,
          budget: Budget())
      }
    }
  }

  func insert(_ job: JobDescription) throws {
    try insert(job.dataset)
    let variant = try insert(job.trained)
    try insertRun(
      job.run, variant: variant, architecture: job.variant, seed: job.seed, dataset: job.dataset, described: true,
      budget: job.budget)
  }

  private func insertRun(
    _ run: String, variant: String, architecture: Variant, seed: UInt64, dataset: DatasetDescription, described: Bool,
    budget: Budget
  ) throws {
    try insert(
      Schema.runs,
      [
        "id": run, "variant": variant, "seed": Int64(bitPattern: seed), "dataset": dataset.sha256,
        "generator_parameters": architecture.generatorParameters(
          voxels: dataset.voxels, energies: dataset.energies.count,
          geometry: dataset.kind.geometry(voxels: dataset.voxels)),
        "discriminator_parameters": architecture.discriminatorParameters(voxels: dataset.voxels),
        "described": described, "budget_checkpoints": budget.checkpoints, "budget_seconds": budget.trainingSeconds,
      ])
  }

  private func insert(_ dataset: DatasetDescription) throws {
    try insert(
      Schema.datasets,
      [
        "sha256": dataset.sha256, "energies": list(dataset.energies), "events_per_energy": dataset.eventsPerEnergy,
        "voxels": dataset.voxels, "particle": dataset.kind.particle.rawValue,
        "geometry": dataset.kind.geometry(voxels: dataset.voxels)?.builtIn?.rawValue,
        "energy_bins": dataset.energyBins.map { list($0.edges) },
      ])
  }

  /// - Returns: The identity of the architecture with its settings.
  private func insert(_ trained: TrainedVariant) throws -> String {
    let (variant, settings, id) = (trained.variant, trained.settings, trained.id)
    let identity: Fields = [
      "id": id, "name": trained.name, "canonical": variant.canonical,
      "departures": trained.departures.joined(separator: "; "),
    ]
    try insert(
      Schema.variants,
      identity + Fields(variant) + Fields(variant.discriminator) + Fields(settings))
    return id
  }
}

extension Fields {
  /// What generates.
  fileprivate init(_ variant: Variant) {
    let generator = variant.generator
    let (circuit, measurement, stage) = (
      variant.circuit ?? generator.circuits.first, generator.measurement, generator.qinn
    )
    let hasBlocks = stage != nil || variant.coupling != nil || variant.inn != nil
    let blockKind: QINNSettings.BlockKind = circuit == nil ? .dense : .circuit
    func has(_ distance: Int) -> Bool? { circuit.map { $0.cnot.contains(distance) } }
    self = [
      "kind": variant.kind.rawValue, "quantum": circuit != nil, "qubits": circuit?.qubits,
      "cnot": circuit.map { list($0.cnot) }, "cnot1": has(1),
      "cnot2": has(2), "cnot3": has(3), "cnot4": has(4), "rz": circuit?.rz,
      "rotations": circuit.map { $0.rotations.map(\.rawValue).joined(separator: ",") },
      "encoding": circuit?.encoding.rawValue, "input_shift": circuit?.inputShift, "inverse": circuit?.inverse,
      "repetitions": circuit?.repetitions, "cnot_order": circuit?.order.rawValue, "ring": circuit?.ring,
      "reupload": circuit?.reupload,
      "train_angles": circuit.map { _ in generator.trainAngles && generator.qinn?.training != .frozenStraightThrough },
      "circuit_parameters": variant.angleCount,
      "blocks": stage?.blocks ?? variant.coupling?.blocks ?? variant.inn?.blocks,
      "blocks_of": hasBlocks ? blockKind.rawValue : nil,
      "qinn_direction": stage?.direction.rawValue, "qinn_training": stage?.training.rawValue,
      "shots": measurement?.shots, "noise": measurement?.noiseName,
      "trajectories": measurement.flatMap { $0.isNoisy ? $0.trajectories : nil },
      "angle_gradient": measurement?.gradient.rawValue,
      "latent": generator.latent, "conditioned": generator.conditioned, "hidden": list(generator.hidden),
      "features": generator.features.rawValue,
    ]
  }

  fileprivate init(_ discriminator: DiscriminatorArchitecture) {
    let circuit = discriminator.circuit
    self = [
      "discriminator_hidden": list(discriminator.hidden), "discriminator_quantum": circuit != nil,
      "discriminator_qubits": circuit?.qubits, "discriminator_cnot": circuit.map { list($0.cnot) },
      "discriminator_rz": circuit?.rz, "discriminator_repetitions": circuit?.repetitions,
      "discriminator_readout": circuit.map { _ in list(discriminator.readout) },
      "discriminator_final_dense": circuit.map { _ in discriminator.finalDense },
      "discriminator_output_scale": circuit.map { _ in decimal(discriminator.outputScale) },
    ]
  }

  fileprivate init(_ settings: TrainingSettings) {
    self = [
      "latent_mean": decimal(settings.latentMean), "latent_std": decimal(settings.latentSpread),
      "penalty_weight": decimal(settings.penaltyWeight), "penalty_at": settings.penaltyAt.rawValue,
      "discriminator_steps": settings.discriminatorSteps, "batch_size": settings.batchSize,
      "generator_learning_rate": decimal(settings.generatorLearningRate),
      "discriminator_learning_rate": decimal(settings.discriminatorLearningRate), "beta1": decimal(settings.beta1),
      "beta2": decimal(settings.beta2), "epsilon": decimal(settings.epsilon),
      "checkpoint_interval": settings.checkpointInterval, "angles": settings.angles.rawValue,
      "kernels": settings.kernels.rawValue, "circuit_input_scale": decimal(settings.circuitInputScale),
      "affine": settings.affine,
    ]
  }
}

/// `1,2`: whole numbers without a point.
func list(_ values: [some BinaryInteger]) -> String { values.map { "\($0)" }.joined(separator: ",") }
func list(_ energies: [Double]) -> String { energyNames(energies, separator: ",") }

/// The decimal that a person wrote for it: 0.0001, not 9.999999747378752e-05.
func decimal(_ value: Float) -> Double { Double("\(value)") ?? Double(value) }
