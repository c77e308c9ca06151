import Ansatz
import Experiment
import Foundation
import GRDB
import Records
import Search
import Storage
import TestSupport
import Testing

@testable import Ledger

/// Every column of every table holds a value of its own, written as the programs write it, and is read back by name.
@Suite struct ColumnTests {
  private typealias Expected = [String: (any DatabaseValueConvertible)?]

  private let folder: TemporaryFolder
  private let workspace: Workspace
  private let ledger: Ledger
  private let plan: SweepPlan
  private let dataset = DatasetDescription(
    path: "../../data/a.h5", sha256: String(repeating: "da", count: 32), energies: [4096, 65536.5],
    eventsPerEnergy: 501, voxels: 368,
    kind: ShowerKind(particle: .photon, bins: EnergyBins(edges: [4000, 5000, 70_000])))

  init() throws {
    folder = try TemporaryFolder()
    workspace = Workspace(path: folder("work"))
    ledger = try Ledger(workspace)
    plan = Self.plan
  }

  // MARK: What a sweep says

  /// Flag f of row k: bit k of f, so that no two flags are the same in all rows; 38 is on where flag 9, which it excludes, is off.
  private static func flag(_ number: Int, _ row: Int) -> Bool { number >> row & 1 == 1 }

  /// The decimal of a number that no other setting of the row has.
  private static func decimal(_ number: Int, _ row: Int) -> String { "0.\(number)\(row + 1)" }
  private static func value(_ number: Int, _ row: Int) -> Float { Float(decimal(number, row)) ?? .nan }

  private static func circuit(_ row: Int) -> Circuit {
    Circuit(
      qubits: 8 + row, cnot: [1, 2, 3, 4, 5].filter { $0 == 5 || flag($0, row) }, rz: flag(6, row),
      repetitions: 20 + row, order: flag(7, row) ? .blocked : .interleaved, ring: flag(8, row), reupload: flag(9, row),
      encoding: flag(15, row) ? .y : .x, inputShift: 3 + row, inverse: flag(38, row))
  }

  private static func variant(_ row: Int) -> Variant {
    var generator = GeneratorArchitecture(
      circuit: circuit(row), latent: 30 + row, conditioned: flag(10, row), hidden: [40 + row, 50 + row],
      features: row % 2 == 0 ? .closedForm : .standard, trainAngles: flag(11, row))
    let judge = Circuit(qubits: 60 + row, cnot: [6, 7], rz: flag(12, row), repetitions: 70 + row)
    var discriminator = DiscriminatorArchitecture(
      hidden: [80 + row, 90 + row], circuit: judge, readout: [1, 4 + row], finalDense: flag(13, row),
      outputScale: value(1, row))
    generator.measurement = CircuitMeasurement(
      shots: 120 + row,
      noise: row == 3 ? nil : NoiseModel(everyQubit: .init(readout: .init(oneGivenZero: 0.01 * Double(row + 1)))),
      trajectories: 140 + row, gradient: row == 2 ? .parameterShift : .adjoint)
    if row == 4 { (generator.circuit, generator.measurement) = (nil, nil) }
    if row == 5 { discriminator.circuit = nil }
    return Variant(generator: generator, discriminator: discriminator)
  }

  private static func settings(_ row: Int) -> TrainingSettings {
    var settings = TrainingSettings()
    settings.latentMean = value(2, row)
    settings.latentSpread = value(3, row)
    settings.penaltyWeight = value(4, row)
    settings.penaltyAt = row < 2 ? .real : .interpolated
    settings.discriminatorSteps = 400 + row
    settings.batchSize = 500 + row
    settings.generatorLearningRate = value(5, row)
    settings.discriminatorLearningRate = value(6, row)
    settings.beta1 = value(7, row)
    settings.beta2 = value(8, row)
    settings.epsilon = value(9, row)
    settings.checkpointInterval = 300 + row
    settings.angles = row == 2 ? .zero : .uniform
    settings.kernels = row == 3 ? .heUniform : .glorotUniform
    settings.circuitInputScale = value(10, row)
    settings.affine = flag(14, row)
    return settings
  }

