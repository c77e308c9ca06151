internal import GRDB

/// One checkpoint of a run with what explains it.
public struct CurvePoint: Hashable, Sendable {
  public var checkpoint: Int
  public var iteration: Int
  public var chi2: Double?
  public var ndf: Int
  public var reduced: Double?
  /// The standard deviation of `reduced` from the finite samples; nil where none was recorded.
  public var uncertainty: Double?
  /// Over the energies: the mean of E_tot/E, and the mean of its spreads.
  public var meanResponse: Double?
  public var responseSpread: Double?
  public var deadVoxels: Double?
  public var discriminatorLoss: Double?
  public var generatorLoss: Double?
  public var penalty: Double?
  public var discriminatorGradient: Double?
  public var generatorGradient: Double?
  /// Accumulated up to here.
  public var trainingSeconds: Double
}

extension Ledger {
  /// Every checkpoint of a run, ascending; of several records of one, the latest attempt's.
  public func points(of run: String) throws -> [CurvePoint] {
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
