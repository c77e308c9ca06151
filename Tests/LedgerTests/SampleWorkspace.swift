import Ansatz
import Experiment
import Foundation
import GRDB
import Records
import TestSupport
import Testing

@testable import Ledger

/// A workspace with a small sweep, and journals as a worker writes them.
struct SampleWorkspace {
  let folder: TemporaryFolder
  let workspace: Workspace
  let dataset = DatasetDescription(
    path: "../../data/pions.hdf5", sha256: String(repeating: "ab", count: 32), energies: [4096, 65536],
    eventsPerEnergy: 500, voxels: 533)
  let request = DatasetRequest(source: "/data/pions.hdf5", energies: [4096, 65536], eventsPerEnergy: 500)
  var plan: SweepPlan

  init() throws {
    folder = try TemporaryFolder()
    workspace = Workspace(path: folder("work"))
    let classical = Variant()
    let quantum = Variant(generator: .init(circuit: Circuit(cnot: [1, 2], rz: true, repetitions: 2)))
    var settings = TrainingSettings()
    settings.generatorLearningRate = 2e-4
    plan = SweepPlan(name: "small", seeds: [1, 2], variants: [])
    let base = PlannedVariant(
      label: "Classical", table: "2", variant: classical, settings: .init(), dataset: request,
      budget: Budget(checkpoints: 3))
    plan.variants = [
      base,
      PlannedVariant(
        label: "2x", table: "2", variant: quantum, settings: settings, dataset: request,
        budget: Budget(checkpoints: 3, trainingSeconds: 60), baseline: base.id, reference: base.id),
      PlannedVariant(
        label: "3x", table: "2", variant: quantum, settings: .init(), dataset: request, budget: Budget(),
        skip: "not good for [100, #voxels]"),
    ]
  }

  var prepared: [RequestedDataset] { [RequestedDataset(request: request, dataset: dataset)] }

  /// The job description of a row with a seed.
  func job(_ row: Int, seed: UInt64) -> JobDescription {
    JobDescription(
      variant: plan.variants[row].variant, settings: plan.variants[row].settings, seed: seed, dataset: dataset,
      budget: plan.variants[row].budget)
  }

  /// Writes a run's job description and returns the run.
  @discardableResult
  func describe(_ row: Int, seed: UInt64) throws -> String {
    let job = job(row, seed: seed)
    try folder.write(
      String(decoding: try CanonicalJSON.data(job, pretty: true), as: UTF8.self), to: "work/runs/\(job.run)/job.json")
    return job.run
  }

  func journalPath(_ run: String, attempt: Int = 1) -> String {
    RunFolder(workspace.runFolder(run)).journal(attempt)
  }

  /// Appends text to a journal.
  func append(_ text: String, to run: String, attempt: Int = 1) throws {
    let path = journalPath(run, attempt: attempt)
    try FileManager.default.createDirectory(
      atPath: RunFolder(workspace.runFolder(run)).journalFolder, withIntermediateDirectories: true)
    if !FileManager.default.fileExists(atPath: path) { try Data().write(to: URL(fileURLWithPath: path)) }
    let handle = try #require(FileHandle(forWritingAtPath: path))
    try handle.seekToEnd()
    try handle.write(contentsOf: Data(text.utf8))
    try handle.close()
  }

  func append(_ records: [JournalRecord], to run: String, attempt: Int = 1) throws {
    try append(records.map(Self.sealed).joined(), to: run, attempt: attempt)
  }

  /// A line as a worker writes it, with its checksum.
  static func sealed(_ record: JournalRecord) throws -> String {
    String(decoding: try JournalLine.data(record), as: UTF8.self)
  }

  /// A line as earlier workers wrote it, without a checksum.
  static func line(_ record: JournalRecord) throws -> String {
    String(decoding: try CanonicalJSON.data(record), as: UTF8.self) + "\n"
  }

  /// The records of one attempt: a start, the checkpoints, and an end if there is one.
  static func attempt(
    _ run: String, attempt: Int = 1, from: Int? = nil, checkpoints: ClosedRange<Int>? = 0...3, exit: ProgramEnd? = nil,
    host: String = "elsewhere", pid: Int = 1, threads: Int? = nil, chi2: (Int) -> Double = { 60 / Double($0 + 1) }
  ) -> [JournalRecord] {
    let start = Double(1_700_000_000 + 1000 * attempt)
    var events: [JournalRecord.Event] = [
      .attemptStarted(
        AttemptStart(
          provenance: Provenance(
            binary: String(repeating: "c", count: 64), commit: "abc123", numericsVersion: 1, host: host,
            processor: "Some CPU", kernels: "avx2", pid: pid),
          fromCheckpoint: from, iteration: 1000 * (from ?? 0), dataset: String(repeating: "ab", count: 32),
          threads: threads))
    ]
    if let checkpoints { events += checkpoints.map { .checkpoint(checkpoint($0, chi2: chi2($0))) } }
    if let exit {
      let last = checkpoints?.upperBound ?? 0
      events.append(
        .attemptEnded(
          AttemptEnd(
            exit: exit, reason: "Because \(exit).", iteration: 1000 * last + 500,
            cost: Cost(training: 10 * Double(last) + 5, evaluation: Double(last), checkpointing: 0.1))))
    }
    return events.enumerated().map { sequence, event in
      JournalRecord(run: run, attempt: attempt, sequence: sequence, time: start + Double(sequence), event: event)
    }
  }

  static func checkpoint(_ number: Int, chi2: Double) -> CheckpointRecord {
    CheckpointRecord(
      checkpoint: number, iteration: 1000 * number,
      full: CheckpointFile(
        path: "checkpoints/full-\(number).h5", sha256: String(repeating: "d", count: 64), bytes: 1000),
      generator: nil,
      evaluation: Evaluation(energies: [
        EnergyEvaluation(incidentEnergy: 4096, chi2: 28 * chi2, ndf: 28, meanResponse: 0.7, responseSpread: 0.1),
        EnergyEvaluation(incidentEnergy: 65536, chi2: 28 * chi2, ndf: 28, meanResponse: 0.71, responseSpread: 0.11),
      ]),
      diagnostics: Diagnostics(
        discriminatorLoss: number == 0 ? nil : -1.25, generatorLoss: number == 0 ? nil : 0.1 / 3,
        penalty: number == 0 ? nil : 0.5, discriminatorGradient: 1e-12, generatorGradient: 2, deadVoxels: 0.5),
      cost: Cost(training: 10 * Double(number), evaluation: Double(number), checkpointing: 0.1 * Double(number)))
  }
}

extension Ledger {
  /// Every row of every table, for comparison.
  func dump() throws -> [String: [String]] {
    try reading { db in
      try Dictionary(
        uniqueKeysWithValues: Schema.tables.map { table in
          (table.name, try Row.fetchAll(db, sql: "SELECT * FROM \(table.name)").map(\.description))
        })
    }
  }
}
