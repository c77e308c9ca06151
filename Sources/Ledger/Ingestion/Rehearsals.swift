import Experiment
import GRDB
package import Records

extension Schema {
  static let rehearsals = Table(
    "rehearsals", "What a rehearsal has shown of a binary on a kind of processor: its latest of one run",
    [
      .init("name", .text, "the record's file in `rehearsals`"),
      .init("run", .text, "the run that was rehearsed, in no sweep"),
      .init("time", .float, "when it was done"),
      .init("passed", .integer, "whether every bit was the same"),
      .init("checkpoints", .integer, "the last checkpoint of the run"),
      .init("kills", .integer, "how often the worker was killed"),
      .init("killed", .integer, "how many of the kills were SIGKILL; the others were SIGTERM"),
      .init("inside_writes", .integer, "how many fell inside a checkpoint write"),
    ] + provenance)
}

/// What is computed alike: a worker's binary on a kind of processor.
package struct Platform: Hashable, Sendable {
  /// SHA-256 of the worker's executable.
  package var binary: String
  /// The processor's model name.
  package var processor: String
  /// The instruction set that the kernels chose.
  package var kernels: String

  package init(_ provenance: Provenance) {
    (binary, processor, kernels) = (provenance.binary, provenance.processor, provenance.kernels)
  }

  fileprivate init(_ row: Row) {
    (binary, processor, kernels) = (row["binary_sha256"], row["processor"], row["kernels"])
  }
}

/// What the rehearsals of one platform have shown, all of them together.
package struct RehearsalSummary: Hashable, Sendable {
  /// Kills in all rehearsals together.
  package var kills: Int
  /// Rehearsals in which something differed.
  package var failures: Int

  package init(kills: Int, failures: Int) { (self.kills, self.failures) = (kills, failures) }
}

extension Ledger {
  /// What has been rehearsed.
  /// - Throws: `LedgerError`.
  package func rehearsals() throws -> [Platform: RehearsalSummary] {
    try reading { db in
      let rows = try Row.fetchAll(
        db,
        sql: """
          SELECT binary_sha256, processor, kernels, sum(kills) AS kills, sum(NOT passed) AS failures FROM rehearsals
          GROUP BY 1, 2, 3
          """)
      return Dictionary(
        uniqueKeysWithValues: rows.map {
          (Platform($0), RehearsalSummary(kills: $0["kills"], failures: $0["failures"]))
        })
    }
  }

  /// Takes in one rehearsal's record, if it is new or has changed.
  func ingestRehearsal(_ name: String, _ db: Database) throws -> IngestReport {
    try ingestDescription("rehearsals/\(name)", as: "the record of a rehearsal", db) { (record: RehearsalRecord) in
      let shown: Fields = [
        "name": name, "run": record.run, "time": record.time, "passed": record.passed,
        "checkpoints": record.checkpoints, "kills": record.kills.count,
        "killed": record.kills.count { $0.signal == "KILL" },
        "inside_writes": record.kills.count { $0.place == .checkpoint },
      ]
      try RowWriter(db: db).insert(Schema.rehearsals, shown + Fields(record.provenance))
    }
  }
}
