package import Experiment
import Foundation
import GRDB
import Records

/// Where a run stands, and what follows from it.
package struct RunStatus: Hashable, Sendable {
  /// The run's identity.
  package var run: String
  /// The variant's readable name.
  package var variant: String
  /// The seed that it is trained with.
  package var seed: UInt64
  /// The labels of the rows that it trains, of one sweep if one is looked at; "" for none.
  package var label: String
  /// What was asked for last: by the sweep, or by the job description of a run that is in none.
  package var budget: Budget
  /// Where it stands now.
  package var state: RunState
  /// The attempts in order, the first first.
  package var attempts: [Attempt]
  /// χ²/NDF at the checkpoints that it has reached.
  package var curve: Curve
  /// Reached for good or not, as far as is recorded.
  package var lastIteration: Int?
  /// Seconds of training that the run stands on, as far as they were recorded.
  package var trainingSeconds: Double
  /// Seconds of training that no later attempt built on, as far as they were recorded, and of work that HTCondor's jobs
  /// have lost.
  package var lostSeconds: Double
  /// Seconds of cores, over all attempts.
  package var cost: RunCost
  /// The tags that a person has given it, `a,b`; "" for none.
  package var tags = ""
  /// What a person has written on it; "" for nothing.
  package var note = ""

  /// The last checkpoint's number; nil before the first.
  package var lastCheckpoint: Int? { curve.last }
  /// The number of the checkpoint with the lowest χ²/NDF; nil while no value is a number.
  package var bestCheckpoint: Int? { curve.best?.checkpoint }
  /// The lowest χ²/NDF; nil while no value is a number.
  package var bestReduced: Double? { curve.best?.reduced }

  /// The state and why, in a sentence.
  package var explanation: String {
    guard let last = attempts.last else { return "It has not begun." }
    let place = last.provenance.map { "on \($0.host), process \($0.pid)" } ?? "on an unknown machine"
    let reason = last.reason.map { " (\($0))" } ?? ""
    return switch state {
    case .planned: "It has not begun."
    case .running: "It is being trained \(place)."
    case .interrupted: "Its attempt \(last.attempt) \(place) was killed: no end is recorded and the process is gone."
    case .resumable where last.exit == ProgramEnd.finished.rawValue: "It used an earlier budget, which is larger now."
    case .resumable: "Its attempt \(last.attempt) stopped early with everything saved\(reason)."
    case .finished: "It has finished\(reason)."
    case .diverged: "It diverged after checkpoint \(lastCheckpoint.map(String.init) ?? "0")\(reason)."
    case .failed: "Its attempt \(last.attempt) failed\(reason)."
    case .missing: "Its folder is gone, and the ledger still has what its journals said."
    case .storageFailure: "Its attempt \(last.attempt) could not write\(reason)."
    case .unknown where last.ended != nil: "Its attempt \(last.attempt) ended without training\(reason)."
    case .unknown: "Its attempt \(last.attempt) ran \(place), and from here nobody can tell whether it still does."
    }
  }

  /// What can be done, in a clause.
  package var nextStep: String {
    let onwards = lastCheckpoint.map { "go on from checkpoint \($0)" } ?? "start from nothing"
    return switch state {
    case .planned: "start it: `qcalo run`"
    case .running: "wait"
    case .interrupted, .resumable: "\(onwards): `qcalo resume`"
    case .finished: "nothing; a larger budget would continue it"
    case .diverged: "nothing: it would diverge again; change the settings"
    case .failed: "correct what the reason says, then \(onwards): `qcalo resume`"
    case .missing: "put its folder back, or forget it: `qcalo collect --rebuild`"
    case .storageFailure: "make room, then \(onwards): `qcalo resume`"
    case .unknown: "look there; once it has ended, `qcalo resume`"
    }
  }
}

extension Ledger {
  /// Where runs stand: those of a sweep in its order, or all by name.
  /// - Parameters:
  ///   - sweep: The sweep's name; nil for all runs.
  ///   - process: Tells whether the process of an attempt without an end lives.
  /// - Returns: One status per run.
  /// - Throws: `LedgerError`, also when there is no such sweep.
  package func statuses(
    sweep: String? = nil, process: (Attempt) -> ProcessEvidence = ProcessEvidence.onThisMachine
  ) throws -> [RunStatus] {
    try statuses(sweep.map(Choice.sweep) ?? .all, process)
  }

