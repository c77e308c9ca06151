import GRDB
package import Records

/// One checkpoint of a run with what explains it.
package struct CurvePoint: Hashable, Sendable {
  /// The checkpoint's number, from 0.
  package var checkpoint: Int
  /// Generator updates so far.
  package var iteration: Int
  /// χ², summed over the energies; nil for NaN, here and below.
  package var chi2: Double?
  /// The degrees of freedom of `chi2`.
  package var ndf: Int
  /// χ²/NDF.
  package var reduced: Double?
  /// The standard deviation of `reduced` from the finite samples; nil where none was recorded.
  package var uncertainty: Double?
  /// The mean over the energies of E_tot/E.
  package var meanResponse: Double?
  /// The mean over the energies of the spread (standard deviation) of E_tot/E.
  package var responseSpread: Double?
  /// The share of voxels, 0 to 1, that fired in no event of the evaluation.
  package var deadVoxels: Double?
  /// The discriminator's loss with the penalty.
  package var discriminatorLoss: Double?
  /// The generator's loss.
  package var generatorLoss: Double?
  /// The gradient penalty, weighted.
  package var penalty: Double?
  /// The Euclidean norm of the discriminator's gradient.
  package var discriminatorGradient: Double?
  /// The Euclidean norm of the generator's gradient.
  package var generatorGradient: Double?
  /// What a model that goes there and back is; nil for any other.
  package var inversion: Inversion?
  /// Seconds of training, accumulated up to here.
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
          inversion: Inversion(row), trainingSeconds: row["training_seconds"])
      }
    }
  }
}

extension Inversion {
  /// A row's; nil where it has none.
  fileprivate init?(_ row: Row) {
    let rank: Int? = row["inversion_rank"]
    guard let rank else { return nil }
    self.init(
      reconstruction: row["reconstruction"] ?? .nan, numbers: row["inversion_numbers"] ?? 0, rank: rank,
      least: row["least_singular"] ?? .nan, greatest: row["greatest_singular"] ?? .nan)
  }
}
