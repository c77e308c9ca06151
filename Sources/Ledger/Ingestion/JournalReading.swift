import Experiment
import Foundation
import GRDB
import Records

/// The taking in of one attempt's journal, in one transaction.
struct JournalReading {
  let run: String
  let attempt: Int
  let path: String
  let db: Database
  private var checkpoints: Insertion
  private var evaluations: Insertion
  /// Iterations between checkpoints, as the run's job says.
  private var interval: Int?
  private(set) var records = 0
  /// A sentence for each line that is no record.
  private(set) var unreadable: [String] = []

  /// Bytes read at a time; longer journals take more than one turn.
  static let portion = 16 << 20

  private var file: String { "journal/" + (path.split(separator: "/").last ?? "") }
  private var rows: RowWriter { RowWriter(db: db) }

  init(run: String, attempt: Int, path: String, db: Database) throws {
    self.run = run
    self.attempt = attempt
    self.path = path
    self.db = db
    checkpoints = try Insertion(into: Schema.checkpoints, db)
    evaluations = try Insertion(into: Schema.evaluations, db)
  }

  /// Takes in the whole lines that are new.
  ///
  /// The last line, if it is torn, stays until it is whole.
  /// - Returns: Whether there is more.
  mutating func take() throws -> Bool {
    guard let opened = try WorkspaceFile(path: path) else { return false }
    var progress = try FileProgress.known(run: run, file: file, db) ?? FileProgress()
    if progress.bytes == opened.size && progress.modified == opened.modified { return false }
    if progress.bytes > 0 {
      // One of the same length was written at another time: what was appended to is longer.
      let hasChanged = try progress.bytes >= opened.size || opened.tail(before: progress.bytes) != progress.tail
      if hasChanged {
        try forget()
        progress = FileProgress()
      }
    }
    interval = try Int.fetchOne(
      db.cachedStatement(
        sql: "SELECT v.checkpoint_interval FROM runs r JOIN variants v ON v.id = r.variant WHERE r.id = ?"),
      arguments: [run])
    var isSealed = progress.bytes == 0 ? nil : try Self.isSealed(opened)
    let data = try opened.read(at: progress.bytes, count: min(opened.size - progress.bytes, Self.portion))
    var summary = try Attempt.known(run: run, attempt: attempt, db)
    let taken = try data.withUnsafeBytes { bytes in
      try JournalLine.each(in: bytes, of: run, isSealed: &isSealed) { line in
        progress.records += 1
        try take(line, number: progress.records, &summary)
      }
    }
    // A line longer than a portion is no record; it is left alone like a torn one.
    let isMore = taken > 0 && progress.bytes + taken < opened.size && data.count == Self.portion
    if taken > 0 {
      progress.bytes += taken
      progress.tail = try opened.tail(before: progress.bytes)
      try summary?.save(db)
    }
    progress.modified = opened.modified
    try progress.save(run: run, file: file, db)
    return isMore
  }

  private mutating func take(_ line: JournalLine, number: Int, _ summary: inout Attempt?) throws {
    let record: JournalRecord
    switch line {
    case .record(let found): record = found
    case .unreadable(let reason): return try skip(number, reason)
    }
    guard record.run == run, record.attempt == attempt else {
      return try skip(number, "it belongs to attempt \(record.attempt) of \(record.run)")
    }
    if case .checkpoint(let checkpoint) = record.event, let interval, let flaw = checkpoint.flaw(interval: interval) {
      return try skip(number, flaw)
    }
    records += 1
    summary = summary ?? Attempt(run: run, attempt: attempt, started: record.time)
    summary?.note(record)
    switch record.event {
    case .checkpoint(let checkpoint): try insert(checkpoint, of: record)
    case .attemptStarted(let start):
      let from = start.fromCheckpoint.map { "resumed from checkpoint \($0)" } ?? "started from nothing"
      try insertEvent(record.sequence, record.time, "started", "\(from) on \(start.provenance.host)")
    case .notice(let text): try insertEvent(record.sequence, record.time, "notice", text)
    case .attemptEnded(let end): try insertEvent(record.sequence, record.time, "ended", end.reason)
    }
  }

