package import Experiment
import Foundation
import GRDB
import Records

/// What a run's steps took, from what it has recorded.
package struct RecordedRate: Hashable, Sendable {
  /// The run's identity.
  package var run: String
  /// What decides how long its training takes.
  package var shape: TrainingShape
  /// Iterations between two checkpoints.
  package var interval: Int
  /// Seconds of its steps and bytes of its files, as recorded.
  package var rate: TrainingRate
  /// The processor's model name in the run's last attempt; nil when that is not recorded.
  package var processor: String?

  package init(run: String, shape: TrainingShape, interval: Int, rate: TrainingRate, processor: String?) {
    self.run = run
    self.shape = shape
    self.interval = interval
    self.rate = rate
    self.processor = processor
  }
}

extension Ledger {
  /// The rates of the runs that have got to checkpoint 1 and have their job description, the latest 200.
  /// - Parameters:
  ///   - site: Only runs that were submitted to this site; nil for all.
  ///   - threads: Only runs that had so many in all their attempts.
  /// - Returns: One rate per run, in the order of the runs' identities.
  /// - Throws: `LedgerError`, also when nothing was submitted to the site.
  package func recordedRates(site: String? = nil, threads: Int = 1) throws -> [RecordedRate] {
    let rows = try reading { db in
      if let site {
        let sites = try String.fetchAll(db, sql: "SELECT DISTINCT site FROM submissions ORDER BY 1")
        if !sites.contains(site) { throw LedgerError.unknown(what: "submission to the site", name: site, near: sites) }
      }
      return try Row.fetchAll(
        db,
        sql: """
          WITH last AS (
            SELECT a.run, a.processor, max(a.attempt) AS attempt, max(a.last_heard) AS heard FROM attempts a
            WHERE a.last_checkpoint > 0 AND (? IS NULL OR a.run IN (
              SELECT r.run FROM submission_runs r JOIN submissions s ON s.name = r.submission WHERE s.site = ?))
            AND NOT EXISTS (SELECT 1 FROM attempts o WHERE o.run = a.run AND o.threads <> ?)
            GROUP BY a.run ORDER BY heard DESC LIMIT 200)
          SELECT l.run, l.processor, c.checkpoint, c.iteration, c.training_seconds, c.evaluation_seconds,
            c.checkpointing_seconds, c.full_bytes, c.generator_bytes
          FROM last l JOIN checkpoints c ON c.run = l.run AND c.attempt = l.attempt
            AND c.checkpoint = (SELECT max(d.checkpoint) FROM checkpoints d WHERE d.run = l.run AND d.attempt = l.attempt)
          ORDER BY l.run
          """, arguments: [site, site, threads])
    }
    return rows.compactMap { row in
      let run: String = row["run"]
      let description = workspace.jobDescription(run)
      // A fit is no training.
      guard let job = try? CanonicalJSON.value(JobDescription.self, inFile: description),
        job.variant.kind != .parametric
      else { return nil }
      let count = Double((row["checkpoint"] as Int) + 1)
      let rate = TrainingRate(
        iteration: (row["training_seconds"] as Double) / Double(row["iteration"] as Int),
        evaluation: (row["evaluation_seconds"] as Double) / count,
        checkpointing: (row["checkpointing_seconds"] as Double) / count, fullBytes: row["full_bytes"] ?? 0,
        generatorBytes: row["generator_bytes"] ?? 0)
      return RecordedRate(
        run: run, shape: TrainingShape(job), interval: job.settings.checkpointInterval, rate: rate,
        processor: row["processor"])
    }
  }
}
