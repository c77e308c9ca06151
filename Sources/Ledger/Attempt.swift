import Experiment
internal import GRDB
public import Records

/// One start of a run, as far as its journal tells.
public struct Attempt: Hashable, Sendable {
  public let run: String
  /// From 1.
  public let attempt: Int
  /// Times are seconds since 1970-01-01 00:00 UTC.
  public internal(set) var started: Double
  public internal(set) var lastHeard: Double
  /// nil while no end is recorded.
  public internal(set) var ended: Double?
  /// The worker's exit code.
  public internal(set) var exit: Int32?
  public internal(set) var reason: String?
  public internal(set) var fromCheckpoint: Int?
  public internal(set) var fromIteration: Int?
  public internal(set) var lastCheckpoint: Int?
  public internal(set) var lastIteration: Int?
  /// Accumulated over the run up to this attempt's latest record.
  public internal(set) var cost = Cost()
  public internal(set) var notBitIdentical: String?
  public internal(set) var dataset: String?
  public internal(set) var provenance: Provenance?
  /// How many threads could train, each on a core.
  public internal(set) var threads = 1

  /// How it ended, as a name: `finished`, `resumable`; of a code that this software does not know the number.
  public var exitName: String {
    exit.map { code in ExitCode(rawValue: code).map { "\($0)" } ?? "exit code \(code)" } ?? "no end is recorded"
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
    try Rows(db: db).insert(
      Schema.attempts,
      [
        run, attempt, started, lastHeard, ended, exit, reason, fromCheckpoint, fromIteration, lastCheckpoint,
        lastIteration, cost.training, cost.evaluation, cost.checkpointing, notBitIdentical, dataset,
        provenance?.binary, provenance?.commit, provenance?.numericsVersion, provenance?.host, provenance?.processor,
        provenance?.kernels, provenance?.pid, threads,
      ])
  }

  static func known(run: String, attempt: Int, _ db: Database) throws -> Attempt? {
    let statement = try db.cachedStatement(sql: "SELECT * FROM attempts WHERE run = ? AND attempt = ?")
    return try Row.fetchOne(statement, arguments: [run, attempt]).map(Attempt.init)
  }

  /// - Parameter row: All columns of `attempts`, in the order in which `save` has them.
  init(_ row: Row) {
    self.init(run: row[0], attempt: row[1], started: row[2])
    lastHeard = row[3]
    ended = row[4]
    exit = row[5]
    reason = row[6]
    fromCheckpoint = row[7]
    fromIteration = row[8]
    lastCheckpoint = row[9]
    lastIteration = row[10]
    cost = Cost(training: row[11], evaluation: row[12], checkpointing: row[13])
    notBitIdentical = row[14]
    dataset = row[15]
    threads = row[23]
    guard let binary: String = row[16] else { return }
    provenance = Provenance(
      binary: binary, commit: row[17], numericsVersion: row[18], host: row[19], processor: row[20], kernels: row[21],
      pid: row[22])
  }
}
