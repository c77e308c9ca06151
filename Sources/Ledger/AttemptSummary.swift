internal import Experiment
internal import GRDB

/// A row of `attempts`, kept up to date record by record.
struct AttemptSummary {
  let run: String
  let attempt: Int
  var started: Double
  var lastHeard: Double
  var ended: Double?
  var exit: Int?
  var reason: String?
  var fromCheckpoint: Int?
  var fromIteration: Int?
  var lastCheckpoint: Int?
  var lastIteration: Int?
  var cost = Cost()
  var notBitIdentical: String?
  var dataset: String?
  var provenance: Provenance?

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
    case .checkpoint(let checkpoint):
      lastCheckpoint = checkpoint.checkpoint
      lastIteration = checkpoint.iteration
      cost = checkpoint.cost
    case .attemptEnded(let end):
      ended = record.time
      exit = Int(end.exit.rawValue)
      reason = end.reason
      lastIteration = end.iteration
      cost = end.cost
    case .notice: break
    }
  }

  func save(_ db: Database) throws {
    try Rows(db: db).insert(
      Schema.attempts,
      [
        run, attempt, started, lastHeard, ended, exit, reason, fromCheckpoint, fromIteration, lastCheckpoint,
        lastIteration, cost.training, cost.evaluation, cost.checkpointing, notBitIdentical, dataset,
        provenance?.binary, provenance?.commit, provenance?.numericsVersion, provenance?.host, provenance?.processor,
        provenance?.kernels, provenance?.pid,
      ])
  }

  static func known(run: String, attempt: Int, _ db: Database) throws -> AttemptSummary? {
    let statement = try db.cachedStatement(sql: "SELECT * FROM attempts WHERE run = ? AND attempt = ?")
    return try Row.fetchOne(statement, arguments: [run, attempt]).map(AttemptSummary.init)
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
    guard let binary: String = row["binary_sha256"] else { return }
    provenance = Provenance(
      binary: binary, commit: row["source_commit"], numericsVersion: row["numerics_version"], host: row["host"],
      processor: row["processor"], kernels: row["kernels"], pid: row["pid"])
  }
}
