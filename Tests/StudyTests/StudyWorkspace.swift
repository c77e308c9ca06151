import Ansatz
import Experiment
import Foundation
import Ledger
import Records
import Storage
import TestSupport

@testable import Study

/// A workspace with a small sweep of two rows and two seeds, and journals as a worker writes them.
struct StudyWorkspace {
  let folder: TemporaryFolder
  var workspace: Workspace
  let dataset = DatasetDescription(
    path: "../../datasets/pions.h5", sha256: String(repeating: "ab", count: 32), energies: [65536],
    eventsPerEnergy: 500, voxels: 533)
  var request = DatasetRequest(source: "/data/pions.hdf5", energies: [65536], eventsPerEnergy: 500)
  var plan: SweepPlan

  init() throws {
    folder = try TemporaryFolder()
    workspace = Workspace(path: folder("work"))
    plan = SweepPlan(name: "small", seeds: [1, 2], variants: [])
    plan.variants = [
      PlannedVariant(
        label: "Classical", variant: Variant(), settings: .init(), dataset: request, budget: Budget(checkpoints: 3)),
      PlannedVariant(
        label: "2x", variant: Variant(generator: .init(circuit: Circuit(cnot: [1, 2], rz: true, repetitions: 2))),
        settings: .init(), dataset: request, budget: Budget(checkpoints: 3)),
    ]
  }

  var prepared: PreparedSweep { PreparedSweep(plan, [request: dataset]) }

  /// The ledger, with the sweep recorded and everything collected.
  func ledger() throws -> Ledger {
    let ledger = try Ledger(workspace)
    try ledger.record(plan, source: "small.yaml", datasets: prepared.datasets)
    try ledger.collect()
    return ledger
  }

  /// The store of this workspace's data, with a worker that takes the bytes of the source for the events.
  ///
  /// `asked` gets the worker's arguments.
  func store(asked: Asked = Asked()) -> DatasetStore {
    DatasetStore(workspace) { [dataset] arguments in
      asked.note(arguments.joined(separator: " "))
      let output = arguments[arguments.firstIndex(of: "--output")! + 1]
      let events = FileManager.default.contents(atPath: arguments[2]) ?? Data()
      try events.write(to: URL(fileURLWithPath: output))
      var described = dataset
      var hash = SHA256()
      events.withUnsafeBytes { hash.update($0) }
      described.sha256 = hash.hexDigest()
      described.path = output
      return String(decoding: try CanonicalJSON.data(described), as: UTF8.self)
    }
  }

  /// Writes a journal of an attempt: its start, checkpoints of 1000 iterations, and its end if there is one.
  ///
  /// It begins at the iteration `start`; nil: a thousand before its first checkpoint, or at 0.
  func journal(
    _ run: String, attempt: Int = 1, start: Int? = nil, checkpoints: ClosedRange<Int>? = 0...3, exit: ProgramEnd? = nil,
    reason: String = "because", notice: String? = nil, pid: Int = 1, host: String = "elsewhere"
  ) throws {
    let first = start ?? 1000 * max(0, (checkpoints?.lowerBound ?? 0) - 1)
    let provenance = Provenance(
      binary: String(repeating: "c", count: 64), commit: "abc123", numericsVersion: 1, host: host,
      processor: "Some CPU", kernels: "avx2", pid: pid)
    var events: [JournalRecord.Event] = [
      .attemptStarted(
        AttemptStart(
          provenance: provenance, fromCheckpoint: first > 0 ? first / 1000 : nil, iteration: first,
          dataset: dataset.sha256))
    ]
    if let notice { events.append(.notice(notice)) }
    if let checkpoints { events += checkpoints.map { .checkpoint(Self.checkpoint($0)) } }
    if let exit {
      let last = checkpoints?.upperBound ?? first / 1000
      events.append(
        .attemptEnded(
          AttemptEnd(
            exit: exit, reason: reason, iteration: 1000 * last, cost: Self.cost(last))))
    }
    let lines = try events.enumerated().map { sequence, event in
      let record = JournalRecord(
        run: run, attempt: attempt, sequence: sequence, time: Double(1_700_000_000 + 1000 * attempt + sequence),
        event: event)
      return String(decoding: try JournalLine.data(record), as: UTF8.self)
    }
    let journals = RunFolder(workspace.runFolder(run))
    try Folder.make(journals.journalFolder)
    try Data(lines.joined().utf8).write(to: URL(fileURLWithPath: journals.journal(attempt)))
  }

  private static func cost(_ checkpoint: Int) -> Cost {
    Cost(training: 10 * Double(checkpoint), evaluation: Double(checkpoint), checkpointing: 0.1 * Double(checkpoint))
  }

  private static func checkpoint(_ number: Int) -> CheckpointRecord {
    CheckpointRecord(
      checkpoint: number, iteration: 1000 * number,
      full: CheckpointFile(
        path: "checkpoints/full-\(number).h5", sha256: String(repeating: "d", count: 64), bytes: 1000),
      generator: nil,
      evaluation: Evaluation(energies: [
        EnergyEvaluation(
          incidentEnergy: 65536, chi2: 28 * 60 / Double(number + 1), ndf: 28, meanResponse: 0.71, responseSpread: 0.11)
      ]),
      diagnostics: Diagnostics(
        discriminatorLoss: nil, generatorLoss: nil, penalty: nil, discriminatorGradient: 1, generatorGradient: 2,
        deadVoxels: 0.5),
      cost: cost(number))
  }
}
