/// What the ledger holds.
///
/// Times are seconds since 1970-01-01 00:00 UTC; flags are 0 or 1; lists are text, `1,2`.
package enum Schema {
  /// Raised with every change below.
  ///
  /// A ledger of another version is rebuilt from the journals.
  package static let version = 15

  /// The tables in the order in which they are made.
  package static let tables: [Table] = [
    sweeps, sweepVariants, sweepRuns, variants, datasets, runs, notes, attempts, checkpoints, evaluations, metrics,
    measurements, events,
    submissions, submissionRuns, lostWork, searches, searchRungs, trials, trialValues, decisions, rehearsals, files,
  ]

  static let sweeps = Table(
    "sweeps", "One sweep, as it was last started",
    [
      .init("name", .text, "the sweep's name"),
      .init("source", .text, "the sweep file's path"),
      .init("seeds", .text, "the seeds of every variant"),
      .init("variants", .integer, "how many variants it has, skipped ones included"),
    ])

  static let sweepVariants = Table(
    "sweep_variants", "One row of a sweep: a variant with its data and budget, in the file's order", keyLength: 2,
    [
      .init("sweep", .text, "sweeps.name"),
      .init("position", .integer, "from 0"),
      .init("id", .text, "the identity that `plan` shows: of variant, settings and selection of events"),
      .init("paper_table", .text, "the table of the paper that it stands in; '' for none"),
      .init("label", .text, "the user's name for it"),
      .init("name", .text, "the name spelled from variant and settings"),
      .init("variant", .text, "variants.id"),
      .init("skip", .text, "why it is not trained; NULL when it is"),
      .init("baseline", .text, "sweep_variants.id of the classical model that ⟨χ²⟩c averages"),
      .init("reference", .text, "sweep_variants.id of the reference that ⟨χ²⟩c′ averages"),
      .init(
        "same_family_as", .text,
        "sweep_variants.id of the sweep's first row that provably computes the same family of functions; NULL for none"),
      .init("same_because", .text, "why it does, a clause: RZ is inert"),
      .init("source", .text, "the data's source file"),
      .init("energies", .text, "incident energies, MeV"),
      .init("events_per_energy", .integer, "training events of each energy"),
      .init("dataset", .text, "datasets.sha256; NULL until the data are prepared"),
      .init("budget_checkpoints", .integer, "the last checkpoint to train to; NULL for no such limit"),
      .init("budget_seconds", .float, "seconds of training; NULL for no such limit"),
    ])

  static let sweepRuns = Table(
    "sweep_runs", "Which run trains which row of a sweep with which seed; sweeps share runs", keyLength: 3,
    [
      .init("sweep", .text, "sweeps.name"),
      .init("position", .integer, "sweep_variants.position"),
      .init("seed", .integer, "the seed"),
      .init("run", .text, "runs.id"),
    ])

  static let variants = Table(
    "variants", "One architecture with its training settings",
    [
      .init("id", .text, "its identity: a hash of `canonical` and `departures`"),
      .init("name", .text, "its readable name"),
      .init("canonical", .text, "the description that the identity is of"),
      .init("departures", .text, "the settings that differ from the study's, `key value; …`"),
      .init("kind", .text, "what makes the showers: gan, parametric, coupling, or qinn by itself"),
      .init("quantum", .integer, "whether the generator has a circuit"),
      .init(
        "qubits", .integer,
        "of the generator's circuit, of several the first; NULL without one, as are the next fifteen"),
      .init("cnot", .text, "CNOT distances, `1,2`"),
      .init("cnot1", .integer, "whether CNOT +1 is among them"),
      .init("cnot2", .integer, "whether CNOT +2 is"),
      .init("cnot3", .integer, "whether CNOT +3 is"),
      .init("cnot4", .integer, "whether CNOT +4 is"),
      .init("rz", .integer, "whether RZ is among the rotations"),
      .init("rotations", .text, "the axes of a repetition's rotations in their order, `y,z`"),
      .init("encoding", .text, "the axis that inputs are encoded about: x or y"),
      .init("input_shift", .integer, "how far the inputs are rotated against the qubits"),
      .init("inverse", .integer, "whether what follows the encoding is undone in place of being done"),
      .init("repetitions", .integer, "repetitions of the block"),
      .init("cnot_order", .text, "interleaved or blocked"),
      .init("ring", .integer, "whether CNOTs wrap around"),
      .init("reupload", .integer, "whether the inputs are encoded again before every repetition"),
      .init("train_angles", .integer, "whether the angles are trained"),
      .init("circuit_parameters", .integer, "trained angles"),
      .init(
        "blocks", .integer, "blocks of a QINN or a coupling model, one after the other; NULL without, as is the next"),
      .init("blocks_of", .text, "what computes in a block: circuit or dense"),
      .init("qinn_direction", .text, "of a QINN stage, forward or inverse; NULL without one, as is the next"),
      .init("qinn_training", .text, "exact or frozen_straight_through"),
      .init("shots", .integer, "shots of each event in training and ever after; NULL for expectations"),
      .init("noise", .text, "whose noise it is carried out under: a device or `own gates`, and a hash; NULL for none"),
      .init("trajectories", .integer, "trajectories of each event with an error at least; NULL without noise"),
      .init("angle_gradient", .text, "adjoint or parameter_shift; NULL where the circuit is carried out exactly"),
      .init("latent", .integer, "latent values"),
      .init("conditioned", .integer, "whether the energy label is an input"),
      .init("hidden", .text, "hidden layers of the generator, `50,200`"),
      .init("features", .text, "standard, or the control that stands in for the circuit"),
      .init("discriminator_hidden", .text, "hidden layers of the discriminator"),
      .init("discriminator_quantum", .integer, "whether the discriminator ends in a circuit"),
      .init("discriminator_qubits", .integer, "of its circuit; NULL without one, as are the next four"),
      .init("discriminator_cnot", .text, "CNOT distances"),
      .init("discriminator_rz", .integer, "whether RZ follows RY"),
      .init("discriminator_repetitions", .integer, "repetitions of the block"),
      .init("discriminator_readout", .text, "the qubits whose ⟨Z⟩ is read"),
      .init("discriminator_final_dense", .integer, "whether a Dense layer follows the read-out"),
      .init("discriminator_output_scale", .float, "the factor on the output"),
      .init("latent_mean", .float, "mean of the latent values"),
      .init("latent_std", .float, "their standard deviation"),
      .init("penalty_weight", .float, "λ of the gradient penalty"),
      .init("penalty_at", .text, "interpolated or real: where the penalty's gradient is taken"),
      .init("discriminator_steps", .integer, "discriminator steps per iteration"),
      .init("batch_size", .integer, "events per mini-batch"),
      .init("generator_learning_rate", .float, "Adam's learning rate for the generator and its circuit"),
      .init("discriminator_learning_rate", .float, "Adam's learning rate for the discriminator"),
      .init("beta1", .float, "Adam's β1"),
      .init("beta2", .float, "Adam's β2"),
      .init("epsilon", .float, "Adam's ε"),
      .init("checkpoint_interval", .integer, "iterations between checkpoints"),
      .init("angles", .text, "how angles start"),
      .init("kernels", .text, "how Dense kernels start"),
      .init("circuit_input_scale", .float, "factor on the start of the kernel before a discriminator's circuit"),
      .init("affine", .integer, "whether hidden generator layers have the per-neuron affine"),
    ])

  static let datasets = Table(
    "datasets", "One prepared dataset",
    [
      .init("sha256", .text, "SHA-256 of its content"),
      .init("energies", .text, "incident energies, MeV; of bins their middles"),
      .init("events_per_energy", .integer, "training events of each energy"),
      .init("voxels", .integer, "voxels per shower"),
      .init("particle", .text, "what the showers are of: pion, photon, electron or proton"),
      .init("geometry", .text, "the built-in detector with as many voxels; NULL for that of a binning file"),
      .init("energy_bins", .text, "edges of the bins of incident energy, MeV; NULL for discrete energies"),
    ])

  static let runs = Table(
    "runs", "The training of one variant with one seed on one dataset",
    [
      .init("id", .text, "its identity, and its folder's name"),
      .init("variant", .text, "variants.id"),
      .init("seed", .integer, "the seed"),
      .init("dataset", .text, "datasets.sha256"),
      .init("generator_parameters", .integer, "trained numbers of the generator's classical part"),
      .init("discriminator_parameters", .integer, "trained numbers of the discriminator"),
      .init("described", .integer, "whether its folder holds a job description; else it is planned only"),
      .init("budget_checkpoints", .integer, "the job description's last checkpoint; NULL for no such limit"),
      .init("budget_seconds", .float, "the job description's seconds of training; NULL for no such limit"),
    ])

  static let notes = Table(
    "notes", "What a person has written on a run, by `qcalo note`",
    [
      .init("run", .text, "runs.id"),
      .init("tags", .text, "words to find it by, `a,b`"),
      .init("text", .text, "a text; '' for none"),
    ])

  static let attempts = Table(
    "attempts", "One start of a run", keyLength: 2,
    [
      .init("run", .text, "runs.id"),
      .init("attempt", .integer, "from 1"),
      .init("started", .float, "time of the start"),
      .init("last_heard", .float, "time of its latest record"),
      .init("ended", .float, "time of the end; NULL while none is recorded"),
      .init("exit", .integer, "the worker's exit code"),
      .init("reason", .text, "why it ended, a sentence"),
      .init("from_checkpoint", .integer, "the checkpoint resumed from; NULL for a start from nothing"),
      .init("from_iteration", .integer, "the iteration resumed from"),
      .init("last_checkpoint", .integer, "the last checkpoint that it recorded"),
      .init("last_iteration", .integer, "the last iteration that it recorded"),
      .init("training_seconds", .float, "training, accumulated over the run up to its latest record"),
      .init("evaluation_seconds", .float, "evaluation, alike"),
      .init("checkpointing_seconds", .float, "writing checkpoints, alike"),
      .init("not_bit_identical", .text, "why the resumed run is not bit-identical by construction; NULL when it is"),
      .init("dataset", .text, "SHA-256 of the data that it read"),
    ] + provenance + [
      .init("pid", .integer, "the worker's process id on that machine"),
      .init("threads", .integer, "how many threads could train, each on a core"),
    ])

  static let checkpoints = Table(
    "checkpoints", "One checkpoint of a run, as an attempt recorded it; of several, the latest attempt's counts",
    keyLength: 3,
    [
      .init("run", .text, "runs.id"),
      .init("checkpoint", .integer, "its number k, from 0"),
      .init("attempt", .integer, "attempts.attempt"),
      .init("sequence", .integer, "the record's number in its journal"),
      .init("time", .float, "when it was recorded"),
      .init("iteration", .integer, "generator updates so far"),
      .init("chi2", .float, "χ², summed over the energies; NULL for NaN, here and below"),
      .init("ndf", .integer, "degrees of freedom"),
      .init("reduced", .float, "χ²/NDF"),
      .init("uncertainty", .float, "its standard deviation from the finite samples, by bootstrap; NULL for none made"),
      .init("discriminator_loss", .float, "the discriminator's loss with the penalty"),
      .init("generator_loss", .float, "the generator's loss"),
      .init("penalty", .float, "the gradient penalty, weighted"),
      .init("discriminator_gradient", .float, "Euclidean norm of the discriminator's gradient"),
      .init("generator_gradient", .float, "Euclidean norm of the generator's gradient"),
      .init("dead_voxels", .float, "share of the voxels that the generator never fires, 0 … 1"),
      .init(
        "reconstruction", .float,
        "of what goes there and back, the root mean square of what is missed over that of what went; NULL for a GAN"),
      .init(
        "inversion_rank", .integer, "singular values of the Jacobian there that are not zero, at the event with fewest"),
      .init("inversion_numbers", .integer, "the numbers of an event: of a bijection as many as that"),
      .init("least_singular", .float, "the least of them, the geometric mean over some events"),
      .init("greatest_singular", .float, "the greatest, alike"),
      .init("training_seconds", .float, "training up to here, over all attempts"),
      .init("evaluation_seconds", .float, "evaluation, alike"),
      .init("checkpointing_seconds", .float, "writing checkpoints, alike"),
      .init("full_path", .text, "the full checkpoint as it was written, in the run's folder; NULL for none"),
      .init("full_sha256", .text, "SHA-256 of its arrays"),
      .init("full_bytes", .integer, "its size"),
      .init("generator_path", .text, "the generator's file; NULL for none"),
      .init("generator_sha256", .text, "SHA-256 of its arrays"),
      .init("generator_bytes", .integer, "its size"),
    ])

  static let evaluations = Table(
    "evaluations", "The evaluation of a checkpoint at one incident energy", keyLength: 4,
    [
      .init("run", .text, "runs.id"),
      .init("checkpoint", .integer, "its number k"),
      .init("attempt", .integer, "attempts.attempt"),
      .init("incident_energy", .float, "MeV"),
      .init("chi2", .float, "χ²"),
      .init("ndf", .integer, "degrees of freedom"),
      .init("reduced", .float, "χ²/NDF"),
      .init("uncertainty", .float, "as in `checkpoints`"),
      .init("mean_response", .float, "mean of the generated E_tot over the incident energy"),
      .init("response_spread", .float, "standard deviation of the same"),
    ])

  static let events = Table(
    "events", "What else the journals tell: starts, ends, notices, lines that could not be read", keyLength: 3,
    [
      .init("run", .text, "runs.id"),
      .init("attempt", .integer, "attempts.attempt"),
      .init("sequence", .integer, "the record's number in its journal; minus the line's, if it could not be read"),
      .init("time", .float, "when it was recorded"),
      .init("kind", .text, "started, notice, ended or unreadable"),
      .init("text", .text, "what happened, a sentence"),
    ])

  static let files = Table(
    "ingested_files", "How far each file of the workspace has been read", keyLength: 2,
    [
      .init("run", .text, "runs.id; '' for a file of the workspace"),
      .init("file", .text, "the path in the run's folder or in the workspace"),
      .init("bytes", .integer, "bytes taken in, whole lines only"),
      .init("records", .integer, "lines taken in"),
      .init("modified", .float, "the file's time of modification then"),
      .init(
        "tail", .text,
        "SHA-256 of the last 1024 bytes taken in, of a description the whole: a file that changed there is read again"
      ),
    ])

  /// What `results` and `status` scan, so that they read no wide rows.
  static let indices = [
    "CREATE INDEX checkpoint_curve ON checkpoints (run, checkpoint, attempt, reduced)",
    "CREATE INDEX sweep_runs_by_run ON sweep_runs (run)",
  ]
}
