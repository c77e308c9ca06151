import Experiment
import Foundation
import GRDB

extension Schema {
  static let submissions = Table(
    "submissions", "What a batch system has taken",
    [
      .init("name", .text, "the submission's folder in `submissions`"),
      .init("sweep", .text, "the sweep's name"),
      .init("site", .text, "the site profile's name"),
      .init("schedd", .text, "the schedd that has the jobs; NULL when not known"),
      .init("cluster", .integer, "HTCondor's cluster; with a DAG it is DAGMan's own"),
      .init("procs", .integer, "how many jobs it has"),
      .init("dag", .integer, "whether it is a DAG"),
      .init("time", .float, "when it was submitted"),
    ])

  static let submissionRuns = Table(
    "submission_runs", "Which run is in which job of a submission", keyLength: 3,
    [
      .init("submission", .text, "submissions.name"),
      .init("proc", .integer, "the job's number in the cluster; in a DAG only its place"),
      .init("run", .text, "the run, as in runs.id"),
    ])
}

extension Schema {
  static let lostWork = Table(
    "lost_work", "What jobs of a submission have trained in vain, by HTCondor's event log", keyLength: 2,
    [
      .init("submission", .text, "submissions.name"),
      .init("run", .text, "the run, as in runs.id"),
      .init("seconds", .float, "how long, on the wall's clock"),
      .init("cores", .integer, "cores of the job"),
    ])
}

extension Ledger {
  /// Seconds, and seconds of cores, that each run has trained at HTCondor in vain, beside what its journals tell.
  static func lostWork(_ db: Database) throws -> [String: (seconds: Double, cores: Double)] {
    let rows = try Row.fetchAll(
      db, sql: "SELECT run, sum(seconds), sum(seconds * cores) FROM lost_work GROUP BY run")
    return Dictionary(uniqueKeysWithValues: rows.map { ($0[0], (seconds: $0[1], cores: $0[2])) })
  }

  /// Takes in the record of what one submission's jobs have lost, if it is new or has changed.
  private func ingestLostWork(_ name: String, _ db: Database) throws -> IngestReport {
    try ingestDescription("submissions/\(name)/lost.json", as: "the record of lost work", db) { (record: LostWork) in
      try db.execute(sql: "DELETE FROM lost_work WHERE submission = ?", arguments: [name])
      for (run, seconds) in record.seconds.sorted(by: { $0.key < $1.key }) {
        try RowWriter(db: db).insert(
          Schema.lostWork, ["submission": name, "run": run, "seconds": seconds, "cores": record.cores])
      }
    }
  }

  /// Takes in one submission's records, if they are new or have changed.
  func ingestSubmission(_ name: String, _ db: Database) throws -> IngestReport {
    var report = try ingestLostWork(name, db)
    report += try ingestDescription("submissions/\(name)/submitted.json", as: "the record of a submission", db) {
      (record: SubmissionRecord) in
      let rows = RowWriter(db: db)
      try rows.insert(
        Schema.submissions,
        [
          "name": name, "sweep": record.sweep, "site": record.site, "schedd": record.schedd, "cluster": record.cluster,
          "procs": record.jobs.count, "dag": record.isDag, "time": record.time,
        ])
      for (proc, runs) in record.jobs.enumerated() {
        for run in runs { try rows.insert(Schema.submissionRuns, ["submission": name, "proc": proc, "run": run]) }
      }
    }
    return report
  }
}
