import Experiment

extension Schema {
  /// A view, for those who write SQL.
  package struct View: Sendable {
    /// The view's name in SQL.
    package let name: String
    /// What one row is.
    package let meaning: String
    /// What it shows, in order; checked against what SQLite makes of the selection.
    package let columns: [Table.Column]
    let selection: String
    var creation: String { "CREATE VIEW \(name) AS\n\(selection)" }
  }

  /// The views in the order in which they are made.
  package static let views: [View] = [
    View(
      name: "curve", meaning: "One checkpoint of a run: the row of `checkpoints` that counts, with its variant's name",
      columns: checkpoints.columns("run") + [variantName] + runs.columns("seed")
        + checkpoints.columns(
          "checkpoint", "iteration", "reduced", "uncertainty", "chi2", "ndf", "discriminator_loss", "generator_loss",
          "penalty", "discriminator_gradient", "generator_gradient", "dead_voxels", "reconstruction",
          "inversion_rank", "inversion_numbers", "least_singular", "greatest_singular", "training_seconds",
          "evaluation_seconds", "checkpointing_seconds", "attempt", "time") + metricColumns,
      selection: """
        SELECT c.run, v.name AS variant, r.seed, c.checkpoint, c.iteration, c.reduced, c.uncertainty, c.chi2, c.ndf,
          c.discriminator_loss, c.generator_loss, c.penalty, c.discriminator_gradient, c.generator_gradient,
          c.dead_voxels, c.reconstruction, c.inversion_rank, c.inversion_numbers, c.least_singular, c.greatest_singular,
          c.training_seconds, c.evaluation_seconds, c.checkpointing_seconds, c.attempt, c.time,
          \(metricNames)
        FROM checkpoints c JOIN runs r ON r.id = c.run JOIN variants v ON v.id = r.variant
          LEFT JOIN metrics m ON m.run = c.run AND m.checkpoint = c.checkpoint
        WHERE c.attempt = (
          SELECT max(d.attempt) FROM checkpoints d WHERE d.run = c.run AND d.checkpoint = c.checkpoint)
        """),
    View(
      name: "energy_curve", meaning: "One checkpoint of a run at one incident energy",
      columns: evaluations.columns("run") + [variantName] + runs.columns("seed")
        + evaluations.columns(
          "checkpoint", "incident_energy", "reduced", "uncertainty", "chi2", "ndf", "mean_response", "response_spread"),
      selection: """
        SELECT e.run, v.name AS variant, r.seed, e.checkpoint, e.incident_energy, e.reduced, e.uncertainty, e.chi2, e.ndf,
          e.mean_response, e.response_spread
        FROM evaluations e JOIN runs r ON r.id = e.run JOIN variants v ON v.id = r.variant
        WHERE e.attempt = (
          SELECT max(d.attempt) FROM checkpoints d WHERE d.run = e.run AND d.checkpoint = e.checkpoint)
        """),
    View(
      name: "results",
      meaning: "One run of a row of a sweep, with the template's axes, its best and its last checkpoint",
      columns: sweepVariants.columns("sweep", "position", "paper_table", "label", "name")
        + sweepRuns.columns("seed", "run") + sweepVariants.columns("skip", "same_family_as")
        + variants.columns("kind", "quantum") + [
          .init(
            "qubits", .integer,
            "of the generator's circuit; NULL without one, as are cnot, rz, rotations and repetitions")
        ]
        + variants.columns(
          "cnot", "rz", "rotations", "repetitions", "blocks_of", "qinn_direction", "qinn_training", "hidden",
          "conditioned", "circuit_parameters", "shots", "noise")
        + runs.columns("generator_parameters") + [
          .init("best_reduced", .float, "the lowest χ²/NDF of the run's checkpoints; NULL before the first"),
          .init("best_uncertainty", .float, "its standard deviation, as in `checkpoints`"),
          .init("best_checkpoint", .integer, "the checkpoint that has it, the earliest of several"),
          .init("last_checkpoint", .integer, "the highest checkpoint that is recorded"),
        ],
      selection: """
        SELECT s.sweep, s.position, s.paper_table, s.label, s.name, x.seed, x.run, s.skip, s.same_family_as,
          v.kind, v.quantum, v.qubits, v.cnot, v.rz, v.rotations, v.repetitions, v.blocks_of, v.qinn_direction, v.qinn_training,
          v.hidden, v.conditioned, v.circuit_parameters, v.shots, v.noise,
          r.generator_parameters, b.reduced AS best_reduced, b.uncertainty AS best_uncertainty, b.checkpoint AS best_checkpoint,
          (SELECT max(c.checkpoint) FROM checkpoints c WHERE c.run = x.run) AS last_checkpoint
        FROM sweep_variants s JOIN variants v ON v.id = s.variant
          LEFT JOIN sweep_runs x ON x.sweep = s.sweep AND x.position = s.position
          LEFT JOIN runs r ON r.id = x.run
          LEFT JOIN checkpoints b ON b.run = x.run AND (b.checkpoint, b.attempt) = (
            SELECT c.checkpoint, c.attempt FROM checkpoints c
            WHERE c.run = x.run AND c.reduced IS NOT NULL AND c.attempt = (
              SELECT max(d.attempt) FROM checkpoints d WHERE d.run = c.run AND d.checkpoint = c.checkpoint)
            ORDER BY c.reduced, c.checkpoint LIMIT 1)
        """),
    View(
      name: "ladder",
      meaning: "A rung that a trial of a search was sent to, why, and what came of it",
      columns: decisions.columns("sweep", "trial") + trials.columns("label") + decisions.columns("rung")
        + searchRungs.columns("checkpoint", "seeds") + [
          .init("come", .integer, "seeds that have come to the checkpoint, those of later rungs too"),
          .init("reduced", .float, "the lowest χ²/NDF up to there, the mean over these; NULL for none"),
        ] + decisions.columns("cause", "reason", "time"),
      selection: """
        SELECT d.sweep, d.trial, t.label, d.rung, r.checkpoint, r.seeds,
          (SELECT count(*) FROM sweep_runs x WHERE x.sweep = d.sweep AND x.position = d.trial - 1 AND EXISTS (
            SELECT 1 FROM checkpoints c WHERE c.run = x.run AND c.checkpoint >= r.checkpoint)) AS come,
          (SELECT avg(lowest) FROM (
            SELECT min(c.reduced) AS lowest FROM sweep_runs x JOIN checkpoints c ON c.run = x.run
            WHERE x.sweep = d.sweep AND x.position = d.trial - 1 AND c.checkpoint <= r.checkpoint AND EXISTS (
              SELECT 1 FROM checkpoints e WHERE e.run = x.run AND e.checkpoint >= r.checkpoint)
            GROUP BY x.run)) AS reduced,
          d.cause, d.reason, d.time
        FROM decisions d JOIN trials t USING (sweep, trial)
          JOIN search_rungs r ON r.sweep = d.sweep AND r.rung = d.rung
        """),
  ]

  /// The metrics beside χ², without their uncertainties and floors.
  private static let metricColumns = Metric.allCases.map { columns(of: $0)[0] }
  private static let metricNames = Metric.allCases.map { "m.\($0.rawValue)" }.joined(separator: ", ")

  private static let variantName = Table.Column("variant", .text, "variants.name")
}
