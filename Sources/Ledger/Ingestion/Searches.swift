import Experiment
import Foundation
import GRDB
import Search

extension Schema {
  static let searches = Table(
    "searches", "One search, as its sweep file last told it",
    [
      .init("sweep", .text, "sweeps.name"),
      .init("method", .text, "random, quasirandom or tpe"),
      .init("trials", .integer, "how many points it is to try"),
      .init("seed", .integer, "what its choices follow from"),
      .init("factor", .integer, "one trial of so many goes on from a rung"),
      .init("objective", .text, "what trials are compared by: best, last, mean 3, or a metric's name"),
      .init("grace", .integer, "the checkpoint before which nothing is stopped; NULL without a guard"),
      .init("share", .float, "the share of a rung that goes on because of its curves; NULL without a guard"),
      .init("core_hours", .float, "core-hours after which nothing more is decided; NULL for no limit"),
    ])

  static let searchRungs = Table(
    "search_rungs", "A checkpoint at which the trials of a search are compared", keyLength: 2,
    [
      .init("sweep", .text, "sweeps.name"),
      .init("rung", .integer, "from 1"),
      .init("checkpoint", .integer, "where it is"),
      .init("seeds", .integer, "the seeds that a trial has there"),
    ])

  static let trials = Table(
    "trials", "A point that a search has tried", keyLength: 2,
    [
      .init("sweep", .text, "sweeps.name"),
      .init("trial", .integer, "from 1; its row is sweep_variants.position + 1"),
      .init("label", .text, "sweep_variants.label: trial 1"),
      .init("point", .text, "what it tries, `key value, …`"),
      .init("rung", .integer, "search_rungs.rung that it was sent to last"),
      .init("started", .float, "when it was decided on"),
    ])

  static let trialValues = Table(
    "trial_values", "One key of a trial's point; keys that do not count there have no row", keyLength: 3,
    [
      .init("sweep", .text, "sweeps.name"),
      .init("trial", .integer, "trials.trial"),
      .init("key", .text, "the sweep file's key"),
      .init("value", .text, "its value, as a sweep file has it"),
      .init("number", .float, "the same as a number; NULL for one of a list of choices"),
    ])

  static let decisions = Table(
    "decisions", "One decision of a search, before anything of it was trained", keyLength: 2,
    [
      .init("sweep", .text, "sweeps.name"),
      .init("number", .integer, "from 1, in the order in which they were made"),
      .init("time", .float, "when it was made"),
      .init("trial", .integer, "trials.trial"),
      .init("rung", .integer, "search_rungs.rung that the trial is sent to"),
      .init(
        "cause", .text,
        "new; best: one of the best of its rung; kept: its curve promises more; last: nothing else was left"),
      .init("reason", .text, "why, in words"),
    ])
}

extension Ledger {
  /// Takes in what one search has decided, if it is new or has changed.
  /// - Throws: `LedgerError`, `StorageError`.
  @discardableResult
  package func ingest(search sweep: String) throws -> IngestReport { try writing { try ingestSearch(sweep, $0) } }

  /// Takes in what one search has decided, in a transaction.
  func ingestSearch(_ sweep: String, _ db: Database) throws -> IngestReport {
    var report = IngestReport()
    let (path, file) = (workspace.searchRecord(sweep), "searches/\(sweep).jsonl")
    guard let (data, progress) = try changed(run: "", file: file, path: path, db) else { return report }
    do {
      let record = try SearchRecord(data, path: path)
      for table in [Schema.searches, Schema.searchRungs, Schema.trials, Schema.trialValues, Schema.decisions] {
        try db.execute(sql: "DELETE FROM \(table.name) WHERE sweep = ?", arguments: [sweep])
      }
      try RowWriter(db: db).insert(record, of: sweep)
      try progress.save(run: "", file: file, db)
      report.descriptions += 1
    } catch let error as InputError {
      report.problems.append("\(error)")
    }
    return report
  }
}

extension RowWriter {
  /// Puts in what a search is to do, its trials and its decisions.
  fileprivate func insert(_ record: SearchRecord, of sweep: String) throws {
    guard let specification = record.specification else { return }
    try insert(
      Schema.searches,
      [
        "sweep": sweep, "method": specification.method.name, "trials": specification.trials,
        "seed": Int64(bitPattern: specification.seed), "factor": specification.factor,
        "objective": specification.objective.name, "grace": specification.guardian?.grace,
        "share": specification.guardian?.share, "core_hours": specification.coreHours,
      ])
    for (index, checkpoint) in specification.rungs.enumerated() {
      try insert(
        Schema.searchRungs,
        [
          "sweep": sweep, "rung": index + 1, "checkpoint": checkpoint, "seeds": specification.replicates[index],
        ])
    }
    for (index, entry) in record.entries.enumerated() {
      let decision = entry.decision
      try insert(
        Schema.decisions,
        [
          "sweep": sweep, "number": index + 1, "time": entry.time, "trial": decision.trial + 1,
          "rung": decision.rung + 1, "cause": decision.cause.rawValue, "reason": decision.reason,
        ])
    }
    let starts = Dictionary(
      record.entries.map { ($0.decision.trial, $0.time) }, uniquingKeysWith: { first, _ in first })
    for (index, trial) in SearchEvidence(record.decisions).trials.enumerated() {
      try insert(
        Schema.trials,
        [
          "sweep": sweep, "trial": index + 1, "label": SearchDecision.label(index),
          "point": specification.space.text(trial.point), "rung": trial.rung + 1, "started": starts[index],
        ])
      for parameter in specification.space.parameters {
        guard let value = trial.point[parameter.name] else { continue }
        try insert(
          Schema.trialValues,
          [
            "sweep": sweep, "trial": index + 1, "key": parameter.name, "value": parameter.domain.text(value),
            "number": parameter.domain.isCategorical ? nil : value,
          ])
      }
    }
  }
}
