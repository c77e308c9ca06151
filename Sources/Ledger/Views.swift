extension Schema {
  /// A view, for those who write SQL.
  public struct View: Sendable {
    public let name: String
    /// What one row is.
    public let meaning: String
    let selection: String
    var creation: String { "CREATE VIEW \(name) AS\n\(selection)" }
  }

  public static let views: [View] = [
    View(
      name: "curve", meaning: "One checkpoint of a run: the row of `checkpoints` that counts, with its variant's name",
      selection: """
        SELECT c.run, v.name AS variant, r.seed, c.checkpoint, c.iteration, c.reduced, c.uncertainty, c.chi2, c.ndf,
          c.discriminator_loss, c.generator_loss, c.penalty, c.discriminator_gradient, c.generator_gradient,
          c.dead_voxels, c.training_seconds, c.evaluation_seconds, c.checkpointing_seconds, c.attempt, c.time
        FROM checkpoints c JOIN runs r ON r.id = c.run JOIN variants v ON v.id = r.variant
        WHERE c.attempt = (
          SELECT max(d.attempt) FROM checkpoints d WHERE d.run = c.run AND d.checkpoint = c.checkpoint)
        """),
    View(
      name: "energy_curve", meaning: "One checkpoint of a run at one incident energy",
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
      selection: """
        SELECT s.sweep, s.position, s.paper_table, s.label, s.name, x.seed, x.run, s.skip, s.same_family_as,
          v.quantum, v.qubits, v.cnot, v.rz, v.repetitions, v.hidden, v.conditioned, v.circuit_parameters,
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
  ]
}