  private static var plan: SweepPlan {
    var plan = SweepPlan(name: "all", seeds: [11, 12], variants: [])
    let request = DatasetRequest(source: "/data/a.h5", energies: [4096, 65536.5], eventsPerEnergy: 501)
    for row in 0..<6 {
      plan.variants.append(
        PlannedVariant(
          label: "label \(row)", table: "table \(row)", variant: variant(row), settings: settings(row),
          dataset: request, budget: Budget(checkpoints: 600 + row, trainingSeconds: 700.5 + Double(row)),
          skip: row == 5 ? "for a reason" : nil, baseline: "baseline \(row)", reference: "reference \(row)"))
    }
    for rz in [false, true] {
      plan.variants.append(
        PlannedVariant(
          label: rz ? "with RZ" : "without", variant: Variant(generator: .init(circuit: Circuit(rz: rz))),
          settings: .init(), dataset: request, budget: Budget()))
    }
    return plan
  }

  private func expectedVariant(_ row: Int) -> Expected {
    let (planned, isQuantum, isJudged) = (plan.variants[row], row != 4, row != 5)
    func flag(_ number: Int) -> Bool { Self.flag(number, row) }
    func value(_ number: Int) -> Double? { Double(Self.decimal(number, row)) }
    let circuit: Expected = [
      "qubits": 8 + row, "cnot": ([1, 2, 3, 4].filter(flag) + [5]).map { "\($0)" }.joined(separator: ","),
      "cnot1": flag(1), "cnot2": flag(2), "cnot3": flag(3), "cnot4": flag(4), "rz": flag(6), "repetitions": 20 + row,
      "cnot_order": flag(7) ? "blocked" : "interleaved", "ring": flag(8), "reupload": flag(9),
      "train_angles": flag(11),
    ]
    let judge: Expected = [
      "discriminator_qubits": 60 + row, "discriminator_cnot": "6,7", "discriminator_rz": flag(12),
      "discriminator_repetitions": 70 + row, "discriminator_readout": "1,\(4 + row)",
      "discriminator_final_dense": flag(13), "discriminator_output_scale": value(1),
    ]
    let turned: Expected = [
      "rotations": flag(6) ? "y,z" : "y", "encoding": flag(15) ? "y" : "x", "input_shift": 3 + row,
      "inverse": flag(38),
    ]
    let measurement = planned.variant.generator.measurement
    let measured: Expected = [
      "shots": isQuantum ? 120 + row : nil, "noise": measurement?.noiseName,
      "trajectories": isQuantum && row != 3 ? 140 + row : nil,
      "angle_gradient": isQuantum ? (row == 2 ? "parameter_shift" : "adjoint") : nil,
    ]
    let others: Expected = [
      "id": planned.trained.id, "name": planned.name, "canonical": planned.variant.canonical,
      "departures": planned.settings.departures.joined(separator: "; "), "quantum": isQuantum,
      "circuit_parameters": isQuantum && flag(11) ? (flag(6) ? 2 : 1) * (8 + row) * (20 + row) : 0,
      "latent": 30 + row, "conditioned": flag(10), "hidden": "\(40 + row),\(50 + row)",
      "features": row % 2 == 0 ? "closed_form" : "standard", "discriminator_hidden": "\(80 + row),\(90 + row)",
      "discriminator_quantum": isJudged, "latent_mean": value(2), "latent_std": value(3), "penalty_weight": value(4),
      "penalty_at": row < 2 ? "real" : "interpolated", "discriminator_steps": 400 + row, "batch_size": 500 + row,
      "generator_learning_rate": value(5), "discriminator_learning_rate": value(6), "beta1": value(7),
      "beta2": value(8), "epsilon": value(9), "checkpoint_interval": 300 + row,
      "angles": row == 2 ? "zero" : "uniform", "kernels": row == 3 ? "he_uniform" : "glorot_uniform",
      "circuit_input_scale": value(10), "affine": flag(14),
    ]
    return others.merging(circuit.mapValues { isQuantum ? $0 : nil }) { $1 }
      .merging(judge.mapValues { isJudged ? $0 : nil }) { $1 }.merging(measured) { $1 }
      .merging(turned.mapValues { isQuantum ? $0 : nil }) { $1 }
      .merging(["kind": "gan", "blocks": nil, "blocks_of": nil, "qinn_direction": nil, "qinn_training": nil]) { $1 }
  }

