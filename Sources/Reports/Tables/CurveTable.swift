package import Ledger
import Records

/// χ²/NDF of a run against the checkpoint, for people and programs.
package struct CurveReport: Sendable {
  /// The run's identity.
  package var run: String
  /// The checkpoints in order, each once.
  package var points: [CurvePoint]

  /// - Throws: `LedgerError`, also when there is no such run.
  package init(of name: String, in ledger: Ledger) throws {
    run = try ledger.run(named: name)
    points = try ledger.points(of: run)
  }

  /// A picture of it in characters; empty when there is nothing to draw.
  package var plot: String {
    TextPlot().render(
      x: points.map { Double($0.checkpoint) }, y: points.map { $0.reduced ?? .nan }, xTitle: "checkpoint",
      yTitle: "χ²/NDF of \(run)")
  }

  /// The checkpoints as rows, with all that was recorded of them.
  package var table: TextTable {
    let columns: [Column] = [
      "checkpoint", Column(detail: "iteration"), Column("χ²/NDF", key: "reduced"), Column("±", key: "uncertainty"),
      Column(detail: "chi2"),
      Column(detail: "ndf"), Column("E_tot/E", key: "mean_response"), Column("spread", key: "response_spread"),
      Column("dead voxels", key: "dead_voxels"), Column("loss D", key: "discriminator_loss"),
      Column("loss G", key: "generator_loss"), "penalty", Column("|∇D|", key: "discriminator_gradient"),
      Column("|∇G|", key: "generator_gradient"), Column("missed", key: "reconstruction"),
      Column("rank", key: "inversion_rank"), Column("least σ", key: "least_singular"),
      Column("greatest σ", key: "greatest_singular"), Column("trained/s", key: "training_seconds"),
    ]
    let best = Curve(checkpoints: points.map(\.checkpoint), reduced: points.map { $0.reduced ?? .nan }).best
    let note = best.map { "Best: \(Cell.number($0.reduced).text) at checkpoint \($0.checkpoint)." }
    return TextTable(
      title: "Curve of \(run)", key: "checkpoints", columns: columns,
      rows: points.map { point in
        [
          .integer(point.checkpoint), .integer(point.iteration), Cell(point.reduced),
          Cell(point.uncertainty, digits: 2), Cell(point.chi2),
          .integer(point.ndf), Cell(point.meanResponse), Cell(point.responseSpread), Cell(point.deadVoxels),
          Cell(point.discriminatorLoss), Cell(point.generatorLoss), Cell(point.penalty),
          Cell(point.discriminatorGradient), Cell(point.generatorGradient), Cell(point.inversion?.reconstruction),
          Cell(point.inversion?.rank), Cell(point.inversion?.least), Cell(point.inversion?.greatest),
          .number(point.trainingSeconds, digits: 4),
        ]
      }, notes: [note ?? "There is no checkpoint yet.", points.last?.inversion?.sentence].compactMap(\.self)
    ).droppingEmptyColumns(
      ["uncertainty", "reconstruction", "inversion_rank", "least_singular", "greatest_singular"])
  }
}
