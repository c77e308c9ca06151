import Experiment
import FoundationEssentials
import Glibc
package import Records
import Storage

/// What the journals of all attempts say.
package struct History: Sendable {
  /// The records that can be read, by attempt and in the order of their lines.
  package var records: [JournalRecord] = []
  /// The number of the last attempt that has a journal; 0 when there is none.
  package var lastAttempt = 0
  /// Journals whose last line is torn, and the bytes before that line.
  var torn: [(file: String, intact: Int)] = []
  /// Lines that are complete but cannot be read: a sentence for each.
  var unreadable: [String] = []

  /// The checkpoints by number.
  ///
  /// Of several records of one checkpoint, the last: its files are those on the disk.
  package var checkpoints: [Int: CheckpointRecord] {
    var found: [Int: CheckpointRecord] = [:]
    for case .checkpoint(let record) in records.lazy.map(\.event) { found[record.checkpoint] = record }
    return found
  }

  /// The checkpoint with the lowest χ²/NDF, the earliest of several; nil when none is a number.
  package var best: CheckpointRecord? { Self.best(of: checkpoints) }

  static func best(of checkpoints: [Int: CheckpointRecord]) -> CheckpointRecord? {
    checkpoints.values.filter { !$0.evaluation.reduced.isNaN }
      .min { ($0.evaluation.reduced, $0.checkpoint) < ($1.evaluation.reduced, $1.checkpoint) }
  }

  var lastStart: AttemptStart? {
    for case .attemptStarted(let start) in records.reversed().lazy.map(\.event) { return start }
    return nil
  }

  /// How the run ended: the end that is the last record of the last attempt.
  ///
  /// An earlier attempt's end is no longer the run's once another has begun.
  var end: AttemptEnd? {
    guard let last = records.last, last.attempt == lastAttempt, case .attemptEnded(let end) = last.event else {
      return nil
    }
    return end
  }
}

extension RunFolder {
  /// Reads every attempt's journal, and changes nothing.
  package func history() throws -> History {
    var history = History()
    let attempts = try attempts()
    history.lastAttempt = attempts.last ?? 0
    for attempt in attempts {
      var reader = JournalReader(journal(attempt))
      try reader.read(of: Folder.name(of: path)) { number, line in
        switch line {
        case .record(let record): history.records.append(record)
        case .unreadable(let reason):
          history.unreadable.append(JournalLine.sentence("journal/\(Self.journalName(attempt))", number, reason))
        }
      }
      if reader.torn > 0 { history.torn.append((reader.path, reader.offset)) }
    }
    return history
  }

  /// Cuts a torn last line off a journal, having saved it in `set-aside`.
  /// - Returns: A sentence for the journal.
  func repair(_ torn: (file: String, intact: Int)) throws -> String {
    let name = torn.file.split(separator: "/").last ?? ""
    let rest = try FileContent.bytes(of: torn.file).dropFirst(torn.intact)
    let copy = torn.file + ".torn"
    try DurableFile.write(rest, to: copy)
    let saved = try setAside(copy)
    guard truncate(torn.file, off_t(torn.intact)) == 0 else { throw StorageError("repairing", torn.file) }
    try DurableFile.sync(torn.file)
    return "journal/\(name): the last line was torn; its \(rest.count) bytes are now in \(saved)"
  }
}

/// The journal of one attempt: a line is on the disk when `append` returns.
final class JournalWriter {
  let run: String
  let attempt: Int
  private let path: String
  private let descriptor: Int32
  private let now: () -> Double
  private var sequence = 0
  /// The bytes up to the end of the last complete line.
  private var length: off_t = 0

  /// Creates the journal of an attempt.
  /// - Throws: `StorageError`, also when the journal exists.
  init(folder: RunFolder, run: String, attempt: Int, now: @escaping () -> Double) throws {
    self.run = run
    self.attempt = attempt
    self.now = now
    path = folder.journal(attempt)
    descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw StorageError("creating", path) }
    do {
      try DurableFile.sync(folder.journalFolder)
    } catch {
      close(descriptor)
      throw error
    }
  }

  deinit { close(descriptor) }

  func append(_ event: JournalRecord.Event) throws {
    let record = JournalRecord(run: run, attempt: attempt, sequence: sequence, time: now(), event: event)
    let line = try JournalLine.data(record)
    do {
      try line.withUnsafeBytes { try DurableFile.write(all: $0, to: descriptor, of: path) }
    } catch {
      // Half a line would spoil the next one.
      ftruncate(descriptor, length)
      throw error
    }
    guard uninterrupted({ fsync(descriptor) }) == 0 else { throw StorageError("syncing", path) }
    length += off_t(line.count)
    sequence += 1
  }
}