  @Test func `a sweep's rows, variants, runs and data have each value in its column`() throws {
    try ledger.record(
      plan, source: "sweeps/all.yaml",
      datasets: [RequestedDataset(request: plan.variants[0].dataset, dataset: dataset)])
    try expect(
      "sweeps", [["name": "all", "source": "sweeps/all.yaml", "seeds": "11,12", "variants": 8]])
    try expect(
      "sweep_variants",
      plan.variants.enumerated().map { row, planned in
        [
          "sweep": "all", "position": row, "id": planned.id, "paper_table": planned.table, "label": planned.label,
          "name": planned.name, "variant": planned.trained.id, "skip": row == 5 ? "for a reason" : nil,
          "baseline": row < 6 ? "baseline \(row)" : nil, "reference": row < 6 ? "reference \(row)" : nil,
          "same_family_as": row == 7 ? plan.variants[6].id : nil, "same_because": row == 7 ? "RZ is inert" : nil,
          "source": "/data/a.h5", "energies": "4096,65536.5", "events_per_energy": 501, "dataset": dataset.sha256,
          "budget_checkpoints": row < 6 ? 600 + row : nil, "budget_seconds": row < 6 ? 700.5 + Double(row) : nil,
        ]
      })
    try expect(
      "variants", (0..<6).map(expectedVariant), where: "latent <> 10", orderedBy: "latent",
      areDistinctBut: ["kind", "blocks", "blocks_of", "qinn_direction", "qinn_training"])
    try expect(
      "datasets",
      [
        [
          "sha256": dataset.sha256, "energies": "4096,65536.5", "events_per_energy": 501, "voxels": 368,
          "particle": "photon", "geometry": "dataset_1_photons", "energy_bins": "4000,5000,70000",
        ]
      ])
    let planned = plan.variants[1]
    let run = planned.trained.runID(seed: 12, dataset: dataset)
    try expect(
      "sweep_runs", [["sweep": "all", "position": 1, "seed": 12, "run": run]], where: "run = '\(run)'")
    var expected: Expected = [
      "id": run, "variant": planned.trained.id, "seed": 12, "dataset": dataset.sha256,
      "generator_parameters": planned.variant.generator.parameterCount(voxels: 368),
      "discriminator_parameters": planned.variant.discriminator.parameterCount(voxels: 368), "described": 0,
      "budget_checkpoints": nil, "budget_seconds": nil,
    ]
    try expect("runs", [expected], where: "id = '\(run)'", areDistinct: false)
    try describe(planned, seed: 12)
    try ledger.ingest(run: run)
    expected.merge(["described": 1, "budget_checkpoints": 601, "budget_seconds": 701.5]) { $1 }
    try expect("runs", [expected], where: "id = '\(run)'")
    #expect(try ledger.rows(of: "all")[1] == sweepRow(1))
  }

  /// A row as the tables of results take it.
  private func sweepRow(_ row: Int) throws -> SweepRow {
    let planned = plan.variants[row]
    return SweepRow(
      sweep: "all", position: row, id: planned.id, table: "table \(row)", label: "label \(row)", name: planned.name,
      generatorCircuit: .init(
        rz: Self.flag(6, row), cnot: [1, 2, 3, 4, 5].filter { $0 == 5 || Self.flag($0, row) }, repetitions: 20 + row),
      discriminatorCircuit: .init(rz: Self.flag(12, row), cnot: [6, 7], repetitions: 70 + row),
      hidden: [40 + row, 50 + row], discriminatorHidden: [80 + row, 90 + row],
      departures: planned.settings.departures.joined(separator: "; "), energies: [4096, 65536.5], eventsPerEnergy: 501,
      skip: nil, baseline: "baseline \(row)", reference: "reference \(row)", sameAs: nil, sameBecause: nil,
      runs: [11, 12].map { .init(seed: $0, run: planned.trained.runID(seed: $0, dataset: dataset)) }, shots: 120 + row,
      noise: planned.variant.generator.measurement?.noiseName)
  }

  @discardableResult
  private func describe(_ planned: PlannedVariant, seed: UInt64) throws -> String {
    let job = JobDescription(
      variant: planned.variant, settings: planned.settings, seed: seed, dataset: dataset, budget: planned.budget)
    try folder.write(
      String(decoding: CanonicalJSON.data(job, pretty: true), as: UTF8.self), to: "work/runs/\(job.run)/job.json")
    return job.run
  }

  // MARK: What a journal says