  private mutating func skip(_ line: Int, _ reason: String) throws {
    unreadable.append(JournalLine.sentence(path, line, reason))
    try insertEvent(-line, nil, "unreadable", "\(file):\(line): \(reason)")
  }

  /// Whether the journal's first line, a start's of about a kilobyte, has a checksum.
  private static func isSealed(_ journal: borrowing WorkspaceFile) throws -> Bool {
    try journal.read(at: 0, count: min(journal.size, 1 << 16)).withUnsafeBytes { JournalLine.isSealed($0) ?? false }
  }

  private func insertEvent(_ sequence: Int, _ time: Double?, _ kind: String, _ text: String) throws {
    try rows.insert(
      Schema.events,
      ["run": run, "attempt": attempt, "sequence": sequence, "time": time, "kind": kind, "text": text])
  }

  private mutating func insert(_ checkpoint: CheckpointRecord, of record: JournalRecord) throws {
    let (evaluation, diagnostics, cost) = (checkpoint.evaluation, checkpoint.diagnostics, checkpoint.cost)
    checkpoints.bind("run", run)
    checkpoints.bind("checkpoint", checkpoint.checkpoint)
    checkpoints.bind("attempt", attempt)
    checkpoints.bind("sequence", record.sequence)
    checkpoints.bind("time", record.time)
    checkpoints.bind("iteration", checkpoint.iteration)
    checkpoints.bind("chi2", evaluation.chi2)
    checkpoints.bind("ndf", evaluation.ndf)
    checkpoints.bind("reduced", evaluation.reduced)
    checkpoints.bind("uncertainty", evaluation.uncertainty)
    checkpoints.bind("discriminator_loss", diagnostics.discriminatorLoss)
    checkpoints.bind("generator_loss", diagnostics.generatorLoss)
    checkpoints.bind("penalty", diagnostics.penalty)
    checkpoints.bind("discriminator_gradient", diagnostics.discriminatorGradient)
    checkpoints.bind("generator_gradient", diagnostics.generatorGradient)
    checkpoints.bind("dead_voxels", diagnostics.deadVoxels)
    checkpoints.bind("reconstruction", diagnostics.inversion?.reconstruction)
    checkpoints.bind("inversion_rank", diagnostics.inversion?.rank)
    checkpoints.bind("inversion_numbers", diagnostics.inversion?.numbers)
    checkpoints.bind("least_singular", diagnostics.inversion?.least)
    checkpoints.bind("greatest_singular", diagnostics.inversion?.greatest)
    checkpoints.bind("training_seconds", cost.training)
    checkpoints.bind("evaluation_seconds", cost.evaluation)
    checkpoints.bind("checkpointing_seconds", cost.checkpointing)
    checkpoints.bind("full_path", checkpoint.full?.path)
    checkpoints.bind("full_sha256", checkpoint.full?.sha256)
    checkpoints.bind("full_bytes", checkpoint.full?.bytes)
    checkpoints.bind("generator_path", checkpoint.generator?.path)
    checkpoints.bind("generator_sha256", checkpoint.generator?.sha256)
    checkpoints.bind("generator_bytes", checkpoint.generator?.bytes)
    try checkpoints.insert()
    for energy in evaluation.energies {
      evaluations.bind("run", run)
      evaluations.bind("checkpoint", checkpoint.checkpoint)
      evaluations.bind("attempt", attempt)
      evaluations.bind("incident_energy", energy.incidentEnergy)
      evaluations.bind("chi2", energy.chi2)
      evaluations.bind("ndf", energy.ndf)
      evaluations.bind("reduced", energy.reduced)
      evaluations.bind("uncertainty", energy.uncertainty)
      evaluations.bind("mean_response", energy.meanResponse)
      evaluations.bind("response_spread", energy.responseSpread)
      try evaluations.insert()
    }
  }

  /// Takes out what a journal that shrank or changed has given, to read it again from its start.
  private func forget() throws {
    for table in [Schema.attempts, Schema.checkpoints, Schema.evaluations, Schema.events] {
      try db.execute(
        sql: "DELETE FROM \(table.name) WHERE run = ? AND attempt = ?", arguments: [run, attempt])
    }
  }
}
