import Experiment
import Records

// What a journal has lost, of a kill before its line or of a cut, and the checkpoints' files still hold: the score is in
// them.

extension CheckpointStore {
  /// The records that the journals lack of the checkpoints before one, as far as intact files of its job give them.
  ///
  /// A file that is gone or damaged is not named in a record; a checkpoint without a file that can be used has none.
  /// - Throws: `StorageError`.
  func records(before last: Checkpoint, notIn known: [Int: CheckpointRecord]) throws -> [CheckpointRecord] {
    func lost(_ kind: Checkpoint.Kind) throws -> [CheckpointName] {
      try names(kind).filter { name in
        name.offset == 0 && known[name.checkpoint] == nil
          && (name.checkpoint, 0) < (last.name.checkpoint, last.name.offset)
      }
    }
    var found: [Int: CheckpointRecord] = [:]
    for name in try lost(.generator) + lost(.full) {
      guard let (header, file) = intact(name), header.job.differences(from: last.header.job).isEmpty,
        let score = header.score
      else { continue }
      var record =
        found[name.checkpoint]
        ?? CheckpointRecord(
          checkpoint: header.checkpoint, iteration: header.iteration, full: nil, generator: nil,
          evaluation: score.evaluation, diagnostics: score.diagnostics, cost: header.cost)
      if name.kind == .full { record.full = file } else { record.generator = file }
      record.cost = header.cost
      found[name.checkpoint] = record
    }
    return found.values.sorted { $0.checkpoint < $1.checkpoint }
  }

  private func intact(_ name: CheckpointName) -> (Checkpoint.Header, CheckpointFile)? {
    guard let checkpoint = try? read(name), let bytes = try? checkpoint.encoded().count else { return nil }
    return (
      checkpoint.header, CheckpointFile(path: "checkpoints/" + name.file, sha256: checkpoint.sha256, bytes: bytes)
    )
  }
}

extension TrainingRun {
  /// Records what the journals have lost, and says so.
  func recordAgain(_ lost: [CheckpointRecord]) throws {
    for record in lost {
      try sayAgain(record.checkpoint, from: (record.full ?? record.generator)?.path ?? "its files")
      try journal.append(.checkpoint(record))
      records[record.checkpoint] = record
    }
  }

  /// Completes a checkpoint that a killed attempt has written but not recorded.
  /// - Precondition: `checkpoint` is of the interval and has just been restored.
  func complete(_ checkpoint: Checkpoint) throws {
    guard let score = checkpoint.header.score, records[checkpoint.header.checkpoint] == nil else { return }
    var header = checkpoint.header
    header.kind = .generator
    // Written before the full one, hence there; but the same again is the simplest way to know its size and sum.
    let generator = try keepsGenerator ? store.write(Checkpoint(header: header, arrays: trainee.generatorState)) : nil
    let full = CheckpointFile(
      path: "checkpoints/" + checkpoint.name.file, sha256: checkpoint.sha256, bytes: try checkpoint.encoded().count)
    try sayAgain(header.checkpoint, from: full.path)
    try record(
      CheckpointRecord(
        checkpoint: header.checkpoint, iteration: header.iteration, full: full, generator: generator,
        evaluation: score.evaluation, diagnostics: score.diagnostics, cost: header.cost))
  }

  private func sayAgain(_ checkpoint: Int, from file: String) throws {
    try note("the journal had no record of checkpoint \(checkpoint); it is recorded again from \(file)")
  }
}