  private let provenance = Provenance(
    binary: String(repeating: "b1", count: 32), commit: "c0ffee+", numericsVersion: 17, host: "node-3",
    processor: "Some CPU", kernels: "avx512", pid: 4321)

  /// Checkpoint 7 of row 1, whose interval is 301.
  private var record: CheckpointRecord {
    var low = EnergyEvaluation(incidentEnergy: 4096, chi2: 30, ndf: 8, meanResponse: 0.71, responseSpread: 0.12)
    var high = EnergyEvaluation(incidentEnergy: 65536.5, chi2: 70, ndf: 20, meanResponse: 0.73, responseSpread: 0.14)
    (low.uncertainty, high.uncertainty) = (0.015, 0.016)
    var evaluation = Evaluation(energies: [low, high])
    evaluation.uncertainty = 0.017
    return CheckpointRecord(
      checkpoint: 7, iteration: 2107,
      full: CheckpointFile(path: "checkpoints/full-7.h5", sha256: String(repeating: "f1", count: 32), bytes: 9001),
      generator: CheckpointFile(path: "checkpoints/gen-7.h5", sha256: String(repeating: "e1", count: 32), bytes: 9002),
      evaluation: evaluation,
      diagnostics: Diagnostics(
        discriminatorLoss: -1.25, generatorLoss: 0.35, penalty: 0.45, discriminatorGradient: 1.55,
        generatorGradient: 2.65, deadVoxels: 0.75,
        inversion: Inversion(reconstruction: 0.43, numbers: 533, rank: 6, least: 0.021, greatest: 3.25)),
      cost: Cost(training: 61.5, evaluation: 62.5, checkpointing: 63.5))
  }

  /// A journal is canonical as the worker writes it; else it has a space, which only the slower decoder reads.
  @Test(arguments: [true, false])
  func `a journal's records have each value in its column`(isCanonical: Bool) throws {
    let run = try describe(plan.variants[1], seed: 12)
    let events: [(time: Double, JournalRecord.Event)] = [
      (
        1001,
        .attemptStarted(
          AttemptStart(
            provenance: provenance, fromCheckpoint: 6, iteration: 1806, notBitIdentical: "another binary",
            dataset: String(repeating: "db", count: 32), threads: 5))
      ),
      (1002, .checkpoint(record)),
      (
        1003,
        .attemptEnded(
          AttemptEnd(
            exit: .resumable, reason: "It was stopped.", iteration: 2110,
            cost: Cost(training: 64.5, evaluation: 65.5, checkpointing: 66.5)))
      ),
      (1004, .notice("Something to know.")),
    ]
    var journal = ""
    for (sequence, (time, event)) in events.enumerated() {
      let record = JournalRecord(run: run, attempt: 2, sequence: sequence, time: time, event: event)
      let line = String(decoding: try CanonicalJSON.data(record), as: UTF8.self)
      journal += (isCanonical ? line : "{ " + line.dropFirst()) + "\n"
    }
    let path = try folder.write(journal + "nothing\n", to: "work/runs/\(run)/journal/attempt-0002.jsonl")
    let modified = 1_700_000_000.5
    try FileManager.default.setAttributes(
      [.modificationDate: Date(timeIntervalSince1970: modified)], ofItemAtPath: path)
    #expect(try ledger.ingest(run: run).records == 4)
    try expectAttempt(of: run)
    try expectCheckpoint(of: run)
    let unreadable = try ledger.reading {
      try String.fetchOne($0, sql: "SELECT text FROM events WHERE kind = 'unreadable'")
    }
    let texts = [
      ("started", "resumed from checkpoint 6 on node-3"), ("ended", "It was stopped."),
      ("notice", "Something to know."),
    ]
    var expected: [Expected] = [
      [
        "run": run, "attempt": 2, "sequence": -5, "time": nil, "kind": "unreadable",
        "text": unreadable,
      ]
    ]
    for ((kind, text), sequence) in zip(texts, [0, 2, 3]) {
      expected.append([
        "run": run, "attempt": 2, "sequence": sequence, "time": 1001.0 + Double(sequence), "kind": kind, "text": text,
      ])
    }
    try expect("events", expected)
    #expect(unreadable?.hasPrefix("journal/attempt-0002.jsonl:5: ") == true)
    let text = Data((journal + "nothing\n").utf8)
    try expect(
      "ingested_files",
      [
        [
          "run": run, "file": "journal/attempt-0002.jsonl", "bytes": text.count, "records": 5, "modified": modified,
          "tail": SHA256.hexDigest(of: Array(text.suffix(1024))),
        ]
      ], where: "file <> 'job.json'")
  }

