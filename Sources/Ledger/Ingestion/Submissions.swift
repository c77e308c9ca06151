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
    "submission_runs", "Which run is which job of a submission", keyLength: 2,
    [
      .init("submission", .text, "submissions.name"),
      .init("proc", .integer, "the job's number in the cluster; in a DAG only its place"),
      .init("run", .text, "the run, as in runs.id"),
    ])
}

extension Ledger {
  /// Takes in one submission's record, if it is new or has changed.
  func ingestSubmission(_ name: String, _ db: Database) throws -> IngestReport {
    try ingestDescription("submissions/\(name)/submitted.json", as: "the record of a submission", db) {
      (record: SubmissionRecord) in
      let rows = RowWriter(db: db)
      try rows.insert(
        Schema.submissions,
        [
          "name": name, "sweep": record.sweep, "site": record.site, "schedd": record.schedd, "cluster": record.cluster,
          "procs": record.runs.count, "dag": record.isDag, "time": record.time,
        ])
      for (proc, run) in record.runs.enumerated() {
        try rows.insert(Schema.submissionRuns, ["submission": name, "proc": proc, "run": run])
      }
    }
  }
}
