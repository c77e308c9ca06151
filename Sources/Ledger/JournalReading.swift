internal import Experiment
internal import Foundation
internal import GRDB

/// The taking in of one attempt's journal, in one transaction.
struct JournalReading {
  let run: String
  let attempt: Int
  let path: String
  let db: Database
  private(set) var records = 0
  private(set) var problems: [String] = []

  /// Bytes read at a time; longer journals take more than one turn.
  static let portion = 16 << 20

  private var file: String { "journal/" + (path.split(separator: "/").last ?? "") }
  private var rows: Rows { Rows(db: db) }

  init(run: String, attempt: Int, path: String, db: Database) {
    self.run = run
    self.attempt = attempt
    self.path = path
    self.db = db
  }

  /// Takes in the whole lines that are new. The last line, if it is torn, stays until it is whole.
  /// - Returns: Whether there is more.
  mutating func take() throws -> Bool {
    guard let opened = try WorkspaceFile(path: path) else { return false }
    var progress = try FileProgress.known(run: run, file: file, db) ?? FileProgress()
    if progress.bytes == opened.size && progress.modified == opened.modified { return false }
    if progress.bytes > 0 {
      let hasChanged = try progress.bytes > opened.size || opened.tail(before: progress.bytes) != progress.tail
      if hasChanged {
        try forget()
        progress = FileProgress()
      }
    }
    let data = try opened.read(at: progress.bytes, count: min(opened.size - progress.bytes, Self.portion))
    var summary = try Attempt.known(run: run, attempt: attempt, db)
    var taken = 0
    try data.withUnsafeBytes { bytes in
      while let end = bytes[taken...].firstIndex(of: UInt8(ascii: "\n")) {
        progress.records += 1
        try take(line: UnsafeRawBufferPointer(rebasing: bytes[taken..<end]), number: progress.records, &summary)
        taken = end + 1
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

  private mutating func take(line: UnsafeRawBufferPointer, number: Int, _ summary: inout Attempt?) throws {
    let record: JournalRecord
    do {
      record = try CanonicalJSON.value(JournalRecord.self, from: Data(line))
    } catch let error as DecodingError {
      return try skip(number, error.clause)
    }
    guard record.run == run, record.attempt == attempt else {
      return try skip(number, "it belongs to attempt \(record.attempt) of \(record.run)")
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
    problems.append("\(path):\(line): not a record of this journal: \(reason); the line is passed over")
    try insertEvent(-line, nil, "unreadable", "\(file):\(line): \(reason)")
  }

  private func insertEvent(_ sequence: Int, _ time: Double?, _ kind: String, _ text: String) throws {
    try rows.insert(Schema.events, [run, attempt, sequence, time, kind, text])
  }

  private func insert(_ checkpoint: CheckpointRecord, of record: JournalRecord) throws {
    let (evaluation, diagnostics, cost) = (checkpoint.evaluation, checkpoint.diagnostics, checkpoint.cost)
    try rows.insert(
      Schema.checkpoints,
      [
        run, checkpoint.checkpoint, attempt, record.sequence, record.time, checkpoint.iteration,
        evaluation.chi2, evaluation.ndf, evaluation.reduced,
        diagnostics.discriminatorLoss, diagnostics.generatorLoss, diagnostics.penalty,
        diagnostics.discriminatorGradient, diagnostics.generatorGradient, diagnostics.deadVoxels,
        cost.training, cost.evaluation, cost.checkpointing,
        checkpoint.full?.path, checkpoint.full?.sha256, checkpoint.full?.bytes,
        checkpoint.generator?.path, checkpoint.generator?.sha256, checkpoint.generator?.bytes,
      ])
    for energy in evaluation.energies {
      try rows.insert(
        Schema.evaluations,
        [
          run, checkpoint.checkpoint, attempt, energy.incidentEnergy, energy.chi2, energy.ndf, energy.reduced,
          energy.meanResponse, energy.responseSpread,
        ])
    }
  }

  /// A journal that shrank or changed is read again from its start.
  private func forget() throws {
    for table in [Schema.attempts, Schema.checkpoints, Schema.evaluations, Schema.events] {
      try db.execute(
        sql: "DELETE FROM \(table.name) WHERE run = ? AND attempt = ?", arguments: [run, attempt])
    }
  }
}
