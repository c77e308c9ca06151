import Experiment
import GRDB
package import Records

/// One start of a run, as far as its journal tells.
package struct Attempt: Hashable, Sendable {
  /// The identity of its run.
  package let run: String
  /// The attempt's number in its run, from 1.
  package let attempt: Int
  /// Times are seconds since 1970-01-01 00:00 UTC.
  package internal(set) var started: Double
  /// The time of its latest record.
  package internal(set) var lastHeard: Double
  /// nil while no end is recorded.
  package internal(set) var ended: Double?
  /// The worker's exit code.
  package internal(set) var exit: Int32?
  /// A sentence: why it ended; nil while no end is recorded.
  package internal(set) var reason: String?
  /// The checkpoint resumed from; nil for a start from nothing.
  package internal(set) var fromCheckpoint: Int?
  /// The iteration resumed from.
  package internal(set) var fromIteration: Int?
  /// The last checkpoint that it recorded; nil before the first.
  package internal(set) var lastCheckpoint: Int?
  /// The last iteration that it recorded.
  package internal(set) var lastIteration: Int?
  /// Accumulated over the run up to this attempt's latest record.
  package internal(set) var cost = Cost()
  /// Why the resumed run is not bit-identical by construction; nil when it is.
  package internal(set) var notBitIdentical: String?
  /// SHA-256 of the content of the dataset that it read.
  package internal(set) var dataset: String?
  /// The binary and the machine that trained; nil while its start is not recorded.
  package internal(set) var provenance: Provenance?
  /// How many threads could train, each on a core.
  package internal(set) var threads = 1

  /// How it ended, as a name: `finished`, `resumable`; of a code that this software does not know the number.
  package var exitName: String {
    exit.map { code in ProgramEnd(rawValue: code).map { "\($0)" } ?? "exit code \(code)" } ?? "no end is recorded"
  }

  init(run: String, attempt: Int, started: Double) {
    self.run = run
    self.attempt = attempt
    self.started = started
    lastHeard = started
  }

  mutating func note(_ record: JournalRecord) {
    lastHeard = max(lastHeard, record.time)
    switch record.event {
    case .attemptStarted(let start):
      started = record.time
      fromCheckpoint = start.fromCheckpoint
      fromIteration = start.iteration
      notBitIdentical = start.notBitIdentical
      dataset = start.dataset
      provenance = start.provenance
      threads = start.threads ?? 1
    case .checkpoint(let checkpoint):
      lastCheckpoint = checkpoint.checkpoint
      lastIteration = checkpoint.iteration
      cost = checkpoint.cost
    case .attemptEnded(let end):
      ended = record.time
      exit = end.exit.rawValue
      reason = end.reason
      lastIteration = end.iteration
      cost = end.cost
    case .notice: break
    }
  }

  func save(_ db: Database) throws {
    let said: Fields = [
      "run": run, "attempt": attempt, "started": started, "last_heard": lastHeard, "ended": ended, "exit": exit,
      "reason": reason, "from_checkpoint": fromCheckpoint, "from_iteration": fromIteration,
      "last_checkpoint": lastCheckpoint, "last_iteration": lastIteration, "training_seconds": cost.training,
      "evaluation_seconds": cost.evaluation, "checkpointing_seconds": cost.checkpointing,
      "not_bit_identical": notBitIdentical, "dataset": dataset,
    ]
    try RowWriter(db: db).insert(
      Schema.attempts, said + Fields(provenance) + ["pid": provenance?.pid, "threads": threads])
  }

  static func known(run: String, attempt: Int, _ db: Database) throws -> Attempt? {
    let statement = try db.cachedStatement(sql: "SELECT * FROM attempts WHERE run = ? AND attempt = ?")
    return try Row.fetchOne(statement, arguments: [run, attempt]).map(Attempt.init)
  }

  /// - Parameter row: All columns of `attempts`.
  init(_ row: Row) {
    self.init(run: row["run"], attempt: row["attempt"], started: row["started"])
    lastHeard = row["last_heard"]
    ended = row["ended"]
    exit = row["exit"]
    reason = row["reason"]
    fromCheckpoint = row["from_checkpoint"]
    fromIteration = row["from_iteration"]
    lastCheckpoint = row["last_checkpoint"]
    lastIteration = row["last_iteration"]
    cost = Cost(
      training: row["training_seconds"], evaluation: row["evaluation_seconds"],
      checkpointing: row["checkpointing_seconds"])
    notBitIdentical = row["not_bit_identical"]
    dataset = row["dataset"]
    threads = row["threads"]
    guard let binary: String = row["binary_sha256"] else { return }
    provenance = Provenance(
      binary: binary, commit: row["source_commit"], numericsVersion: row["numerics_version"], host: row["host"],
      processor: row["processor"], kernels: row["kernels"], pid: row["pid"])
  }
}