  /// Where one run stands; its name may be shortened as long as it is clear.
  /// - Throws: `LedgerError`, also when there is no such run.
  package func status(
    of name: String, process: (Attempt) -> ProcessEvidence = ProcessEvidence.onThisMachine
  ) throws -> RunStatus {
    guard let status = try statuses(.run(run(named: name)), process).first else {
      throw LedgerError.unknown(what: "run", name: name, near: [])
    }
    return status
  }

  /// The runs that are asked for.
  private enum Choice {
    case all
    case sweep(String)
    case run(String)

    /// What must hold of the run `r`, in the row `s` of a sweep.
    var condition: (sql: String, arguments: StatementArguments) {
      switch self {
      case .all: ("TRUE", [])
      // IS, and not =, leaves the joins in the order that they are written in: a run's labels come in that order.
      case .sweep(let name): ("s.sweep IS ?", [name])
      case .run(let run): ("r.id = ?", [run])
      }
    }

    /// What must hold of their attempts; those of other runs do no harm.
    var attempts: (sql: String, arguments: StatementArguments) {
      if case .run(let run) = self { ("run = ?", [run]) } else { ("TRUE", []) }
    }

    var order: String { if case .sweep = self { "min(s.position), r.seed" } else { "r.id" } }
  }

  private func statuses(_ choice: Choice, _ process: (Attempt) -> ProcessEvidence) throws -> [RunStatus] {
    try reading { db in
      if case .sweep(let name) = choice { try Self.requireSweep(name, db) }
      let rows = try Row.fetchAll(
        db,
        sql: """
          SELECT r.id AS run, v.name AS variant, r.seed, r.budget_checkpoints, r.budget_seconds,
            max(s.budget_checkpoints) AS wanted_checkpoints, max(s.budget_seconds) AS wanted_seconds,
            count(s.sweep) AS sweeps, coalesce(group_concat(DISTINCT s.label), '') AS label,
            coalesce(n.tags, '') AS tags, coalesce(n.text, '') AS note
          FROM runs r JOIN variants v ON v.id = r.variant LEFT JOIN notes n ON n.run = r.id
            LEFT JOIN sweep_runs x ON x.run = r.id LEFT JOIN sweep_variants s USING (sweep, position)
          WHERE \(choice.condition.sql) GROUP BY r.id ORDER BY \(choice.order)
          """, arguments: choice.condition.arguments)
      let attempts = try Dictionary(
        grouping: Row.fetchAll(
          db, sql: "SELECT * FROM attempts WHERE \(choice.attempts.sql) ORDER BY run, attempt",
          arguments: choice.attempts.arguments
        ).map(Attempt.init), by: \.run)
      let curves = try Self.curves(of: rows.map { $0["run"] as String }, db)
      let lost = try Self.lostWork(db)
      // Where not even the folder of the runs is there, none of them can be said to be gone.
      let isThere = FileManager.default.fileExists(atPath: workspace.runs)
      return try rows.map { row in
        let run: String = row["run"]
        var status = try Self.status(row, attempts[run] ?? [], curves[run] ?? Curve(), process, db)
        if isThere, !status.attempts.isEmpty, status.state != .running,
          !FileManager.default.fileExists(atPath: workspace.runFolder(run))
        {
          status.state = .missing
        }
        // The journals of a start that was killed at HTCondor stay there.
        if let lost = lost[run] {
          status.lostSeconds += lost.seconds
          status.cost.lost += lost.cores
        }
        return status
      }
    }
  }

  private static func status(
    _ row: Row, _ attempts: [Attempt], _ curve: Curve, _ process: (Attempt) -> ProcessEvidence, _ db: Database
  ) throws -> RunStatus {
    let described = Budget(checkpoints: row["budget_checkpoints"], trainingSeconds: row["budget_seconds"])
    let isPlanned = (row["sweeps"] as Int) > 0
    let wanted = Budget(checkpoints: row["wanted_checkpoints"], trainingSeconds: row["wanted_seconds"])
    let budget = isPlanned ? wanted : described
    // An attempt that only found the run locked says nothing about the run.
    let last = attempts.last { $0.exit != ProgramEnd.locked.rawValue } ?? attempts.last
    let account = try account(of: attempts, db)
    let evidence = RunEvidence(
      lastAttempt: last.map { attempt in
        attempt.ended == nil ? .open(process(attempt)) : .ended(attempt.exit.flatMap(ProgramEnd.init))
      } ?? .none,
      hasBudgetLeft: !budget.isUsed(checkpoint: curve.last, trainingSeconds: account.stands.training))
    return RunStatus(
      run: row["run"], variant: row["variant"], seed: UInt64(bitPattern: row["seed"]), label: row["label"],
      budget: budget,
      state: evidence.state, attempts: attempts, curve: curve, lastIteration: last?.lastIteration,
      trainingSeconds: account.stands.training, lostSeconds: account.lost, cost: account.cost, tags: row["tags"],
      note: row["note"])
  }

