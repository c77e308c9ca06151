import GRDB

/// One checkpoint of a run with what explains it.
package struct CurvePoint: Hashable, Sendable {
  package var checkpoint: Int
  package var iteration: Int
  package var chi2: Double?
  package var ndf: Int
  package var reduced: Double?
  /// The standard deviation of `reduced` from the finite samples; nil where none was recorded.
  package var uncertainty: Double?
  /// Over the energies: the mean of E_tot/E, and the mean of its spreads.
  package var meanResponse: Double?
  package var responseSpread: Double?
  package var deadVoxels: Double?
  package var discriminatorLoss: Double?
  package var generatorLoss: Double?
  package var penalty: Double?
  package var discriminatorGradient: Double?
  package var generatorGradient: Double?
  /// Accumulated up to here.
  package var trainingSeconds: Double
}

extension Ledger {
  /// Every checkpoint of a run, ascending; of several records of one, the latest attempt's.
  package func points(of run: String) throws -> [CurvePoint] {
    try reading { db in
      try Row.fetchAll(
        db,
        sql: """
          SELECT c.*, (SELECT avg(e.mean_response) FROM evaluations e WHERE e.run = c.run
            AND e.checkpoint = c.checkpoint AND e.attempt = c.attempt) AS mean_response,
            (SELECT avg(e.response_spread) FROM evaluations e WHERE e.run = c.run
            AND e.checkpoint = c.checkpoint AND e.attempt = c.attempt) AS response_spread
          FROM curve c WHERE c.run = ? ORDER BY c.checkpoint
          """, arguments: [run]
      ).map { row in
        CurvePoint(
          checkpoint: row["checkpoint"], iteration: row["iteration"], chi2: row["chi2"], ndf: row["ndf"],
          reduced: row["reduced"], uncertainty: row["uncertainty"], meanResponse: row["mean_response"],
          responseSpread: row["response_spread"], deadVoxels: row["dead_voxels"],
          discriminatorLoss: row["discriminator_loss"],
          generatorLoss: row["generator_loss"], penalty: row["penalty"],
          discriminatorGradient: row["discriminator_gradient"], generatorGradient: row["generator_gradient"],
          trainingSeconds: row["training_seconds"])
      }
    }
  }
}