  private func expectAttempt(of run: String) throws {
    let (reason, difference) = ("It was stopped.", "another binary")
    let data = String(repeating: "db", count: 32)
    try expect(
      "attempts",
      [
        [
          "run": run, "attempt": 2, "started": 1001.0, "last_heard": 1004.0, "ended": 1003.0,
          "exit": ProgramEnd.resumable.rawValue, "reason": reason, "from_checkpoint": 6, "from_iteration": 1806,
          "last_checkpoint": 7, "last_iteration": 2110, "training_seconds": 64.5, "evaluation_seconds": 65.5,
          "checkpointing_seconds": 66.5, "not_bit_identical": difference, "dataset": data,
          "binary_sha256": provenance.binary, "source_commit": "c0ffee+", "numerics_version": 17, "host": "node-3",
          "processor": "Some CPU", "kernels": "avx512", "pid": 4321, "threads": 5,
        ]
      ])
    let attempt = try #require(try ledger.status(of: run).attempts.first)
    #expect(attempt.run == run && attempt.attempt == 2 && attempt.exit == ProgramEnd.resumable.rawValue)
    #expect([attempt.started, attempt.lastHeard, attempt.ended] == [1001, 1004, 1003])
    #expect([attempt.reason, attempt.notBitIdentical, attempt.dataset] == [reason, difference, data])
    #expect(
      [attempt.fromCheckpoint, attempt.fromIteration, attempt.lastCheckpoint, attempt.lastIteration]
        == [6, 1806, 7, 2110])
    #expect(attempt.cost == Cost(training: 64.5, evaluation: 65.5, checkpointing: 66.5))
    #expect(attempt.provenance == provenance && attempt.threads == 5)
  }

  private func expectCheckpoint(of run: String) throws {
    try expect(
      "checkpoints",
      [
        [
          "run": run, "checkpoint": 7, "attempt": 2, "sequence": 1, "time": 1002.0, "iteration": 2107, "chi2": 100.0,
          "ndf": 28, "reduced": 100.0 / 28, "uncertainty": 0.017, "discriminator_loss": -1.25, "generator_loss": 0.35,
          "penalty": 0.45, "discriminator_gradient": 1.55, "generator_gradient": 2.65, "dead_voxels": 0.75,
          "reconstruction": 0.43, "inversion_rank": 6, "inversion_numbers": 533, "least_singular": 0.021,
          "greatest_singular": 3.25,
          "training_seconds": 61.5, "evaluation_seconds": 62.5, "checkpointing_seconds": 63.5,
          "full_path": "checkpoints/full-7.h5", "full_sha256": String(repeating: "f1", count: 32), "full_bytes": 9001,
          "generator_path": "checkpoints/gen-7.h5", "generator_sha256": String(repeating: "e1", count: 32),
          "generator_bytes": 9002,
        ]
      ])
    func evaluation(
      _ energy: Double, _ chi2: Double, _ ndf: Int, _ uncertainty: Double, _ mean: Double, _ spread: Double
    ) -> Expected {
      [
        "run": run, "checkpoint": 7, "attempt": 2, "incident_energy": energy, "chi2": chi2, "ndf": ndf,
        "reduced": chi2 / Double(ndf), "uncertainty": uncertainty, "mean_response": mean, "response_spread": spread,
      ]
    }
    try expect(
      "evaluations",
      [evaluation(4096, 30, 8, 0.015, 0.71, 0.12), evaluation(65536.5, 70, 20, 0.016, 0.73, 0.14)])
  }

  // MARK: Submissions and rehearsals

  @Test func `a submission's and a rehearsal's records have each value in its column`() throws {
    let submission = SubmissionRecord(
      sweep: "demo", site: "lxbatch", schedd: "bigbird21", cluster: 4711, runs: ["a-s1-00", "b-s1-00", "c-s1-00"],
      isDag: true, time: 1_795_459_200.5)
    try folder.write(
      String(decoding: CanonicalJSON.data(submission), as: UTF8.self), to: "work/submissions/demo-1/submitted.json")
    func kill(_ signal: String, _ place: RehearsalRecord.Place) -> RehearsalRecord.Kill {
      .init(signal: signal, seconds: 0.5, place: place)
    }
    let rehearsal = RehearsalRecord(
      run: "d-s1-00", time: 1_795_459_300.5, provenance: provenance, checkpoints: 9,
      kills: [
        kill("KILL", .checkpoint), kill("TERM", .checkpoint), kill("KILL", .training), kill("KILL", .start),
        kill("TERM", .end),
      ], passed: true)
    try folder.write(
      String(decoding: CanonicalJSON.data(rehearsal), as: UTF8.self), to: "work/rehearsals/\(rehearsal.fileName)")
    try folder.write(
      String(decoding: CanonicalJSON.data(LostWork(cores: 2, seconds: ["a-s1-00": 12.5])), as: UTF8.self),
      to: "work/submissions/demo-1/lost.json")
    #expect(try ledger.collect().descriptions == 3)
    try expect(
      "submissions",
      [
        [
          "name": "demo-1", "sweep": "demo", "site": "lxbatch", "schedd": "bigbird21", "cluster": 4711, "procs": 3,
          "dag": true, "time": 1_795_459_200.5,
        ]
      ])
    try expect(
      "submission_runs",
      submission.runs.enumerated().map { ["submission": "demo-1", "proc": $0, "run": $1] })
    try expect(
      "lost_work", [["submission": "demo-1", "run": "a-s1-00", "seconds": 12.5, "cores": 2]])
    try expect(
      "rehearsals",
      [
        [
          "name": rehearsal.fileName, "run": "d-s1-00", "time": 1_795_459_300.5, "passed": true, "checkpoints": 9,
          "kills": 5, "killed": 3, "inside_writes": 2, "binary_sha256": provenance.binary, "source_commit": "c0ffee+",
          "numerics_version": 17, "host": "node-3", "processor": "Some CPU", "kernels": "avx512",
        ]
      ])
  }

  // MARK: Searches

  @Test func `what a search is to do and has decided has each value in its column`() throws {
    let space = SearchSpace([
      Parameter("hidden", .choices(["50, 200", "100"])), Parameter("training.learning_rate", .logUniform(1e-5...1e-3)),
      Parameter("circuit.rz", .choices(["true", "false"]), where: .init("hidden", [1])),
    ])
    let specification = SearchSpecification(
      space: space, method: .tpe(.init()), trials: 60, seed: 7, rungs: [5, 15], factor: 4, replicates: [1, 3],
      objective: Objective(.mean(3)), guardian: .init(grace: 10, share: 0.25), coreHours: 12.5)
    let points: [Point] = [
      ["hidden": 0, "training.learning_rate": 0.0002],
      ["hidden": 1, "training.learning_rate": 0.0003, "circuit.rz": 1],
    ]
    let decisions: [SearchDecision] = [
      .init(trial: 0, rung: 0, cause: .new, point: points[0], reason: "a"),
      .init(trial: 1, rung: 0, cause: .new, point: points[1], reason: "b"),
      .init(trial: 1, rung: 1, cause: .kept, reason: "c"),
    ]
    var record = try SearchRecord(Data(), path: "x")
    var lines = [try record.take(specification, at: 1000.5)]
    for (number, decision) in decisions.enumerated() {
      lines.append(try record.take(decision, at: 1001.5 + Double(number)))
    }
    let text = lines.map { String(decoding: $0, as: UTF8.self) + "\n" }.joined()
    try folder.write(text, to: "work/searches/wanted.jsonl")
    #expect(try ledger.collect().descriptions == 1)
    #expect(try ledger.collect().descriptions == 0)
    try expect(
      "searches",
      [
        [
          "sweep": "wanted", "method": "tpe", "trials": 60, "seed": 7, "factor": 4, "objective": "mean 3", "grace": 10,
          "share": 0.25, "core_hours": 12.5,
        ]
      ])
    try expect(
      "search_rungs",
      [
        ["sweep": "wanted", "rung": 1, "checkpoint": 5, "seeds": 1],
        ["sweep": "wanted", "rung": 2, "checkpoint": 15, "seeds": 3],
      ], areDistinct: false)
    try expect(
      "trials",
      [
        [
          "sweep": "wanted", "trial": 1, "label": "trial 1", "point": "hidden 50, 200, training.learning_rate 0.0002",
          "rung": 1, "started": 1001.5,
        ],
        [
          "sweep": "wanted", "trial": 2, "label": "trial 2",
          "point": "hidden 100, training.learning_rate 0.0003, circuit.rz false", "rung": 2, "started": 1002.5,
        ],
      ], areDistinct: false)
    try expect(
      "trial_values",
      [
        ["sweep": "wanted", "trial": 1, "key": "hidden", "value": "50, 200", "number": nil],
        ["sweep": "wanted", "trial": 1, "key": "training.learning_rate", "value": "0.0002", "number": 0.0002],
        ["sweep": "wanted", "trial": 2, "key": "circuit.rz", "value": "false", "number": nil],
        ["sweep": "wanted", "trial": 2, "key": "hidden", "value": "100", "number": nil],
        ["sweep": "wanted", "trial": 2, "key": "training.learning_rate", "value": "0.0003", "number": 0.0003],
      ])
    try expect(
      "decisions",
      [
        [
          "sweep": "wanted", "number": 1, "time": 1001.5, "trial": 1, "rung": 1, "cause": "new", "reason": "a",
        ],
        ["sweep": "wanted", "number": 2, "time": 1002.5, "trial": 2, "rung": 1, "cause": "new", "reason": "b"],
        ["sweep": "wanted", "number": 3, "time": 1003.5, "trial": 2, "rung": 2, "cause": "kept", "reason": "c"],
      ])
    let reading = try Ledger(reading: workspace)
    let ladder = try reading.query(
      "SELECT trial, rung, checkpoint, seeds, come, cause, reason FROM ladder ORDER BY time")
    #expect(
      "\(ladder.rows)"
        == "\(try reading.query("VALUES (1, 1, 5, 1, 0, 'new', 'a'), (2, 1, 5, 1, 0, 'new', 'b'), (2, 2, 15, 3, 0, 'kept', 'c')").rows)"
    )
    // Begun anew it has what it says then, and nothing of what it said before.
    try folder.write(text.split(separator: "\n")[...1].joined(separator: "\n") + "\n", to: "work/searches/wanted.jsonl")
    #expect(try ledger.collect().descriptions == 1)
    for table in ["decisions", "trials", "trial_values"] {
      #expect(
        try "\(reading.query("SELECT DISTINCT trial FROM \(table)").rows)" == "\(reading.query("VALUES (1)").rows)")
    }
    try folder.write(text, to: "work/searches/wanted.jsonl")
    #expect(try ledger.collect().descriptions == 1)
    // Made anew, it says the same; damaged, it says where.
    let before = try reading.query("SELECT * FROM decisions").rows
    try folder.write(text.replacing(#""trial":2"#, with: #""trial":3"#), to: "work/searches/wanted.jsonl")
    #expect(
      try ledger.collect().problems
        == [
          workspace.searchRecord("wanted")
            + ":3: trial 3 is not where this decision finds it; a line before it is damaged"
        ])
    #expect(try "\(reading.query("SELECT * FROM decisions").rows)" == "\(before)")
  }

  // MARK: Metrics

  @Test func `a result of an evaluation has each value in its column`() throws {
    var result = EvaluatedCheckpoint(
      run: "r", checkpoint: 7, iteration: 7000, sha256: "ab", commit: "c0ffee+",
      metrics: MetricsRecord(seed: 3, events: 1500, ordered: 1600, heldOut: true, values: [:]))
    (result.chosen, result.time) = ("best", 1_795_459_200.5)
    var expected: Expected = [
      "run": "r", "checkpoint": 7, "time": 1_795_459_200.5, "chosen": "best", "seed": 3, "events": 1500,
      "ordered": 1600,
      "held_out": true, "source_commit": "c0ffee+",
    ]
    for (number, metric) in Metric.allCases.enumerated() {
      let value = MetricValue(
        value: Double(number) + 0.1, error: Double(number) + 0.2, floor: Double(number) + 0.3,
        floorError: Double(number) + 0.4)
      result.metrics.values[metric] = value
      expected[metric.rawValue] = value.value
      expected["\(metric.rawValue)_error"] = value.error
      expected["\(metric.rawValue)_floor"] = value.floor
      expected["\(metric.rawValue)_floor_error"] = value.floorError
    }
    try ledger.writing { try RowWriter(db: $0).insert(Schema.metrics, Fields(result)) }
    try expect("metrics", [expected])
  }

  @Test func `what a device made has each value in its column`() throws {
    var expected: Expected = [
      "run": "r", "checkpoint": 7, "device": "ibm_x", "mitigation": "readout,extrapolation",
      "shots": 128, "time": 1_795_459_200.5, "chain": "4,5", "seed": 3, "events": 1500, "held_out": true,
      "source_commit": "c0ffee+", "seconds_per_shower": 0.25, "response": 1.02, "response_error": 0.03,
    ]
    var values: [Metric: MetricValue] = [:]
    for (number, metric) in Metric.allCases.enumerated() {
      let value = MetricValue(
        value: Double(number) + 0.1, error: Double(number) + 0.2, floor: Double(number) + 0.3,
        floorError: Double(number) + 0.4)
      values[metric] = value
      expected[metric.rawValue] = value.value
      expected["\(metric.rawValue)_error"] = value.error
      expected["\(metric.rawValue)_floor"] = value.floor
      expected["\(metric.rawValue)_floor_error"] = value.floorError
    }
    let setting = MeasuredCheckpoint.Setting(
      shots: 128, noisy: true, values: values, response: MetricValue(value: 1.02, error: 0.03), seconds: 0.25)
    var result = MeasuredCheckpoint(
      run: "r", checkpoint: 7, iteration: 7000, sha256: "ab", commit: "c0ffee+", device: "ibm_x", chain: [4, 5],
      readoutCorrected: true, extrapolated: true, seed: 3, events: 1500, heldOut: true, settings: [setting])
    result.time = 1_795_459_200.5
    try ledger.writing { try RowWriter(db: $0).insert(Schema.measurements, Fields(result, setting)) }
    try expect("measurements", [expected])
  }

  @Test func `what is written on a run has each value in its column`() throws {
    let path = "runs/r/notes.json"
    try FileManager.default.createDirectory(
      atPath: ledger.workspace.runFolder("r"), withIntermediateDirectories: true)
    var notes = RunNotes()
    notes.mark(["b", "a"])
    notes.text = "a text"
    try CanonicalJSON.data(notes).write(to: URL(fileURLWithPath: "\(ledger.workspace.path)/\(path)"))
    #expect(try ledger.collect().problems.isEmpty)
    try expect("notes", [["run": "r", "tags": "a,b", "text": "a text"]])
  }

  @Test func `every table is among those above`() {
    #expect(
      Set(Schema.tables.map(\.name)) == [
        "sweeps", "sweep_variants", "sweep_runs", "variants", "datasets", "runs", "notes", "attempts",
        "checkpoints", "evaluations", "metrics", "measurements", "events", "submissions", "submission_runs",
        "lost_work", "searches",
        "search_rungs", "trials", "trial_values", "decisions", "rehearsals", "ingested_files",
      ])
  }

  // MARK: Reading by name

  /// A table's rows, by their key or another order, are these.
  ///
  /// With `areDistinct` no two columns, but for some that are the same in all, are the same in all rows, so that none can stand
  /// for another.
  private func expect(
    _ name: String, _ expected: [Expected], where condition: String = "1", orderedBy order: String? = nil,
    areDistinct: Bool = true, areDistinctBut others: Set<String> = [],
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let table = try #require(Schema.tables.first { $0.name == name }, sourceLocation: sourceLocation)
    let columns = table.columns.map(\.name)
    let key = columns.prefix(table.keyLength).joined(separator: ", ")
    let rows = try ledger.reading {
      try Row.fetchAll($0, sql: "SELECT * FROM \(name) WHERE \(condition) ORDER BY \(order ?? key)")
    }
    #expect(rows.count == expected.count, "\(name)", sourceLocation: sourceLocation)
    for (row, expected) in zip(rows, expected) {
      #expect(Set(expected.keys) == Set(columns), "\(name)", sourceLocation: sourceLocation)
      for column in columns {
        let value = (expected[column] ?? nil)?.databaseValue ?? .null
        #expect(row[column] as DatabaseValue == value, "\(name).\(column)", sourceLocation: sourceLocation)
      }
    }
    guard areDistinct else { return }
    let values = columns.filter { !others.contains($0) }.map { column in rows.map { "\($0[column] as DatabaseValue)" } }
    #expect(Set(values).count == values.count, "\(name): columns with the same values", sourceLocation: sourceLocation)
  }
}