  /// What the run stands on, the seconds trained that it lost, and both in core-seconds.
  private static func account(
    of attempts: [Attempt], _ db: Database
  ) throws -> (stands: Cost, lost: Double, cost: RunCost) {
    var (stands, lost, cost) = (Cost(), 0.0, RunCost())
    for (index, attempt) in attempts.enumerated() {
      // One that has recorded nothing yet stands where it began.
      let reached = attempt.lastIteration == nil ? stands : attempt.cost
      var kept = reached
      if index + 1 < attempts.count, case let start = attempts[index + 1].fromIteration ?? 0,
        start != attempt.lastIteration ?? attempt.fromIteration
      {
        kept = try recorded(attempt, at: start, db)
      }
      let cores = Double(attempt.threads)
      lost += max(0, reached.training - kept.training)
      cost.lost += cores * max(0, reached.training - kept.training)
      cost.training += cores * (kept.training - stands.training)
      cost.evaluation += cores * (kept.evaluation - stands.evaluation)
      stands = kept
    }
    return (stands, lost, cost)
  }

  /// What the run had cost at an iteration, by the last checkpoint before it that this or an earlier attempt recorded.
  private static func recorded(_ attempt: Attempt, at iteration: Int, _ db: Database) throws -> Cost {
    let statement = try db.cachedStatement(
      sql: """
        SELECT training_seconds, evaluation_seconds, checkpointing_seconds FROM checkpoints
        WHERE run = ? AND attempt <= ? AND iteration <= ? ORDER BY training_seconds DESC LIMIT 1
        """)
    let row = try Row.fetchOne(statement, arguments: [attempt.run, attempt.attempt, iteration])
    return row.map {
      Cost(
        training: $0["training_seconds"], evaluation: $0["evaluation_seconds"],
        checkpointing: $0["checkpointing_seconds"])
    } ?? Cost()
  }

  /// A kind of what journals have to tell a person.
  package enum NoticeKind: String, CaseIterable {
    /// What a worker had to tell.
    case notice
    /// A line that could not be read.
    case unreadable
  }

  /// What a run's workers had to tell, and lines of its journals that could not be read, in order.
  /// - Throws: `LedgerError`.
  package func notices(
    of run: String, kinds: [NoticeKind] = NoticeKind.allCases
  ) throws -> [(attempt: Int, text: String)] {
    try reading { db in
      try Row.fetchAll(
        db,
        sql: """
          SELECT attempt, text FROM events WHERE run = ? AND instr(?, kind)
          ORDER BY attempt, abs(sequence)
          """, arguments: [run, kinds.map(\.rawValue).joined(separator: ",")]
      ).map { ($0["attempt"], $0["text"]) }
    }
  }

  /// How many notices the workers of a sweep's runs have given, by run; one without any is left out.
  /// - Throws: `LedgerError`.
  package func noticeCounts(sweep: String) throws -> [String: Int] {
    try reading { db in
      let rows = try Row.fetchAll(
        db,
        sql: """
          SELECT run, count(*) AS notices FROM events
          WHERE kind = ? AND run IN (SELECT run FROM sweep_runs WHERE sweep = ?) GROUP BY run
          """, arguments: [NoticeKind.notice.rawValue, sweep])
      return Dictionary(uniqueKeysWithValues: rows.map { ($0["run"], $0["notices"]) })
    }
  }

  static func has(run: String, _ db: Database) throws -> Bool {
    let statement = try db.cachedStatement(sql: "SELECT 1 FROM runs WHERE id = ?")
    return try Int.fetchOne(statement, arguments: [run]) != nil
  }

  static func requireSweep(_ name: String, _ db: Database) throws {
    let known = try String.fetchAll(db, sql: "SELECT name FROM sweeps ORDER BY name")
    if !known.contains(name) { throw LedgerError.unknown(what: "sweep", name: name, near: known) }
  }
}
